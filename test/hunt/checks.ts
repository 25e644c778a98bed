// What the invariants say about a run, and one of the hunt's own: no step may fail by a mistake in its code.
import { firstBroken } from '../../src/audit-chain.ts';
import { checkTrace, invariantsWith } from '../../src/core/audit/invariants.ts';
import type { Trace, Violation } from '../../src/core/audit/trace.ts';

export interface Checked {
  /** By invariant. */
  readonly evaluations: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

/** Records of a run are hashed, so that a chain can be checked whole. */
export const HUNTED = invariantsWith(firstBroken);

export function check(trace: Trace, defects: readonly string[]): Checked {
  const { results, violations } = checkTrace(trace, HUNTED);
  return {
    evaluations: Object.fromEntries(results.map(({ id, evaluations }) => [id, evaluations])),
    violations: [
      ...violations,
      ...defects.map((sentence) => ({ invariant: 'D', momentIndex: null, sentence })),
    ],
  };
}
