// The plan: ticks, bounds and what a stage can find; and the plans that do not fit into one execution.
import { describe, expect, test } from 'vitest';
import {
  EVENTS_PER_SHIFT,
  EVENTS_PER_START,
  EVENTS_PER_TICK,
  EVENTS_TO_END,
  TURN_BACK_AT_EVENTS,
} from '../../src/core/budget.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { planProblem, planRollout } from '../../src/core/plan.ts';
import { metricsPerTick } from '../../src/core/plan-usage.ts';
import { PRESETS } from '../../src/core/presets.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';

function specOf(more: Readonly<Record<string, unknown>> = {}): ServiceSpec {
  return parseServiceFile({
    service: 'checkout',
    target: { lambdaAlias: { function: 'checkout-api', alias: 'live' } },
    ...more,
  });
}

describe('what a plan uses', () => {
  test('the history events of a tick are counted as Step Functions writes them', () => {
    // bake: entered, scheduled, started, submitted, timed out, exited · judge: entered, scheduled, started,
    // succeeded, exited · choice: entered, exited
    expect(EVENTS_PER_TICK).toBe(6 + 5 + 2);
    // execution started, then a task · shift: a task
    expect([EVENTS_PER_START, EVENTS_PER_SHIFT]).toEqual([1 + 5, 5]);
  });

  test('when all goes well it is one tick a minute of bake', () => {
    expect(planRollout(specOf()).expected).toMatchObject({
      seconds: 2400,
      ticks: 40,
      historyEvents: EVENTS_PER_START + 4 * EVENTS_PER_SHIFT + 40 * EVENTS_PER_TICK + EVENTS_TO_END,
      stateTransitions: 1 + 4 + 40 * 3 + 3,
      lambdaInvocations: 1 + 4 + 40 * 2 + 2,
      // and stable's last hour twice: its percentiles say at which thresholds slow requests are counted
      metricsRequested: 42 * 15,
    });
  });

  test('at the most every stage is held, and one question stays unanswered: two hours fast, then slowly', () => {
    const { worst, askSeconds } = planRollout(specOf());
    expect(askSeconds).toBe(86_400);
    expect(worst.ticks).toBe(4 * (10 + 20) + 120 + 22 * 4);
    expect(worst.seconds).toBe(4 * 30 * 60 + 86_400);
    expect(worst.historyEvents).toBe(
      EVENTS_PER_START + 4 * EVENTS_PER_SHIFT + worst.ticks * EVENTS_PER_TICK + EVENTS_TO_END,
    );
  });

  test('where nobody is asked, nobody is waited for', () => {
    const plan = planRollout(specOf({ onInconclusive: 'rollback' }));
    expect(plan).toMatchObject({ askSeconds: 0, worst: { seconds: 4 * 30 * 60, ticks: 120 } });
  });

  test('a bake that is no multiple of the tick takes one tick more', () => {
    const spec = specOf({
      stages: [{ weight: '10%', bake: '90s' }],
      maxHold: '0m',
      onInconclusive: 'rollback',
    });
    expect(planRollout(spec).worst).toMatchObject({ ticks: 2, seconds: 120 });
    expect(planRollout(spec, { tickSeconds: 2 }).worst).toMatchObject({ ticks: 45, seconds: 90 });
  });

  test('more checks ask for more metrics, always of both versions', () => {
    expect(metricsPerTick(specOf({ checks: { latency: false, throttles: false } }))).toBe(4);
    expect(metricsPerTick(specOf({ checks: { latency: false } }))).toBe(5);
    expect(metricsPerTick(specOf())).toBe(15);
    const http5xx = { namespace: 'Stepshift', name: 'Http5xx' };
    expect(metricsPerTick(specOf({ checks: { errors: { http5xx } } }))).toBe(17);
  });

  test('a file that would not fit into the rollout document is refused', () => {
    const series = (name: string) => ({ namespace: 'Shop', name: name.repeat(250), stat: 'Sum' });
    const check = {
      metric: { math: 'a+b+c+d+e', series: Object.fromEntries([...'abcde'].map((id) => [id, series(id)])) },
      per: 'request',
      better: 'higher',
    } as const;
    const checks = Object.fromEntries([...'ijklmnop'].map((name) => [name, check]));
    expect(planProblem(specOf({ checks: { i: check } }))).toBeNull();
    expect(planProblem(specOf({ checks }))).toMatchObject({
      code: 'service-file-too-large',
      where: 'checks',
    });
  });

  test('the deadline lies behind the longest run, in which every stage asks and is answered late, and a day of pauses', () => {
    const spec = specOf();
    expect(planRollout(spec).deadlineSeconds).toBeGreaterThan(4 * (30 * 60 + 86_400) + 86_400);
    const { deadlineSeconds } = planRollout(specOf({ onInconclusive: 'rollback' }));
    expect(deadlineSeconds).toBeGreaterThan(86_400);
    expect(deadlineSeconds).toBeLessThan(86_400 + 4 * 3600);
  });

  test('approvals are waited for at every stage that asks for one, whatever the policy for not knowing', () => {
    const stages = [
      { weight: '5%', bake: '10m', approval: true },
      { weight: '50%', bake: '10m' },
      { weight: '95%', bake: '10m', approval: true },
    ];
    const waitTicks = 120 + 22 * 4;
    const plan = planRollout(specOf({ stages, onInconclusive: 'rollback' }));
    expect(plan).toMatchObject({
      askSeconds: 86_400,
      expected: { ticks: 30 },
      worst: { ticks: 3 * 30 + 2 * waitTicks, seconds: 3 * 30 * 60 + 2 * 86_400 },
    });
    expect(plan.stages.map(({ approval }) => approval === true)).toEqual([true, false, true]);
    // the question after a hold at the last stage is the same wait
    expect(planRollout(specOf({ stages })).worst).toEqual(plan.worst);
    expect(plan.deadlineSeconds).toBeGreaterThan(plan.worst.seconds + 86_400);
  });

  test('a long plan slows down in time instead of running out of history', () => {
    const stages = [{ weight: '5%', bake: '2d' }];
    const { worst, expected } = planRollout(specOf({ stages }));
    expect(expected.ticks).toBeLessThan(2 * 24 * 60);
    expect(expected.seconds).toBeGreaterThanOrEqual(2 * 86_400);
    expect(worst.historyEvents).toBeLessThan(TURN_BACK_AT_EVENTS);
  });
});

