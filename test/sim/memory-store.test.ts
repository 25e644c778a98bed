// The in-memory store under the contract of all stores, and its speed.
import { expect, it } from 'vitest';
import { memoryStore } from '../../src/sim/memory-store.ts';
import { rolloutStoreContract } from '../contracts/rollout-store.contract.ts';
import { preparedRollout } from '../support/rollout-fixtures.ts';

rolloutStoreContract('the in-memory store', async () => ({ store: memoryStore() }));

it('hands out rows that nobody can change', async () => {
  const store = memoryStore();
  await preparedRollout(store, 'r1');
  const row = await store.readRow('r1');
  expect(Object.isFrozen(row)).toBe(true);
  expect(Object.isFrozen(row?.rollout?.spec.stages[0])).toBe(true);
});
