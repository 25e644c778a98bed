// Step «Judge canary»: reads levels, keeps evidence, decides by the judge.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { DriftError, FencedError, SupersededError, TransientError } from '../../src/core/errors.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { judgeCanary } from '../../src/steps/judge-canary.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { counts, signalBy } from '../support/rollout-fixtures.ts';
import { ABORT, EXECUTION, ROLLOUT_ID, SPEC, START_MS, startedWorld } from '../support/step-world.ts';

async function shiftedWorld(spec: Partial<ServiceSpec> = {}) {
  const { world, rollout } = await startedWorld({ spec });
  const shifted = await shiftTraffic.run(rollout, world.ports);
  const judged = async () => factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'judged');
  return { world, rollout: shifted, judged };
}

const BAD = { stable: counts(5400, 2), canary: counts(600, 60) };

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

  // a release that is deployed in the middle of a rollout gets the document that the one before wrote
  it('reads a document of a release that noted no approval', async () => {
    const { world, rollout } = await shiftedWorld();
    const { approvedBeforeMs: _new, ...stage } = rollout.stage;
    world.advance(190);
    const after = await runStep(judgeCanary, world.ports, { ...rollout, stage });
    expect(after).toMatchObject({ next: 'bake', stage: { ...stage, approvedBeforeMs: null } });
  });

  it('takes back a canary that fails, with the numbers in one sentence, and keeps all that it leaned on', async () => {
    const { world, rollout, judged } = await shiftedWorld();
    world.setMetrics(BAD);
    world.advance(240);
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after.next).toBe('roll-back');
    expect(after.reason).toMatchObject({ check: 'errors' });
    expect(after.reason?.sentence).toMatch(/of [\d,]+ .*failed/);
    expect(world.eventNames()).toContain('canary-failed');
    const [fact] = await judged();
    expect(fact?.periods).toHaveLength(4);
    expect(fact).toMatchObject({ open: [], next: 'roll-back', verdict: { kind: 'rollback' } });
  });

  it('goes on when the bake is over and safety was shown, and keeps what it saw before it says so', async () => {
    const { world, rollout, judged } = await shiftedWorld();
    world.advance(600);
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after.next).toBe('shift-traffic');
    expect(after.judge.committedUntilMs).toBeGreaterThan(rollout.judge.committedUntilMs);
    const [fact, ...more] = await judged();
    expect(more).toEqual([]);
    expect(fact).toMatchObject({
      stageIndex: 0,
      enteredAtMs: START_MS,
      metricsProblem: null,
      doubts: [],
      signals: { paused: null },
      historyEvents: after.historyEvents,
      next: 'shift-traffic',
    });
    expect([...(fact?.periods ?? []), ...(fact?.open ?? [])]).toHaveLength(10);
    expect(fact?.alarms.map(({ name }) => name)).toEqual(['Checkout5xx']);
  });

  it('does not say what comes next while it cannot be recorded', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    const recordFact = () => Promise.reject(new TransientError('the table is away'));
    const ports = { ...world.ports, store: { ...world.ports.store, recordFact } };
    await expect(judgeCanary.run(rollout, ports)).rejects.toBeInstanceOf(TransientError);
    expect(world.eventNames()).not.toContain('stage-passed');
  });

  it('holds when nothing can be known, whatever the cause', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    world.setMetrics({ stable: null, canary: null, problem: 'PartialData' });
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
    world.advance(1);
    world.setMetrics({ stable: null, canary: null });
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
    world.advance(1);
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
    await world.ports.store.latch(ROLLOUT_ID, ABORT);
    const queries = world.queries.length;
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after).toMatchObject({ next: 'roll-back', reason: ABORT.reason });
    expect(world.queries).toHaveLength(queries);
  });

  it('judges nothing once the way back was begun', async () => {
    const { world, rollout } = await shiftedWorld();
    await world.ports.store.beginRevert(ROLLOUT_ID);
    await expect(judgeCanary.run(rollout, world.ports)).rejects.toBeInstanceOf(FencedError);
  });
});

