// What an end stands for: it is final, and somebody looked before it was declared.

import type { OutcomeFact } from './facts.ts';
import { checked, invariant } from './invariant.ts';
import { nameOf } from './invariants-ownership.ts';
import { type Change, canaryShare, factsOfKind, type RolloutStory } from './story.ts';
import { isRepeatedWayBack, isVerifiedBack } from './way-back.ts';

const TAKEN_BACK: readonly string[] = ['ROLLED_BACK', 'ABORTED', 'REJECTED', 'SUPERSEDED'];

const S6 = invariant(
  'S6',
  {
    says: 'What was taken back stays taken back: no write of that rollout ever gives its canary traffic again.',
    needs: 'a rollout that ended without promotion',
  },
  ({ trace, rollouts }) =>
    rollouts.flatMap((rollout) => {
      const { rolloutId, ended } = rollout;
      if (ended === null || !TAKEN_BACK.includes(ended.fact.outcome)) return [];
      // a read-back may be recorded long after its write took effect
      const taken = trace.isWatched ? rollout.writes : [];
      const raised = taken.find(
        ({ at, writer, shares }) =>
          at > ended.at && writer.action !== 'restore' && canaryShare(shares, rollout) > 0,
      );
      const intent = factsOfKind(rollout, 'intent').find(
        ({ at, fact }) => at > ended.at && fact.weightPercent > 0,
      );
      const late = [raised, intent].find((one) => one !== undefined);
      return [
        checked(late?.at ?? ended.at, late === undefined, () => {
          const what =
            raised === undefined ? 'a write was announced' : `${nameOf(raised.writer)} took effect`;
          return `${rolloutId} had ended as ${ended.fact.outcome} when ${what}`;
        }),
      ];
    }),
);

/**
 * The outcome of a write stands once, however often the write was repeated: what counts is that one of the last write's
 * order (or of a later one) shows the end that was declared.
 */
const S10 = invariant(
  'S10',
  {
    says: 'An end is declared only after the target was read back and shows it.',
    needs: 'a rollout that wrote and has ended',
  },
  ({ trace, rollouts, changes }) =>
    rollouts.flatMap((rollout) => {
      const { ended, rolloutId } = rollout;
      if (ended === null) return [];
      const last = lastOrder(rollout, ended.at, trace.isWatched);
      if (last === null) return [];
      const { outcome } = ended.fact;
      const isShown = factsOfKind(rollout, 'outcome').some(
        ({ at, fact }) => at < ended.at && !isEarlier(fact, last) && shows(fact, outcome),
      );
      const left = lastChange(changes.get(rollout.opened?.fact.targetId ?? ''), ended.at);
      const share = left?.writer?.rolloutId === rolloutId ? canaryShare(left.shares, rollout) : null;
      return [
        checked(ended.at, isShown, () => {
          return `${rolloutId} ended as ${outcome} without a read-back of write ${last.epoch}/${last.seq} or later that shows it`;
        }),
        checked(ended.at, share === null || isEnd(share, outcome), () => {
          return `${rolloutId} ended as ${outcome} while its own last write stood with ${share} % on the canary`;
        }),
      ];
    }),
);

/** Watched runs know what a read-back should have shown; what others changed since is theirs. */
function lastChange(changes: readonly Change[] = [], beforeAt: number): Change | undefined {
  return changes.findLast(({ at }) => at < beforeAt);
}

function isEnd(canaryPercent: number, outcome: string): boolean {
  if (outcome === 'SUPERSEDED') return true;
  return canaryPercent === (outcome === 'PROMOTED' ? 100 : 0);
}

type Order = Pick<OutcomeFact, 'epoch' | 'seq'>;

/** Of the last write before the end, repeats of a finished way back apart; null where none was made. `prepare` of an alias announces a write and makes none. */
function lastOrder(rollout: RolloutStory, endedAt: number, isWatched: boolean): Order | null {
  const orders: readonly Order[] = isWatched
    ? rollout.writes
        .filter((write) => write.at < endedAt && !isRepeatedWayBack(rollout, write))
        .map(({ writer }) => writer)
    : factsOfKind(rollout, 'intent')
        .filter(
          ({ at, fact }) => at < endedAt && fact.action !== 'prepare' && !isVerifiedBack(rollout, at, fact),
        )
        .map(({ fact }) => fact);
  return orders.reduce<Order | null>(
    (last, order) => (last === null || isEarlier(last, order) ? order : last),
    null,
  );
}

function isEarlier(a: Order, b: Order): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.seq < b.seq);
}

/** Whether what was read back is the end that was declared. A third version met is a read without a write. */
function shows({ action, live }: OutcomeFact, outcome: string): boolean {
  if (action !== 'restore' && action !== 'promote') return false;
  const metOthers = live === null || live.strangers.length > 0;
  switch (outcome) {
    case 'PROMOTED':
      return !metOthers && live.canaryPercent === 100;
    case 'SUPERSEDED':
      return metOthers;
    case 'REJECTED':
      return metOthers || live.canaryPercent === 0;
    default:
      return !metOthers && live.canaryPercent === 0;
  }
}

export const END = [S6, S10] as const;
