// Step «Commit promotion»: the point of no return.
import { describe, expect, it } from 'vitest';
import { FencedError, Interrupted } from '../../src/core/errors.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { ABORT, ROLLOUT_ID, startedWorld } from '../support/step-world.ts';

describe('committing', () => {
  it('is durable and idempotent', async () => {
    const { world, rollout } = await startedWorld();
    expect((await commitPromotion.run(rollout, world.ports)).next).toBe('finish-promotion');
    await commitPromotion.run(rollout, world.ports);
    expect((await world.row()).phase).toBe('PROMOTING');
  });

  it('is refused once somebody wanted to stop', async () => {
    const { world, rollout } = await startedWorld();
    await world.ports.store.latch(ROLLOUT_ID, ABORT);
    await expect(commitPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(Interrupted);
    expect((await world.row()).phase).toBe('PREPARED');
  });

  it('is refused once the way back is open', async () => {
    const { world, rollout } = await startedWorld();
    await world.ports.store.beginRevert(ROLLOUT_ID);
    await expect(commitPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(FencedError);
  });

  it('ends the time in which an abort is heard', async () => {
    const { world, rollout } = await startedWorld();
    await commitPromotion.run(rollout, world.ports);
    expect(await world.ports.store.latch(ROLLOUT_ID, ABORT)).toBeNull();
  });
});
