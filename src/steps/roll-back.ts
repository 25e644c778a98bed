// Step «Roll back»: takes all traffic back to stable. Needs only the target's API to make traffic safe; the record follows.
import * as z from 'zod';
import { FencedError, IncompleteError, SupersededError } from '../core/errors.ts';
import { type RolloutEvent, rolloutEvent } from '../core/events.ts';
import { type Failure, FailureSchema, failureMessage } from '../core/failure.ts';
import type { Outcome } from '../core/rollout.ts';
import { TargetSchema, targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason, ReasonSchema } from '../core/verdict.ts';
import type { Interrupt, LiveTraffic, Ports, RolloutRow } from '../ports.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

const SideSchema = z.looseObject({ version: z.string(), ref: z.string() });

/** Lenient on purpose: whatever else is wrong with the document, target and stable are enough to be safe. */
const LenientRolloutSchema = z.looseObject({
  rolloutId: z.string(),
  spec: z.looseObject({ service: z.string(), target: TargetSchema }),
  targetRoleArn: z.string().nullable().catch(null),
  stable: SideSchema,
  canary: SideSchema,
  handle: z.record(z.string(), z.string()).catch({}),
  epoch: z.number().catch(0),
  writes: z.number().catch(0),
  reason: ReasonSchema.nullable().catch(null),
  failure: FailureSchema.optional().catch(undefined),
});
type LenientRollout = z.infer<typeof LenientRolloutSchema>;

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
      const why = error instanceof Error ? error.message : String(error);
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
  if (wayBack?.state === 'closed') return alreadyEnded(rollout, wayBack.row);
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
 * Fence and intent, both durable before the write. null when the store cannot be reached: the way back then goes on
 * without them, which no writer on the way forward can do.
 */
async function openWayBack(rollout: LenientRollout, seq: number, ports: Used): Promise<WayBack | null> {
  try {
    const wayBack = await ports.store.beginRevert(rollout.rolloutId);
    if (wayBack.state !== 'reverting') return wayBack;
    const atMs = ports.clock.now();
    const intent = { ...restoreRecord(seq, wayBack.epoch), kind: 'intent' as const, atMs, live: null };
    await ports.store.recordWrite(rollout.rolloutId, intent);
    if (wayBack.isFirst) {
      const label = targetLabel(rollout.spec.target);
      const sentence = `Taking all traffic of ${label} back to version ${rollout.stable.version}.`;
      await tell(ports, rollout, 'rollback-started', sentence);
    }
    return wayBack;
  } catch (error) {
    // the lease is somebody else's: whatever is live now is not ours to change
    if (error instanceof FencedError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const sentence = `The record is unreachable (${why}); traffic is taken back without it.`;
    await tell(ports, rollout, 'rollback-delayed', sentence);
    return null;
  }
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

async function end(
  rollout: LenientRollout,
  outcome: 'ROLLED_BACK' | 'ABORTED' | 'SUPERSEDED',
  reason: Reason,
  ports: Used,
): Promise<RolledBack> {
  const atMs = ports.clock.now();
  await ports.store.close(rollout.rolloutId, { outcome, reason, atMs });
  const label = targetLabel(rollout.spec.target);
  const isBack = `${label} is back on version ${rollout.stable.version}, verified. ${reason.sentence}`;
  const [event, sentence] = (
    {
      ROLLED_BACK: ['rollout-rolled-back', isBack],
      ABORTED: ['rollout-aborted', isBack],
      SUPERSEDED: ['rollout-superseded', reason.sentence],
    } as const
  )[outcome];
  await ports.events.publish([
    rolloutEvent(rollout, event, atMs, sentence, {
      weightPercent: outcome === 'SUPERSEDED' ? null : 0,
      check: reason.check,
      value: reason.value,
      limit: reason.limit,
    }),
  ]);
  return ended(rollout, outcome, reason);
}

/** Without `failure`, which can be long: a document over its cap would make an ended rollback fail. */
function ended({ failure: _told, ...rollout }: LenientRollout, outcome: Outcome, reason: Reason): RolledBack {
  return { ...rollout, outcome, reason };
}

function alreadyEnded(rollout: LenientRollout, row: RolloutRow): RolledBack {
  return ended(
    rollout,
    row.outcome ?? 'ROLLED_BACK',
    row.reason ?? plainReason('This rollout had ended before.'),
  );
}

/** The latched wish to stop first, then the verdict's reason, then what failed. */
function reasonOf(rollout: LenientRollout, interrupt: Interrupt | null): Reason {
  if (interrupt !== null) return interrupt.reason;
  if (rollout.failure !== undefined) return plainReason(failureSentence(rollout.failure));
  return rollout.reason ?? plainReason('The workflow asked for the way back without a reason.');
}

/** A third version is what counts; why the way back was taken is told too, unless it was that very version. */
function supersededReason(rollout: LenientRollout, reason: Reason): Reason {
  const { stable, canary, failure } = rollout;
  const label = targetLabel(rollout.spec.target);
  const sentence = `Somebody moved ${label} to a version that is neither ${stable.version} nor ${canary.version}; it was left as it is.`;
  return failure?.Error === 'SupersededError'
    ? plainReason(sentence)
    : { ...reason, sentence: `${sentence} ${reason.sentence}`.slice(0, 600) };
}

function failureSentence(failure: Failure): string {
  return failure.Error === 'Interrupted'
    ? failureMessage(failure)
    : `The rollout could not go on (${failure.Error}): ${failureMessage(failure)}.`;
}

function tell(
  { clock, events }: Used,
  rollout: LenientRollout,
  event: RolloutEvent['event'],
  sentence: string,
): Promise<void> {
  return events.publish([rolloutEvent(rollout, event, clock.now(), sentence)]);
}
