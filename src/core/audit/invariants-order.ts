// What allows which weight: one stage at a time, never more than was announced, never forwards after a wish to stop.
import { earned, isAdvance } from './earned.ts';
import { checked, invariant } from './invariant.ts';
import { nameOf } from './invariants-ownership.ts';
import {
  canaryShare,
  factsOfKind,
  mayUncover,
  type OwnChange,
  type PlacedFact,
  type RolloutStory,
} from './story.ts';

/** What somebody else had given the canary before, a write of ours may leave for the next one to take back. */
const S3 = invariant(
  'S3',
  {
    says: 'No write of ours gives the canary more than the highest weight that was durably announced; all of it only after the commit.',
    needs: 'a write of a rollout whose share was seen',
  },
  (story) =>
    story.rollouts.flatMap((rollout) =>
      rollout.writes.map((write) => {
        const share = canaryShare(write.shares, rollout);
        const stood = write.before === null ? 0 : canaryShare(write.before, rollout);
        const bound = announcedPercent(rollout, write);
        const isUncovered = write.writer.action !== 'promote' && mayUncover(write, story);
        return checked(
          write.at,
          share <= Math.max(bound, stood) || isUncovered,
          () => `${nameOf(write.writer)} left ${share} % on the canary, ${bound} % was announced`,
        );
      }),
    ),
);

function announcedPercent(rollout: RolloutStory, { at, writer }: OwnChange): number {
  if (writer.action === 'promote') return rollout.committed !== null && rollout.committed.at < at ? 100 : 0;
  return Math.max(
    0,
    ...shiftIntents(rollout)
      .filter((intent) => intent.at < at)
      .map(({ fact }) => fact.weightPercent),
  );
}

const S4 = invariant(
  'S4',
  {
    says: 'Stages follow one by one, each at its planned weight and only after the one before was earned.',
    needs: 'a shift that was announced',
  },
  ({ rollouts }) =>
    rollouts.flatMap((rollout) => {
      const intents = shiftIntents(rollout);
      return intents.map((intent, i) => ({
        at: intent.at,
        wrong: wrongStep(rollout, intents[i - 1] ?? null, intent),
      }));
    }),
);

function wrongStep(
  rollout: RolloutStory,
  before: PlacedFact<'intent'> | null,
  { at, fact }: PlacedFact<'intent'>,
): string | null {
  const { stageIndex, weightPercent } = fact;
  const last = before?.fact.stageIndex ?? -1;
  const name = `${rollout.rolloutId}: the shift to stage ${stageIndex}`;
  if (stageIndex !== last + 1) return `${name} followed stage ${last}`;
  const planned = rollout.prepared?.fact.stages[stageIndex]?.weightPercent;
  if (planned !== weightPercent)
    return `${name} is to ${weightPercent} %, planned are ${planned ?? 'none'} %`;
  if (before === null) return null;
  const isEarned = factsOfKind(rollout, 'judged').some(
    (judged) =>
      judged.at > before.at &&
      judged.at < at &&
      judged.fact.stageIndex === last &&
      judged.fact.next === 'shift-traffic' &&
      earned(rollout, judged.fact) !== null,
  );
  return isEarned ? null : `${name} came without a judgement that let stage ${last} go on`;
}

/**
 * Watched: once a way back took effect, nothing of the same rollout raises the canary again. Where late writes are taken,
 * a way back is over with its read-back, and in place with the end of the quarantine, which is the end of the rollout (S6).
 */
const S5 = invariant(
  'S5',
  {
    says: 'Nothing goes forwards after a wish to stop or after the way back was opened.',
    needs: 'a rollout with a latched wish to stop or an opened way back',
  },
  ({ trace, rollouts }) =>
    rollouts.flatMap((rollout) => {
      const stops = [...factsOfKind(rollout, 'latched'), ...factsOfKind(rollout, 'reverting')];
      const forward = [...shiftIntents(rollout), ...factsOfKind(rollout, 'committed')];
      const announced = stops.map((stop) => {
        const late = forward.find(({ at }) => at > stop.at);
        return checked(late?.at ?? stop.at, late === undefined, () => {
          return `${rollout.rolloutId}: ${late?.fact.kind} came after ${stop.fact.kind}`;
        });
      });
      const backAt = trace.isWatched ? takenBackAt(rollout, trace.lateWrites ?? {}) : null;
      if (backAt === null) return announced;
      const raised = rollout.writes.find(
        (write) =>
          write.at > backAt && write.writer.action !== 'restore' && canaryShare(write.shares, rollout) > 0,
      );
      const took = checked(raised?.at ?? backAt, raised === undefined, () => {
        return `${raised === undefined ? '' : nameOf(raised.writer)} took effect after traffic was taken back`;
      });
      return [...announced, took];
    }),
);

function takenBackAt(rollout: RolloutStory, lateWrites: Readonly<Record<string, number>>): number | null {
  const restore = rollout.writes.find(({ writer }) => writer.action === 'restore');
  if (restore === undefined) return null;
  const quarantineMs = lateWrites[restore.targetId];
  if (quarantineMs === undefined) return restore.at;
  if (quarantineMs > 0) return null;
  // an outcome without traffic left a third version alone
  const readBack = factsOfKind(rollout, 'outcome').find(
    ({ fact }) => fact.action === 'restore' && fact.live !== null,
  );
  return readBack?.at ?? null;
}

const S7 = invariant(
  'S7',
  {
    says: 'A promotion is earned: every stage passed or was let go on record, no wish to stop before the commit, all traffic read back.',
    needs: 'a rollout that was promoted',
  },
  ({ rollouts }) =>
    rollouts.flatMap((rollout) => {
      const { ended } = rollout;
      return ended?.fact.outcome === 'PROMOTED' ? [{ at: ended.at, wrong: unearned(rollout, ended.at) }] : [];
    }),
);

function unearned(rollout: RolloutStory, endedAt: number): string | null {
  const { rolloutId, committed, prepared } = rollout;
  if (committed === null || committed.at > endedAt) return `${rolloutId} was promoted without a commit`;
  const latched = factsOfKind(rollout, 'latched').find(({ at }) => at < committed.at);
  if (latched !== undefined) return `${rolloutId} was promoted although a wish to stop was latched`;
  const isPassed = (stageIndex: number): boolean =>
    factsOfKind(rollout, 'judged').some(
      ({ at, fact }) =>
        at < committed.at &&
        fact.stageIndex === stageIndex &&
        isAdvance(fact) &&
        earned(rollout, fact) !== null,
    );
  const missing = (prepared?.fact.stages ?? []).findIndex((_stage, index) => !isPassed(index));
  if (missing >= 0) return `${rolloutId} was promoted without having earned stage ${missing}`;
  const isVerified = factsOfKind(rollout, 'outcome').some(
    ({ at, fact }) => at < endedAt && fact.action === 'promote' && fact.live?.canaryPercent === 100,
  );
  return isVerified ? null : `${rolloutId} was promoted without all traffic read back on the canary`;
}

export function shiftIntents(rollout: RolloutStory): readonly PlacedFact<'intent'>[] {
  return factsOfKind(rollout, 'intent').filter(({ fact }) => fact.action === 'shift');
}

export const ORDER = [S3, S4, S5, S7] as const;
