// Step «Finish promotion»: moves the last pointer, reads it back, closes as PROMOTED. Retried without limit, never undone.
import { FencedError, IncompleteError, messageOf, SupersededError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { LiveTraffic, Ports, RolloutRow } from '../ports.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

export const finishPromotion = defineStep({
  name: 'finish-promotion',
  does: 'Makes the new version the only one, reads it back, closes the rollout as promoted',
  trigger: { kind: 'state', states: ['Finish promotion'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: RolloutSchema,
  run: async (rollout, ports): Promise<Rollout> => {
    try {
      return await finish(rollout, ports);
    } catch (error) {
      if (error instanceof SupersededError) await giveWay(rollout, error, ports);
      else await tellDelay(rollout, error, ports);
      throw error;
    }
  },
});

/** A third version is live: whoever put it there wins, nothing is written, and the way ends at «Roll back», which finds it closed. */
async function giveWay(
  rollout: Rollout,
  error: SupersededError,
  { clock, store, events }: Used,
): Promise<void> {
  const atMs = clock.now();
  const reason = plainReason(
    `Somebody moved ${targetLabel(rollout.spec.target)} while version ${rollout.canary.version} was being promoted: ${error.message}`,
  );
  await store.close(rollout.rolloutId, { outcome: 'SUPERSEDED', reason, atMs });
  await events.publish([
    rolloutEvent(rollout, 'rollout-superseded', atMs, reason.sentence, { weightPercent: null }),
  ]);
}

async function tellDelay(rollout: Rollout, error: unknown, { clock, events }: Used): Promise<void> {
  const why = messageOf(error);
  const sentence = `Version ${rollout.canary.version} is approved, but the last pointer could not be moved yet: ${why}. It is tried again.`;
  await events.publish([rolloutEvent(rollout, 'promotion-delayed', clock.now(), sentence)]);
}

async function finish(rollout: Rollout, ports: Used): Promise<Rollout> {
  const { clock, store, routers } = ports;
  const row = await store.readRow(rollout.rolloutId);
  if (row === null) throw new IncompleteError(`no record of ${rollout.rolloutId}`);
  // a lost answer, a zombie or the guard can bring this step here again, long after: the target may be somebody else's
  if (row.outcome !== null) return alreadyEnded(rollout, row, ports);

  const seq = rollout.writes + 1;
  const record = { seq, epoch: rollout.epoch, action: 'promote' as const, weightPercent: 100 };
  await store.recordWrite(rollout.rolloutId, { ...record, kind: 'intent', atMs: clock.now(), live: null });
  const live = await routers[rollout.spec.target.kind].promote(
    trafficOrder(rollout, rollout.epoch, seq),
    () => assertOwnTarget(rollout, row.targetId, ports),
  );
  assertAllOnCanary(live);
  const atMs = clock.now();
  await store.recordWrite(rollout.rolloutId, { ...record, kind: 'outcome', atMs, live });
  const reason = describeEnd(rollout);
  await store.close(rollout.rolloutId, { outcome: 'PROMOTED', reason, atMs });
  await tellPromoted(rollout, atMs, ports);
  return { ...promoted(rollout, reason), writes: seq };
}

/** Asked between reading the target and writing it. Throws FencedError. */
async function assertOwnTarget(rollout: Rollout, targetId: string, { store }: Used): Promise<void> {
  const { owner, epoch } = await store.readFence(targetId);
  if (owner === rollout.rolloutId && epoch === rollout.epoch) return;
  throw new FencedError(
    `the lease is ${owner ?? 'nobody'}'s at epoch ${epoch}, not ${rollout.rolloutId}'s at ${rollout.epoch}`,
  );
}

async function alreadyEnded(rollout: Rollout, row: RolloutRow, ports: Used): Promise<Rollout> {
  const reason = row.reason ?? plainReason('This rollout had ended before.');
  if (row.outcome !== 'PROMOTED') throw new SupersededError(reason.sentence);
  // told again: the try that closed it may have died before it told anybody
  await tellPromoted(rollout, row.endedAtMs ?? ports.clock.now(), ports);
  return promoted(rollout, reason);
}

function promoted(rollout: Rollout, reason: Reason): Rollout {
  return { ...rollout, stage: { ...rollout.stage, weightPercent: 100 }, outcome: 'PROMOTED', reason };
}

function tellPromoted(rollout: Rollout, atMs: number, { events }: Used): Promise<void> {
  const data = { weightPercent: 100 };
  return events.publish([rolloutEvent(rollout, 'rollout-promoted', atMs, endSentence(rollout), data)]);
}

function assertAllOnCanary(live: LiveTraffic): void {
  if (live.canaryPercent === 100 && live.strangers.length === 0) return;
  throw new IncompleteError(`read back ${live.canaryPercent} % on the new version`);
}

function endSentence({ spec, canary, stable }: Rollout): string {
  return `${spec.service} version ${canary.version} takes all traffic, verified; version ${stable.version} is retired.`;
}

function describeEnd(rollout: Rollout): Reason {
  const sentence = endSentence(rollout);
  const last = rollout.verdict?.reason;
  if (last === undefined) return plainReason(sentence);
  return { ...last, sentence: `${sentence} Last judgement: ${last.sentence}`.slice(0, 600) };
}
