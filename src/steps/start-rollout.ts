// Step «Start rollout»: takes the lease, runs the gates, snapshots stable, prepares the target at weight 0.
import { firingOf } from '../core/accepted-alarms.ts';
import { deadlineAtMs, draftRollout, type History, type Start } from '../core/draft-rollout.ts';
import { FencedError, RejectedError } from '../core/errors.ts';
import type { GateResult } from '../core/gates.ts';
import { type AcceptedAlarm, type Rollout, rolloutIdOf, sidesOf } from '../core/rollout.ts';
import { NO_SIGNALS } from '../core/signals.ts';
import { kindOf, targetGates, targetId, targetLabel } from '../core/targets/index.ts';
import type { Participants } from '../core/targets/target.ts';
import type { Ports } from '../ports.ts';
import { announceStart } from './announce-start.ts';
import {
  alarmsGate,
  applyWaivers,
  httpStreamGate,
  metricsGate,
  noOtherRolloutGate,
  refusals,
} from './gates.ts';
import { historyWarnings, readStableHour } from './read-history.ts';
import { nameUsed, targetChanged, unknownService } from './start-refusals.ts';
import { acceptedAlarmsOf, parseRequest, StartInputSchema } from './start-request.ts';
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
    const asked = parseRequest(request);
    const { service, version } = asked;
    const record = await ports.store.readService(service);
    if (record === null) throw new RejectedError([unknownService(service)]);
    const start: Start = {
      rolloutId: rolloutIdOf(execution),
      executionArn: execution,
      startedAtMs: Date.parse(startedAt),
      version,
      record,
      acceptedAlarms: acceptedAlarmsOf(asked, record.spec),
    };
    const epoch = await takeOver(start, ports);
    const { gates, participants, history, firing, warnings } = await inspect(start, ports);
    await ports.store.recordGates(start.rolloutId, gates);
    const refused = refusals(gates);
    if (refused.length > 0 || participants === null) throw new RejectedError(refused);

    const draft = draftRollout({ ...start, acceptedAlarms: firing }, epoch, participants, history);
    await assertSameSides(draft, ports);
    await ports.store.recordPrepared(draft);
    const rollout = { ...draft, handle: await prepare(draft, ports) };
    await ports.store.recordPrepared(rollout);
    await announceStart(rollout, gates, warnings, ports);
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
    stageIndex: -1,
    alarms: record.spec.checks.alarms,
    acceptedAlarms: start.acceptedAlarms,
    rollout: null,
    interrupt: null,
    signals: NO_SIGNALS,
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
  /** Accepted alarms that do fire. */
  readonly firing: readonly AcceptedAlarm[];
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
  const { acceptedAlarms } = start;
  const ofTarget = targetGates(target, facts, request);
  const results = applyWaivers([...ofTarget, alarmsGate(readings, request, acceptedAlarms)], spec.waivers);
  const firing = firingOf(acceptedAlarms, readings);
  if (refusals(results).length > 0) {
    return { gates: results, participants: null, history: NO_HISTORY, firing, warnings: [] };
  }

  const participants: Participants = kindOf(target).participants(target, facts, request);
  const { answer, history } = await readStableHour(access, spec, participants.stable, { clock, metrics });
  const warnings = historyWarnings(spec, history);
  const ofMetrics = [metricsGate(answer, warnings), httpStreamGate(answer)];
  return {
    gates: [...results, ...applyWaivers(ofMetrics, spec.waivers)],
    participants,
    history,
    firing,
    warnings,
  };
}

/**
 * A start that is tried again takes a new look at the target. What it recorded before is what the guard and the sweeper go
 * by, so a stable version that somebody put there meanwhile would be taken for a stranger. Throws RejectedError.
 */
async function assertSameSides(rollout: Rollout, { store }: Used): Promise<void> {
  const before = (await store.readRow(rollout.rolloutId))?.rollout ?? null;
  if (before === null) return;
  const [was, is] = [sidesOf(before), sidesOf(rollout)];
  if (was !== is) throw new RejectedError([targetChanged(targetLabel(rollout.spec.target), was, is)]);
}

async function prepare(rollout: Rollout, ports: Used): Promise<Rollout['handle']> {
  const { clock, store, routers } = ports;
  const { rolloutId, epoch } = rollout;
  const write = { seq: 0, epoch, action: 'prepare' as const, weightPercent: 0 };
  await store.recordFact(rolloutId, { ...write, kind: 'intent', atMs: clock.now(), stageIndex: null });
  const handle = await routers[rollout.spec.target.kind].prepare(trafficOrder(rollout, epoch, 0), () =>
    assertLease(rollout, ports),
  );
  await store.recordFact(rolloutId, {
    ...write,
    kind: 'outcome',
    atMs: clock.now(),
    live: null,
    found: null,
  });
  return handle;
}

/** Asked between reading the target and writing it: an earlier life of this step must not touch the rule of the next rollout. */
async function assertLease({ rolloutId, epoch, spec }: Rollout, { store }: Used): Promise<void> {
  const fence = await store.readFence(targetId(spec.target));
  if (fence.owner === rolloutId && fence.epoch === epoch && fence.mode === 'FORWARD') return;
  throw new FencedError(
    `the lease is ${fence.owner ?? 'nobody'}'s, ${fence.mode} at epoch ${fence.epoch}, not ${rolloutId}'s at ${epoch}`,
  );
}
