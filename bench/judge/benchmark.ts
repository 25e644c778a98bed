// All judges on all traces: each trace is made once, judged by everybody, scored and forgotten.

import { judgeTrace } from './judge-trace.ts';
import type { Contestant } from './judges.ts';
import { type Outcome, outcomeOf, type Score, scoreOf } from './score.ts';
import { traceOf } from './traces/rollout.ts';
import type { Scenario } from './traces/scenario.ts';

export interface Plan {
  readonly seed: number;
  /** 1 is full size. */
  readonly scale: number;
  readonly scenarios: readonly Scenario[];
  readonly contestants: readonly Contestant[];
}

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly rollouts: number;
  /** Bad requests of a rollout that nobody takes back, mean. */
  readonly badAtMost: number;
  /** By name of the contestant. */
  readonly scores: ReadonlyMap<string, Score>;
}

/** What happens while it runs, for a person who waits. */
export interface Observer {
  scenario(name: string, rollouts: number): void;
  /** @param ms that this judge took for one rollout */
  judged(contestant: string, ms: number): void;
}

function rolloutsOf(scenario: Scenario, scale: number): number {
  return Math.max(1, Math.round(scenario.rollouts * scale));
}

/** @param now milliseconds, for the observer only */
export function runScenario(
  plan: Plan,
  scenario: Scenario,
  observer: Observer,
  now: () => number,
): ScenarioResult {
  const rollouts = rolloutsOf(scenario, plan.scale);
  observer.scenario(scenario.name, rollouts);
  const outcomes = new Map<string, Outcome[]>(plan.contestants.map(({ name }) => [name, []]));
  let bad = 0;
  for (let i = 0; i < rollouts; i += 1) {
    const trace = traceOf(scenario, plan.seed, i);
    bad += trace.truth.bad.reduce((sum, count) => sum + count, 0);
    for (const { name, make } of plan.contestants) {
      const before = now();
      const verdict = judgeTrace(make(), trace);
      observer.judged(name, now() - before);
      outcomes.get(name)?.push(outcomeOf(trace, verdict));
    }
  }
  return {
    scenario,
    rollouts,
    badAtMost: bad / rollouts,
    scores: new Map([...outcomes].map(([name, own]) => [name, scoreOf(own)])),
  };
}
