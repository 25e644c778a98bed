// How events reach their handlers: at least once or not at all, late, twice, out of order; and what becomes of a handler
// that fails.
import { ASYNC_RETRIES_MS, delayMs } from './delays.ts';
import type { FaultKind } from './fault-kinds.ts';
import { MINUTE_MS } from './plan.ts';
import type { Run } from './run.ts';
import { draw } from './streams.ts';

/** alarm: «guaranteed», and dropped all the same, to show that nothing rests on it · execution: best effort · rollout: our
 * own, on our bus, at least once. */
type EventKind = 'alarm' | 'execution' | 'rollout';

export interface Bus {
  /** Runs the handler some time later. @param name tells deliveries apart, for example the alarm and its instant */
  deliver(
    kind: EventKind,
    name: string,
    handle: () => Promise<unknown>,
    onLost?: (error: unknown) => void,
  ): void;
  /** Deliveries that are still under way. */
  readonly pending: number;
}

/** @param runOf the run, once all its parts are there */
export function makeBus(runOf: () => Run): Bus {
  let pending = 0;
  const attempt = (
    failures: number,
    handle: () => Promise<unknown>,
    onLost: (error: unknown) => void,
  ): void => {
    handle().then(
      () => {
        pending -= 1;
      },
      (error: unknown) => {
        const waitMs = ASYNC_RETRIES_MS[failures];
        if (waitMs !== undefined) {
          const { time } = runOf();
          time.at(time.now() + waitMs, () => attempt(failures + 1, handle, onLost));
          return;
        }
        pending -= 1;
        onLost(error);
      },
    );
  };
  const isDropped = (kind: EventKind, key: string): boolean => {
    if (kind === 'rollout') return false;
    const { faults } = runOf();
    if (faults.strikes('events-all-dropped', `${kind}s`)) return true;
    return kind === 'execution' && faults.strikes('event-dropped', key);
  };
  return {
    get pending() {
      return pending;
    },
    deliver: (kind, name, handle, onLost = () => {}) => {
      const run = runOf();
      const { plan, time, faults, recorder } = run;
      const key = recorder.next(null, `event ${kind} ${name}`);
      if (isDropped(kind, key)) {
        recorder.tell(() => `${key} is dropped`);
        return;
      }
      const copies = faults.strikes('event-duplicated', key)
        ? 2 + Math.floor(draw(plan.seed, `copies ${key}`) * 2)
        : 1;
      for (let copy = 1; copy <= copies; copy += 1) {
        pending += 1;
        const afterMs = travelMs(run, `${key} ${copy}`, copy > 1);
        time.at(time.now() + afterMs, () => attempt(0, handle, onLost));
      }
    },
  };
}

/** A copy comes up to five minutes later. */
function travelMs({ plan, faults, time, endOfFaultsMs }: Run, key: string, isCopy: boolean): number {
  const strikes = (kind: FaultKind): boolean => faults.strikes(kind, key);
  const usualMs =
    delayMs(plan.seed, 'eventBus', `bus ${key}`) + delayMs(plan.seed, 'asyncInvoke', `async ${key}`);
  const copyMs = isCopy ? draw(plan.seed, `copy ${key}`) ** 2 * 5 * MINUTE_MS : 0;
  const lateMs = strikes('event-delayed') ? MINUTE_MS * 90 ** draw(plan.seed, `late ${key}`) : 0;
  const orderMs = strikes('events-reordered') ? draw(plan.seed, `order ${key}`) * 45_000 : 0;
  // once the faults are over nothing is late any more
  const leftMs =
    plan.mode === 'liveness' ? Math.max(0, endOfFaultsMs - time.now()) : Number.POSITIVE_INFINITY;
  return Math.round(usualMs + Math.min(leftMs, copyMs + lateMs + orderMs));
}
