// Looks for the first seed that shows a planted bug, and makes sure that the same run without it is clean.
import { sameWrites } from '../../../src/core/audit/invariants-people.ts';
import type { Violation } from '../../../src/core/audit/trace.ts';
import type { FaultKind } from '../fault-kinds.ts';
import type { Mutation } from '../mutation.ts';
import { runSeed } from '../run-seed.ts';
import { type PlantedBug, withBug, withoutBug } from './planted-bug.ts';

export interface Catch {
  readonly seed: number;
  /** The invariant that it broke, one of those that it was bound to break. */
  readonly invariant: string;
  readonly sentence: string;
}

/** What this seed shows of the bug; null: nothing, or the run without the bug is not clean either. */
export async function catchOf(bug: PlantedBug, seed: number): Promise<Catch | null> {
  const violations = await violationsOf(bug, seed, withBug(bug));
  const broken = violations.find(({ invariant }) => bug.breaks.includes(invariant));
  if (broken === undefined) return null;
  const isClean = (await violationsOf(bug, seed, withoutBug(bug))).length === 0;
  return isClean ? { seed, invariant: broken.invariant, sentence: broken.sentence } : null;
}

const OF_TELLING: readonly FaultKind[] = ['notifier-down', 'bus-down'];

async function violationsOf(
  { needsTwin }: PlantedBug,
  seed: number,
  mutation: Mutation,
): Promise<readonly Violation[]> {
  const { trace, violations, faults } = await runSeed(seed, { mutation });
  if (needsTwin !== true) return violations;
  const others = [...faults].flatMap(([id, kind]) => (OF_TELLING.includes(kind) ? [] : [id]));
  const twin = await runSeed(seed, { mutation, only: new Set(others) });
  const difference = sameWrites(trace, twin.trace);
  return difference === null ? violations : [...violations, { invariant: 'S20', ...difference }];
}

/** The first of so many seeds, from 0 on, that shows the bug; null: none does. */
export async function firstCatch(bug: PlantedBug, seeds: number): Promise<Catch | null> {
  for (let seed = 0; seed < seeds; seed += 1) {
    const found = await catchOf(bug, seed);
    if (found !== null) return found;
  }
  return null;
}
