// E-values against brute formulas: the likelihoods written out as binomial probabilities, the mixtures as plain sums.
import { describe, expect, test } from 'vitest';
import { checkEvidence, evidenceOf, streamState } from '../../../src/core/judge/combine.ts';
import { dispersionOf } from '../../../src/core/judge/dispersion.ts';
import { advance, capFor, cutTo, eValue } from '../../../src/core/judge/e-process.ts';
import { foldPeriod, initialJudgeState } from '../../../src/core/judge/judge.ts';
import { ERRORS_LIMIT, ERRORS_RATIO, judgePolicy, SILENCE } from '../../../src/core/judge/policy.ts';
import { massOf } from '../../../src/core/judge/start-prior.ts';
import type { JudgeState } from '../../../src/core/judge/state.ts';
import { streamEvidence } from '../../../src/core/judge/stream.ts';
import type { Counts, Period } from '../../../src/core/judge/types.ts';
import { MINUTE_MS, START_MS, specWith } from './simulated-rollout.ts';

const STEPS = [1.25, 1.6, 2, 3, 5, 10, 25, 80, 300];
const PRIOR = [1, 2, 2, 2, 2, 1.5, 1, 0.5, 0.5].map((weight) => weight / 12.5);
/** Mass of the start of a plan of 4 stages and 40 minutes, and of any one minute of it. */
const AT_START = 0.55;
const EACH_MINUTE = (0.15 * 0.8) / 40;
const DISPERSION = 1.2;

function chooseTimes(n: number, k: number, p: number): number {
  let probability = 1;
  for (let i = 0; i < k; i += 1) probability *= ((n - i) / (i + 1)) * p;
  return probability * (1 - p) ** (n - k);
}

interface Minute {
  readonly canary: readonly [number, number];
  readonly stable: readonly [number, number];
}

/** e = Σ over steps and starts of prior · product of tempered, capped likelihood ratios, and the mass left. */
function bruteEvidence(
  minutes: readonly Minute[],
  ratioOf: (minute: Minute, step: number) => number,
): number {
  const masses = minutes.map((_, i) => EACH_MINUTE + (i === 0 ? AT_START : 0));
  let sum = 1 - masses.reduce((total, mass) => total + mass, 0);
  for (const [s, step] of STEPS.entries()) {
    for (const [start, mass] of masses.entries()) {
      const product = minutes
        .slice(start)
        .reduce((all, minute) => all * Math.min(ratioOf(minute, step) ** (1 / DISPERSION), Math.exp(5)), 1);
      sum += (PRIOR[s] ?? 0) * mass * product;
    }
  }
  return sum;
}

function versusStable({ canary, stable }: Minute, step: number): number {
  const share = (ratio: number): number => (ratio * canary[0]) / (ratio * canary[0] + stable[0]);
  const all = canary[1] + stable[1];
  return chooseTimes(all, canary[1], share(1.5 * step)) / chooseTimes(all, canary[1], share(1.5));
}

function versusShare(border: number): (minute: Minute, step: number) => number {
  return ({ canary }, step) => {
    const odds = (step * border) / (1 - border);
    return chooseTimes(...canary, odds / (1 + odds)) / chooseTimes(...canary, border);
  };
}

function counts([requests, errors]: readonly [number, number]): Counts {
  return { requests, errors, slow: null };
}

function periodAt(minute: number, { canary, stable }: Minute, weightPercent = 1): Period {
  return {
    startMs: START_MS + minute * MINUTE_MS,
    seconds: 60,
    weightPercent,
    stable: counts(stable),
    canary: counts(canary),
  };
}

const policy = judgePolicy(specWith());

function foldAll(periods: readonly Period[]): JudgeState {
  return periods.reduce(
    (state, period) => foldPeriod(policy, state, period),
    initialJudgeState(policy, [], START_MS),
  );
}

function evidenceIn(state: JudgeState, name: string): number {
  const stream = policy.streams.find((candidate) => candidate.name === name);
  if (stream === undefined) throw new Error(`no stream ${name}`);
  return streamEvidence(stream, streamState(state, name), state.massLeft, state.weightPercent);
}

