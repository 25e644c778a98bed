// Results as the sections of the document ask for them.
import type { ScenarioResult } from '../benchmark.ts';
import { type Contestant, OURS } from '../judges.ts';
import { geometricMean, mean, percentOf, type Score, type Share } from '../score.ts';
import type { ScenarioClass } from '../traces/scenario.ts';
import { sumOf } from './format.ts';

export interface Results {
  readonly seed: number;
  readonly scale: number;
  readonly contestants: readonly Contestant[];
  readonly scenarios: readonly ScenarioResult[];
}

export function ofClass(results: Results, wanted: ScenarioClass): readonly ScenarioResult[] {
  return results.scenarios.filter(({ scenario }) => scenario.class === wanted);
}

/** Groups in the order in which they first appear. */
export function byGroup(
  scenarios: readonly ScenarioResult[],
): ReadonlyMap<string, readonly ScenarioResult[]> {
  return Map.groupBy(scenarios, ({ scenario }) => scenario.group);
}

/** @throws RangeError when this judge did not run */
export function scoreIn(result: ScenarioResult, contestant: string): Score {
  const score = result.scores.get(contestant);
  if (score === undefined) throw new RangeError(`${contestant} did not judge ${result.scenario.name}`);
  return score;
}

export function falseRollbacks(scenarios: readonly ScenarioResult[], contestant: string): Share {
  return sumOf(scenarios.map((result) => scoreIn(result, contestant).rolledBack));
}

/** Every scenario counts the same, percent. */
export function meanPercent(
  scenarios: readonly ScenarioResult[],
  contestant: string,
  share: (score: Score) => Share,
): number {
  return mean(scenarios.map((result) => percentOf(share(scoreIn(result, contestant)))));
}

export function hasOurs(results: Results): boolean {
  return results.contestants.some(({ name }) => name === OURS);
}

/** Without the harm that rules about errors and latency are not meant to see. */
export function errorsAndLatency(scenarios: readonly ScenarioResult[]): readonly ScenarioResult[] {
  return scenarios.filter(({ scenario }) =>
    scenario.harm.every(({ kind }) => kind !== 'kpi' && kind !== 'silence'),
  );
}

/** Bad requests against ours: geometric mean over the scenarios of (1 + mean of theirs) / (1 + mean of ours). */
export function badRatio(scenarios: readonly ScenarioResult[], contestant: string): number {
  return geometricMean(
    scenarios.map(
      (result) => (1 + scoreIn(result, contestant).bad.mean) / (1 + scoreIn(result, OURS).bad.mean),
    ),
  );
}
