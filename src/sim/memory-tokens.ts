// Task tokens in memory: the workflow runner waits on a token, steps wake or fail it.
import type { TaskTokens } from '../ports.ts';

export interface MemoryTokens extends TaskTokens {
  /** Opens a wait: resolves when it is woken, rejects with an error of that name when it is failed. */
  register(token: string): Promise<void>;
  /** Ends a wait that timed out; its promise never settles. */
  expire(token: string): void;
}

interface Waiter {
  readonly wake: () => void;
  readonly fail: (error: Error) => void;
}

/** @param before runs when a call arrives; throwing refuses it */
export function memoryTokens(
  before: (api: 'SendTaskFailure' | 'SendTaskSuccess') => void = () => {},
): MemoryTokens {
  const waiters = new Map<string, Waiter>();
  const answer = (token: string, act: (waiter: Waiter) => void): 'sent' | 'already-handled' => {
    const waiter = waiters.get(token);
    if (waiter === undefined) return 'already-handled';
    waiters.delete(token);
    act(waiter);
    return 'sent';
  };
  return {
    register: (token) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiters.set(token, { wake: resolve, fail: reject });
      return promise;
    },
    expire: (token) => {
      waiters.delete(token);
    },
    fail: async (token, name, cause) => {
      before('SendTaskFailure');
      return answer(token, (waiter) => waiter.fail(Object.assign(new Error(cause), { name })));
    },
    wake: async (token) => {
      before('SendTaskSuccess');
      return answer(token, (waiter) => waiter.wake());
    },
  };
}
