// E-values against brute formulas: the likelihoods written out as binomial probabilities, the mixtures as plain sums.
import { describe, expect, test } from 'vitest';
import { checkEvidence, evidenceOf } from '../../../src/core/judge/combine.ts';
import { capFor, periodCapNats } from '../../../src/core/judge/e-process.ts';
import { judgePolicy, SILENCE } from '../../../src/core/judge/policy.ts';
import { ERRORS_LIMIT, ERRORS_RATIO } from '../../../src/core/judge/policy-errors.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { evidenceIn, foldAll } from './judging.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { specWith } from './specs.ts';

const CAP_NATS = periodCapNats(0.01);

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
        .reduce(
          (all, minute) =>
            all * Math.min(ratioOf(minute, step) ** (1 / DISPERSION), Math.exp(capFor(0, CAP_NATS))),
          1,
        );
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

function periodAt(minute: number, { canary, stable }: Minute, weightPercent = 1): Period {
  return {
    startMs: START_MS + minute * MINUTE_MS,
    seconds: 60,
    weightPercent,
    stable: counts(...stable),
    canary: counts(...canary),
  };
}

const policy = judgePolicy(specWith(), null);

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
    const state = foldAll(
      policy,
      minutes.map((minute, i) => periodAt(i, minute)),
    );
    const brute = Math.min(bruteEvidence(minutes, versusStable), bruteEvidence(minutes, versusShare(0.001)));
    expect(evidenceIn(policy, state, ERRORS_RATIO) / brute).toBeCloseTo(1, 3);
  });

  test('of the limit equal the sums written out where there is no control', () => {
    const minutes: readonly Minute[] = [
      { canary: [200, 9], stable: [0, 0] },
      { canary: [180, 5], stable: [0, 0] },
    ];
    const state = foldAll(
      policy,
      minutes.map((minute, i) => periodAt(i, minute, 100)),
    );
    expect(evidenceIn(policy, state, ERRORS_LIMIT) / bruteEvidence(minutes, versusShare(0.01))).toBeCloseTo(
      1,
      3,
    );
  });

  test('of the limit do not count beside a control that is as bad', () => {
    const state = foldAll(
      policy,
      [0, 1, 2].map((i) => periodAt(i, { canary: [60, 12], stable: [5940, 1188] })),
    );
    expect(evidenceIn(policy, state, ERRORS_LIMIT)).toBeLessThanOrEqual(1);
  });

  test('of the limit do not remember an incident of both versions once the control is gone', () => {
    const incident = [0, 1, 2, 3].map((i) => periodAt(i, { canary: [600, 120], stable: [5400, 1080] }, 50));
    const alone = periodAt(4, { canary: [6000, 3], stable: [0, 0] }, 100);
    expect(evidenceIn(policy, foldAll(policy, [...incident, alone]), ERRORS_LIMIT)).toBeLessThan(5);
  });

  test('of silence grow by 22.5 with each silent period and fall with each report', () => {
    const silent = (i: number): Period => ({
      ...periodAt(i, { canary: [0, 0], stable: [5940, 3] }),
      canary: null,
    });
    const twice = 0.55 * 22.5 ** 2 + EACH_MINUTE * (22.5 ** 2 + 22.5) + (1 - 0.55 - 2 * EACH_MINUTE);
    expect(evidenceIn(policy, foldAll(policy, [silent(0), silent(1)]), SILENCE) / twice).toBeCloseTo(1, 3);
    const reported = foldAll(policy, [silent(0), periodAt(1, { canary: [60, 0], stable: [5940, 3] })]);
    expect(evidenceIn(policy, reported, SILENCE)).toBeLessThan(3);
  });

  test('stay 1 where nothing can be learnt', () => {
    const period = periodAt(0, { canary: [60, 60], stable: [0, 0] });
    const state = foldAll(policy, [
      { ...period, stable: null },
      { ...period, startMs: START_MS + MINUTE_MS, canary: null },
    ]);
    expect(evidenceOf(policy, state).total).toBeCloseTo(1, 4);
  });

  test('of a check say what the total would be if no other check spoke', () => {
    const evidence = evidenceOf(policy, foldAll(policy, []));
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
