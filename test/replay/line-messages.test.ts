// The line protocol as it is read: honest messages pass, every mistake is refused with its place and what would be right.
import { describe, expect, test } from 'vitest';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import { parseJsonLine } from '../../src/replay/faults.ts';
import { messageReader } from '../../src/replay/line-messages.ts';

const ROW = {
  requests: 10,
  errors: 1,
  conversions: 2,
  hist: [4, 5, 1],
  p50: 8,
  p95: 12,
  p99: 30,
  coldStarts: 0,
};
const START = {
  type: 'start',
  id: 'a',
  periodSec: 60,
  plan: [
    { weight: 0.05, minutes: 10 },
    { weight: 0.5, minutes: 10 },
  ],
  latencyEdgesMs: [10, 20],
  history: [
    { t: -120, stable: ROW },
    { t: -60, stable: null },
  ],
  policy: { errorRateMax: 0.01, p99MaxMs: 500 },
};
const PERIOD = { type: 'period', id: 'a', t: 0, step: 0, weight: 0.05, stable: ROW, canary: ROW };
const END = { type: 'end', id: 'a' };

/** Reads the messages one after the other; the last one is the one in question. */
function readAll(...lines: readonly unknown[]): unknown {
  const read = messageReader();
  return lines
    .map((line, index) => {
      const where = `stdin:${index + 1}`;
      return read(typeof line === 'string' ? parseJsonLine(line, where) : line, where);
    })
    .at(-1);
}

