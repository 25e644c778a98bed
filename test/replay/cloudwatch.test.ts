// What `aws cloudwatch get-metric-data` prints as a recording: the ids, the counting, the weights, and what is refused.
import { describe, expect, test } from 'vitest';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { cloudwatchIds } from '../../src/replay/cloudwatch-ids.ts';
import { cloudwatchRecording } from '../../src/replay/cloudwatch-recording.ts';
import { notesOn } from '../../src/replay/notes.ts';
import type { Recording } from '../../src/replay/recording.ts';
import { parseWeights, shiftsFromWeights } from '../../src/replay/weights.ts';
import { read as readFile } from '../support/architecture.ts';
import { HEALTHY, type Traffic } from './recorded-traffic.ts';
import { cloudwatchJson, RECORDED_AT_MS } from './written-recordings.ts';

const { spec: LAMBDA } = parseServiceText(readFile('examples/replay/service.yaml'), 'service.yaml');
const { spec: ALB } = parseServiceText(readFile('examples/alb-healthy/service.yaml'), 'service.yaml');
const MINUTE_MS = 60_000;

function recordingOf(value: unknown, spec: ServiceSpec = LAMBDA, weights: string | null = null): Recording {
  return cloudwatchRecording(value, {
    name: 'data.json',
    spec,
    weights: weights === null ? null : parseWeights(weights, '--weights'),
  });
}

function problemOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems[0];
    throw error;
  }
  return null;
}

const at = (minute: number): string => new Date(RECORDED_AT_MS + minute * MINUTE_MS).toISOString();

/** Values by minute. */
function result(Id: string, values: Readonly<Record<number, number>>, StatusCode = 'Complete') {
  const points = Object.entries(values);
  return {
    Id,
    Label: Id,
    Timestamps: points.map(([minute]) => at(Number(minute))),
    Values: points.map(([, value]) => value),
    StatusCode,
  };
}

type Result = ReturnType<typeof result>;

const answer = (...results: readonly object[]) => ({ MetricDataResults: results });

/** What must be asked for is there, without values unless they are given. */
const answerOf =
  (...names: readonly string[]) =>
  (...results: readonly Result[]) => {
    const ids = names.flatMap((name) => [`stable_${name}`, `canary_${name}`]);
    const given = results.map(({ Id }) => Id);
    return answer(...results, ...ids.filter((id) => !given.includes(id)).map((id) => result(id, {})));
  };
const lambda = answerOf('invocations', 'errors');
const alb = answerOf('requests', 'answered2xx', 'answered3xx', 'answered4xx', 'refused');

const TRAFFIC: Traffic = {
  seed: 6,
  requestsPerMinute: 600,
  plan: [
    { weight: 0.05, minutes: 10 },
    { weight: 0.25, minutes: 5 },
  ],
  stable: HEALTHY,
  canary: () => HEALTHY,
};