describe('a target that somebody changed', () => {
  it('upwards, or to a third version, is noticed within a tick, and nothing is decided then', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.3 } });
    const drift = await judgeCanary.run(rollout, world.ports).catch((error: unknown) => error);
    expect(drift).toBeInstanceOf(DriftError);
    expect(drift).toMatchObject({ foundPercent: 30 });
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    await expect(judgeCanary.run(rollout, world.ports)).rejects.toBeInstanceOf(SupersededError);
    expect((await world.row()).interrupt).toBeNull();
  });

  it.each([
    ['a little', { '42': 0.01 }, 1],
    ['to nothing', {}, 0],
  ])('down %s is an abort by hand, latched and told with both numbers', async (_what, weights, percent) => {
    const { world, rollout, judged } = await shiftedWorld();
    world.advance(60);
    world.lambda.edit('checkout-api', 'live', { additionalWeights: weights });
    const after = await judgeCanary.run(rollout, world.ports);
    const sentence = `Somebody lowered the new version on checkout-api:live by hand, from 10 % to ${percent} %; that is taken for an abort.`;
    expect(after).toMatchObject({ next: 'roll-back', reason: { sentence } });
    expect((await world.row()).interrupt).toMatchObject({
      kind: 'abort',
      source: 'by hand',
      causedAtMs: null,
      reason: { sentence },
    });
    expect(world.eventNames()).toContain('interrupt-latched');
    expect(await judged()).toEqual([]);
  });

  it('by our own way back is no abort', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    const { store } = world.ports;
    let reads = 0;
    const ports = {
      ...world.ports,
      store: {
        ...store,
        // the sweeper takes over between the first look at the record and the look at the target
        readRow: async (rolloutId: string) => {
          reads += 1;
          const row = await store.readRow(rolloutId);
          if (reads === 1) {
            await store.beginRevert(rolloutId);
            world.lambda.edit('checkout-api', 'live', { additionalWeights: {} });
          }
          return row;
        },
      },
    };
    await expect(judgeCanary.run(rollout, ports)).rejects.toBeInstanceOf(FencedError);
    expect((await world.row()).interrupt).toBeNull();
  });
});

describe('signals of people', () => {
  it('are read at every look and kept with what it concluded', async () => {
    const { world, rollout, judged } = await shiftedWorld();
    world.advance(600);
    await world.ports.store.signal(ROLLOUT_ID, signalBy('ana', 'pause', START_MS + 60_000));
    const paused = await judgeCanary.run(rollout, world.ports);
    expect(paused.next).toBe('bake');
    world.advance(60);
    await world.ports.store.signal(ROLLOUT_ID, signalBy('ana', 'resume', START_MS + 660_000));
    expect((await judgeCanary.run(paused, world.ports)).next).toBe('shift-traffic');
    expect(
      (await judged()).map(({ signals, verdict, next }) => [signals.paused?.actor, verdict.kind, next]),
    ).toEqual([
      ['ana', 'pass', 'bake'],
      [undefined, 'pass', 'shift-traffic'],
    ]);
  });
});

describe('what is in doubt', () => {
  it('a target that cannot be read: a bad canary is taken back, and none is passed', async () => {
    const { world, rollout, judged } = await shiftedWorld();
    world.advance(600);
    world.hooks.before = (api) => {
      if (api === 'GetAlias') throw new TransientError('throttled');
    };
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('bake');
    expect((await judged())[0]).toMatchObject({
      doubts: [expect.stringMatching(/^The target cannot be read/)],
      verdict: { kind: 'pass' },
      next: 'bake',
    });
    world.advance(1);
    world.setMetrics(BAD);
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('roll-back');
  });

  it('a sweeper that was last seen over five minutes ago holds, until it is back', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(300);
    world.stopSweeper();
    world.advance(300);
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('shift-traffic');
    world.advance(1);
    const held = await judgeCanary.run(rollout, world.ports);
    expect(held.next).toBe('bake');
    expect(held.verdict?.reason.sentence).toMatch(/^The sweeper was last seen 5m 1s ago/);
    await world.ports.store.recordSweep(START_MS + 601_000);
    world.advance(1);
    expect((await judgeCanary.run(held, world.ports)).next).toBe('shift-traffic');
  });

  it('a sweeper of which nothing is known holds too', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    for (const [readLastSweep, words] of [
      [async () => null, /never seen/],
      [() => Promise.reject(new TransientError('the table is away')), /Nobody knows .*the table is away/],
    ] as const) {
      world.advance(1);
      const ports = { ...world.ports, store: { ...world.ports.store, readLastSweep } };
      const held = await judgeCanary.run(rollout, ports);
      expect(held.next).toBe('bake');
      expect(held.verdict?.reason.sentence).toMatch(words);
    }
  });

  it('a stable version without a healthy target holds', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    world.setHealth({
      stable: { healthy: 0, unhealthy: 3, pending: 0 },
      canary: { healthy: 3, unhealthy: 0, pending: 0 },
    });
    const held = await judgeCanary.run(rollout, world.ports);
    expect(held).toMatchObject({
      next: 'bake',
      verdict: { reason: { sentence: 'No target of version 41 is healthy.' } },
    });
  });

  it('a share that was not observed holds', async () => {
    const { world, rollout } = await shiftedWorld();
    world.setMetrics({ stable: counts(4000, 2), canary: counts(4000, 2) });
    world.advance(600);
    const held = await judgeCanary.run(rollout, world.ports);
    expect(held.next).toBe('bake');
    expect(held.verdict?.reason.sentence).toMatch(
      /^The new version got 50 % of .* requests, and 10 % is configured/,
    );
  });
});

