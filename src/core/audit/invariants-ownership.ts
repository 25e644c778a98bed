// Who may write: one owner at a time, in the order of the fence, only while the lease is held.

import type { IntentFact } from './facts.ts';
import { checked, invariant } from './invariant.ts';
import {
  type Change,
  canaryShare,
  factsOfKind,
  isBlindWayBack,
  type RolloutStory,
  type Shares,
  type Story,
  shareOf,
  takesLateWrites,
} from './story.ts';
import type { Writer } from './trace.ts';

const S1 = invariant(
  'S1',
  {
    says: 'A target has at most one rollout that holds its lease and has not ended.',
    needs: 'a watched run in which a lease is taken on a target that another rollout was opened for',
  },
  ({ trace, rollouts }) => {
    if (!trace.isWatched) return [];
    return rollouts.flatMap((rollout) => {
      const { leased } = rollout;
      const rivals = rollouts.filter((other) => other !== rollout && isForSameTarget(other, rollout));
      if (leased === null || !rivals.some(({ opened }) => opened !== null && opened.at < leased.at))
        return [];
      const owner = rivals.find((other) => isBefore(other.leased, leased) && !isBefore(other.ended, leased));
      return [
        checked(leased.at, owner === undefined, () => {
          return `${rollout.rolloutId} took the lease while ${owner?.rolloutId} held it and had not ended`;
        }),
      ];
    });
  },
);

/** One write of ours, as it stands in the order of the fence. */
interface Ordered {
  readonly at: number;
  readonly targetId: string;
  readonly writer: Writer;
  /** A way back that changed nobody's share, or could not know whose turn it was. */
  readonly isHarmless: boolean;
}

/**
 * A write may repeat: the same order again after a lost answer, and guard, sweeper and execution may all take back, or
 * all finish, under one epoch: these writes do the same. Nor does a way back do any harm that moves nothing, or that asked
 * the record in vain. A target that cannot refuse a late write keeps the order between rollouts only; what a late one may do there is bounded by S3, S5,
 * S6 and S16.
 */
const S2 = invariant(
  'S2',
  {
    says: 'Writes of ours that a target took follow each other in the order of epoch and number.',
    needs: 'two writes on one target',
  },
  (story) =>
    orderedWrites(story).flatMap((writes) => {
      let last: Ordered | undefined;
      return writes.flatMap((write) => {
        const before = last;
        if (before === undefined || isLater(write.writer, before.writer)) last = write;
        if (before === undefined) return [];
        return [
          checked(write.at, isInTurn(write, before, story), () => {
            return `${nameOf(write.writer)} took effect after ${nameOf(before.writer)}`;
          }),
        ];
      });
    }),
);

/** By target. Of a trace that is not watched: the intents, whose order is that of the record. */
function orderedWrites(story: Story): readonly (readonly Ordered[])[] {
  const { trace, rollouts, changes } = story;
  if (trace.isWatched) {
    return [...changes.values()].map((ofTarget) =>
      ofTarget.flatMap((change, index): readonly Ordered[] => {
        const { at, targetId, writer, shares, before } = change;
        if (writer === null) return [];
        const isIdle = writer.action === 'restore' && isUnmoved(shares, before);
        const isBlind = isBlindWayBack(change) && !isToldOfNewer(writer, ofTarget[index - 1], story);
        return [{ at, targetId, writer, isHarmless: isIdle || isBlind }];
      }),
    );
  }
  return rollouts.map((rollout) =>
    factsOfKind(rollout, 'intent').map(({ at, fact }) => ({
      at,
      targetId: rollout.opened?.fact.targetId ?? '',
      writer: writerOf(rollout, fact),
      isHarmless: false,
    })),
  );
}

/** An alias tells who wrote last, so that a newer rollout is seen there without the record. */
function isToldOfNewer(writer: Writer, last: Change | undefined, story: Story): boolean {
  if (last === undefined || last.writer === null || takesLateWrites(story, last.targetId)) return false;
  return last.writer.rolloutId !== writer.rolloutId && !isLater(writer, last.writer);
}

function isInTurn(
  { writer, targetId, isHarmless }: Ordered,
  { writer: before }: Ordered,
  story: Story,
): boolean {
  if (isHarmless || isLater(writer, before)) return true;
  if (writer.rolloutId !== before.rolloutId) return false;
  const isSameOrder = writer.epoch === before.epoch && writer.seq === before.seq;
  const doesSame =
    writer.epoch === before.epoch && writer.action === before.action && writer.action !== 'shift';
  return isSameOrder || doesSame || takesLateWrites(story, targetId);
}

function isLater(a: Writer, b: Writer): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.seq > b.seq);
}

/**
 * What changes nobody's share does no harm to whoever owns the target now: a late write where nothing can refuse it, and
 * a way back that is tried once more after the end, because its execution was driven again while the record was away.
 */
const S16 = invariant(
  'S16',
  {
    says: 'A rollout writes only between taking the lease and its end.',
    needs: 'a write of a rollout',
  },
  (story) =>
    story.rollouts.flatMap((rollout) =>
      writesOf(rollout, story).map(({ at, writer, isHarmless }) => {
        const isOwner = isBefore(rollout.leased, { at }) && !isBefore(rollout.ended, { at });
        return checked(at, isOwner || isHarmless, () => {
          const when = isBefore(rollout.ended, { at }) ? 'after its end' : 'without the lease';
          return `${nameOf(writer)} was written ${when}`;
        });
      }),
    ),
);

interface Written {
  readonly at: number;
  readonly writer: Writer;
  readonly isHarmless: boolean;
}

function writesOf(rollout: RolloutStory, story: Story): readonly Written[] {
  if (!story.trace.isWatched) {
    return factsOfKind(rollout, 'intent').map(({ at, fact }) => ({
      at,
      writer: writerOf(rollout, fact),
      isHarmless: false,
    }));
  }
  return rollout.writes.map((write) => {
    const { at, writer, targetId, shares, before } = write;
    const isBack = canaryShare(shares, rollout) === 0;
    const isSame = before === null ? canaryShare(shares, rollout) === 0 : isUnmoved(shares, before);
    const mayRepeat = takesLateWrites(story, targetId) || writer.action === 'restore';
    return { at, writer, isHarmless: (mayRepeat && isSame) || (isBack && isBlindWayBack(write)) };
  });
}

/** False where nobody knows what stood before. */
function isUnmoved(shares: Shares, before: Shares | null): boolean {
  if (before === null) return false;
  const versions = [...Object.keys(shares), ...Object.keys(before)];
  return versions.every((version) => shareOf(shares, version) === shareOf(before, version));
}

function isForSameTarget(a: RolloutStory, b: RolloutStory): boolean {
  return a.opened !== null && a.opened.fact.targetId === b.opened?.fact.targetId;
}

function isBefore(a: { readonly at: number } | null, b: { readonly at: number }): boolean {
  return a !== null && a.at < b.at;
}

function writerOf({ rolloutId }: RolloutStory, { epoch, seq, action }: IntentFact): Writer {
  return { rolloutId, epoch, seq, action };
}

/** `shift r1/3/2` */
export function nameOf({ rolloutId, epoch, seq, action }: Writer): string {
  return `${action} ${rolloutId}/${epoch}/${seq}`;
}

export const OWNERSHIP = [S1, S2, S16] as const;
