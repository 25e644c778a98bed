// Step «Judge canary»: reads latch, signals, target, alarms and the metrics of both versions, judges, and says what comes next.
import {
  DriftError,
  FencedError,
  InvalidDocumentError,
  SupersededError,
  TransientError,
} from '../core/errors.ts';
import { type LiveTraffic, strangerWords } from '../core/live-traffic.ts';
import { judgedFact, takeLook } from '../core/look.ts';
import { FORWARD_PHASES } from '../core/phase.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import type { Reason } from '../core/verdict.ts';
import type { Ports } from '../ports.ts';
import { abortByHand } from './abort-by-hand.ts';
import { readLook } from './read-look.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

export const judgeCanary = defineStep({
  name: 'judge-canary',
  does: 'Reads latch, signals, target, alarms and the metrics of both versions, and decides what comes next',
  trigger: { kind: 'state', states: ['Judge canary'] },
  uses: ['clock', 'store', 'routers', 'metrics', 'alarms', 'executions', 'events'],
  input: RolloutSchema,
  run: async (rollout, ports): Promise<Rollout> => {
    const { clock, store, events } = ports;
    const row = await store.readRow(rollout.rolloutId);
    if (row === null) throw new InvalidDocumentError(`no record of ${rollout.rolloutId}`);
    if (row.interrupt !== null) return turnBack(rollout, row.interrupt.reason);
    // the guard or an earlier life of this execution went another way: «Roll back» finds out what is left to do
    if (!FORWARD_PHASES.includes(row.phase)) throw new FencedError(`the record says ${row.phase}`);

    const nowMs = clock.now();
    const [live, read] = await Promise.all([
      readLive(rollout, ports),
      readLook(rollout, row.signals, nowMs, ports),
    ]);
    if (live !== null && isLowered(rollout, live)) {
      return turnBack(rollout, (await abortByHand(rollout, live.canaryPercent, ports)).reason);
    }
    const look = live === null ? { ...read, doubts: [UNREADABLE, ...read.doubts] } : read;
    const looked = takeLook(rollout, look);
    await store.recordFact(rollout.rolloutId, judgedFact(rollout, look, looked));
    await events.publish(looked.decision.events);
    return looked.decision.rollout;
  },
});

const UNREADABLE = 'The target cannot be read now, so nobody knows who gets how much traffic.';

function turnBack(rollout: Rollout, reason: Reason): Rollout {
  return { ...rollout, next: 'roll-back', reason };
}

/** null: not to be had now. A throttled control plane is no reason to take back a healthy canary, nor to go on. */
async function readLive(rollout: Rollout, { routers }: Pick<Ports, 'routers'>): Promise<LiveTraffic | null> {
  try {
    return await routers[rollout.spec.target.kind].verify(
      trafficOrder(rollout, rollout.epoch, rollout.writes),
    );
  } catch (error) {
    if (error instanceof TransientError) return null;
    throw error;
  }
}

/**
 * Somebody's hotfix or hand on the weight is noticed within a tick, not only when the next shift would meet it.
 * Throws SupersededError and DriftError for what leaves nothing to judge.
 */
function isLowered({ stage, spec }: Rollout, { strangers, canaryPercent }: LiveTraffic): boolean {
  const label = targetLabel(spec.target);
  if (strangers.length > 0) {
    throw new SupersededError(`${label} routes to ${strangerWords(strangers)}: hands off`, strangers);
  }
  if (canaryPercent <= stage.weightPercent) return canaryPercent < stage.weightPercent;
  throw new DriftError(
    `${label} gives the new version ${canaryPercent} %, the last write left ${stage.weightPercent} % there`,
    canaryPercent,
  );
}