describe('an answer of CloudWatch', () => {
  test('becomes rows of both versions; the stages begin with the first canary requests', () => {
    const recording = recordingOf(JSON.parse(cloudwatchJson(TRAFFIC)));
    expect(recording).toMatchObject({
      name: 'data.json',
      periodSeconds: 60,
      firstShift: { atMs: RECORDED_AT_MS, weightPercent: 5 },
    });
    expect(recording.history).toHaveLength(60);
    expect(recording.periods).toHaveLength(15);
    expect(
      recording.shifts.map(({ atMs, weightPercent }) => [(atMs - RECORDED_AT_MS) / MINUTE_MS, weightPercent]),
    ).toEqual([
      [0, 5],
      [10, 25],
      [20, 50],
      [30, 95],
    ]);
    expect(recording.periods[0]?.canary).toMatchObject({
      requests: expect.any(Number),
      p95: expect.any(Number),
      metrics: { cpu: expect.any(Number) },
    });
  });

  test('a Lambda: HTTP 5xx are errors, cold starts and throttles are known, absent counts are zeros', () => {
    const recording = recordingOf(
      lambda(
        result('stable_invocations', { 0: 90, 1: 80 }),
        result('canary_invocations', { 0: 10, 1: 20 }),
        result('canary_errors', { 1: 3 }),
        result('canary_http5xx', { 1: 30 }),
        result('stable_http5xx', {}),
        result('canary_coldStarts', { 1: 2 }),
        result('canary_throttled', { 1: 100 }),
        result('stable_custom_conversion', { 0: 4 }),
        result('canary_custom_conversion', {}),
      ),
    );
    expect(recording.periods.map(({ canary }) => canary)).toEqual([
      { requests: 10, errors: 0, metrics: { throttles: 0, conversion: 0 } },
      // nobody reported a conversion in the second minute, so nothing is known of it
      { requests: 20, errors: 20, coldStarts: 2, metrics: { throttles: 50 } },
    ]);
  });

  test('a load balancer: what was not answered below 500 is an error, times are in seconds', () => {
    const recording = recordingOf(
      alb(
        result('canary_requests', { 0: 100 }),
        result('canary_answered2xx', { 0: 90 }),
        result('canary_answered4xx', { 0: 4 }),
        result('canary_refused', { 0: 1 }),
        result('canary_latency_p95', { 0: 0.25 }),
      ),
      ALB,
    );
    expect(recording.periods[0]?.canary).toEqual({ requests: 100, errors: 6, p95: 250, metrics: {} });
    expect(cloudwatchIds(ALB)).not.toContain('canary_throttled');
  });

  test('a load balancer with its 5xx apart: what may be in flight is no error', () => {
    const recording = recordingOf(
      alb(
        result('canary_requests', { 0: 100 }),
        result('canary_answered2xx', { 0: 94 }),
        result('canary_answered5xx', { 0: 2 }),
        result('stable_answered5xx', {}),
        result('canary_latency_p95', { 0: 0.25 }),
      ),
      ALB,
    );
    expect(recording.periods[0]?.canary).toMatchObject({ requests: 100, errors: 2 });
  });

  test('before the canary the alias stands for stable, and only then', () => {
    const { history, periods } = recordingOf(
      lambda(
        result('alias_invocations', { '-2': 90, '-1': 95, 0: 100, 1: 100 }),
        result('alias_errors', { '-2': 1, 0: 9 }),
        result('alias_latency_p95', { '-2': 250 }),
        result('stable_invocations', { 0: 90 }),
        result('canary_invocations', { 0: 10, 1: 10 }),
      ),
    );
    expect(history.map(({ stable }) => stable)).toEqual([
      { requests: 90, errors: 1, p95: 250, metrics: {} },
      { requests: 95, errors: 0, metrics: {} },
    ]);
    expect(periods.map(({ stable }) => stable?.requests ?? null)).toEqual([90, null]);
  });

  test('pages are put together in any order; only the status of the last one counts', () => {
    const stable = result('stable_invocations', { 0: 1, 1: 2 });
    const recording = recordingOf(
      lambda(
        result('canary_invocations', { 1: 7 }, 'PartialData'),
        stable,
        result('canary_invocations', { 0: 5 }),
      ),
    );
    expect(recording.periods.map(({ canary }) => canary?.requests)).toEqual([5, 7]);
  });

  test('the length of a period is what all distances are multiples of', () => {
    const every = (minutes: number) => [0, 3 * minutes, 4 * minutes].map((minute) => [minute, 5]);
    for (const minutes of [1, 5]) {
      const { periodSeconds } = recordingOf(
        lambda(result('canary_invocations', Object.fromEntries(every(minutes)))),
      );
      expect(periodSeconds).toBe(60 * minutes);
    }
  });
});

describe('an answer that is refused', () => {
  const good = result('canary_invocations', { 0: 5 });
  test.each<[string, unknown, string, string]>([
    [
      'PartialData',
      answer(good, result('canary_errors', { 0: 1 }, 'PartialData')),
      'incomplete-metrics',
      'canary_errors',
    ],
    [
      'InternalError',
      answer(result('canary_invocations', {}, 'InternalError')),
      'incomplete-metrics',
      'InternalError',
    ],
    ['Forbidden', answer(result('canary_invocations', {}, 'Forbidden')), 'incomplete-metrics', 'Forbidden'],
    ['no status', answer({ ...good, StatusCode: undefined }), 'incomplete-metrics', 'no StatusCode'],
    [
      'a message',
      { ...answer(good), Messages: [{ Code: 'MaxMetricsExceeded', Value: 'too many' }] },
      'incomplete-metrics',
      'MaxMetricsExceeded',
    ],
    [
      'a message of an id',
      answer({ ...good, Messages: [{ Code: 'ArithmeticError' }] }),
      'incomplete-metrics',
      'ArithmeticError',
    ],
    ['pages to come', { ...answer(good), NextToken: 'x' }, 'incomplete-metrics', 'NextToken'],
    [
      'values without timestamps',
      answer({ ...good, Values: [1, 2] }),
      'incomplete-metrics',
      '1 timestamps and 2 values',
    ],
    ['an unknown id', answer(good, result('canary_invocation', {})), 'unknown-id', 'canary_invocation'],
    [
      'a custom check that is not in the file',
      answer(good, result('canary_custom_basket', {})),
      'unknown-id',
      'canary_custom_basket',
    ],
    [
      'no canary',
      lambda(result('stable_invocations', { 0: 5 })),
      'nothing-recorded',
      'no canary_invocations',
    ],
    ['nothing', lambda(), 'nothing-recorded', 'no canary_invocations'],
    ['no results', { MetricDataResults: {} }, 'wrong-type', '{}'],
    [
      'timestamps off every grid',
      lambda({ ...good, Timestamps: [at(0), '2026-01-05T09:00:00.500Z'], Values: [1, 2] }),
      'wrong-time',
      '2026-01-05T09:00:00.500Z',
    ],
  ])('%s', (_what, value, code, got) => {
    expect(problemOf(() => recordingOf(value))).toMatchObject({ code, got: expect.stringContaining(got) });
  });

  test('a slip in an id is told with the id that was meant', () => {
    expect(problemOf(() => recordingOf(answer(good, result('canary_latency_p59', {}))))).toMatchObject({
      fix: expect.stringMatching(/^Did you mean canary_latency_p\d\d\?$/),
    });
  });
});

