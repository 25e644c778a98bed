// Step «Finish promotion»: moves the last pointer, reads it back, closes as PROMOTED. Retried without limit, never undone.
import { IncompleteError, SupersededError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import { plainReason } from '../core/verdict.ts';
import type { LiveTraffic, Ports } from '../ports.ts';
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
  const why = error instanceof Error ? error.message : String(error);
  const sentence = `Version ${rollout.canary.version} is approved, but the last pointer could not be moved yet: ${why}. It is tried again.`;
  await events.publish([rolloutEvent(rollout, 'promotion-delayed', clock.now(), sentence)]);
}

async function finish(rollout: Rollout, { clock, store, routers, events }: Used): Promise<Rollout> {
  const seq = rollout.writes + 1;
  const record = { seq, epoch: rollout.epoch, action: 'promote' as const, weightPercent: 100 };
  await store.recordWrite(rollout.rolloutId, { ...record, kind: 'intent', atMs: clock.now(), live: null });
  const live = await routers[rollout.spec.target.kind].promote(trafficOrder(rollout, rollout.epoch, seq));
  assertAllOnCanary(live);
  const nowMs = clock.now();
  await store.recordWrite(rollout.rolloutId, { ...record, kind: 'outcome', atMs: nowMs, live });

  const sentence = `${rollout.spec.service} version ${rollout.canary.version} takes all traffic, verified; version ${rollout.stable.version} is retired.`;
  const reason = {
    ...(rollout.verdict?.reason ?? plainReason(sentence)),
    sentence: describeEnd(rollout, sentence),
  };
  await store.close(rollout.rolloutId, { outcome: 'PROMOTED', reason, atMs: nowMs });
  await events.publish([rolloutEvent(rollout, 'rollout-promoted', nowMs, sentence, { weightPercent: 100 })]);
  return {
    ...rollout,
    writes: seq,
    stage: { ...rollout.stage, weightPercent: 100 },
    outcome: 'PROMOTED',
    reason,
  };
}

function assertAllOnCanary(live: LiveTraffic): void {
  if (live.canaryPercent === 100 && live.strangers.length === 0) return;
  throw new IncompleteError(`read back ${live.canaryPercent} % on the new version`);
}

function describeEnd(rollout: Rollout, sentence: string): string {
  const last = rollout.verdict?.reason.sentence;
  return (last === undefined ? sentence : `${sentence} Last judgement: ${last}`).slice(0, 600);
}
