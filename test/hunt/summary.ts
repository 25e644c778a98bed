// What is kept of a run once it is over: counts for the coverage, and what went wrong.
import type { Violation } from '../../src/core/audit/trace.ts';
import type { Outcome } from '../../src/core/rollout.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Latency } from './latencies.ts';
import type { RunResult } from './run-seed.ts';

export interface Summary {
  readonly seed: number;
  readonly outcomes: readonly Outcome[];
  /** Kinds that really happened. */
  readonly kinds: readonly FaultKind[];
  readonly points: readonly string[];
  readonly crashes: readonly string[];
  readonly latencies: readonly Latency[];
  readonly historyMax: number;
  /** Invariants that had something to check. */
  readonly evaluated: readonly string[];
  readonly violations: readonly Violation[];
}

export function summaryOf(result: RunResult): Summary {
  return {
    seed: result.seed,
    outcomes: [...new Set(result.outcomes)],
    kinds: [...new Set(result.faults.values())],
    points: [...result.points.keys()],
    crashes: [...result.crashes.keys()],
    latencies: result.latencies,
    historyMax: result.historyMax,
    evaluated: Object.entries(result.evaluations).flatMap(([id, times]) => (times > 0 ? [id] : [])),
    violations: result.violations,
  };
}
