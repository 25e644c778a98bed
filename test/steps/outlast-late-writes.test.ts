// A target that cannot refuse a late write: its rollback is final only once none can be under way any more.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { IncompleteError, QuarantineError, SupersededError } from '../../src/core/errors.ts';
import { splitActions, wholeActions } from '../../src/core/targets/alb-rule-listener.ts';
import { kindOf } from '../../src/core/targets/index.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { guardRollout } from '../../src/steps/guard-rollout.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { BASE_RULE, BLUE, GREEN, ownRule } from '../contracts/alb-driver.ts';
import { type AlbStepWorld, shiftedAlbWorld } from '../support/alb-step-world.ts';
import { EXECUTION, ROLLOUT_ID } from '../support/step-world.ts';

/** A write of the rollout that was sent before the way back began and takes effect now. */
function landLate({ plane }: AlbStepWorld, percent: number): void {
  const rule = plane.peek().find(({ RuleArn }) => RuleArn === BASE_RULE);
  plane.edit(BASE_RULE, splitActions(rule?.Actions ?? [], BLUE, GREEN, percent));
}

async function inPlace() {
  const { world, rollout } = await shiftedAlbWorld('in-place');
  const { target } = rollout.spec;
  const quarantineSeconds: number = kindOf(target).quarantineSeconds(target, 'restored');
  return { world, rollout, quarantineSeconds };
}

describe('the quarantine of a rule that is changed in place', () => {
  it('makes traffic safe at once and closes only after it, without alarming anybody', async () => {
    const { world, rollout, quarantineSeconds } = await inPlace();
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(QuarantineError);
    expect(world.canaryPercent()).toBe(0);
    world.advance(quarantineSeconds);
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(QuarantineError);
    expect((await world.row()).outcome).toBeNull();
    world.advance(1);
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.eventNames()).not.toContain('rollback-delayed');
  });

  // it was told anew by every try, for as long as late writes were waited for
  it('tells of the way back once, however often it is tried, where a third version had stopped it', async () => {
    const { world, rollout, quarantineSeconds } = await inPlace();
    const failure = { Error: 'SupersededError', Cause: '{"errorMessage":"a third version is live"}' };
    for (const seconds of [quarantineSeconds, 1]) {
      const attempt = rollBack.run({ ...rollout, failure }, world.ports);
      await expect(attempt).rejects.toBeInstanceOf(QuarantineError);
      world.advance(seconds);
    }
    expect((await rollBack.run({ ...rollout, failure }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.eventNames().filter((event) => event === 'rollback-started')).toHaveLength(1);
  });

  it('takes back what lands late at every try, and every try is on record', async () => {
    const { world, rollout, quarantineSeconds } = await inPlace();
    for (const percent of [50, 10]) {
      await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(QuarantineError);
      expect(world.canaryPercent()).toBe(0);
      landLate(world, percent);
    }
    world.advance(quarantineSeconds + 1);
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.canaryPercent()).toBe(0);
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    const restores = factsOf(audit, 'outcome').filter(({ action }) => action === 'restore');
    expect(restores.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(restores.map(({ found }) => found?.canaryPercent)).toEqual([10, 50, 10]);
    expect(factsOf(audit, 'gap')).toHaveLength(2);
  });

  it('is not over when one of the last reads shows traffic', async () => {
    const { world, rollout, quarantineSeconds } = await inPlace();
    await rollBack.run({ ...rollout }, world.ports).catch(() => undefined);
    world.advance(quarantineSeconds + 1);
    const router = world.ports.routers['alb-rule'];
    let reads = 0;
    const verify: typeof router.verify = async (order) => {
      reads += 1;
      if (reads === 3) landLate(world, 10);
      return router.verify(order);
    };
    const routers = { ...world.ports.routers, 'alb-rule': { ...router, verify } };
    const attempt = rollBack.run({ ...rollout }, { ...world.ports, routers });
    await expect(attempt).rejects.toBeInstanceOf(IncompleteError);
    expect((await world.row()).outcome).toBeNull();
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.canaryPercent()).toBe(0);
  });

  it('does not hold a rollout of which nothing was ever shifted', async () => {
    const { world, rollout } = await inPlace();
    const store = {
      ...world.ports.store,
      beginRevert: async (rolloutId: string) => {
        const wayBack = await world.ports.store.beginRevert(rolloutId);
        return wayBack.state === 'reverting'
          ? { ...wayBack, row: { ...wayBack.row, authorisedWeightPercent: 0 } }
          : wayBack;
      },
    };
    expect((await rollBack.run({ ...rollout }, { ...world.ports, store })).outcome).toBe('ROLLED_BACK');
  });

  it('is not needed where each rollout has a rule of its own', async () => {
    const { world, rollout } = await shiftedAlbWorld('rule-per-rollout');
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.canaryPercent()).toBe(0);
  });
});