describe('the health of the canary', () => {
  it('takes it back when no target is healthy: all targets unhealthy rolls back', async () => {
    const { world, rollout, judged } = await shiftedWorld();
    world.advance(60);
    world.setHealth({
      stable: { healthy: 3, unhealthy: 0, pending: 0 },
      canary: { healthy: 0, unhealthy: 2, pending: 0 },
    });
    const after = await judgeCanary.run(rollout, world.ports);
    const sentence = 'No target of version 42 is healthy: it could serve nobody.';
    expect(after).toMatchObject({ next: 'roll-back', reason: { check: 'health', sentence } });
    expect(world.eventNames()).toContain('canary-failed');
    expect((await judged())[0]).toMatchObject({ unhealthy: sentence, next: 'roll-back' });
  });

  // not to know is no reason to take a healthy canary back, nor to go on
  it('holds what would go on while it cannot be asked', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    const routers = {
      ...world.ports.routers,
      'lambda-alias': {
        ...world.ports.routers['lambda-alias'],
        health: () => Promise.reject(new TransientError('throttled')),
      },
    };
    const held = await judgeCanary.run(rollout, { ...world.ports, routers });
    expect(held).toMatchObject({
      next: 'bake',
      verdict: { reason: { sentence: 'Nobody knows whether its targets are healthy (throttled).' } },
    });
    // an alias has none
    expect((await judgeCanary.run(rollout, world.ports)).next).toBe('shift-traffic');
  });
});

describe('the history of the execution', () => {
  it('is what the service counted, and what the rest of this tick will add', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    world.executions.addHistory(EXECUTION, 500);
    expect((await judgeCanary.run(rollout, world.ports)).historyEvents).toBe(504);
  });

  it('is the estimate where the service cannot be asked, or counted less', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    expect((await judgeCanary.run(rollout, world.ports)).historyEvents).toBe(rollout.historyEvents + 13);
    const executions = {
      ...world.ports.executions,
      historyEvents: () => Promise.reject(new TransientError('throttled')),
    };
    world.advance(1);
    const after = await judgeCanary.run(rollout, { ...world.ports, executions });
    expect(after.historyEvents).toBe(rollout.historyEvents + 13);
  });

  it('takes a rollout back in time whose steps had to be tried often', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    world.executions.addHistory(EXECUTION, 17_950);
    const after = await judgeCanary.run(rollout, world.ports);
    expect(after.next).toBe('roll-back');
    expect(world.eventNames()).toContain('budget-exhausted');
  });
});

describe('an accepted alarm', () => {
  const accepted = { acceptedAlarms: [{ name: 'Checkout5xx', reason: 'this release fixes it' }] };

  it('is no reason to go back while it stays in ALARM, and what it tells is kept', async () => {
    const { world, rollout, judged } = await shiftedWorld();
    world.advance(600);
    world.alarms.set('Checkout5xx', 'ALARM', 'as before', START_MS);
    const after = await judgeCanary.run({ ...rollout, ...accepted }, world.ports);
    expect(after).toMatchObject({ next: 'shift-traffic', ...accepted });
    expect((await judged())[0]?.alarms).toMatchObject([{ name: 'Checkout5xx', state: 'ALARM' }]);
  });

  it('does not cover for another one', async () => {
    const checks = { ...SPEC.checks, alarms: ['Checkout5xx'] };
    const { world, rollout } = await shiftedWorld({ checks });
    world.advance(600);
    world.alarms.set('Checkout5xx', 'ALARM', 'new', START_MS);
    const other = { acceptedAlarms: [{ name: 'Another', reason: 'x' }] };
    expect((await judgeCanary.run({ ...rollout, ...other }, world.ports)).next).toBe('roll-back');
  });

  it('holds when nothing is known of it', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(600);
    world.alarms.set('Checkout5xx', 'INSUFFICIENT_DATA', 'no data', START_MS);
    expect((await judgeCanary.run({ ...rollout, ...accepted }, world.ports)).next).toBe('bake');
  });

  it('counts again once it was seen to be quiet', async () => {
    const { world, rollout } = await shiftedWorld();
    world.advance(60);
    const quiet = await judgeCanary.run({ ...rollout, ...accepted }, world.ports);
    expect(quiet).toMatchObject({ next: 'bake', acceptedAlarms: [] });
    world.advance(60);
    world.alarms.set('Checkout5xx', 'ALARM', 'again', START_MS + 100_000);
    const after = await judgeCanary.run(quiet, world.ports);
    expect(after).toMatchObject({ next: 'roll-back', reason: { check: 'alarms' } });
  });
});
