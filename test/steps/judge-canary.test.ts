// Step «Judge canary»: reads levels, keeps evidence, decides by the judge.
import { describe, expect, it } from 'vitest';
import { DriftError, SupersededError, TransientError } from '../../src/core/errors.ts';
import { plainReason } from '../../src/core/verdict.ts';
import { judgeCanary } from '../../src/steps/judge-canary.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { counts } from '../support/rollout-fixtures.ts';
import { ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

async function shiftedWorld() {
  const { world, rollout } = await startedWorld();
  return { world, rollout: await shiftTraffic.run(rollout, world.ports) };
}

describe('judging', () => {
  it('asks for every whole period after the last committed one, and no more', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(190);
    await judgeCanary.run(rollout, world.ports);
    const query = world.queries.at(-1);
    expect(query).toMatchObject({
      fromMs: rollout.judge.committedUntilMs,
      toMs: START_MS + 180_000,
      periodSeconds: 60,
    });
    expect(query?.canary?.version).toBe('42');
  });

  it('takes back a canary that fails, with the numbers in one sentence', async () => {
    const { world, rollout } = await shiftedWorld();
    world.setMetrics({
      stable: counts(5400, 2),
      canary: counts(600, 60),
    });
    world.advance(240);
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after.next).toBe('roll-back');
    expect(after.reason).toMatchObject({ check: 'errors' });
    expect(after.reason?.sentence).toMatch(/of [\d,]+ .*failed/);
    expect(world.eventNames()).toContain('canary-failed');
    const [observation] = await world.ports.store.readObservations(ROLLOUT_ID);
    expect(observation?.periods.length).toBeGreaterThan(0);
    expect(observation?.verdict.kind).toBe('rollback');
  });

  it('goes on when the bake is over and safety was shown', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after.next).toBe('shift-traffic');
    expect(after.judge.committedUntilMs).toBeGreaterThan(rollout.judge.committedUntilMs);
  });

  it('holds when nothing can be known, whatever the cause', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    world.setMetrics({ stable: null, canary: null, problem: 'PartialData' });
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
    world.setMetrics({ stable: null, canary: null });
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
    world.setMetrics({
      stable: counts(3, 0),
      canary: counts(1, 0),
    });
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
  });

  it('reads the level of an alarm, so that a lost event changes nothing', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    world.alarms.set('Checkout5xx', 'ALARM', 'too many', START_MS + 30_000);
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after).toMatchObject({ next: 'roll-back', reason: { check: 'alarms' } });
  });

  it('never passes on an alarm that is gone', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    world.alarms.remove('Checkout5xx');
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
  });

  it('obeys a latched interrupt before it looks at anything else', async () => {
    const { world, rollout } = await shiftedWorld();
    const reason = plainReason('Aborted by ana');
    await world.ports.store.latch(ROLLOUT_ID, { kind: 'abort', source: 'ana', atMs: START_MS, reason });
    const queries = world.queries.length;
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after).toMatchObject({ next: 'roll-back', reason });
    expect(world.queries).toHaveLength(queries);
  });

  it('notices within a tick that somebody moved the target, and decides nothing then', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.01 } });
    await expect(judgeCanary.run(rollout, world.ports)).rejects.toBeInstanceOf(DriftError);
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    await expect(judgeCanary.run(rollout, world.ports)).rejects.toBeInstanceOf(SupersededError);
  });

  it('takes back a bad canary and passes none while the target cannot be read', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    world.hooks.before = (api) => {
      if (api === 'GetAlias') throw new TransientError('throttled');
    };
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
    world.setMetrics({
      stable: counts(5400, 2),
      canary: counts(600, 60),
    });
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('roll-back');
  });
});
