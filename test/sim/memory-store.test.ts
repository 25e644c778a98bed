// The in-memory store under the contract of all stores.
import { expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import type { RolloutStore } from '../../src/ports.ts';
import { memoryStore } from '../../src/sim/memory-store.ts';
import { rolloutStoreContract } from '../contracts/rollout-store.contract.ts';
import { preparedRollout } from '../support/rollout-fixtures.ts';

rolloutStoreContract('the in-memory store', async () => forgetful(memoryStore()));

/** A store whose next answer can be lost: the call takes effect, and the caller hears that the connection broke. */
function forgetful(inner: RolloutStore) {
  let isAnswerLost = false;
  const store = new Proxy(inner, {
    get: (target, name: keyof RolloutStore) => {
      const method = target[name] as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        const answer = await method(...given);
        if (!isAnswerLost) return answer;
        isAnswerLost = false;
        throw new TransientError('the connection broke');
      };
    },
  });
  return {
    store,
    loseNextAnswer: () => {
      isAnswerLost = true;
    },
  };
}

it('hands out rows that nobody can change', async () => {
  const store = memoryStore();
  await preparedRollout(store, 'r1');
  const row = await store.readRow('r1');
  expect(Object.isFrozen(row)).toBe(true);
  expect(Object.isFrozen(row?.rollout?.spec.stages[0])).toBe(true);
});
