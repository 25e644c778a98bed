// A way back may be tried again after it was read back, because closing failed or guard and sweeper were at it too.
import type { IntentFact } from './facts.ts';
import { canaryShare, factsOfKind, type OwnChange, type RolloutStory } from './story.ts';

/** Whether, before that instant, a way back under the same epoch had been read back with everything on stable. */
export function isVerifiedBack(
  rollout: RolloutStory,
  at: number,
  { epoch, action }: Pick<IntentFact, 'epoch' | 'action'>,
): boolean {
  return (
    action === 'restore' &&
    factsOfKind(rollout, 'outcome').some(
      (outcome) =>
        outcome.at < at &&
        outcome.fact.action === 'restore' &&
        outcome.fact.epoch === epoch &&
        outcome.fact.live?.canaryPercent === 0,
    )
  );
}

/** One more write of a way back that was over already, and that changed nothing: the first read-back still tells. */
export function isRepeatedWayBack(rollout: RolloutStory, { at, writer, shares, before }: OwnChange): boolean {
  return (
    isVerifiedBack(rollout, at, writer) &&
    canaryShare(shares, rollout) === 0 &&
    canaryShare(before ?? {}, rollout) === 0
  );
}