describe('a plan over the budget', () => {
  test.each([
    ['one endless bake', { stages: [{ weight: '5%', bake: '7d' }] }],
    [
      'many long holds',
      {
        stages: Array.from({ length: 30 }, (_, index) => ({ weight: `${index + 1}%`, bake: '1h' })),
        maxHold: '6h',
      },
    ],
    [
      'an approval at every one of many stages',
      {
        stages: Array.from({ length: 10 }, (_, index) => ({
          weight: `${index + 1}%`,
          bake: '1h',
          approval: true,
        })),
      },
    ],
  ])('%s is refused', (_name, more) => {
    expect(() => planRollout(specOf(more))).toThrow(InvalidInputError);
    expect(() => planRollout(specOf(more))).toThrow(/plan-over-budget/);
  });

  test('every preset fits', () => {
    for (const stages of Object.keys(PRESETS)) {
      expect(planRollout(specOf({ stages })).worst.historyEvents, stages).toBeLessThan(TURN_BACK_AT_EVENTS);
    }
  });
});

describe('what a stage can find', () => {
  test('requests follow from traffic, weight and bake', () => {
    const { stages } = planRollout(specOf(), { requestsPerMinute: 600 });
    expect(stages.map((stage) => stage.canaryRequests)).toEqual([300, 1500, 3000, 5700]);
  });

  test('without traffic nothing is claimed', () => {
    for (const stage of planRollout(specOf()).stages) {
      expect(stage).toMatchObject({ canaryRequests: null, smallestDetectableErrorPercent: null });
    }
  });

  test('ten times the traffic finds smaller harm', () => {
    const found = (requestsPerMinute: number) =>
      planRollout(specOf({ stages: 'quick' }), { requestsPerMinute }).stages[0]
        ?.smallestDetectableErrorPercent ?? Number.POSITIVE_INFINITY;
    expect(found(60_000)).toBeLessThan(found(6000));
    expect(found(6000)).toBeLessThan(found(600));
  });

  test('a stable version that fails more often hides more', () => {
    const found = (stableErrorPercent: number) =>
      planRollout(specOf({ stages: 'quick' }), { requestsPerMinute: 6000, stableErrorPercent }).stages[0]
        ?.smallestDetectableErrorPercent ?? Number.POSITIVE_INFINITY;
    expect(found(0.05)).toBeLessThan(found(2));
  });
});
