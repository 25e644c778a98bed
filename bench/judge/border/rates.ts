// How often the evidence of the judge's core ever reaches its threshold although the canary is exactly on the border.
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { foldPeriod, initialJudgeState } from '../../../src/core/judge/judge.ts';
import { ERRORS, type LatencyBaseline, slowMeasures } from '../../../src/core/judge/measures.ts';
import { type JudgePolicy, judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { specOf } from '../../../src/replay/protocol-spec.ts';
import { CONVERSION } from '../../../src/replay/rows.ts';
import type { Random } from '../../../src/sim/random.ts';
import type { Share } from '../score.ts';
import { drawFactor, drawUniform } from '../traces/draw.ts';
import { rolloutRandom } from '../traces/random.ts';
import { historySlots, rolloutSlots, type Slot, stagesOf } from '../traces/timeline.ts';
import { borderShares, drawCounts, type Shares } from './counts.ts';

export interface BorderRate {
  readonly says: string;
  /** Rollouts whose evidence ever reached 1/α, by α. */
  readonly reached: Readonly<Record<'normal' | 'high', Share>>;
}

interface BorderCase {
  readonly name: string;
  readonly says: string;
  /** Checks in which the canary is on the border; in the others it is as good as stable. */
  readonly checks: ReadonlySet<string>;
}

const CASES: readonly BorderCase[] = [
  { name: 'errors', says: 'errors', checks: new Set(['errors']) },
  { name: 'latency', says: 'latency, at all four depths', checks: new Set(['latency']) },
  { name: 'kpi', says: 'conversions', checks: new Set([CONVERSION]) },
  { name: 'all', says: 'all of them', checks: new Set(['errors', 'latency', CONVERSION]) },
];

/** Per case, at full size. */
const ROLLOUTS = 10_000;
/** Taken in turn. */
const PLANS = ['standard', 'quick', 'LambdaLinear10PercentEvery3Minutes', 'LambdaCanary10Percent30Minutes'];
const PERIOD_SEC = 60;
const LEVELS = { normal: 0.01, high: 0.05 } as const;

/** Stable's latency; only the ratios of its thresholds matter. */
const LATENCY: LatencyBaseline = { p50Ms: 100, p90Ms: 200, p99Ms: 400, isCounted: true };
/** Of stable beyond its p50, p90, p99 and three times its p99. */
const SLOW_SHARES = [0.5, 0.1, 0.01, 0.001] as const;

export function borderRates(seed: number, scale: number): readonly BorderRate[] {
  const of = Math.max(1, Math.round(ROLLOUTS * scale));
  return CASES.map(({ name, says, checks }) => {
    const reached = { normal: 0, high: 0 };
    for (let i = 0; i < of; i += 1) {
      const random = rolloutRandom(seed, `border ${name}`, i);
      const most = mostEvidence(random, PLANS[i % PLANS.length] ?? 'standard', checks);
      if (most >= 1 / LEVELS.normal) reached.normal += 1;
      if (most >= 1 / LEVELS.high) reached.high += 1;
    }
    return {
      says,
      reached: { normal: { count: reached.normal, of }, high: { count: reached.high, of } },
    };
  });
}

/** The greatest total evidence after any period of one rollout. */
function mostEvidence(random: Random, plan: string, checks: ReadonlySet<string>): number {
  const world = worldOf(random, plan, checks);
  const history = historySlots(PERIOD_SEC).map((slot) => drawPeriod(random, world, slot));
  let state = initialJudgeState(world.policy, { history, latency: LATENCY }, 0);
  let most = 0;
  for (const slot of rolloutSlots(plan, PERIOD_SEC)) {
    state = foldPeriod(world.policy, state, drawPeriod(random, world, slot));
    most = Math.max(most, evidenceOf(world.policy, state).total);
  }
  return most;
}

interface World {
  readonly policy: JudgePolicy;
  readonly slowMeasures: readonly string[];
  readonly requestsPerMinute: number;
  readonly usual: Shares;
  readonly checks: ReadonlySet<string>;
}

/** A service of its own for every rollout: load, error rate and conversions over orders of magnitude. */
function worldOf(random: Random, plan: string, checks: ReadonlySet<string>): World {
  const logUniform = (least: number, most: number): number =>
    Math.exp(drawUniform(random, [Math.log(least), Math.log(most)]));
  const requestsPerMinute = logUniform(60, 60_000);
  const usual = { [ERRORS]: logUniform(0.0001, 0.03), [CONVERSION]: logUniform(0.01, 0.5) };
  const spec = specOf({
    type: 'start',
    id: 'border',
    periodSec: PERIOD_SEC,
    plan: stagesOf(plan).map(({ weightPercent, bakeSeconds }) => ({
      weight: weightPercent / 100,
      minutes: bakeSeconds / 60,
    })),
    latencyEdgesMs: [],
    history: [{ t: -PERIOD_SEC, stable: { requests: 1, errors: 0, conversions: 1 } }],
    policy: {},
  });
  const slow = slowMeasures(spec.checks.latency, LATENCY).map(({ name }) => name);
  const slowShares = Object.fromEntries(slow.map((name, i) => [name, SLOW_SHARES[i] ?? 0]));
  return {
    policy: judgePolicy(spec, LATENCY),
    slowMeasures: slow,
    requestsPerMinute,
    usual: { ...usual, ...slowShares },
    checks,
  };
}

/** Errors wander from period to period, by the same factor for both versions. */
function drawPeriod(random: Random, world: World, { t, weight }: Slot): Period {
  const { policy, requestsPerMinute, usual, checks } = world;
  const stable = { ...usual, [ERRORS]: (usual[ERRORS] ?? 0) * drawFactor(random, 0.2) };
  const canary = borderShares(policy, stable, checks);
  const draw = (shares: Shares, part: number) =>
    drawCounts(random, requestsPerMinute * part, shares, world.slowMeasures, [CONVERSION]);
  return {
    startMs: t * 1000,
    seconds: PERIOD_SEC,
    weightPercent: weight * 100,
    stable: draw(stable, 1 - weight),
    canary: weight === 0 ? null : draw(canary, weight),
  };
}
