// Why a judgement let a rollout go on: the checks passed, or somebody may decide without them and it is on record.
import type { JudgedFact } from './facts.ts';
import type { RolloutStory } from './story.ts';

export function isAdvance({ next }: JudgedFact): boolean {
  return next === 'shift-traffic' || next === 'commit-promotion';
}

/** null: nothing allowed it. `policy` and `approval` answer a verdict that stayed inconclusive. */
export function earned(
  { prepared }: Pick<RolloutStory, 'prepared'>,
  { verdict, signals, stageIndex }: JudgedFact,
): 'pass' | 'policy' | 'approval' | null {
  if (verdict.kind === 'pass') return 'pass';
  if (verdict.kind !== 'inconclusive') return null;
  if (prepared?.fact.onInconclusive === 'advance') return 'policy';
  return signals.approvals.some((approval) => approval.stageIndex === stageIndex) ? 'approval' : null;
}
