// Step «Roll back»: takes all traffic back to stable. Needs only the target's API to make traffic safe; the record follows.
import { FencedError, IncompleteError, messageOf, SupersededError, TransientError } from '../core/errors.ts';
import { type RolloutEvent, rolloutEvent } from '../core/events.ts';
import type { Outcome } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { LiveTraffic, Ports, RolloutRow } from '../ports.ts';
import { type LenientRollout, LenientRolloutSchema, reasonOf, supersededReason } from './lenient-rollout.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

/** The record gets this long before traffic is taken back without it. */
const STORE_PATIENCE_MS = 10_000;

type WayBack = Awaited<ReturnType<Ports['store']['beginRevert']>>;

export interface RolledBack extends LenientRollout {
  readonly outcome: Outcome;
  readonly reason: Reason;
}

export const rollBack = defineStep({
  name: 'roll-back',
  does: 'Takes all traffic back to stable, reads it back, closes the rollout',
  trigger: { kind: 'state', states: ['Roll back'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: LenientRolloutSchema,
  run: async (rollout, ports): Promise<RolledBack> => {
    try {
      return await takeBack(rollout, ports);
    } catch (error) {
      const why = messageOf(error);
      const sentence = `Traffic of ${targetLabel(rollout.spec.target)} could not be confirmed safe yet: ${why}. It is tried again.`;
      await tell(ports, rollout, 'rollback-delayed', sentence);
      throw error;
    }
  },
});

async function takeBack(rollout: LenientRollout, ports: Used): Promise<RolledBack> {
  const { store, clock } = ports;
  const seq = rollout.writes + 1;
  const wayBack = await openWayBack(rollout, seq, ports);
  if (wayBack?.state === 'closed') return alreadyEnded(rollout, wayBack.row, ports);
  if (wayBack?.state === 'promoting') {
    throw new IncompleteError('the promotion was committed and is being finished');
  }
  const epoch = wayBack?.epoch ?? rollout.epoch + 1;
  const live = await restore(rollout, epoch, seq, ports);
  if (live !== null && live.canaryPercent !== 0) {
    throw new IncompleteError(`read back ${live.canaryPercent} % on the new version`);
  }
  // Traffic is safe; what is left is the record, and without it the way forward would still look open.
  if (wayBack === null) {
    throw new IncompleteError('traffic is back on stable, but the record could not be written');
  }
  const atMs = clock.now();
  await store.recordWrite(rollout.rolloutId, { ...restoreRecord(seq, epoch), kind: 'outcome', atMs, live });
  const { interrupt } = wayBack.row;
  const reason = reasonOf(rollout, interrupt);
  if (live === null) return end(rollout, 'SUPERSEDED', supersededReason(rollout, reason), ports);
  return end(rollout, interrupt?.kind === 'abort' ? 'ABORTED' : 'ROLLED_BACK', reason, ports);
}

/**
 * Fence and intent, both durable before the write. null when the store cannot be reached in time: the way back then
 * goes on without them, which no writer on the way forward can do, and the next try completes the record.
 */
async function openWayBack(rollout: LenientRollout, seq: number, ports: Used): Promise<WayBack | null> {
  try {
    const outOfTime = ports.clock.sleep(STORE_PATIENCE_MS).then(() => {
      throw new TransientError(`no answer within ${STORE_PATIENCE_MS / 1000} s`);
    });
    return await Promise.race([recordWayBack(rollout, seq, ports), outOfTime]);
  } catch (error) {
    // the lease is somebody else's: whatever is live now is not ours to change
    if (error instanceof FencedError) throw error;
    const why = messageOf(error);
    const sentence = `The record is unreachable (${why}); traffic is taken back without it.`;
    // told while traffic is taken back, not before: a slow event bus must not delay that
    void tell(ports, rollout, 'rollback-delayed', sentence);
    return null;
  }
}

async function recordWayBack(
  rollout: LenientRollout,
  seq: number,
  { store, clock, events }: Used,
): Promise<WayBack> {
  const wayBack = await store.beginRevert(rollout.rolloutId);
  if (wayBack.state !== 'reverting') return wayBack;
  const atMs = clock.now();
  const intent = { ...restoreRecord(seq, wayBack.epoch), kind: 'intent' as const, atMs, live: null };
  await store.recordWrite(rollout.rolloutId, intent);
  if (wayBack.isFirst) {
    const label = targetLabel(rollout.spec.target);
    const sentence = `Taking all traffic of ${label} back to version ${rollout.stable.version}.`;
    // not awaited, for the same reason; publishing never throws
    void events.publish([rolloutEvent(rollout, 'rollback-started', atMs, sentence)]);
  }
  return wayBack;
}

function restoreRecord(seq: number, epoch: number) {
  return { seq, epoch, action: 'restore' as const, weightPercent: 0 };
}

/** null: a third version is live, so nothing is written. */
async function restore(
  rollout: LenientRollout,
  epoch: number,
  seq: number,
  { routers }: Used,
): Promise<LiveTraffic | null> {
  try {
    return await routers[rollout.spec.target.kind].restore(trafficOrder(rollout, epoch, seq));
  } catch (error) {
    if (error instanceof SupersededError) return null;
    throw error;
  }
}

type End = 'ROLLED_BACK' | 'ABORTED' | 'SUPERSEDED';

async function end(rollout: LenientRollout, outcome: End, reason: Reason, ports: Used): Promise<RolledBack> {
  const atMs = ports.clock.now();
  await ports.store.close(rollout.rolloutId, { outcome, reason, atMs });
  await tellEnd(rollout, outcome, reason, atMs, ports);
  return ended(rollout, outcome, reason);
}

function tellEnd(
  rollout: LenientRollout,
  outcome: End,
  reason: Reason,
  atMs: number,
  { events }: Used,
): Promise<void> {
  const label = targetLabel(rollout.spec.target);
  const isBack = `${label} is back on version ${rollout.stable.version}, verified. ${reason.sentence}`;
  const [event, sentence] = (
    {
      ROLLED_BACK: ['rollout-rolled-back', isBack],
      ABORTED: ['rollout-aborted', isBack],
      SUPERSEDED: ['rollout-superseded', reason.sentence],
    } as const
  )[outcome];
  const weightPercent = outcome === 'SUPERSEDED' ? null : 0;
  const { check, value, limit } = reason;
  return events.publish([
    rolloutEvent(rollout, event, atMs, sentence, { weightPercent, check, value, limit }),
  ]);
}

/** Without `failure`, which can be long: a document over its cap would make an ended rollback fail. */
function ended({ failure: _told, ...rollout }: LenientRollout, outcome: Outcome, reason: Reason): RolledBack {
  return { ...rollout, outcome, reason };
}

/** Told again: the try that closed it may have died before it told anybody. An event of the same instant is kept once. */
async function alreadyEnded(rollout: LenientRollout, row: RolloutRow, ports: Used): Promise<RolledBack> {
  const outcome = row.outcome ?? 'ROLLED_BACK';
  const reason = row.reason ?? plainReason('This rollout had ended before.');
  if (isEnd(outcome)) await tellEnd(rollout, outcome, reason, row.endedAtMs ?? ports.clock.now(), ports);
  return ended(rollout, outcome, reason);
}

function isEnd(outcome: Outcome): outcome is End {
  return outcome === 'ROLLED_BACK' || outcome === 'ABORTED' || outcome === 'SUPERSEDED';
}

function tell(
  { clock, events }: Used,
  rollout: LenientRollout,
  event: RolloutEvent['event'],
  sentence: string,
): Promise<void> {
  return events.publish([rolloutEvent(rollout, event, clock.now(), sentence)]);
}
