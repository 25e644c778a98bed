// Step «Finish promotion»: moves the last pointer, reads it back, closes as PROMOTED. Retried without limit, never undone.
import { FencedError, IncompleteError, messageOf, QuarantineError, SupersededError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { type LenientRollout, LenientRolloutSchema } from './lenient-rollout.ts';
import { requireQuarantineOver } from './outlast-late-writes.ts';
import { defineStep } from './step.ts';
import { type Ended, promotedSentence, tellEnd, tellRowEnd } from './tell-end.ts';
import { trafficOrder } from './traffic-order.ts';
import { writeNumber } from './write-number.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

export const finishPromotion = defineStep({
  name: 'finish-promotion',
  does: 'Makes the new version the only one, reads it back, closes the rollout as promoted',
  trigger: { kind: 'state', states: ['Finish promotion'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: RolloutSchema,
  run: async (rollout, ports): Promise<Rollout> => {
    const lenient = LenientRolloutSchema.parse(rollout);
    const { outcome, reason } = await finishCommitted(lenient, rollout.verdict?.reason ?? null, ports);
    // the workflow's Catch leads to «Roll back», which finds the rollout closed
    if (outcome !== 'PROMOTED') throw new SupersededError(reason.sentence);
    const writes = rollout.writes + 1;
    return { ...rollout, writes, stage: { ...rollout.stage, weightPercent: 100 }, outcome, reason };
  },
});

/**
 * Answers how the rollout ended: PROMOTED, or SUPERSEDED when somebody put a third version live meanwhile, or took all
 * traffic back by hand.
 * @param judgement the last one, for the record
 * @throws FencedError when the promotion was not committed; then nothing was written
 */
export async function finishCommitted(
  rollout: LenientRollout,
  judgement: Reason | null,
  ports: Used,
): Promise<Ended> {
  const row = await orTellDelay(rollout, ports, () => readOwnRow(rollout, ports));
  // a lost answer, a zombie or the guard can bring this here again, long after: the target may be somebody else's
  const ended = await tellRowEnd(row, ports);
  if (ended !== null) return ended;
  if (row.phase !== 'PROMOTING') {
    throw new FencedError(`${row.rolloutId} is ${row.phase}: its promotion was not committed`);
  }
  return orTellDelay(rollout, ports, () => finish(rollout, row, judgement, ports));
}

async function readOwnRow({ rolloutId }: LenientRollout, { store }: Used): Promise<RolloutRow> {
  const row = await store.readRow(rolloutId);
  if (row === null) throw new IncompleteError(`no record of ${rolloutId}`);
  return row;
}

async function orTellDelay<T>(rollout: LenientRollout, ports: Used, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    // nobody has to do anything
    if (error instanceof QuarantineError) throw error;
    const sentence = `Version ${rollout.canary.version} is approved, but the last pointer could not be moved yet: ${messageOf(error)}. It is tried again.`;
    await ports.events.publish([rolloutEvent(rollout, 'promotion-delayed', ports.clock.now(), sentence)]);
    throw error;
  }
}

async function finish(
  rollout: LenientRollout,
  row: RolloutRow,
  judgement: Reason | null,
  ports: Used,
): Promise<Ended> {
  const { clock, store } = ports;
  const { rolloutId, epoch, writes } = rollout;
  const action = 'promote' as const;
  const audit = await store.readAudit(rolloutId);
  const seq = writeNumber(audit, { action, epoch, writes });
  const record = { seq, epoch, action, weightPercent: 100 };
  await store.recordFact(rolloutId, { ...record, kind: 'intent', stageIndex: null, atMs: clock.now() });
  const { live, strangers, ...end } = await promote(rollout, seq, { row, judgement }, ports);
  const atMs = clock.now();
  const outcome = { ...record, kind: 'outcome' as const, atMs, live, found: null };
  await store.recordFact(rolloutId, strangers.length === 0 ? outcome : { ...outcome, strangers });
  // until giving way is final each try looks again; an earlier one that lands late makes the new version live, and is finished
  const what = 'somebody else moved the traffic, which is left alone';
  if (live === null) {
    requireQuarantineOver(rollout.spec.target, { audit, left: 'untouched', action, what }, atMs);
  }
  await store.close(rolloutId, { ...end, atMs });
  return (await tellEnd(rolloutId, ports)) ?? end;
}

/** `live` null: somebody moved the target, to `strangers` where that is a third version. Whoever did so wins; nothing was written. */
async function promote(
  rollout: LenientRollout,
  seq: number,
  { row, judgement }: { readonly row: RolloutRow; readonly judgement: Reason | null },
  ports: Used,
): Promise<Ended & { readonly live: LiveTraffic | null; readonly strangers: readonly string[] }> {
  try {
    const live = await ports.routers[rollout.spec.target.kind].promote(
      trafficOrder(rollout, rollout.epoch, seq),
      async (found) => {
        assertNotTakenBack(found, rollout);
        await assertOwnTarget(rollout, row.targetId, ports);
      },
    );
    assertAllOnCanary(live);
    return { outcome: 'PROMOTED', reason: promotedReason(rollout, judgement), live, strangers: [] };
  } catch (error) {
    if (!(error instanceof SupersededError)) throw error;
    const sentence = `Somebody moved ${targetLabel(rollout.spec.target)} while version ${rollout.canary.version} was being promoted: ${error.message}`;
    const { strangers } = error;
    return { outcome: 'SUPERSEDED', reason: plainReason(sentence), live: null, strangers };
  }
}

/**
 * A promotion is committed while the new version has traffic, and nothing of ours takes that away afterwards: a person did,
 * in an emergency perhaps. Asked between reading the target and writing it. Throws SupersededError.
 */
function assertNotTakenBack({ canaryPercent }: LiveTraffic, { stable }: LenientRollout): void {
  if (canaryPercent > 0) return;
  throw new SupersededError(`all traffic was taken back to version ${stable.version} by hand`);
}

/** Asked at the same point. Throws FencedError. */
async function assertOwnTarget(rollout: LenientRollout, targetId: string, { store }: Used): Promise<void> {
  const { owner, epoch } = await store.readFence(targetId);
  if (owner === rollout.rolloutId && epoch === rollout.epoch) return;
  throw new FencedError(
    `the lease is ${owner ?? 'nobody'}'s at epoch ${epoch}, not ${rollout.rolloutId}'s at ${rollout.epoch}`,
  );
}

function assertAllOnCanary(live: LiveTraffic): void {
  if (live.canaryPercent === 100 && live.strangers.length === 0) return;
  throw new IncompleteError(`read back ${live.canaryPercent} % on the new version`);
}

function promotedReason(rollout: LenientRollout, judgement: Reason | null): Reason {
  const sentence = promotedSentence(rollout);
  if (judgement === null) return plainReason(sentence);
  return { ...judgement, sentence: `${sentence} Last judgement: ${judgement.sentence}`.slice(0, 600) };
}
