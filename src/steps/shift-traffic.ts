// Step «Shift traffic»: moves the canary to the weight of the next stage, fenced, recorded and read back.
import { afterShift } from '../core/after-shift.ts';
import { DriftError, Interrupted, InvalidDocumentError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { formatPercent } from '../core/units.ts';
import type { Ports } from '../ports.ts';
import { abortByHand } from './abort-by-hand.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

export const shiftTraffic = defineStep({
  name: 'shift-traffic',
  does: 'Moves the canary to the weight of the next stage and reads it back',
  trigger: { kind: 'state', states: ['Shift traffic'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: RolloutSchema,
  run: async (rollout, ports): Promise<Rollout> => {
    const { clock, store, events } = ports;
    const index = rollout.stage.index + 1;
    const stage = rollout.spec.stages[index];
    if (stage === undefined) {
      throw new InvalidDocumentError(`no stage ${index} in a plan of ${rollout.spec.stages.length}`);
    }
    const { weightPercent } = stage;
    const seq = rollout.writes + 1;
    const record = { seq, epoch: rollout.epoch, action: 'shift' as const, weightPercent };
    const authorise = (): Promise<void> =>
      store.authoriseShift(rollout, {
        ...record,
        kind: 'intent',
        stageIndex: index,
        atMs: clock.now(),
      });
    const live = await shift(rollout, weightPercent, seq, authorise, ports);

    const nowMs = clock.now();
    await store.recordShifted(rollout, { ...record, kind: 'outcome', atMs: nowMs, live, found: null });
    await events.publish([
      rolloutEvent(
        rollout,
        'traffic-shifted',
        nowMs,
        `Version ${rollout.canary.version} now takes ${formatPercent(weightPercent)} of the traffic, verified.`,
        { weightPercent, fromPercent: rollout.stage.weightPercent },
      ),
    ]);
    return afterShift(rollout, { seq, weightPercent, atMs: nowMs });
  },
});

/** Answers what was read back. Throws Interrupted where somebody lowered the weight by hand: that is an abort. */
async function shift(
  rollout: Rollout,
  weightPercent: number,
  seq: number,
  authorise: () => Promise<void>,
  ports: Used,
): Promise<LiveTraffic> {
  const expectedPercent = rollout.stage.weightPercent;
  try {
    const live = await ports.routers[rollout.spec.target.kind].shift(
      trafficOrder(rollout, rollout.epoch, seq),
      { expectedPercent, weightPercent },
      authorise,
    );
    if (live.canaryPercent === weightPercent && live.strangers.length === 0) return live;
    throw new DriftError(
      `asked for ${weightPercent} %, read back ${live.canaryPercent} %`,
      live.canaryPercent,
    );
  } catch (error) {
    if (!(error instanceof DriftError) || error.foundPercent >= expectedPercent) throw error;
    const { reason } = await abortByHand(rollout, error.foundPercent, ports);
    throw new Interrupted(reason.sentence);
  }
}
