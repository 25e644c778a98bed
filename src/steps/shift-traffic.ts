// Step «Shift traffic»: moves the canary to the weight of the next stage, fenced, recorded and read back.
import { EVENTS_PER_SHIFT } from '../core/budget.ts';
import { DriftError, InvalidDocumentError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { formatPercent } from '../core/units.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

export const shiftTraffic = defineStep({
  name: 'shift-traffic',
  does: 'Moves the canary to the weight of the next stage and reads it back',
  trigger: { kind: 'state', states: ['Shift traffic'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: RolloutSchema,
  run: async (rollout, { clock, store, routers, events }): Promise<Rollout> => {
    const index = rollout.stage.index + 1;
    const stage = rollout.spec.stages[index];
    if (stage === undefined) {
      throw new InvalidDocumentError(`no stage ${index} in a plan of ${rollout.spec.stages.length}`);
    }
    const { weightPercent } = stage;
    const seq = rollout.writes + 1;
    const record = { seq, epoch: rollout.epoch, action: 'shift' as const, weightPercent };

    const live = await routers[rollout.spec.target.kind].shift(
      trafficOrder(rollout, rollout.epoch, seq),
      { expectedPercent: rollout.stage.weightPercent, weightPercent },
      () => store.authoriseShift(rollout, { ...record, kind: 'intent', atMs: clock.now(), live: null }),
    );
    if (live.canaryPercent !== weightPercent || live.strangers.length > 0) {
      throw new DriftError(`asked for ${weightPercent} %, read back ${live.canaryPercent} %`);
    }

    const nowMs = clock.now();
    await store.recordShifted(rollout, { ...record, kind: 'outcome', atMs: nowMs, live });
    await events.publish([
      rolloutEvent(
        rollout,
        'traffic-shifted',
        nowMs,
        `Version ${rollout.canary.version} now takes ${formatPercent(weightPercent)} of the traffic, verified.`,
        { weightPercent, fromPercent: rollout.stage.weightPercent },
      ),
    ]);
    return {
      ...rollout,
      writes: seq,
      stage: { index, enteredAtMs: nowMs, weightPercent, heldSinceMs: null, askedAtMs: null },
      shifts: [...rollout.shifts, { atMs: nowMs, weightPercent }],
      historyEvents: rollout.historyEvents + EVENTS_PER_SHIFT,
      next: 'bake',
    };
  },
});
