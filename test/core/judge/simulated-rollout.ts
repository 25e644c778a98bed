// Rollouts made of random counts, judged every minute as in production: what the simulations of the judge share.
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { foldPeriod, initialJudgeState, type Judgement, judge } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Counts, Period } from '../../../src/core/judge/types.ts';
import type { ServiceSpec } from '../../../src/core/service-spec.ts';
import type { Random } from '../../support/random.ts';

export const START_MS = Date.UTC(2026, 10, 21, 12, 0);
export const MINUTE_MS = 60_000;

export function specWith(
  changes: {
    readonly stages?: readonly number[];
    readonly bakeMinutes?: number;
    readonly latency?: ServiceSpec['checks']['latency'];
  } = {},
): ServiceSpec {
  return {
    service: 'orders-api',
    target: { kind: 'lambda-alias', functionName: 'orders', alias: 'live', interface: 'event' },
    stages: (changes.stages ?? [1, 5, 25, 50]).map((weightPercent) => ({
      weightPercent,
      bakeSeconds: (changes.bakeMinutes ?? 10) * 60,
    })),
    checks: {
      errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null },
      latency: changes.latency ?? null,
      alarms: [],
    },
    maxHoldSeconds: 20 * 60,
    onInconclusive: 'ask',
    notify: null,
    waivers: {},
  };
}

export interface World {
  readonly requestsPerMinute: number;
  /** Shares of requests, by minute since the start (negative: history). */
  readonly stableErrors: (minute: number) => number;
  readonly canaryErrors: (minute: number) => number;
  readonly stableSlow?: (minute: number) => number;
  readonly canarySlow?: (minute: number) => number;
  readonly canaryIsSilent?: (minute: number) => boolean;
}

function countsOf(
  random: Random,
  requestsDue: number,
  errors: number,
  slow: number | undefined,
): Counts | null {
  const requests = random.poisson(requestsDue);
  if (requests === 0) return null;
  return {
    requests,
    errors: random.binomial(requests, errors),
    slow: slow === undefined ? null : random.binomial(requests, slow),
  };
}

function minuteOf(random: Random, world: World, minute: number, weightPercent: number): Period {
  const isSilent = weightPercent === 0 || (world.canaryIsSilent?.(minute) ?? false);
  const canaryDue = (world.requestsPerMinute * weightPercent) / 100;
  return {
    startMs: START_MS + minute * MINUTE_MS,
    seconds: 60,
    weightPercent,
    stable: countsOf(
      random,
      world.requestsPerMinute - canaryDue,
      world.stableErrors(minute),
      world.stableSlow?.(minute),
    ),
    canary: isSilent
      ? null
      : countsOf(random, canaryDue, world.canaryErrors(minute), world.canarySlow?.(minute)),
  };
}

export interface Story {
  /** Minutes from the start to the verdict of rollback; null where there was none. */
  readonly rolledBackAfter: number | null;
  /** Kinds of all verdicts, one a minute. */
  readonly kinds: readonly Judgement['verdict']['kind'][];
  readonly last: Judgement;
  /** Errors of the canary until then. */
  readonly canaryErrors: number;
}

/** The greatest evidence at the end of any minute; the whole judge with all its windows is some ten times slower. */
export function peakEvidence(random: Random, world: World, spec: ServiceSpec = specWith()): number {
  const policy = judgePolicy(spec);
  let state = initialJudgeState(policy, historyOf(random, world), START_MS);
  let peak = 0;
  let minute = 0;
  for (const stage of spec.stages) {
    for (const end = minute + stage.bakeSeconds / 60; minute < end; minute += 1) {
      state = foldPeriod(policy, state, minuteOf(random, world, minute, stage.weightPercent));
      peak = Math.max(peak, evidenceOf(policy, state).total);
    }
  }
  return peak;
}

function historyOf(random: Random, world: World): readonly Period[] {
  return Array.from({ length: 60 }, (_, i) => minuteOf(random, world, i - 60, 0));
}

/** Judged at the end of each minute; the weight rises by the plan whatever the verdict, as the peers would. */
export function playRollout(random: Random, world: World, spec: ServiceSpec = specWith()): Story {
  const policy = judgePolicy(spec);
  const bakes = spec.stages.flatMap((stage, index) =>
    Array.from({ length: stage.bakeSeconds / 60 }, (_, i) => ({ index, enteredBefore: i, stage })),
  );
  let state = initialJudgeState(policy, historyOf(random, world), START_MS);
  let window: readonly Period[] = [];
  const kinds: Judgement['verdict']['kind'][] = [];
  let last: Judgement | undefined;
  let canaryErrors = 0;
  for (const [minute, { stage, enteredBefore }] of bakes.entries()) {
    const period = minuteOf(random, world, minute, stage.weightPercent);
    canaryErrors += period.canary?.errors ?? 0;
    window = [...window, period].filter(({ startMs }) => startMs >= state.committedUntilMs);
    last = judge({
      policy,
      state,
      window,
      alarms: [],
      metricsProblem: null,
      nowMs: START_MS + (minute + 1) * MINUTE_MS,
      stage: {
        enteredAtMs: START_MS + (minute - enteredBefore) * MINUTE_MS,
        bakeSeconds: stage.bakeSeconds,
        maxHoldSeconds: spec.maxHoldSeconds,
      },
      timing: { commitAfterSeconds: 180, passAfterSeconds: 120 },
      names: {
        service: spec.service,
        canaryVersion: '42',
        weightPercent: stage.weightPercent,
        startedAtMs: START_MS,
      },
    });
    state = last.state;
    kinds.push(last.verdict.kind);
    if (last.verdict.kind === 'rollback') {
      return { rolledBackAfter: minute + 1, kinds, last, canaryErrors };
    }
  }
  if (last === undefined) throw new Error('a rollout without a stage');
  return { rolledBackAfter: null, kinds, last, canaryErrors };
}
