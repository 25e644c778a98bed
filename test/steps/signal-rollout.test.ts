// A person's abort: latched once, told to the bake, harmless when nothing runs.
import { describe, expect, it } from 'vitest';
import { bake } from '../../src/steps/bake.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { signalRollout } from '../../src/steps/signal-rollout.ts';
import { ROLLOUT_ID, startedWorld } from '../support/step-world.ts';

const ABORT = { rolloutId: ROLLOUT_ID, signal: 'abort', actor: 'ana', message: 'wrong build' } as const;

describe('an abort', () => {
  it('is latched and wakes the bake', async () => {
    const { world, rollout } = await startedWorld();
    const wait = world.tokens.register('token-1');
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    expect(await signalRollout.run(ABORT, world.ports)).toMatchObject({ state: 'latched' });
    await expect(wait).rejects.toThrow('Aborted by ana: wrong build');
  });

  it('is a no-op for an unknown and for an ended rollout', async () => {
    const { world, rollout } = await startedWorld();
    expect(await signalRollout.run({ ...ABORT, rolloutId: 'nobody' }, world.ports)).toMatchObject({
      state: 'ended',
    });
    await rollBack.run({ ...rollout }, world.ports);
    expect(await signalRollout.run(ABORT, world.ports)).toMatchObject({ state: 'ended' });
  });

  it('comes too late for a committed promotion, and says what to do instead', async () => {
    const { world, rollout } = await startedWorld();
    await commitPromotion.run(rollout, world.ports);
    const answer = await signalRollout.run(ABORT, world.ports);
    expect(answer.state).toBe('past-stopping');
    expect(answer.sentence).toMatch(/start a rollout of the old version/);
  });

  it.each([{ signal: 'promote' }, { actor: '' }, { weight: 3 }])('is refused with %j', (change) => {
    expect(signalRollout.input.safeParse({ ...ABORT, ...change }).success).toBe(false);
  });
});
