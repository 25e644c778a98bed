// Taking traffic back to a version of which nothing could serve would turn a bad release into an outage.
import { describe, expect, it } from 'vitest';
import { StableUnhealthyError, TransientError } from '../../src/core/errors.ts';
import type { Interrupt } from '../../src/core/signals.ts';
import { wholeActions } from '../../src/core/targets/alb-rule-listener.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { TrafficRouter } from '../../src/ports.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { BASE_RULE, GREEN } from '../contracts/alb-driver.ts';
import { type AlbStepWorld, shiftedAlbWorld } from '../support/alb-step-world.ts';
import { EXECUTION, ROLLOUT_ID, START_MS } from '../support/step-world.ts';

function interrupt(kind: Interrupt['kind']): Interrupt {
  return { kind, source: 'ana', atMs: START_MS, causedAtMs: null, reason: plainReason(`${kind} by ana`) };
}

async function withStableDown() {
  const { world, rollout } = await shiftedAlbWorld('rule-per-rollout');
  world.setHealthy('blue', 0);
  return { world, rollout };
}

function withHealth(world: AlbStepWorld, health: TrafficRouter['health']) {
  const routers = {
    ...world.ports.routers,
    'alb-rule': { ...world.ports.routers['alb-rule'], health },
  };
  return { ...world.ports, routers };
}

describe('a stable version of which nothing could serve', () => {
  it('gets no traffic back, and people are told what they can do', async () => {
    const { world, rollout } = await withStableDown();
    const attempt = rollBack.run({ ...rollout }, world.ports);
    await expect(attempt).rejects.toBeInstanceOf(StableUnhealthyError);
    await expect(attempt).rejects.toThrow(`stepshift abort ${ROLLOUT_ID}`);
    expect(world.canaryPercent()).toBe(10);
    expect(world.eventNames()).toContain('stable-unhealthy');
    expect(world.eventNames()).not.toContain('rollback-delayed');
  });

  it('gets it as soon as one instance of it is healthy', async () => {
    const { world, rollout } = await withStableDown();
    await rollBack.run({ ...rollout }, world.ports).catch(() => undefined);
    world.setHealthy('blue', 1);
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.canaryPercent()).toBe(0);
  });

  it.each([
    ['an abort', ['abort'] as const],
    ['an abort after an alarm', ['alarm', 'abort'] as const],
  ])('gets it all the same after %s: a person decided', async (_what, kinds) => {
    const { world, rollout } = await withStableDown();
    await rollBack.run({ ...rollout }, world.ports).catch(() => undefined);
    for (const kind of kinds) await world.ports.store.latch(ROLLOUT_ID, interrupt(kind));
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ABORTED');
    expect(world.canaryPercent()).toBe(0);
  });

  it('gets none for an alarm, nor from a record that cannot be read', async () => {
    const { world, rollout } = await withStableDown();
    await world.ports.store.latch(ROLLOUT_ID, interrupt('alarm'));
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(StableUnhealthyError);
    const readRow = () => Promise.reject(new TransientError('away'));
    const away = { ...world.ports, store: { ...world.ports.store, readRow } };
    await expect(rollBack.run({ ...rollout }, away)).rejects.toBeInstanceOf(StableUnhealthyError);
    expect(world.canaryPercent()).toBe(10);
  });

  it('is no reason to hold when the new version could not serve either', async () => {
    const { world, rollout } = await withStableDown();
    world.setHealthy('green', 0);
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
  });

  it('is no reason to hold once somebody took the traffic back', async () => {
    const { world, rollout } = await withStableDown();
    const own = world.plane.peek().find(({ RuleArn }) => RuleArn === rollout.handle['ruleArn']);
    world.plane.edit(own?.RuleArn ?? '', null);
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
  });

  it('holds the sweeper too, which is no failure of the sweeper', async () => {
    const { world } = await withStableDown();
    world.executions.end(EXECUTION, 'FAILED');
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [] });
    expect(world.canaryPercent()).toBe(10);
    world.setHealthy('blue', 2);
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [ROLLOUT_ID] });
  });
});

describe('health that cannot be known', () => {
  // found by the hunt: somebody put the base rule wholly on the new version, so the group of stable was attached to no rule
  // and never checked, and the way back waited for ever for a health that could not come
  it('goes back to a group that no rule names: it is not checked, so it is not known to be down', async () => {
    const { world, rollout } = await shiftedAlbWorld('in-place');
    const { plane } = world;
    const { Actions = [] } = plane.peek().find(({ RuleArn }) => RuleArn === BASE_RULE) ?? {};
    plane.edit(BASE_RULE, wholeActions(Actions, GREEN));
    await rollBack.run({ ...rollout }, world.ports).catch(() => undefined);
    expect(world.canaryPercent()).toBe(0);
    expect(world.eventNames()).not.toContain('stable-unhealthy');
  });

  it.each<[string, TrafficRouter['health']]>([
    ['is refused', () => Promise.reject(new TransientError('throttled'))],
    ['is not known to the target', async () => null],
  ])('keeps nobody from the way back: it %s', async (_what, health) => {
    const { world, rollout } = await withStableDown();
    const end = await rollBack.run({ ...rollout }, withHealth(world, health));
    expect(end.outcome).toBe('ROLLED_BACK');
    expect(world.canaryPercent()).toBe(0);
  });

  it('is not waited for', async () => {
    const { world, rollout } = await withStableDown();
    const ports = withHealth(world, () => new Promise(() => {}));
    const clock = {
      ...world.ports.clock,
      sleep: (ms: number) => (ms < 5000 ? Promise.resolve() : new Promise<void>(() => {})),
    };
    expect((await rollBack.run({ ...rollout }, { ...ports, clock })).outcome).toBe('ROLLED_BACK');
  });
});
