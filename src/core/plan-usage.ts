// What one execution uses of AWS, in the units that AWS bills: counted from the walk of its plan.
import { type LatencyBaseline, slowMeasures } from './judge/measures.ts';
import { recordUnits } from './plan-record-units.ts';
import { functionsCalled, type PlannedEnd, statesEntered, sumOfStates } from './plan-states.ts';
import type { Walk } from './plan-walk.ts';
import { type CustomCheck, canonicalJson, type SeriesSpec, type ServiceSpec } from './service-spec.ts';
import { kindOf } from './targets/index.ts';

export interface Usage {
  readonly seconds: number;
  readonly ticks: number;
  readonly historyEvents: number;
  readonly stateTransitions: number;
  /** Invocations by the workflow itself; handlers of alarms and events come on top. */
  readonly lambdaInvocations: number;
  /** Metrics asked of CloudWatch, the unit that GetMetricData is billed by. */
  readonly metricsRequested: number;
  /** All functions that a rollout calls: those of the workflow, the guard at its end, and the messages to people. */
  readonly functions: readonly FunctionUse[];
  /** DescribeAlarms requests; 0 without alarms. */
  readonly alarmRequests: number;
  /** Published events; each is put on the bus once and told on a topic once. */
  readonly events: number;
  /** Request units of DynamoDB. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Logs of the functions and of the execution. */
  readonly logBytes: number;
}

export interface FunctionUse {
  readonly name: string;
  readonly invocations: number;
  /** At the memory that all functions of the engine have. */
  readonly gbSeconds: number;
}

/** Of every function of the engine; a test reads the template. */
export const FUNCTION_MEMORY_MB = 512;

/**
 * Billed milliseconds of one call. Assumptions that wait for a run on AWS: some milliseconds for each AWS call, and for
 * functions that are called seldom the start of their environment, which Lambda bills as well.
 */
const ASSUMED_BILLED_MS: Readonly<Record<string, number>> = {
  'start-rollout': 3000,
  'shift-traffic': 1200,
  bake: 150,
  'judge-canary': 600,
  'commit-promotion': 1000,
  'settle-promotion': 800,
  'finish-promotion': 1500,
  'roll-back': 1500,
  'guard-rollout': 800,
  'notify-people': 400,
  'sweep-rollouts': 150,
};

/** Throws TypeError for a function that nobody made an assumption of. */
export function gbSecondsOf(name: string, invocations: number): number {
  const billedMs = ASSUMED_BILLED_MS[name];
  if (billedMs === undefined) throw new TypeError(`no billed time is assumed of ${name}`);
  return (invocations * billedMs * FUNCTION_MEMORY_MB) / 1024 / 1000;
}

/** Lambda's lines of start, end and report, and our own, with what CloudWatch adds to each. Assumption. */
export const LOG_BYTES_PER_INVOCATION = 1000;
/** Of the execution's log: one entry for each event of its history, without data. Assumption. */
const LOG_BYTES_PER_HISTORY_EVENT = 500;

/** Started, committed, ended; one more where a gate may be waived. */
const EVENTS_OF_ROLLOUT = 3;
/** Shifted and passed. */
const EVENTS_OF_STAGE = 2;
/** Also held, cleared or inconclusive, asked and answered. Alerts of checks come on top. */
const EVENTS_OF_HELD_STAGE = 6;

/** An upper bound where a count depends on what is found while it runs. */
export function usage(
  spec: ServiceSpec,
  { seconds, ticks, historyEvents }: Walk,
  { end, isHeld }: { readonly end: PlannedEnd; readonly isHeld: boolean },
): Usage {
  const stages = spec.stages.length;
  const entered = statesEntered(stages, ticks, end);
  const ofWorkflow = functionsCalled(entered);
  const events =
    EVENTS_OF_ROLLOUT +
    (Object.keys(spec.waivers).length > 0 ? 1 : 0) +
    stages * (isHeld ? EVENTS_OF_HELD_STAGE : EVENTS_OF_STAGE);
  const calls = { ...ofWorkflow, 'notify-people': events, 'guard-rollout': 1 };
  return {
    seconds,
    ticks,
    historyEvents,
    stateTransitions: sumOfStates(entered),
    lambdaInvocations: sumOf(ofWorkflow),
    // before the start stable's last hour is read, again once its usual latency is known: less than a tick each
    metricsRequested: metricsPerTick(spec) * (ticks + (spec.checks.latency === null ? 1 : 2)),
    functions: Object.entries(calls).map(([name, invocations]) => ({
      name,
      invocations,
      gbSeconds: gbSecondsOf(name, invocations),
    })),
    // by the gates and by every look; a service has no more alarms than one request takes
    alarmRequests: spec.checks.alarms.length === 0 ? 0 : ticks + 1,
    events,
    ...recordUnits(spec, ticks, calls),
    logBytes: sumOf(calls) * LOG_BYTES_PER_INVOCATION + historyEvents * LOG_BYTES_PER_HISTORY_EVENT,
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many thresholds there are does not depend on where they lie. */
const ANY_BASELINE: LatencyBaseline = { p50Ms: 100, p90Ms: 200, p99Ms: 500, isCounted: true };

/**
 * Metrics asked of CloudWatch in one tick, at the most: latency is taken as countable, which the start finds out, and
 * a custom series that is asked for anyway is counted twice here. The bill may be lower: CloudWatch's price list counts up
 * to five statistics of one metric as one.
 */
export function metricsPerTick({ target, checks }: ServiceSpec): number {
  const { errors, latency, throttlesLimitPercent, custom } = checks;
  const ofTarget = kindOf(target).metricsPerLook({
    // and the percentile that people are shown
    latencies: latency === null ? 0 : slowMeasures(latency, ANY_BASELINE).length + 1,
    http5xx: errors.http5xx !== null,
    coldStarts: (latency?.coldStarts ?? null) !== null,
    throttles: throttlesLimitPercent !== null,
  });
  return ofTarget + customSeries(custom).reduce((sum, series) => sum + (namesSide(series) ? 2 : 1), 0);
}

/** Every series that custom checks read, once. */
function customSeries(custom: readonly CustomCheck[]): readonly SeriesSpec[] {
  const sources = custom.flatMap((check) =>
    check.kind === 'rate' && check.per !== null ? [check.metric, check.per] : [check.metric],
  );
  const series = sources.flatMap((source) =>
    'expression' in source ? Object.values(source.series) : [source],
  );
  return [...new Map(series.map((one) => [canonicalJson(one), one])).values()];
}

/** A series that names no version is the same for both. */
function namesSide({ dimensions }: SeriesSpec): boolean {
  return Object.values(dimensions).some((value) => /\{(version|targetGroup)\}/.test(value));
}
