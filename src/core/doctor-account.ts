// What the doctor makes of the account: who asks, how much may run at once, and whether a trail delivers events.
import type { Judged } from './doctor.ts';
import type { CallerIdentity, ConcurrencyReading, TrailReading } from './doctor-reader.ts';
import { formatCount } from './units.ts';

/** Lambda refuses a reservation that would leave less (Lambda developer guide, «Configuring reserved concurrency»). */
const ALWAYS_UNRESERVED = 100;
/** «Roll back», guard and sweeper. */
const RESERVING_FUNCTIONS = 3;
const SWEEPERS_AT_ONCE = 2;

export function judgeCaller({ arn, account }: CallerIdentity): Judged {
  if (!arn.endsWith(':root')) return { code: 'caller-known', severity: 'ok', what: `You are ${arn}.` };
  const fix = 'Use a role: nothing here needs the root user';
  return { code: 'caller-is-root', severity: 'warn', what: `You are the root user of ${account}.`, fix };
}

/**
 * A reservation keeps places free and is a ceiling at once, so it must hold as many ways back as there are services, each
 * with one rollout at a time; and two sweepers, since one may still run when the next begins.
 */
export function judgeConcurrency(
  reading: ConcurrencyReading & { readonly services: number | null },
  { engineName }: { readonly engineName: string },
): readonly Judged[] {
  const { limit, unreserved, wayBackReserved, services } = reading;
  if (wayBackReserved !== null) return [judgeReserved(wayBackReserved, services)];
  if (limit < ALWAYS_UNRESERVED) return [judgeLow(limit)];
  const said = `Functions of this account may run ${formatCount(limit)} at a time, ${formatCount(unreserved)} of them not reserved`;
  if (services === null) {
    const what = `${said}; how many services could need them is not known.`;
    return [{ code: 'concurrency-shared', severity: 'ok', what }];
  }
  const each = Math.max(SWEEPERS_AT_ONCE, services);
  if (unreserved - each * RESERVING_FUNCTIONS < ALWAYS_UNRESERVED) {
    const what = `${said}; there is no room to reserve ${each} for each function of the way back.`;
    return [{ code: 'concurrency-no-room', severity: 'ok', what }];
  }
  return [
    {
      code: 'concurrency-has-room',
      severity: 'ok',
      what: `${said}.`,
      fix: `If other load may fill them, reserve ${each} for each of the ${RESERVING_FUNCTIONS} functions that take traffic back; it is their ceiling, too`,
      command: `npx cdk deploy ${engineName} -c reservedConcurrency=${each}`,
    },
  ];
}

function judgeLow(limit: number): Judged {
  return {
    code: 'concurrency-low',
    severity: 'warn',
    what: `Functions of this account may run only ${limit} at a time: any load can delay a way back, and nothing can be reserved.`,
    fix: 'Ask for the usual 1,000 (Service Quotas, Lambda, Concurrent executions)',
    command:
      'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
  };
}

function judgeReserved(reserved: number, services: number | null): Judged {
  const what = `${reserved} places are reserved for taking traffic back`;
  if (reserved >= Math.max(1, services ?? 0)) {
    return { code: 'concurrency-reserved', severity: 'ok', what: `${what}.` };
  }
  return {
    code: 'concurrency-ceiling',
    severity: 'warn',
    what: `${what}, fewer than the ${services ?? 1} services that may need it at once.`,
    fix: 'Raise reservedConcurrency in the deployment of the engine, or leave it out',
  };
}

/** Source: EventBridge user guide, «AWS service events delivered via AWS CloudTrail»: a trail with logging is required. */
export function judgeTrails(trails: readonly TrailReading[]): readonly Judged[] {
  const good = trails.find(({ isLogging, keepsWrites }) => isLogging && keepsWrites);
  if (good !== undefined) {
    const what = `The trail ${good.name} delivers management events, so rules on published versions can work.`;
    return [{ code: 'trail-delivers', severity: 'ok', what }];
  }
  const silent = trails.map(
    ({ name, isLogging }) => `${name} ${isLogging ? 'keeps no writes' : 'is stopped'}`,
  );
  return [
    {
      code: 'trail-missing',
      severity: 'warn',
      what: `No trail delivers management events here${silent.length === 0 ? '' : ` (${silent.join(', ')})`}: a rule on a published version would never see one.`,
      fix: 'Only where such a rule starts rollouts: create a trail that keeps management events that write, or start the one there is',
    },
  ];
}
