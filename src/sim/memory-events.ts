// The event bus in memory: keeps what was published and tells its listeners.
import type { RolloutEvent } from '../core/events.ts';
import type { EventPublisher } from '../ports.ts';

export interface MemoryEvents extends EventPublisher {
  /** Everything published so far, oldest first. */
  readonly published: readonly RolloutEvent[];
  /** What listeners threw: a bus drops that, a simulation may want to know. */
  readonly listenerErrors: readonly unknown[];
  subscribe(listener: (event: RolloutEvent) => void): void;
}

export function memoryEvents(): MemoryEvents {
  const published: RolloutEvent[] = [];
  const listenerErrors: unknown[] = [];
  const listeners: ((event: RolloutEvent) => void)[] = [];
  return {
    published,
    listenerErrors,
    subscribe: (listener) => {
      listeners.push(listener);
    },
    publish: async (events) => {
      for (const event of events) {
        published.push(event);
        for (const listener of listeners) {
          try {
            listener(event);
          } catch (error) {
            listenerErrors.push(error);
          }
        }
      }
    },
  };
}