describe('a third version in the rollout’s own rule', () => {
  // found by the hunt: a shift under way landed on the rule that had been left alone, after the rollout had ended
  it('ends the rollout only when no write can be under way any more', async () => {
    const { world, rollout } = await shiftedAlbWorld('rule-per-rollout');
    const own = ownRule(world.plane);
    const hotfix = GREEN.replace('green', 'hotfix');
    world.plane.edit(own?.RuleArn ?? '', wholeActions(own?.Actions ?? [], hotfix));
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(QuarantineError);
    world.advance(60);
    world.plane.edit(own?.RuleArn ?? '', splitActions(own?.Actions ?? [], BLUE, GREEN, 50));
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.canaryPercent()).toBe(0);
  });

  it('is left alone, and the rollout ends so, when nothing comes', async () => {
    const { world, rollout } = await shiftedAlbWorld('rule-per-rollout');
    const own = ownRule(world.plane);
    world.plane.edit(own?.RuleArn ?? '', wholeActions(own?.Actions ?? [], GREEN.replace('green', 'hotfix')));
    // what counts is when it was left alone first, not an older outcome that has no traffic either
    world.advance(600);
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(QuarantineError);
    world.advance(162);
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('SUPERSEDED');
  });
});

describe('a third version in the rule of the service while a promotion is finished', () => {
  async function hotfixed() {
    const { world, rollout } = await shiftedAlbWorld('in-place');
    const committed = await commitPromotion.run(rollout, world.ports);
    const base = world.plane.peek().find(({ RuleArn }) => RuleArn === BASE_RULE);
    world.plane.edit(BASE_RULE, wholeActions(base?.Actions ?? [], GREEN.replace('green', 'hotfix')));
    return { world, rollout: committed, actions: base?.Actions ?? [] };
  }

  // found by the hunt: a write of the promotion landed on the hotfix, after the rollout had ended as superseded
  it('ends the rollout only when no write can be under way any more, and tells nobody to act', async () => {
    const { world, rollout } = await hotfixed();
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(QuarantineError);
    expect(world.eventNames()).not.toContain('promotion-delayed');
    world.advance(162);
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(SupersededError);
    expect((await world.row()).outcome).toBe('SUPERSEDED');
  });

  it('may be overwritten by one that was: then the promotion is finished', async () => {
    const { world, rollout, actions } = await hotfixed();
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(QuarantineError);
    world.advance(60);
    world.plane.edit(BASE_RULE, wholeActions(actions, GREEN));
    expect((await finishPromotion.run(rollout, world.ports)).outcome).toBe('PROMOTED');
  });

  it('is waited out by the guard too, which is no failure', async () => {
    const { world } = await hotfixed();
    world.executions.end(EXECUTION, 'ABORTED');
    const event = { detail: { executionArn: EXECUTION, status: 'ABORTED' } };
    expect(await guardRollout.run(event, world.ports)).toEqual({ settled: false });
    world.advance(162);
    expect(await guardRollout.run(event, world.ports)).toEqual({ settled: true });
  });
});
