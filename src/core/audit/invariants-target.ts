// What the target shows after writes of ours: legal splits, a way back, hands off whatever is not ours.
import { LANDING_SECONDS, WRITER_LIFE_SECONDS } from '../targets/alb-rule-modes.ts';
import { type Checked, checked, invariant } from './invariant.ts';
import { shiftIntents } from './invariants-order.ts';
import { nameOf } from './invariants-ownership.ts';
import {
  type Change,
  factsOfKind,
  isBlindWayBack,
  mayUncover,
  type OwnChange,
  type RolloutStory,
  type Story,
  shareOf,
  strangersIn,
  takesLateWrites,
} from './story.ts';

/** Shares are sums of fractions. */
const ROUNDING_PERCENT = 1e-6;

/** A stage of 100 %, which a service file may ask for, leaves stable named on the target but without a share. */
const S9 = invariant(
  'S9',
  {
    says: 'Until a rollout has ended or is committed, stable keeps traffic, so that there is a way back.',
    needs: 'a write of a rollout before its commit',
  },
  (story) =>
    story.rollouts.flatMap((rollout) => {
      const { prepared, committed, ended } = rollout;
      if (prepared === null) return [];
      const untilAt = Math.min(committed?.at ?? Infinity, ended?.at ?? Infinity);
      const isAllAskedFor = shiftIntents(rollout).some(({ fact }) => fact.weightPercent === 100);
      if (isAllAskedFor) return [];
      return rollout.writes
        .filter(
          (write) => write.at < untilAt && write.writer.action !== 'promote' && !mayUncover(write, story),
        )
        .map(({ at, writer, shares }) => {
          const hasWayBack =
            shareOf(shares, prepared.fact.stableVersion) > 0 || strangersIn(shares, rollout).length > 0;
          return checked(at, hasWayBack, () => `${nameOf(writer)} left nothing on stable`);
        });
    }),
);

const S17 = invariant(
  'S17',
  {
    says: 'What we write splits traffic between stable and canary alone, never $LATEST, and adds up to 100 %.',
    needs: 'a write of a rollout whose shares were seen',
  },
  (story) =>
    story.rollouts.flatMap((rollout) =>
      rollout.prepared === null
        ? []
        : rollout.writes.map((write) => ({ at: write.at, wrong: illegalSplit(rollout, write, story) })),
    ),
);

function illegalSplit(rollout: RolloutStory, write: OwnChange, story: Story): string | null {
  const { writer, shares } = write;
  if (shareOf(shares, '$LATEST') > 0) return `${nameOf(writer)} left traffic on $LATEST`;
  const strangers = strangersIn(shares, rollout);
  if (strangers.length > 0 && !mayUncover(write, story))
    return `${nameOf(writer)} left traffic on ${strangers.join(', ')}`;
  const sum = Object.values(shares).reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 100) <= ROUNDING_PERCENT) return null;
  return `${nameOf(writer)} left shares that add up to ${sum} %`;
}

/**
 * Watched: no write of ours takes traffic from a third version, but for one that was on its way already to a target that
 * cannot refuse it. A third version that was there before the last write was announced, and still is at the end, was
 * met by every read in between, so the rollout gave way.
 */
const S18 = invariant(
  'S18',
  {
    says: 'Traffic that somebody gave to a third version is left alone, and the rollout ends as SUPERSEDED.',
    needs: 'a third version on the target while a rollout runs',
  },
  (story) =>
    story.rollouts.flatMap((rollout) => [
      ...(story.trace.isWatched ? [...takenFrom(rollout, story), ...gaveWay(rollout, story)] : []),
      ...recordedGivingWay(rollout),
    ]),
);

const ON_ITS_WAY_MS = (WRITER_LIFE_SECONDS + LANDING_SECONDS) * 1000;

function takenFrom(rollout: RolloutStory, story: Story): readonly Checked[] {
  return rollout.writes.flatMap((write) => {
    const { at, atMs, before, shares, writer, targetId } = write;
    if (before === null) return [];
    const strangers = strangersIn(before, rollout);
    if (strangers.length === 0) return [];
    const isLeftAlone = strangers.every((version) => shareOf(shares, version) >= shareOf(before, version));
    const sinceMs = strangersSince(story.changes.get(targetId) ?? [], at, rollout)?.atMs ?? atMs;
    // such a target shows slots, not who put which version into them
    const isUnseen = isBlindWayBack(write) || atMs - sinceMs <= ON_ITS_WAY_MS;
    const isExcused = takesLateWrites(story, targetId) && isUnseen;
    return [
      checked(at, isLeftAlone || isExcused, () => {
        return `${nameOf(writer)} took traffic from version ${strangers.join(', ')}`;
      }),
    ];
  });
}

function gaveWay(rollout: RolloutStory, { changes }: Story): readonly Checked[] {
  const { opened, ended } = rollout;
  const lastIntent = factsOfKind(rollout, 'intent').at(-1);
  if (opened === null || ended === null || lastIntent === undefined) return [];
  const since = strangersSince(changes.get(opened.fact.targetId) ?? [], ended.at, rollout);
  if (since === null || since.at > lastIntent.at) return [];
  const { outcome } = ended.fact;
  return [
    checked(ended.at, outcome === 'SUPERSEDED' || outcome === 'REJECTED', () => {
      return `${rollout.rolloutId} ended as ${outcome} while a third version was live`;
    }),
  ];
}

/** The change since which a third version has been live without a break, as it stands right before a moment. */
function strangersSince(changes: readonly Change[], beforeAt: number, rollout: RolloutStory): Change | null {
  let since: Change | null = null;
  for (const change of changes) {
    if (change.at >= beforeAt) break;
    const areThere = strangersIn(change.shares, rollout).length > 0;
    since = areThere ? (since ?? change) : null;
  }
  return since;
}

/** By the audit: a write that met a third version and was not sent is an outcome without a read-back. */
function recordedGivingWay(rollout: RolloutStory): readonly Checked[] {
  const { rolloutId, ended } = rollout;
  if (ended === null) return [];
  const { outcome } = ended.fact;
  const last = factsOfKind(rollout, 'outcome').findLast(
    ({ at, fact }) => at < ended.at && fact.action !== 'prepare',
  );
  if (last === undefined || last.fact.live !== null) return [];
  return [
    checked(last.at, outcome === 'SUPERSEDED' || outcome === 'REJECTED', () => {
      return `${rolloutId} met a third version and ended as ${outcome}`;
    }),
  ];
}

export const TARGET = [S9, S17, S18] as const;
