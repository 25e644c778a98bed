// What the record owes: every fact once, one end told with one content, no secrets, and the same decisions once more.
import type { RolloutEvent } from '../events.ts';
import { withoutSecrets } from '../secrets.ts';
import { factKey } from './facts.ts';
import { type Checked, checked, invariant } from './invariant.ts';
import { redecide } from './redecide.ts';
import { factsOfKind, type RolloutStory } from './story.ts';
import type { Moment } from './trace.ts';

/** Which terminal event belongs to which end. */
const END_EVENTS: Readonly<Record<string, string>> = {
  'rollout-promoted': 'PROMOTED',
  'rollout-rolled-back': 'ROLLED_BACK',
  'rollout-aborted': 'ABORTED',
  'rollout-superseded': 'SUPERSEDED',
  'rollout-rejected': 'REJECTED',
};

const S12 = invariant(
  'S12',
  {
    says: 'However often something is repeated, it is recorded once, and a rollout has one end, told with one content.',
    needs: 'a record',
  },
  ({ rollouts }) => rollouts.flatMap((rollout) => [...once(rollout), ...oneEnd(rollout)]),
);

function once({ rolloutId, facts }: RolloutStory): readonly Checked[] {
  const keys = new Set<string>();
  return facts.map(({ at, fact }) => {
    const key = factKey(fact);
    const isFirst = !keys.has(key);
    keys.add(key);
    return checked(at, isFirst, () => `${rolloutId} has a second fact «${key}»`);
  });
}

/**
 * Of a start that left no record yet a refusal is told, and told again with another reason when the start is driven again:
 * there is nothing to read the first one from. From the record on, every end is the one on record.
 */
function oneEnd({ rolloutId, published, opened, ended }: RolloutStory): readonly Checked[] {
  const ends = published.filter(({ event }) => event.event in END_EVENTS);
  const isOnRecord = ({ at }: { readonly at: number }): boolean => opened !== null && at > opened.at;
  const first = ends.find(isOnRecord);
  return ends.map((told) => {
    const { at, event } = told;
    const outcomes = [isOnRecord(told) ? undefined : 'REJECTED', ended?.fact.outcome];
    const other = outcomes.find((outcome) => outcome !== undefined && outcome !== END_EVENTS[event.event]);
    if (other !== undefined) return { at, wrong: `${rolloutId} ended as ${other} and told ${event.event}` };
    const isSame = !isOnRecord(told) || isSameEvent(event, first?.event);
    return checked(at, isSame, () => `${rolloutId} told its end again with another content`);
  });
}

function isSameEvent(one: RolloutEvent, other: RolloutEvent | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const S19 = invariant(
  'S19',
  {
    says: 'Nothing that looks like a secret is in documents, records or events.',
    needs: 'a document, a record or an event',
  },
  ({ trace }) => {
    const seen = new Set<string>();
    return trace.moments.flatMap((moment, at) => {
      const text = textOf(moment);
      if (text === null || seen.has(text)) return [];
      seen.add(text);
      return [checked(at, withoutSecrets(text) === text, () => `a ${moment.kind} text has a secret in it`)];
    });
  },
);

function textOf(moment: Moment): string | null {
  switch (moment.kind) {
    case 'passed-on':
      return moment.text;
    case 'recorded':
      return JSON.stringify(moment.entry.fact);
    case 'published':
    case 'told':
    case 'undelivered':
      return JSON.stringify(moment.event);
    default:
      return null;
  }
}

const S21 = invariant(
  'S21',
  {
    says: 'Decided again from what the record says was seen, every judgement comes out as it is recorded.',
    needs: 'a judgement, and the document as it stood when the target was prepared',
  },
  ({ trace, rollouts }) =>
    rollouts.flatMap((rollout) => {
      const prepared = trace.prepared?.[rollout.rolloutId];
      const judged = factsOfKind(rollout, 'judged');
      if (prepared === undefined || judged.length === 0) return [];
      const { difference } = redecide(prepared, rollout.entries);
      const n = difference?.n ?? Number.POSITIVE_INFINITY;
      // what follows a difference starts from another document
      return judged
        .filter(({ at }) => placeOf(rollout, at) <= n)
        .map(({ at }) =>
          checked(at, placeOf(rollout, at) < n, () => `${rollout.rolloutId}, entry ${n}: ${difference?.why}`),
        );
    }),
);

/** The number of the entry at a moment. */
function placeOf({ facts, entries }: RolloutStory, at: number): number {
  return entries[facts.findIndex((placed) => placed.at === at)]?.n ?? -1;
}

export const AUDIT = [S12, S19, S21] as const;
