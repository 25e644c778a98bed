// S13, the completeness of the record: an unbroken chain, each write announced before it and accounted for after it.
import type { AuditEntry } from './facts.ts';
import { type Checked, checked, invariant, type StatedInvariant } from './invariant.ts';
import { nameOf } from './invariants-ownership.ts';
import {
  factsOfKind,
  type OwnChange,
  type PlacedFact,
  type RolloutStory,
  type Story,
  takesLateWrites,
} from './story.ts';
import type { Writer } from './trace.ts';
import { unexplained } from './unrecorded.ts';
import { isRepeatedWayBack, isVerifiedBack } from './way-back.ts';

/** The first entry that breaks a chain, and how; null when it is whole. */
export type FirstBroken = (
  entries: readonly AuditEntry[],
) => { readonly n: number; readonly why: string } | null;

/** @param firstBroken where the hashes can be computed: that of src/audit-chain.ts; `brokenLinks` does without them */
export function completeAudit(firstBroken: FirstBroken): StatedInvariant {
  return invariant(
    'S13',
    {
      says: 'The record is one unbroken chain; each write is announced before it and read back after it; gaps are marked, and only on the way back.',
      needs: 'a record',
    },
    (story) =>
      story.rollouts.flatMap((rollout) => [
        ...chain(rollout, firstBroken),
        ...gaps(rollout),
        ...(story.trace.isWatched ? orders(rollout, story) : announced(rollout)),
      ]),
  );
}

/** What can be told without computing a hash: places without holes, each entry naming the one before it. */
export function brokenLinks(entries: readonly AuditEntry[]): ReturnType<FirstBroken> {
  for (const [n, entry] of entries.entries()) {
    if (entry.n !== n) return { n, why: `entry ${n} is missing: the next one is ${entry.n}` };
    if (entry.previous !== (entries[n - 1]?.hash ?? '')) {
      return { n, why: 'it does not follow the entry before it' };
    }
  }
  return null;
}

function chain({ rolloutId, entries, facts }: RolloutStory, firstBroken: FirstBroken): readonly Checked[] {
  if (entries.length === 0) return [];
  const broken = firstBroken(entries);
  const place = broken === null ? 0 : entries.findIndex(({ n }) => n >= broken.n);
  return [
    checked(facts[place]?.at ?? null, broken === null, () => {
      return `${rolloutId}, entry ${broken?.n}: ${broken?.why}`;
    }),
  ];
}

function gaps(rollout: RolloutStory): readonly Checked[] {
  const { rolloutId, reverting } = rollout;
  return factsOfKind(rollout, 'gap').map(({ at }) =>
    checked(at, reverting !== null && reverting.at < at, () => {
      return `${rolloutId} has a gap outside of the way back`;
    }),
  );
}

/** Of every order that was carried out while the rollout ran, its first write: the repeats are the same order. */
function orders(rollout: RolloutStory, story: Story): readonly Checked[] {
  const firsts = new Map<string, OwnChange>();
  for (const write of rollout.writes) {
    const isOpen = rollout.ended === null || write.at < rollout.ended.at;
    const key = orderOf(write.writer);
    if (isOpen && !firsts.has(key)) firsts.set(key, write);
  }
  return [...firsts.values()].map((write) => ({
    at: write.at,
    wrong: unannounced(rollout, write) ?? unread(rollout, write, story),
  }));
}

/**
 * On the way back traffic comes first. What could not be announced is marked as a gap before the end, where the next try
 * that reached the record found something that the record does not explain; behind a third version nobody finds it.
 */
function unannounced(rollout: RolloutStory, write: OwnChange): string | null {
  if (isAnnounced(rollout, write)) return null;
  const { ended } = rollout;
  const mayBeMissing =
    write.writer.action === 'restore' &&
    (ended === null || ended.fact.outcome === 'SUPERSEDED' || isTraced(rollout, write));
  return mayBeMissing ? null : `${nameOf(write.writer)} was written without being announced before`;
}

function isAnnounced(rollout: RolloutStory, { at, writer }: OwnChange): boolean {
  const intent = factsOfKind(rollout, 'intent').find(({ fact }) => orderOf(fact) === orderOf(writer));
  return intent !== undefined && intent.at < at;
}

function isTraced(rollout: RolloutStory, { at }: OwnChange): boolean {
  if (factsOfKind(rollout, 'gap').some((gap) => gap.at > at)) return true;
  const next = factsOfKind(rollout, 'outcome').find(
    (outcome) => outcome.at > at && outcome.fact.action === 'restore' && outcome.fact.found !== null,
  );
  if (next === undefined || next.fact.found === null) return false;
  const known = rollout.entries.slice(0, rollout.facts.filter((fact) => fact.at < next.at).length);
  return unexplained(known, next.fact.found) === null;
}

/** A later read-back tells of an earlier write as well: a way back records what it found. */
function unread(rollout: RolloutStory, write: OwnChange, story: Story): string | null {
  const { at, writer, targetId } = write;
  const { ended } = rollout;
  if (ended === null || isRepeatedWayBack(rollout, write)) return null;
  const mayBeLate = takesLateWrites(story, targetId);
  const isRead = readBacksBefore(rollout, ended.at).some(
    (outcome) => !isEarlier(outcome, writer) && (outcome.at > at || mayBeLate),
  );
  return isRead ? null : `${nameOf(writer)} was never read back before the end`;
}

/** Of a real rollout: every write that was announced was read back, or a later one was. */
function announced(rollout: RolloutStory): readonly Checked[] {
  const { rolloutId, ended } = rollout;
  if (ended === null) return [];
  const readBacks = readBacksBefore(rollout, ended.at);
  return factsOfKind(rollout, 'intent')
    .filter(({ at, fact }) => at < ended.at && !isVerifiedBack(rollout, at, fact))
    .map(({ at, fact }) => {
      const writer = { rolloutId, epoch: fact.epoch, seq: fact.seq, action: fact.action };
      const isRead = readBacks.some((outcome) => outcome.at > at && !isEarlier(outcome, writer));
      return checked(at, isRead, () => `${nameOf(writer)} was never read back before the end`);
    });
}

function readBacksBefore(rollout: RolloutStory, endedAt: number): readonly PlacedFact<'outcome'>[] {
  return factsOfKind(rollout, 'outcome').filter(({ at }) => at < endedAt);
}

function isEarlier({ fact }: PlacedFact<'outcome'>, { epoch, seq }: Writer): boolean {
  return fact.epoch < epoch || (fact.epoch === epoch && fact.seq < seq);
}

function orderOf({ epoch, seq, action }: Pick<Writer, 'epoch' | 'seq' | 'action'>): string {
  return `${action} ${epoch} ${seq}`;
}
