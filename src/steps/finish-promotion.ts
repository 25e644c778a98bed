// Step «Finish promotion»: moves the last pointer, reads it back, closes as PROMOTED. Retried without limit, never undone.
import { IncompleteError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
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
      const why = error instanceof Error ? error.message : String(error);
      const sentence = `Version ${rollout.canary.version} is approved, but the last pointer could not be moved yet: ${why}. It is tried again.`;
      await ports.events.publish([rolloutEvent(rollout, 'promotion-delayed', ports.clock.now(), sentence)]);
      throw error;
    }
  },
});

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
