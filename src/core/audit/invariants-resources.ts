// What a rollout may use up: history of its execution, size of its document, calls of the target's API.
import { MAX_HISTORY_EVENTS } from '../budget.ts';
import { MAX_DOCUMENT_BYTES } from '../rollout.ts';
import { type Checked, checked, invariant } from './invariant.ts';
import { factsOfKind, type RolloutStory, type Story } from './story.ts';

/**
 * The way back is tried with full jitter up to 30 s, which makes about eight tries in its first minute; guard and sweeper
 * may add a few, and a try may write three times on a load balancer. 30 a minute is a write every two seconds, and a
 * thirtieth of the 15 calls a second that Lambda's control plane gives a whole Region (Lambda guide, «quotas»).
 */
const MAX_WAY_BACK_WRITES_A_MINUTE = 30;
const MINUTE_MS = 60_000;

const S15 = invariant(
  'S15',
  {
    says: `Resources are bounded: ${MAX_HISTORY_EVENTS} history events before the way back, ${MAX_DOCUMENT_BYTES} bytes a document, ${MAX_WAY_BACK_WRITES_A_MINUTE} writes a minute on the way back.`,
    needs: 'a judgement, a document, or a write of a way back',
  },
  (story) => [
    ...moments(story),
    ...story.rollouts.flatMap((rollout) => [...judgements(rollout), ...waysBack(rollout)]),
  ],
);

function moments({ trace }: Story): readonly Checked[] {
  return trace.moments.flatMap((moment, at) => {
    if (moment.kind === 'passed-on') {
      return [
        checked(at, moment.bytes <= MAX_DOCUMENT_BYTES, () => {
          return `${moment.rolloutId} passed on a document of ${moment.bytes} bytes`;
        }),
      ];
    }
    if (moment.kind === 'turned-back') {
      return [
        checked(at, moment.historyEvents <= MAX_HISTORY_EVENTS, () => {
          return `${moment.rolloutId} turned back after ${moment.historyEvents} history events`;
        }),
      ];
    }
    return [];
  });
}

/** A tick that goes on has not reached the limit. */
function judgements(rollout: RolloutStory): readonly Checked[] {
  return factsOfKind(rollout, 'judged').map(({ at, fact: { historyEvents, next } }) =>
    checked(at, next === 'roll-back' || historyEvents < MAX_HISTORY_EVENTS, () => {
      return `${rollout.rolloutId} went on with ${historyEvents} history events`;
    }),
  );
}

function waysBack({ rolloutId, writes }: RolloutStory): readonly Checked[] {
  const back = writes.filter(({ writer }) => writer.action === 'restore');
  return back.map(({ at, atMs }, i) => {
    const inMinute = back.slice(0, i + 1).filter((write) => atMs - write.atMs < MINUTE_MS).length;
    return checked(at, inMinute <= MAX_WAY_BACK_WRITES_A_MINUTE, () => {
      return `${rolloutId} wrote ${inMinute} times within a minute on its way back`;
    });
  });
}

export const RESOURCES = [S15] as const;
