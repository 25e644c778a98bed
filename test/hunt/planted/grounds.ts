// Circumstances in which planted bugs show: a call that is slow where a race is, a tick that is long, a deadline that is near.
import type { Workflow } from '../../../src/core/workflow.ts';
import type { Ports } from '../../../src/ports.ts';
import type { FaultKind } from '../fault-kinds.ts';
import type { Mutation } from '../mutation.ts';
import type { Act, StepName } from '../plan.ts';
import type { Ground } from './planted-bug.ts';

const SLOW_MS = 5000;
const LONG_TICK_SECONDS = 3600;
/** After the start: the sweeper stops what still runs then. Without it that is more than a day. */
const NEAR_DEADLINE_MS = 90 * 60_000;

type Clear = Pick<NonNullable<Mutation['wants']>, 'isClear' | 'acts'>;

/** Nothing else goes wrong than what is done that long after a step was entered. */
export function only(kind: FaultKind, step: StepName, plusMs: number, nth = 1): Clear {
  return { isClear: true, acts: [act(kind, step, plusMs, nth)] };
}

function act(kind: FaultKind, step: StepName, plusMs: number, nth = 1): Act {
  return {
    id: `${kind} wanted`,
    kind,
    when: { step, nth, plusMs },
    durationMs: 60_000,
    // the first rollout that there is
    dice: [0.1, 0.9, 0.5],
  };
}

/** The permission to shift takes its time: before it is asked for, or after it was given. */
export function slowShift(when: 'before-asking' | 'after-asking'): Ground {
  return {
    ports: (ports, { step }) =>
      step === 'shift-traffic'
        ? {
            ...ports,
            store: {
              ...ports.store,
              authoriseShift: async (rollout, intent) => {
                if (when === 'before-asking') await ports.clock.sleep(SLOW_MS);
                await ports.store.authoriseShift(rollout, intent);
                if (when === 'after-asking') await ports.clock.sleep(SLOW_MS);
              },
            },
          }
        : ports,
  };
}

/** A wake-up that is lost is not made good by the next tick for long; latch or token is slow to be written. */
export function longTicks(slow: 'latch' | 'putToken'): Ground {
  return {
    workflow: (definition) => withBakeOf(definition, LONG_TICK_SECONDS),
    ports: (ports) => ({ ...ports, store: slowStore(ports, slow) }),
  };
}

function slowStore({ store, clock }: Ports, slow: 'latch' | 'putToken'): Ports['store'] {
  const { latch, putToken } = store;
  return slow === 'latch'
    ? { ...store, latch: (...args) => clock.sleep(SLOW_MS / 2).then(() => latch(...args)) }
    : { ...store, putToken: (...args) => clock.sleep(SLOW_MS / 2).then(() => putToken(...args)) };
}

/** @throws TypeError when «Bake» is no task any more */
export function withBakeOf(definition: Workflow, TimeoutSeconds: number): Workflow {
  const { Bake } = definition.States;
  if (Bake.Type !== 'Task') throw new TypeError('«Bake» is no task any more');
  return { ...definition, States: { ...definition.States, Bake: { ...Bake, TimeoutSeconds } } };
}

export const NEAR_DEADLINE: Ground = {
  store: (store) => ({
    ...store,
    openRollout: (row) => store.openRollout({ ...row, deadlineAtMs: row.startedAtMs + NEAR_DEADLINE_MS }),
  }),
};
/** Long after that deadline and what may follow it. */
export const THREE_HOURS_MS = 3 * 3_600_000;