describe('the e-values', () => {
  test.each<{ name: string; minutes: readonly Minute[] }>([
    { name: 'nothing failed', minutes: [{ canary: [60, 0], stable: [5940, 3] }] },
    { name: 'one failure', minutes: [{ canary: [60, 1], stable: [5940, 3] }] },
    {
      name: 'failures in the second minute',
      minutes: [
        { canary: [60, 0], stable: [5940, 3] },
        { canary: [55, 2], stable: [5700, 2] },
      ],
    },
    {
      name: 'three changing minutes',
      minutes: [
        { canary: [60, 1], stable: [5940, 0] },
        { canary: [40, 0], stable: [4000, 5] },
        { canary: [80, 2], stable: [300, 1] },
      ],
    },
    { name: 'more than the cap', minutes: [{ canary: [60, 30], stable: [5940, 3] }] },
  ])('of canary against stable and floor equal the sums written out: $name', ({ minutes }) => {
    const state = foldAll(minutes.map((minute, i) => periodAt(i, minute)));
    const brute = Math.min(bruteEvidence(minutes, versusStable), bruteEvidence(minutes, versusShare(0.001)));
    expect(evidenceIn(state, ERRORS_RATIO) / brute).toBeCloseTo(1, 3);
  });

  test('of the limit equal the sums written out where there is no control', () => {
    const minutes: readonly Minute[] = [
      { canary: [200, 9], stable: [0, 0] },
      { canary: [180, 5], stable: [0, 0] },
    ];
    const state = foldAll(minutes.map((minute, i) => periodAt(i, minute, 100)));
    expect(evidenceIn(state, ERRORS_LIMIT) / bruteEvidence(minutes, versusShare(0.01))).toBeCloseTo(1, 3);
  });

  test('of the limit do not count beside a control that is as bad', () => {
    const state = foldAll([0, 1, 2].map((i) => periodAt(i, { canary: [60, 12], stable: [5940, 1188] })));
    expect(evidenceIn(state, ERRORS_LIMIT)).toBeLessThanOrEqual(1);
  });

  test('of the limit do not remember an incident of both versions once the control is gone', () => {
    const incident = [0, 1, 2, 3].map((i) => periodAt(i, { canary: [600, 120], stable: [5400, 1080] }, 50));
    const alone = periodAt(4, { canary: [6000, 3], stable: [0, 0] }, 100);
    expect(evidenceIn(foldAll([...incident, alone]), ERRORS_LIMIT)).toBeLessThan(5);
  });

  test('of silence grow by 22.5 with each silent period and fall with each report', () => {
    const silent = (i: number): Period => ({
      ...periodAt(i, { canary: [0, 0], stable: [5940, 3] }),
      canary: null,
    });
    const twice = 0.55 * 22.5 ** 2 + EACH_MINUTE * (22.5 ** 2 + 22.5) + (1 - 0.55 - 2 * EACH_MINUTE);
    expect(evidenceIn(foldAll([silent(0), silent(1)]), SILENCE) / twice).toBeCloseTo(1, 3);
    const reported = foldAll([silent(0), periodAt(1, { canary: [60, 0], stable: [5940, 3] })]);
    expect(evidenceIn(reported, SILENCE)).toBeLessThan(3);
  });

  test('stay 1 where nothing can be learnt', () => {
    const period = periodAt(0, { canary: [60, 60], stable: [0, 0] });
    const state = foldAll([
      { ...period, stable: null },
      { ...period, startMs: START_MS + MINUTE_MS, canary: null },
    ]);
    expect(evidenceOf(policy, state).total).toBeCloseTo(1, 4);
  });

  test('of a check say what the total would be if no other check spoke', () => {
    const evidence = evidenceOf(policy, foldAll([]));
    expect(checkEvidence(evidence, 'errors')).toBeCloseTo(1, 10);
    const others = evidence.streams.map((stream) =>
      stream.policy.check === 'errors' ? { ...stream, contribution: stream.contribution * 100 } : stream,
    );
    const weight = others.reduce(
      (sum, { policy: own }) => sum + (own.check === 'errors' ? own.weight : 0),
      0,
    );
    expect(checkEvidence({ ...evidence, streams: others }, 'errors')).toBeCloseTo(
      100 * weight + 1 - weight,
      8,
    );
  });
});