describe('a series that must be there', () => {
  const without = (all: { readonly MetricDataResults: readonly object[] }, id: string) =>
    answer(...all.MetricDataResults.filter((one) => !('Id' in one && one.Id === id)));
  const HTTP = { ...LAMBDA, checks: { ...LAMBDA.checks, errors: { ...LAMBDA.checks.errors, http5xx: {} } } };

  test.each<[ServiceSpec, (...results: readonly Result[]) => ReturnType<typeof answer>, string]>([
    [LAMBDA, lambda, 'canary_invocations'],
    [ALB, alb, 'canary_requests'],
  ])('is refused when it is not, whichever it is', (spec, write, requests) => {
    const whole = write(result(requests, { 0: 5 }));
    expect(problemOf(() => recordingOf(whole, spec))).toBeNull();
    for (const one of whole.MetricDataResults as readonly Result[]) {
      expect(problemOf(() => recordingOf(without(whole, one.Id), spec))).toMatchObject({
        code: 'missing-id',
        got: `no ${one.Id}`,
        allowed: expect.stringContaining(one.Id),
      });
    }
  });

  test.each<[string, unknown, ServiceSpec, string]>([
    ['5xx of one version', lambda(result('canary_http5xx', { 0: 1 })), LAMBDA, 'stable_http5xx'],
    ['5xx that the service file counts', lambda(), HTTP as unknown as ServiceSpec, 'stable_http5xx'],
    ['5xx of one slot', alb(result('stable_answered5xx', {})), ALB, 'canary_answered5xx'],
    ['errors of an alias', lambda(result('alias_invocations', { '-1': 9 })), LAMBDA, 'alias_errors'],
  ])('%s come with their counterpart', (_what, value, spec, id) => {
    expect(problemOf(() => recordingOf(value, spec))).toMatchObject({ code: 'missing-id', got: `no ${id}` });
  });

  test.each([['stable'], ['canary']])('a check that only %s has is judged of neither', (side) => {
    const other = side === 'stable' ? 'canary' : 'stable';
    const recording = recordingOf(
      lambda(
        result('stable_invocations', { 0: 90 }),
        result('canary_invocations', { 0: 10 }),
        result(`${side}_custom_conversion`, { 0: 4 }),
        result('stable_custom_cpu', { 0: 40 }),
        result('canary_custom_cpu', { 0: 41 }),
      ),
    );
    const [period] = recording.periods;
    expect([period?.stable?.metrics, period?.canary?.metrics]).toEqual([{ cpu: 40 }, { cpu: 41 }]);
    expect(notesOn(recording, LAMBDA)).toContain(
      `The check conversion is not judged: the file has no ${other}_custom_conversion.`,
    );
  });
});

