// Keeps what people would have been told.
import type { Notifier } from '../ports.ts';

type Told = Parameters<Notifier['tell']>[0];

export interface MemoryNotifier extends Notifier {
  /** Oldest first. */
  readonly messages: readonly Told[];
}

/** @param before runs when a message arrives; throwing refuses it */
export function memoryNotifier(before: () => void = () => {}): MemoryNotifier {
  const messages: Told[] = [];
  return {
    messages,
    tell: async (message) => {
      before();
      messages.push(message);
    },
  };
}