describe('an e-process', () => {
  test('is capped at 5 nats a period unless that period alone cost 100 bad requests', () => {
    expect(advance([0.5], 0.5, [40], capFor(99))).toEqual([Number(Math.exp(5).toPrecision(5))]);
    expect(advance([0.5], 0.5, [8], capFor(100))).toEqual([Number(Math.exp(8).toPrecision(5))]);
  });

  test('never becomes infinite, and forgets what can no longer matter', () => {
    expect(advance([1], 0, [1e9], Number.POSITIVE_INFINITY)).toEqual([1e12]);
    expect(advance([1], 0, [-1e9])).toEqual([0]);
  });

  test('can be cut to a ceiling and is left alone below it', () => {
    expect(eValue(cutTo([40, 60], [0.5, 0.5], 0.4, 5), [0.5, 0.5], 0.4)).toBeCloseTo(5, 3);
    expect(cutTo([1, 2], [0.5, 0.5], 0.4, 5)).toEqual([1, 2]);
  });
});

describe('the prior over start times', () => {
  const minute = (i: number, weightPercent: number): Period =>
    periodAt(i, { canary: [60, 0], stable: [600, 0] }, weightPercent);

  test('gives most to the start, some to each raise, the rest to every minute, and never more than 1 in all', () => {
    const weights = [1, 5, 25, 50];
    let state = initialJudgeState(policy, [], START_MS);
    const masses: number[] = [];
    for (let i = 0; i < 3000; i += 1) {
      const period = minute(i, weights[Math.min(3, Math.floor(i / 10))] ?? 50);
      masses.push(massOf(policy, state, period));
      state = foldPeriod(policy, state, period);
    }
    expect(masses[0]).toBeCloseTo(0.553, 6);
    expect(masses[1]).toBeCloseTo(0.003, 6);
    expect(masses[10]).toBeCloseTo(0.103, 6);
    expect(Math.min(...masses)).toBeGreaterThan(0);
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeLessThanOrEqual(1);
  });

  test('gives no mass to raises beyond the plan', () => {
    let state = initialJudgeState(policy, [], START_MS);
    for (const [i, weight] of [1, 2, 3, 4, 5, 6, 7].entries()) {
      state = foldPeriod(policy, state, minute(i, weight));
    }
    expect(state.massLeft).toBeGreaterThan(0.12);
  });
});

describe('the dispersion', () => {
  test('is taken for 1.2 without history or without a failure', () => {
    expect(dispersionOf([], 4)).toBe(1.2);
    expect(
      dispersionOf(
        [
          [1000, 0],
          [1000, 0],
        ],
        4,
      ),
    ).toBe(1.2);
  });

  test('is the mean of squared differences in units of chance, shrunk by ten pairs of 1.2', () => {
    // 10 and 30 of 1,000: difference 0.02, chance 0.02·0.98·(2/1000)
    const squared = 0.02 ** 2 / (0.02 * 0.98 * 0.002);
    expect(
      dispersionOf(
        [
          [1000, 10],
          [1000, 30],
        ],
        20,
      ),
    ).toBeCloseTo((12 + squared) / 11, 3);
  });

  test('is clipped, and is not fooled by a slow drift', () => {
    expect(
      dispersionOf(
        Array.from({ length: 60 }, (_, i) => [1000, i % 2 === 0 ? 0 : 200]),
        4,
      ),
    ).toBe(4);
    expect(
      dispersionOf(
        Array.from({ length: 60 }, (_, i) => [1000, 10 + i]),
        4,
      ),
    ).toBe(1);
  });
});
