// Step «Bake»: token first, latch second.
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.ts';
import { bake } from '../../src/steps/bake.ts';
import { interruptBy } from '../support/rollout-fixtures.ts';
import { ROLLOUT_ID, startedWorld } from '../support/step-world.ts';

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
      putToken: async (id: string, token: string, order: number) => {
        calls.push('putToken');
        await world.ports.store.putToken(id, token, order);
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
    await world.ports.store.latch(ROLLOUT_ID, interruptBy('Checkout5xx'));
    const wait = bake.run({ rollout, token: 'token-1' }, world.ports);
    await expect(wait).rejects.toThrow(new Interrupted('Checkout5xx asked to stop.'));
  });

  it('does not hide the token of a later wait when it comes late', async () => {
    const { world, rollout } = await startedWorld();
    const later = { ...rollout, historyEvents: rollout.historyEvents + 13 };
    await bake.run({ rollout: later, token: 'token-2' }, world.ports);
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    expect((await world.row()).token).toBe('token-2');
  });

  it('keeps the token of a wait that is tried again', async () => {
    const { world, rollout } = await startedWorld();
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    await bake.run({ rollout, token: 'token-2' }, world.ports);
    expect((await world.row()).token).toBe('token-2');
  });

  it('waits with a document of which nothing is left but the id', () => {
    const parsed = bake.input.safeParse({
      rollout: { rolloutId: ROLLOUT_ID, historyEvents: 'many' },
      token: 'token-1',
    });
    expect(parsed.data).toMatchObject({ rollout: { historyEvents: 0 } });
  });

  it('does not wait once the guard took over', async () => {
    const { world, rollout } = await startedWorld();
    await world.ports.store.beginRevert(ROLLOUT_ID);
    await expect(bake.run({ rollout, token: 'token-1' }, world.ports)).rejects.toBeInstanceOf(Interrupted);
  });
});
