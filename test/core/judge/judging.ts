// One tick of the judge for tests: what stands in the input unless a test says otherwise.
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { foldPeriod, initialJudgeState, type JudgeInput, judge } from '../../../src/core/judge/judge.ts';
import { type JudgePolicy, judgePolicy } from '../../../src/core/judge/policy.ts';
import type { JudgeState } from '../../../src/core/judge/state.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { specWith } from './specs.ts';

export const NOTHING_BEFORE = { history: [], latency: null };

/** 6,000 requests a minute, 5 % of them on the canary, and nothing wrong. */
export function minutes(
  count: number,
  changes: Partial<Period> | ((minute: number) => Partial<Period>) = {},
): readonly Period[] {
  return Array.from({ length: count }, (_, i) => ({
    startMs: START_MS + i * MINUTE_MS,
    seconds: 60,
    weightPercent: 5,
    stable: counts(5700, 3),
    canary: counts(300, 0),
    ...(typeof changes === 'function' ? changes(i) : changes),
  }));
}

/** Minutes in which so many of the requests of each version were counted for one measure. */
export function sharesOf(
  measure: string,
  count: number,
  canary: (minute: number) => readonly [number, number],
  stable: readonly [number, number] = [100_000, 10_000],
  coldStarts: (minute: number) => number | null = () => null,
): readonly Period[] {
  return minutes(count, (minute) => ({
    stable: counts(stable[0], 0, { shares: { [measure]: stable } }),
    canary: counts(canary(minute)[0], 0, {
      shares: { [measure]: canary(minute) },
      coldStarts: coldStarts(minute),
    }),
  }));
}

/** So many quiet minutes of stable alone, before the start. */
export function hourBefore(stable: Period['stable'], periods = 60): readonly Period[] {
  return minutes(periods, (i) => ({
    startMs: START_MS - (periods - i) * MINUTE_MS,
    weightPercent: 0,
    stable,
    canary: null,
  }));
}

export function foldAll(
  policy: JudgePolicy,
  periods: readonly Period[],
  before: Parameters<typeof initialJudgeState>[1] = NOTHING_BEFORE,
): JudgeState {
  return periods.reduce(
    (state, period) => foldPeriod(policy, state, period),
    initialJudgeState(policy, before, START_MS),
  );
}

/** The e-value of one stream. */
export function evidenceIn(policy: JudgePolicy, state: JudgeState, name: string): number {
  const found = evidenceOf(policy, state).streams.find((stream) => stream.policy.name === name);
  if (found === undefined) throw new Error(`no stream ${name}`);
  return found.contribution / found.policy.weight;
}

/** The input at the end of a minute, errors alone judged, nothing folded before. */
export function inputAt(
  minute: number,
  window: readonly Period[],
  changes: Partial<JudgeInput> = {},
): JudgeInput {
  const policy = changes.policy ?? judgePolicy(specWith(), null);
  return {
    policy,
    state: initialJudgeState(policy, NOTHING_BEFORE, START_MS),
    window,
    alarms: [],
    metricsProblem: null,
    nowMs: START_MS + minute * MINUTE_MS,
    stage: { enteredAtMs: START_MS, bakeSeconds: 600, maxHoldSeconds: 1200 },
    timing: { commitAfterSeconds: 180, passAfterSeconds: 120 },
    names: { service: 'orders-api', canaryVersion: '42', weightPercent: 5, startedAtMs: START_MS },
    ...changes,
  };
}

/** Every period counts as whole at once, unless `changes` say otherwise. */
export const AT_ONCE = { commitAfterSeconds: 0, passAfterSeconds: 0 };

export function verdictOn(window: readonly Period[], changes: Partial<JudgeInput> = {}): Verdict {
  return judge(inputAt(window.length, window, changes)).verdict;
}
