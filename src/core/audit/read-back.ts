// Of a real rollout only the audit is known: what each write left on the target is what was read back after it.
import type { OutcomeFact } from './facts.ts';
import type { OwnChange, PlacedFact, RolloutStory, Shares } from './story.ts';

type Told = Pick<RolloutStory, 'rolloutId' | 'opened' | 'prepared'>;

/** In the order in which they were recorded; a write that was overtaken may be recorded last. */
export function readBack(
  { rolloutId, opened, prepared }: Told,
  outcomes: readonly PlacedFact<'outcome'>[],
): readonly OwnChange[] {
  if (opened === null || prepared === null) return [];
  const { targetId } = opened.fact;
  const { stableVersion, canaryVersion } = prepared.fact;
  return outcomes.flatMap(({ at, atMs, fact }) => {
    const { epoch, seq, action, live, found } = fact;
    if (live === null) return [];
    const sharesOf = (traffic: NonNullable<OutcomeFact['live']>) =>
      sharesIn(traffic, stableVersion, canaryVersion);
    const writer = { rolloutId, epoch, seq, action };
    const before = found === null ? null : sharesOf(found);
    return [{ at, atMs, targetId, writer, shares: sharesOf(live), before, isUnrecorded: false }];
  });
}

/** Strangers are read by name only: they have in equal parts what is left. */
function sharesIn(
  { stablePercent, canaryPercent, strangers }: NonNullable<OutcomeFact['live']>,
  stableVersion: string,
  canaryVersion: string,
): Shares {
  const left = (100 - stablePercent - canaryPercent) / Math.max(1, strangers.length);
  return {
    [stableVersion]: stablePercent,
    [canaryVersion]: canaryPercent,
    ...Object.fromEntries(strangers.map((version) => [version, left])),
  };
}
