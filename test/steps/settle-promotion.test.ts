// Step «Settle promotion»: after a lost answer the record decides, and while it is unreadable nothing does.
import { describe, expect, it } from 'vitest';
import { FencedError, TransientError } from '../../src/core/errors.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { settlePromotion } from '../../src/steps/settle-promotion.ts';
import { startedWorld } from '../support/step-world.ts';

describe('settling', () => {
  it('finishes when the commit is on record', async () => {
    const { world, rollout } = await startedWorld();
    await commitPromotion.run(rollout, world.ports);
    expect((await settlePromotion.run(rollout, world.ports)).next).toBe('finish-promotion');
  });

  it('rolls back when it is not', async () => {
    const { world, rollout } = await startedWorld();
    expect((await settlePromotion.run(rollout, world.ports)).next).toBe('roll-back');
  });

  it('stays while the record is unreadable, and tells people that it does', async () => {
    const { world, rollout } = await startedWorld();
    const store = { ...world.ports.store, beginRevert: () => Promise.reject(new TransientError('away')) };
    const attempt = settlePromotion.run(rollout, { ...world.ports, store });
    await expect(attempt).rejects.toBeInstanceOf(TransientError);
    expect(world.eventNames().at(-1)).toBe('promotion-delayed');
  });

  it('leaves no window for a commit that is still in flight', async () => {
    const { world, rollout } = await startedWorld();
    expect((await settlePromotion.run(rollout, world.ports)).next).toBe('roll-back');
    await expect(commitPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(FencedError);
  });
});
