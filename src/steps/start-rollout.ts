// Step «Start rollout»: takes the lease, runs the gates, snapshots stable, prepares the target at weight 0.
import { deadlineAtMs, draftRollout, type History, type Start } from '../core/draft-rollout.ts';
import { type Problem, RejectedError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import type { GateResult } from '../core/gates.ts';
import { type Rollout, rolloutIdOf } from '../core/rollout.ts';
import { kindOf, targetGates, targetId, targetLabel } from '../core/targets/index.ts';
import type { Participants } from '../core/targets/target.ts';
import type { Ports } from '../ports.ts';
import {
  alarmsGate,
  applyWaivers,
  httpStreamGate,
  metricsGate,
  noOtherRolloutGate,
  refusals,
} from './gates.ts';
import { historyWarnings, readStableHour } from './read-history.ts';
import { parseRequest, StartInputSchema } from './start-request.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'metrics' | 'alarms' | 'events'>;

export const startRollout = defineStep({
  name: 'start-rollout',
  does: 'Takes the lease, runs the gates, prepares the target at weight 0',
  trigger: { kind: 'state', states: ['Start rollout'] },
  uses: ['clock', 'store', 'routers', 'metrics', 'alarms', 'events'],
  input: StartInputSchema,
  run: async ({ request, execution, startedAt }, ports): Promise<Rollout> => {
    const { service, version } = parseRequest(request);
    const record = await ports.store.readService(service);
    if (record === null) throw new RejectedError([unknownService(service)]);
    const start: Start = {
      rolloutId: rolloutIdOf(execution),
      executionArn: execution,
      startedAtMs: Date.parse(startedAt),
      version,
      record,
    };
    const epoch = await takeOver(start, ports);
    const { gates, participants, history, warnings } = await inspect(start, ports);
    await ports.store.recordGates(start.rolloutId, gates);
    const refused = refusals(gates);
    if (refused.length > 0 || participants === null) throw new RejectedError(refused);

    const draft = draftRollout(start, epoch, participants, history);
    await ports.store.recordPrepared(draft);
    const rollout = { ...draft, handle: await prepare(draft, ports) };
    await ports.store.recordPrepared(rollout);
    await announce(rollout, gates, warnings, ports);
    return rollout;
  },
});

/** Opens the row and takes the lease; both find their own earlier success when the step is retried. */
async function takeOver(start: Start, { store }: Used): Promise<number> {
  const { record, rolloutId, startedAtMs } = start;
  const id = targetId(record.spec.target);
  const isOurs = await store.openRollout({
    rolloutId,
    executionArn: start.executionArn,
    service: record.spec.service,
    version: start.version,
    specDigest: record.specDigest,
    targetId: id,
    phase: 'PENDING',
    startedAtMs,
    deadlineAtMs: deadlineAtMs(start),
    authorisedWeightPercent: 0,
    alarms: record.spec.checks.alarms,
    rollout: null,
    interrupt: null,
    token: null,
    gates: null,
    outcome: null,
    reason: null,
    endedAtMs: null,
  });
  if (!isOurs) throw new RejectedError([nameUsed(rolloutId)]);
  const lease = await store.takeLease(id, rolloutId);
  if (lease.taken) return lease.epoch;
  const busy = noOtherRolloutGate(targetLabel(record.spec.target), lease.owner);
  await store.recordGates(rolloutId, [busy]);
  throw new RejectedError(refusals([busy]));
}

interface Inspection {
  readonly gates: readonly GateResult[];
  /** null when a gate is shut: then nobody can tell who takes part. */
  readonly participants: Participants | null;
  readonly history: History;
  /** What people should know before they rely on this rollout. */
  readonly warnings: readonly string[];
}

const NO_HISTORY: History = { periods: [], longestSeconds: null, latency: null };

async function inspect(start: Start, { clock, routers, alarms, metrics }: Used): Promise<Inspection> {
  const { spec, targetRoleArn } = start.record;
  const { target } = spec;
  const access = { target, targetRoleArn };
  const request = {
    service: spec.service,
    version: start.version,
    hasHttpErrorStream: spec.checks.errors.http5xx !== null,
  };
  const [facts, readings] = await Promise.all([
    routers[target.kind].describe(access, start.version),
    alarms.read(spec.checks.alarms),
  ]);
  const results = applyWaivers([...targetGates(target, facts, request), alarmsGate(readings)], spec.waivers);
  if (refusals(results).length > 0) {
    return { gates: results, participants: null, history: NO_HISTORY, warnings: [] };
  }

  const participants: Participants = kindOf(target).participants(target, facts, request);
  const { answer, history } = await readStableHour(access, spec, participants.stable, { clock, metrics });
  const warnings = historyWarnings(spec, history);
  const ofMetrics = [metricsGate(answer, warnings), httpStreamGate(answer)];
  return {
    gates: [...results, ...applyWaivers(ofMetrics, spec.waivers)],
    participants,
    history,
    warnings,
  };
}

async function prepare(rollout: Rollout, { clock, store, routers }: Used): Promise<Rollout['handle']> {
  const record = { seq: 0, epoch: rollout.epoch, action: 'prepare' as const, weightPercent: 0, live: null };
  await store.recordWrite(rollout.rolloutId, { ...record, kind: 'intent', atMs: clock.now() });
  const handle = await routers[rollout.spec.target.kind].prepare(trafficOrder(rollout, rollout.epoch, 0));
  await store.recordWrite(rollout.rolloutId, { ...record, kind: 'outcome', atMs: clock.now() });
  return handle;
}

async function announce(
  rollout: Rollout,
  gates: readonly GateResult[],
  warnings: readonly string[],
  { clock, events }: Used,
): Promise<void> {
  const nowMs = clock.now();
  const label = targetLabel(rollout.spec.target);
  const waived = gates.filter((gate) => gate.waivedBecause !== null);
  const found = [gatesSentence(gates.length, waived.length), ...warnings].join('; ');
  await events.publish([
    rolloutEvent(
      rollout,
      'rollout-started',
      nowMs,
      `${label}: version ${rollout.canary.version} against ${rollout.stable.version}; ${found}.`,
      {
        stableVersion: rollout.stable.version,
        canaryVersion: rollout.canary.version,
        specDigest: rollout.specDigest,
        gates: gates.length,
      },
    ),
    ...(waived.length === 0
      ? []
      : [
          rolloutEvent(rollout, 'gate-waived', nowMs, waivedSentence(waived), {
            gate: waived.map(({ gate }) => gate).join(', '),
          }),
        ]),
  ]);
}

function gatesSentence(all: number, waived: number): string {
  return waived === 0 ? `all ${all} gates are open` : `${all - waived} gates are open, ${waived} waived`;
}

function waivedSentence(waived: readonly GateResult[]): string {
  return waived.map((gate) => `${gate.finding}; waived: ${gate.waivedBecause}`).join('. ');
}

function unknownService(service: string): Problem {
  return {
    code: 'service-unknown',
    what: `no service named ${service} is registered with this engine`,
    where: 'request.service',
    got: service,
    allowed: 'the name of a registered service',
    fix: 'Deploy its service stack first: cdk deploy Stepshift-Service-NAME',
  };
}

function nameUsed(rolloutId: string): Problem {
  return {
    code: 'rollout-id-used',
    what: `an older rollout has the name ${rolloutId} already`,
    where: 'execution name',
    got: rolloutId,
    allowed: 'a name that no rollout had before',
    fix: 'Start the execution under another name',
  };
}
