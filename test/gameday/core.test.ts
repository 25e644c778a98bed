// The pure parts of the game day: statistics, arrivals, histories, options, plans, costs, results.
import { describe, expect, it } from 'vitest';
import { type Arrivals, arrivalsWithin, withPoll } from '../../gameday/core/arrivals.ts';
import { estimateCost } from '../../gameday/core/cost.ts';
import { countHistory } from '../../gameday/core/history.ts';
import { EMPTY_JOURNAL, type JournalLine, withLine } from '../../gameday/core/journal.ts';
import { readOptions } from '../../gameday/core/options.ts';
import { planDay } from '../../gameday/core/plan.ts';
import { exitCodeOfResult, factsOf, resultMarkdown, resultOf } from '../../gameday/core/result.ts';
import {
  chanceOfAtLeast,
  judgeDelays,
  judgeQuantile,
  judgeShare,
  quantile,
} from '../../gameday/core/statistics.ts';
import { EXPERIMENTS } from '../../gameday/experiments/index.ts';
import { InvalidInputError } from '../../src/core/errors.ts';

const OPTIONS = { minutes: 30, account: { id: '', region: '' } };
const numbers = (count: number, make: (index: number) => number) =>
  Array.from({ length: count }, (_, i) => make(i));

describe('statistics', () => {
  it.each([
    [[1, 2, 3, 4], 0.5, 2],
    [[4, 3, 2, 1], 0.99, 4],
    [[7], 0.5, 7],
    [numbers(100, (i) => i + 1), 0.95, 95],
  ])('quantile of %j at %d', (values, share, expected) => expect(quantile(values, share)).toBe(expected));

  // R: pbinom(k - 1, n, p, lower.tail = FALSE)
  it.each([
    [0, 10, 0.3, 1],
    [1, 20, 0.01, 0.182_093_1],
    [2, 20, 0.01, 0.016_859_34],
    [10, 10, 0.5, 0.000_976_562_5],
    [11, 10, 0.5, 0],
    [600, 1000, 0.5, 1.364_232e-10],
  ])('chance of at least %d of %d at %d', (k, n, p, expected) => {
    expect(chanceOfAtLeast(k, n, p) / (expected || 1)).toBeCloseTo(expected === 0 ? 0 : 1, 4);
  });

  it.each([
    ['few and fine', numbers(5, () => 1), 'unknown'],
    ['many and fine', numbers(30, () => 1), 'agrees'],
    ['one of thirty beyond', numbers(30, (i) => (i === 0 ? 9 : 1)), 'agrees'],
    ['four of thirty beyond', numbers(30, (i) => (i < 4 ? 9 : 1)), 'disagrees'],
    ['few and all beyond', numbers(5, () => 9), 'disagrees'],
  ])('a claim about 99 %% with %s', (_what, values, expected) => {
    expect(judgeQuantile(values, { share: 0.99, atMost: 2, minSamples: 20 })).toBe(expected);
  });

  it.each([
    [100, 1000, 0.1, 'agrees'],
    [130, 1000, 0.1, 'agrees'],
    [140, 1000, 0.1, 'disagrees'],
    [60, 1000, 0.1, 'disagrees'],
    [0, 1000, 0.1, 'disagrees'],
  ])('%d of %d at a share of %d', (hits, trials, share, expected) =>
    expect(judgeShare(hits, trials, share)).toBe(expected),
  );

  it('tells delays with their unit', () => {
    const { measured } = judgeDelays([1, 2, 3], 's', { share: 0.99, atMost: 9, minSamples: 2 });
    expect(measured).toBe('p50 2 s, p95 3 s, p99 3 s, longest 3 s');
  });
});

describe('arrivals', () => {
  const MINUTE = 60_000;
  const polls: readonly (readonly [at: number, value: number])[] = [
    [130_000, 40],
    [140_000, 60],
    [150_000, 60],
  ];
  const arrivals = polls.reduce<Arrivals>(
    (seen, [atMs, value]) => withPoll(seen, atMs, [{ atMs: MINUTE, value }]),
    new Map(),
  );

  it('are whole when the value grows no more, counted from the end of the minute', () => {
    expect(arrivalsWithin(arrivals, 0, 600_000)).toEqual([
      { minuteAtMs: MINUTE, firstSeconds: 10, wholeSeconds: 20 },
    ]);
  });

  it('leave out minutes that were not watched to their end', () => {
    expect(arrivalsWithin(arrivals, 0, 119_000)).toEqual([]);
    expect(arrivalsWithin(arrivals, MINUTE + 1, 600_000)).toEqual([]);
  });
});

describe('histories', () => {
  const enter = (entered: string) => ({ type: 'TaskStateEntered', entered });
  const other = (type = 'TaskScheduled') => ({ type, entered: null });

  it('are counted up to the way back', () => {
    const history = [
      other('ExecutionStarted'),
      enter('Start rollout'),
      other(),
      enter('Shift traffic'),
      enter('Bake'),
      enter('Roll back'),
      other(),
    ];
    expect(countHistory(history)).toEqual({
      measured: 5,
      reckoned: 6 + 5 + 13,
      shifts: 1,
      bakes: 1,
      retried: 0,
    });
  });

  it('know attempts that failed', () => {
    expect(countHistory([enter('Bake'), other('LambdaFunctionFailed')]).retried).toBe(1);
  });
});

