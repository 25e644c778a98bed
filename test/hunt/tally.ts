// What is kept of runs once they are over: counts for the coverage, and the runs that failed.
import type { Violation } from '../../src/core/audit/trace.ts';
import type { Latency } from './latencies.ts';
import type { RunResult } from './run-seed.ts';

/** In how many runs something happened at least once, by its name. */
export type Counts = Readonly<Record<string, number>>;

export interface Failed {
  readonly seed: number;
  readonly violations: readonly Violation[];
}

export interface Tally {
  readonly runs: number;
  /** Kinds of faults that really happened. */
  readonly faults: Counts;
  readonly outcomes: Counts;
  /** Invariants that had something to check. */
  readonly invariants: Counts;
  /** Calls that were made, and calls at which an invocation died. */
  readonly points: Counts;
  readonly crashes: Counts;
  readonly latencies: readonly Latency[];
  readonly historyMax: number;
  readonly failed: readonly Failed[];
}

export function tallyOf(result: RunResult): Tally {
  const { seed, violations, evaluations, latencies, historyMax } = result;
  return {
    runs: 1,
    faults: once(result.faults.values()),
    outcomes: once(result.outcomes),
    invariants: once(Object.keys(evaluations).filter((id) => (evaluations[id] ?? 0) > 0)),
    points: once(result.points.keys()),
    crashes: once(result.crashes.keys()),
    latencies,
    historyMax,
    failed: violations.length === 0 ? [] : [{ seed, violations }],
  };
}

export function summedUp(tallies: readonly Tally[]): Tally {
  const sum = (of: (tally: Tally) => Counts): Counts => {
    const counts: Record<string, number> = {};
    for (const tally of tallies) {
      for (const [name, times] of Object.entries(of(tally))) counts[name] = (counts[name] ?? 0) + times;
    }
    return counts;
  };
  return {
    runs: tallies.reduce((runs, tally) => runs + tally.runs, 0),
    faults: sum(({ faults }) => faults),
    outcomes: sum(({ outcomes }) => outcomes),
    invariants: sum(({ invariants }) => invariants),
    points: sum(({ points }) => points),
    crashes: sum(({ crashes }) => crashes),
    latencies: tallies.flatMap(({ latencies }) => latencies),
    historyMax: tallies.reduce((most, { historyMax }) => Math.max(most, historyMax), 0),
    failed: tallies.flatMap(({ failed }) => failed).toSorted((a, b) => a.seed - b.seed),
  };
}

function once(names: Iterable<string>): Counts {
  return Object.fromEntries([...new Set(names)].map((name) => [name, 1]));
}
