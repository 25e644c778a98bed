// How events reach their handlers in the simulator: at least once, retried, and sometimes not at all.
import type { VirtualTime } from './virtual-time.ts';

type EventKind = 'alarm' | 'execution' | 'rollout';

export interface EventFault {
  readonly of: EventKind | 'all';
  readonly does: 'drop' | 'duplicate';
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A failed asynchronous invocation is tried again after one and after two more minutes. Source: Lambda guide,
 * «Asynchronous invocation», error handling. */
const RETRY_AFTER_MS = [60_000, 120_000];
/** From an event to its handler at work. Assumption: EventBridge is usually well under a second, plus the function. */
const DELIVERY_MS = 1000;

export interface EventDelivery {
  /** Runs the handler for an event, in the order of events and never within the publisher's own turn. */
  deliver(kind: EventKind, handle: () => Promise<unknown>): void;
  /** Events that were given up after the last try. */
  readonly lost: readonly { readonly kind: EventKind; readonly error: string }[];
}

export function eventDelivery(time: VirtualTime, faults: readonly EventFault[]): EventDelivery {
  const lost: { kind: EventKind; error: string }[] = [];
  const attempt = (kind: EventKind, handle: () => Promise<unknown>, failures: number): void => {
    handle().catch((error: unknown) => {
      const waitMs = RETRY_AFTER_MS[failures];
      if (waitMs === undefined) lost.push({ kind, error: String(error) });
      else time.at(time.now() + waitMs, () => attempt(kind, handle, failures + 1));
    });
  };
  return {
    lost,
    deliver: (kind, handle) => {
      const nowMs = time.now();
      const fault = faults.find(
        ({ of, fromMs, untilMs }) => (of === kind || of === 'all') && nowMs >= fromMs && nowMs < untilMs,
      );
      const copies = { drop: 0, duplicate: 2 }[fault?.does ?? 'drop'];
      for (let copy = 0; copy < (fault === undefined ? 1 : copies); copy += 1) {
        time.at(nowMs + DELIVERY_MS, () => attempt(kind, handle, 0));
      }
    },
  };
}