describe('values that CloudWatch never prints', () => {
  const minutes = Object.fromEntries(Array.from({ length: 12 }, (_, minute) => [minute, 5]));
  const canary = result('canary_invocations', minutes);
  const custom = (id: string, value: number) => [
    result(`stable_custom_${id}`, {}),
    result(`canary_custom_${id}`, { 3: value }),
  ];

  test.each<[string, unknown, string, string]>([
    ['errors below 0', lambda(canary, result('canary_errors', { 3: -1 })), 'wrong-count', 'canary_errors at'],
    ['half an error', lambda(canary, result('canary_errors', { 3: 0.5 })), 'wrong-count', 'canary_errors at'],
    ['half an event of a rate', lambda(canary, ...custom('conversion', 0.5)), 'wrong-count', 'conversion at'],
    ['a gauge below 0', lambda(canary, ...custom('cpu', -0.5)), 'out-of-range', 'canary_custom_cpu at'],
    [
      'a time below 0',
      lambda(canary, result('canary_latency_p95', { 3: -1 })),
      'out-of-range',
      'canary_latency_p95 at',
    ],
    [
      'a timestamp between the periods',
      lambda(canary, result('canary_errors', { 3.5: 1 })),
      'wrong-time',
      'canary_errors at 2026-01-05T09:03:30Z',
    ],
  ])('%s', (_what, value, code, where) => {
    expect(problemOf(() => recordingOf(value))).toMatchObject({
      code,
      where: expect.stringContaining(where),
    });
  });

  test('a function that is called every five minutes may be called in between', () => {
    const fives = Object.fromEntries(Object.keys(minutes).map((minute) => [5 * Number(minute), 5]));
    expect(recordingOf(lambda(result('canary_invocations', { ...fives, 7: 1 }))).periodSeconds).toBe(60);
  });

  test('fractions of a gauge, and periods below a minute, are as they should be', () => {
    expect(problemOf(() => recordingOf(lambda(canary, ...custom('cpu', 0.5))))).toBeNull();
    const halves = Object.fromEntries(Array.from({ length: 12 }, (_, half) => [half / 2, 5]));
    expect(recordingOf(lambda(result('canary_invocations', halves))).periodSeconds).toBe(30);
  });

  test.each<[string, readonly Result[], string, string]>([
    ['an id twice', [canary, canary], 'duplicate-id', 'canary_invocations again, from 2026-01-05T09:00:00'],
    [
      'a timestamp twice',
      [{ ...canary, Timestamps: [at(0), at(1), at(0)], Values: [1, 2, 3] }],
      'duplicate-timestamp',
      'canary_invocations at 2026-01-05T09:00:00',
    ],
    [
      'a timestamp on two pages',
      [result('canary_invocations', { 0: 1 }, 'PartialData'), result('canary_invocations', { 0: 1 })],
      'duplicate-timestamp',
      'canary_invocations at 2026-01-05T09:00:00',
    ],
  ])('%s', (_what, results, code, got) => {
    expect(problemOf(() => recordingOf(lambda(...results)))).toMatchObject({
      code,
      got: expect.stringContaining(got),
    });
  });
});

describe('weights', () => {
  const shiftsOf = (text: string, firstMs = RECORDED_AT_MS) =>
    shiftsFromWeights(parseWeights(text, '--weights'), firstMs, '--weights').map(
      ({ atMs, weightPercent }) => [(atMs - RECORDED_AT_MS) / MINUTE_MS, weightPercent],
    );

  test.each<[string, string, number, readonly (readonly number[])[]]>([
    [
      'times of day in UTC',
      '5%@09:00,25%@09:10',
      0,
      [
        [0, 5],
        [10, 25],
      ],
    ],
    [
      'spaces and seconds',
      ' 0.5%@09:00:30 , 100%@09:10 ',
      0,
      [
        [0.5, 0.5],
        [10, 100],
      ],
    ],
    [
      'instants with any offset',
      '5%@2026-01-05T09:00:00Z,25%@2026-01-05T10:10:00+01:00',
      0,
      [
        [0, 5],
        [10, 25],
      ],
    ],
    [
      'over midnight',
      '5%@23:55,25%@00:05',
      14 * 60 + 50,
      [
        [895, 5],
        [905, 25],
      ],
    ],
    ['a first weight before the data', '5%@08:58', 0, [[-2, 5]]],
    [
      'the way back',
      '5%@09:00,0%@09:07',
      0,
      [
        [0, 5],
        [7, 0],
      ],
    ],
  ])('%s', (_what, text, firstMinute, expected) => {
    expect(shiftsOf(text, RECORDED_AT_MS + firstMinute * MINUTE_MS)).toEqual(expected);
  });

  test.each([
    [''],
    ['5%'],
    ['5@09:00'],
    ['5%@9'],
    ['5%@24:00'],
    ['5%@09:60'],
    ['101%@09:00'],
    ['-5%@09:00'],
    ['5%@09:00,'],
    ['5%@2026-01-05'],
    ['5%@2026-13-05T09:00:00Z'],
    ['5%@2026-01-05T09:10:00Z,25%@2026-01-05T09:00:00Z'],
    ['5%@09:10,25%@09:00'],
    ['5%@09:00,25%@09:00'],
    ['5%@2026-01-05T09:00:00Z,25%@09:00'],
    ['5%@2026-01-05T09:00:00Z,25%@2026-01-05T10:00:00+01:00'],
    [Array(41).fill('5%@09:00').join(',')],
  ])('%j is refused', (text) => {
    expect(problemOf(() => shiftsOf(text))).toMatchObject({ code: 'wrong-weights', where: '--weights' });
  });

  test('say when the canary got which share of a CloudWatch answer', () => {
    const recording = recordingOf(JSON.parse(cloudwatchJson(TRAFFIC)), LAMBDA, '5%@09:00,25%@09:10');
    expect(recording.shifts.map(({ weightPercent }) => weightPercent)).toEqual([5, 25]);
  });
});