describe('options', () => {
  const problemsOf = (argv: readonly string[]) => {
    try {
      readOptions(argv);
      return [];
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return error.problems.map(({ where }) => where);
    }
  };

  it('have defaults that make nothing', () => {
    expect(readOptions([])).toMatchObject({
      isConfirmed: false,
      account: undefined,
      balancerCidr: null,
      minutes: 30,
      only: [],
    });
  });

  it.each([
    ['a wrong number of minutes', ['--minutes', '3'], ['--minutes']],
    ['an account that is none', ['--account', '42'], ['--account']],
    ['a Region that is none', ['--region', 'London'], ['--region']],
    ['a path as a day', ['--resume', '../x'], ['--resume']],
    ['a load balancer for nobody named', ['--alb'], ['--cidr']],
    ['addresses that are none', ['--alb', '--cidr', '300.0.0.1/32'], ['--cidr']],
    ['a range that is none', ['--alb', '--cidr', '10.0.0.1/33'], ['--cidr']],
    ['addresses without a load balancer', ['--cidr', '10.0.0.1/32'], ['--cidr']],
    ['an option that there is not', ['--fast'], ['command line']],
    ['a word', ['now'], ['command line']],
    ['two mistakes at once', ['--minutes', 'x', '--account', 'y'], ['--minutes', '--account']],
  ])('refuse %s', (_what, argv, expected) => expect(problemsOf(argv)).toEqual(expected));

  it('take a load balancer with its callers', () => {
    expect(readOptions(['--alb', '--cidr', '203.0.113.7/32']).balancerCidr).toBe('203.0.113.7/32');
  });
});

describe('a plan', () => {
  const ids = (only: readonly string[], hasBalancer = false) =>
    planDay(EXPERIMENTS, only, hasBalancer, OPTIONS).experiments.map(({ id }) => id);

  it('leaves out what needs a load balancer unless there may be one', () => {
    expect(ids([]).some((id) => id.startsWith('alb-'))).toBe(false);
    expect(ids([], true)).toEqual(EXPERIMENTS.map(({ id }) => id));
  });

  it('keeps the order of the programme whatever order is asked for', () => {
    expect(ids(['alarm-event-delay', 'canary-good'])).toEqual(['canary-good', 'alarm-event-delay']);
  });

  it.each([
    ['canary-god', 'Did you mean canary-good?'],
    ['alb-cookie', 'Add --alb'],
  ])('refuses %s with a fix', (id, fix) => {
    expect(() => ids([id])).toThrow(InvalidInputError);
    try {
      ids([id]);
    } catch (error) {
      expect(error instanceof InvalidInputError && error.problems[0]?.fix).toContain(fix);
    }
  });

  it('costs more with a load balancer and longer watching, and under five dollars in all', () => {
    const cost = (hasBalancer: boolean, minutes: number) =>
      estimateCost(planDay(EXPERIMENTS, [], hasBalancer, { ...OPTIONS, minutes })).usd;
    expect(cost(true, 30)).toBeGreaterThan(cost(false, 30));
    expect(cost(false, 600)).toBeGreaterThan(cost(false, 30));
    expect(cost(true, 30)).toBeLessThan(5);
  });

  it('names each experiment once', () => {
    expect(new Set(EXPERIMENTS.map(({ id }) => id)).size).toBe(EXPERIMENTS.length);
  });
});

describe('a result', () => {
  const [rotates, ...others] = EXPERIMENTS.filter(({ id }) => id === 'alias-description-rotates');
  const one = rotates as (typeof EXPERIMENTS)[number];
  const DAY: JournalLine = {
    kind: 'day',
    day: 'd',
    atMs: 0,
    account: '123456789012',
    region: 'eu-west-2',
    minutes: 30,
    balancerCidr: null,
  };
  const sample = (hasRotated: boolean): JournalLine => ({
    kind: 'sample',
    id: one.id,
    sample: { isIdentical: false, hasRotated },
  });
  const done: JournalLine = { kind: 'done', id: one.id, atMs: 1 };
  const verdictOf = (...lines: JournalLine[]) =>
    factsOf([one], [DAY, ...lines].reduce(withLine, EMPTY_JOURNAL))[0]?.verdict;

  it('has the experiment that this is about', () => expect(others).toEqual([]));

  it('confirms nothing by half of an experiment, but lets it contradict', () => {
    expect(verdictOf(sample(true), done)).toBe('agrees');
    expect(verdictOf(sample(true))).toBe('unknown');
    expect(verdictOf(sample(false))).toBe('disagrees');
    expect(verdictOf()).toBe('unknown');
  });

  it.each([
    [['agrees'], [], 0],
    [['agrees', 'unknown'], [], 1],
    [['agrees'], ['a stack'], 1],
    [['unknown', 'disagrees'], ['a stack'], 3],
  ] as const)('of %j with %j left ends with %d', (verdicts, leftOver, code) => {
    const facts = verdicts.map((verdict) => ({ verdict })) as unknown as Parameters<
      typeof exitCodeOfResult
    >[0]['facts'];
    expect(exitCodeOfResult({ facts, leftOver: [...leftOver] })).toBe(code);
  });

  it('is one table row a fact, whatever its sentences hold', () => {
    const journal = [DAY, sample(true), done].reduce(withLine, EMPTY_JOURNAL);
    const odd = { ...one, question: 'a | b\nc?' };
    const result = resultOf({
      journal,
      experiments: [odd],
      endedAtMs: 1,
      estimatedUsd: 0.204,
      leftOver: ['a stack'],
    });
    const rows = resultMarkdown(result)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(3);
    expect(rows[2]).toContain('a \\| b c?');
    expect(resultMarkdown(result)).toContain('- a stack');
    expect(result.estimatedUsd).toBe(0.2);
  });
});
