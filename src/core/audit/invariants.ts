// The invariants: what must hold in every run whatever fails (S), and once nothing fails any more (L). One implementation
// for the hunt, the tests and `stepshift verify`.
import { brokenLinks, completeAudit, type FirstBroken } from './complete-audit.ts';
import type { StatedInvariant } from './invariant.ts';
import { AUDIT } from './invariants-audit.ts';
import { END } from './invariants-end.ts';
import { EVIDENCE } from './invariants-evidence.ts';
import { LIVENESS } from './invariants-liveness.ts';
import { ORDER } from './invariants-order.ts';
import { OWNERSHIP } from './invariants-ownership.ts';
import { PEOPLE } from './invariants-people.ts';
import { RESOURCES } from './invariants-resources.ts';
import { TARGET } from './invariants-target.ts';
import { TELLING } from './invariants-telling.ts';
import type { Invariant, Trace, Violation } from './trace.ts';

/** @param firstBroken how a record's chain is checked: `firstBroken` of src/audit-chain.ts wherever hashes can be computed */
export function invariantsWith(firstBroken: FirstBroken): readonly StatedInvariant[] {
  return [
    ...OWNERSHIP,
    ...ORDER,
    ...TARGET,
    ...END,
    ...EVIDENCE,
    ...AUDIT,
    completeAudit(firstBroken),
    ...PEOPLE,
    ...RESOURCES,
    ...LIVENESS,
    ...TELLING,
  ].toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** In order: S1 to S21, L1 to L7. The chain of a record is followed by its links alone: the core computes no hashes. */
export const INVARIANTS: readonly StatedInvariant[] = invariantsWith(brokenLinks);

/** What one invariant found in a trace. */
interface Result {
  readonly id: string;
  readonly evaluations: number;
}

export interface Checkup {
  /** One for each invariant, in their order. */
  readonly results: readonly Result[];
  readonly violations: readonly Violation[];
}

export function checkTrace(trace: Trace, invariants: readonly Invariant[] = INVARIANTS): Checkup {
  const findings = invariants.map((one) => ({ id: one.id, ...one.check(trace) }));
  return {
    results: findings.map(({ id, evaluations }) => ({ id, evaluations })),
    violations: findings.flatMap(({ violations }) => violations),
  };
}

function placeOf({ id }: Invariant): number {
  return (id.startsWith('S') ? 0 : 100) + Number(id.slice(1));
}
