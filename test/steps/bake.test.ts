// Step «Bake»: token first, latch second.
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.ts';
import { plainReason } from '../../src/core/verdict.ts';
import { bake } from '../../src/steps/bake.ts';
import { ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

describe('baking', () => {
  it('leaves its token for whoever wants to wake it', async () => {
    const { world, rollout } = await startedWorld();
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    expect((await world.row()).token).toBe('token-1');
  });

  it('stores the token before it reads the latch', async () => {
    const { world, rollout } = await startedWorld();
    const calls: string[] = [];
    const store = {
      ...world.ports.store,
      putToken: async (id: string, token: string) => {
        calls.push('putToken');
        await world.ports.store.putToken(id, token);
      },
      readRow: async (id: string) => {
        calls.push('readRow');
        return world.ports.store.readRow(id);
      },
    };
    await bake.run({ rollout, token: 'token-1' }, { store });
    expect(calls).toEqual(['putToken', 'readRow']);
  });

  it('does not wait when an interrupt was latched before its token was there', async () => {
    const { world, rollout } = await startedWorld();
    const reason = plainReason('The alarm Checkout5xx fired');
    await world.ports.store.latch(ROLLOUT_ID, {
      kind: 'alarm',
      source: 'Checkout5xx',
      atMs: START_MS,
      reason,
    });
    const wait = bake.run({ rollout, token: 'token-1' }, world.ports);
    await expect(wait).rejects.toThrow(new Interrupted('The alarm Checkout5xx fired'));
  });

  it('does not wait once the guard took over', async () => {
    const { world, rollout } = await startedWorld();
    await world.ports.store.beginRevert(ROLLOUT_ID);
    await expect(bake.run({ rollout, token: 'token-1' }, world.ports)).rejects.toBeInstanceOf(Interrupted);
  });
});