function problemsOf(lines: readonly unknown[]): readonly Problem[] {
  try {
    readAll(...lines);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

describe('messages in order', () => {
  test.each<[string, readonly unknown[]]>([
    ['a start, its periods and the end', [START, PERIOD, { ...PERIOD, t: 60, step: 1 }, END]],
    ['a period that nobody reported in', [START, { ...PERIOD, stable: null, canary: null }]],
    ['a hole between two periods', [START, PERIOD, { ...PERIOD, t: 600 }]],
    ['a row without requests', [START, { ...PERIOD, canary: { requests: 0, errors: 0 } }]],
    ['the bare minimum', [{ type: 'start', id: 'a', periodSec: 10, plan: START.plan }, { ...END }]],
    ['a second rollout after the first', [START, PERIOD, END, { ...START, id: 'b' }, { ...PERIOD, id: 'b' }]],
    ['a new start in the middle', [START, PERIOD, START, PERIOD]],
    ['numbers at their borders', [START, { ...PERIOD, weight: 1, canary: { requests: 5, errors: 5 } }]],
  ])('%s', (_what, lines) => {
    expect(problemsOf(lines)).toEqual([]);
  });

  test('what is left out gets its default', () => {
    expect(readAll({ type: 'start', id: 'a', periodSec: 10, plan: START.plan })).toMatchObject({
      latencyEdgesMs: [],
      history: [],
      policy: {},
    });
    expect(readAll(START, { ...PERIOD, canary: { requests: 3 } })).toMatchObject({
      canary: { requests: 3, errors: 0 },
    });
  });
});

describe('messages that are wrong', () => {
  const badRow = (change: object): readonly unknown[] => [
    START,
    { ...PERIOD, canary: { ...ROW, ...change } },
  ];
  const badPeriod = (change: object): readonly unknown[] => [START, { ...PERIOD, ...change }];
  const badStart = (change: object): readonly unknown[] => [{ ...START, ...change }];

  test.each<[string, readonly unknown[], string, string]>([
    ['no JSON', ['{"type":'], 'not-json', 'stdin:1'],
    ['a word', ['continue'], 'not-json', 'stdin:1'],
    ['a list', ['[]'], 'wrong-type', 'stdin:1'],
    ['a number', ['5'], 'wrong-type', 'stdin:1'],
    ['null', ['null'], 'wrong-type', 'stdin:1'],
    ['no type', [{ id: 'a' }], 'missing-key', 'stdin:1 (type)'],
    ['an unknown type', [{ type: 'perod' }], 'unknown-word', 'stdin:1 (type)'],
    ['a type of every object', [{ type: 'constructor' }], 'unknown-word', 'stdin:1 (type)'],
    ['an unknown key', badPeriod({ wieght: 1 }), 'unknown-key', 'stdin:2 (wieght)'],
    ['an unknown key in a row', badRow({ error: 1 }), 'unknown-key', 'stdin:2 (canary.error)'],
    ['negative errors', badRow({ errors: -1 }), 'out-of-range', 'stdin:2 (canary.errors)'],
    ['negative requests', badRow({ requests: -1 }), 'out-of-range', 'stdin:2 (canary.requests)'],
    ['a fraction of a request', badRow({ requests: 9.5 }), 'wrong-type', 'stdin:2 (canary.requests)'],
    ['a count as text', badRow({ errors: '1' }), 'wrong-type', 'stdin:2 (canary.errors)'],
    ['more errors than requests', badRow({ errors: 11 }), 'more-than-requests', 'stdin:2 (canary.errors)'],
    ['more conversions', badRow({ conversions: 11 }), 'more-than-requests', 'stdin:2 (canary.conversions)'],
    ['more cold starts', badRow({ coldStarts: 11 }), 'more-than-requests', 'stdin:2 (canary.coldStarts)'],
    [
      'errors of no requests',
      badRow({ requests: 0, hist: [0, 0, 0] }),
      'more-than-requests',
      'stdin:2 (canary.errors)',
    ],
    ['a short histogram', badRow({ hist: [5, 5] }), 'wrong-histogram', 'stdin:2 (canary.hist)'],
    ['a long histogram', badRow({ hist: [4, 5, 1, 0] }), 'wrong-histogram', 'stdin:2 (canary.hist)'],
    ['a histogram that misses one', badRow({ hist: [4, 5, 0] }), 'wrong-histogram', 'stdin:2 (canary.hist)'],
    ['a fraction in a bucket', badRow({ hist: [4.5, 4.5, 1] }), 'wrong-type', 'stdin:2 (canary.hist[0])'],
    [
      'a mistake of stable',
      badPeriod({ stable: { ...ROW, errors: 11 } }),
      'more-than-requests',
      'stdin:2 (stable.errors)',
    ],
    ['no stable', badPeriod({ stable: undefined }), 'missing-key', 'stdin:2 (stable)'],
    ['a weight above 1', badPeriod({ weight: 5 }), 'out-of-range', 'stdin:2 (weight)'],
    ['a negative weight', badPeriod({ weight: -0.1 }), 'out-of-range', 'stdin:2 (weight)'],
    ['a step beyond the plan', badPeriod({ step: 2 }), 'step-beyond-plan', 'stdin:2 (step)'],
    ['a negative step', badPeriod({ step: -1 }), 'out-of-range', 'stdin:2 (step)'],
    ['a time that is no multiple', badPeriod({ t: 30 }), 'wrong-time', 'stdin:2 (t)'],
    ['a negative time', badPeriod({ t: -60 }), 'out-of-range', 'stdin:2 (t)'],
    ['an endless time', ['{"type":"period","t":1e999}'], 'missing-key', 'stdin:1 (id)'],
    [
      'edges that fall',
      badStart({ latencyEdgesMs: [20, 10] }),
      'edges-must-rise',
      'stdin:1 (latencyEdgesMs[1])',
    ],
    [
      'an edge twice',
      badStart({ latencyEdgesMs: [10, 10] }),
      'edges-must-rise',
      'stdin:1 (latencyEdgesMs[1])',
    ],
    ['no plan', badStart({ plan: [] }), 'out-of-range', 'stdin:1 (plan)'],
    ['no length of a period', badStart({ periodSec: 0 }), 'out-of-range', 'stdin:1 (periodSec)'],
    [
      'history after the start',
      badStart({ history: [{ t: 0, stable: null }] }),
      'wrong-time',
      'stdin:1 (history[0].t)',
    ],
    [
      'history that goes back',
      badStart({
        history: [
          { t: -60, stable: null },
          { t: -120, stable: null },
        ],
      }),
      'wrong-time',
      'stdin:1 (history[1].t)',
    ],
    [
      'a mistake in the history',
      badStart({ history: [{ t: -60, stable: { ...ROW, errors: 11 } }] }),
      'more-than-requests',
      'stdin:1 (history[0].stable.errors)',
    ],
    ['a period without a start', [PERIOD], 'out-of-order', 'stdin:1 (type)'],
    ['an end without a start', [END], 'out-of-order', 'stdin:1 (type)'],
    ['a period of another rollout', [START, { ...PERIOD, id: 'b' }], 'wrong-id', 'stdin:2 (id)'],
    ['an end of another rollout', [START, { ...END, id: 'b' }], 'wrong-id', 'stdin:2 (id)'],
    ['the same period twice', [START, PERIOD, PERIOD], 'wrong-time', 'stdin:3 (t)'],
    [
      'a period that goes back',
      [START, { ...PERIOD, t: 120 }, { ...PERIOD, t: 60 }],
      'wrong-time',
      'stdin:3 (t)',
    ],
    ['a period after the end', [START, PERIOD, END, { ...PERIOD, t: 60 }], 'out-of-order', 'stdin:4 (type)'],
    ['a second end', [START, END, END], 'out-of-order', 'stdin:3 (type)'],
  ])('%s', (_what, lines, code, where) => {
    const [first] = problemsOf(lines);
    expect(first).toMatchObject({ code, where });
    // every problem can be acted on
    expect(Object.values(first ?? {}).filter((words) => words === '')).toEqual([]);
  });

  test('every mistake of a line is told at once', () => {
    const lines = [START, { ...PERIOD, t: 30, step: 5, canary: { ...ROW, errors: 11, hist: [1] } }];
    expect(problemsOf(lines).map(({ code }) => code)).toEqual([
      'wrong-time',
      'step-beyond-plan',
      'more-than-requests',
      'wrong-histogram',
    ]);
  });

  test('a refused message leaves no trace: the right one is taken afterwards', () => {
    const read = messageReader();
    read(START, 'x');
    expect(() => read({ ...PERIOD, t: 60, step: 9 }, 'x')).toThrow(InvalidInputError);
    expect(read(PERIOD, 'x')).toMatchObject({ t: 0 });
  });
});
