// What the checks of the invariants look up in a trace: facts in their places, accepted writes, events, by rollout.
import type { RolloutEvent } from '../events.ts';
import type { AuditEntry, AuditFact } from './facts.ts';
import { readBack } from './read-back.ts';
import type { Moment, Trace, Writer } from './trace.ts';

type Kind = AuditFact['kind'];
type FactOf<K extends Kind> = Extract<AuditFact, { readonly kind: K }>;

/** Share of every version that carries traffic, percent, by version name. */
export type Shares = Readonly<Record<string, number>>;

/** Where something stands in the trace. */
interface Placed {
  /** Index of its moment. */
  readonly at: number;
  readonly atMs: number;
}

export type PlacedFact<K extends Kind = Kind> = {
  readonly [Each in K]: Placed & { readonly fact: FactOf<Each> };
}[K];

interface PlacedEvent extends Placed {
  readonly event: RolloutEvent;
}

/** A write that the target took. */
export interface Change extends Placed {
  readonly targetId: string;
  /** null: somebody else's. */
  readonly writer: Writer | null;
  readonly shares: Shares;
  /** What stood before it; null where nobody knows. */
  readonly before: Shares | null;
  /** See `Moment`. */
  readonly isUnrecorded: boolean;
}

export interface OwnChange extends Change {
  readonly writer: Writer;
}

export interface RolloutStory {
  readonly rolloutId: string;
  readonly entries: readonly AuditEntry[];
  readonly facts: readonly PlacedFact[];
  /** See `factsOfKind`. */
  readonly byKind: { readonly [K in Kind]?: readonly PlacedFact<K>[] };
  /** Its writes that the target took. Of a trace that is not watched: those that were read back. */
  readonly writes: readonly OwnChange[];
  readonly published: readonly PlacedEvent[];
  readonly opened: PlacedFact<'opened'> | null;
  readonly leased: PlacedFact<'leased'> | null;
  readonly prepared: PlacedFact<'prepared'> | null;
  readonly committed: PlacedFact<'committed'> | null;
  readonly reverting: PlacedFact<'reverting'> | null;
  readonly ended: PlacedFact<'ended'> | null;
}

export interface Story {
  readonly trace: Trace;
  /** In the order in which they first come up. */
  readonly rollouts: readonly RolloutStory[];
  /** Every write that a target took, by target id, in the order in which they took effect. Empty unless watched. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
}

const STORIES = new WeakMap<Trace, Story>();

/** Kept as long as the trace is: every invariant asks for it. */
export function storyOf(trace: Trace): Story {
  const known = STORIES.get(trace);
  if (known !== undefined) return known;
  const story = tell(trace);
  STORIES.set(trace, story);
  return story;
}

interface Draft {
  readonly entries: AuditEntry[];
  readonly facts: PlacedFact[];
  readonly writes: OwnChange[];
  readonly published: PlacedEvent[];
}

function tell(trace: Trace): Story {
  const drafts = new Map<string, Draft>();
  const changes = new Map<string, Change[]>();
  for (const [at, moment] of trace.moments.entries()) take(moment, at, drafts, changes);
  const rollouts = [...drafts].map(([rolloutId, draft]) => finish(rolloutId, draft, trace.isWatched));
  return { trace, rollouts, changes };
}

function take(moment: Moment, at: number, drafts: Map<string, Draft>, changes: Map<string, Change[]>): void {
  const { atMs } = moment;
  if (moment.kind === 'recorded') {
    const draft = draftOf(drafts, moment.rolloutId);
    draft.entries.push(moment.entry);
    draft.facts.push({ at, atMs, fact: moment.entry.fact } as PlacedFact);
  } else if (moment.kind === 'published') {
    draftOf(drafts, moment.event.rolloutId).published.push({ at, atMs, event: moment.event });
  } else if (moment.kind === 'changed') {
    const ofTarget = changes.get(moment.targetId) ?? [];
    changes.set(moment.targetId, ofTarget);
    const { targetId, writer, shares, isUnrecorded = false } = moment;
    const before = ofTarget.at(-1)?.shares ?? null;
    const change = { at, atMs, targetId, writer, shares, before, isUnrecorded };
    ofTarget.push(change);
    if (isOwn(change)) draftOf(drafts, change.writer.rolloutId).writes.push(change);
  }
}

function isOwn(change: Change): change is OwnChange {
  return change.writer !== null;
}

function draftOf(drafts: Map<string, Draft>, rolloutId: string): Draft {
  const known = drafts.get(rolloutId);
  if (known !== undefined) return known;
  const draft: Draft = { entries: [], facts: [], writes: [], published: [] };
  drafts.set(rolloutId, draft);
  return draft;
}

function finish(rolloutId: string, draft: Draft, isWatched: boolean): RolloutStory {
  const byKind: RolloutStory['byKind'] = Object.groupBy(draft.facts, ({ fact }) => fact.kind) as object;
  const first = <K extends Kind>(kind: K): PlacedFact<K> | null => factsOfKind({ byKind }, kind)[0] ?? null;
  const told = {
    rolloutId,
    ...draft,
    byKind,
    opened: first('opened'),
    leased: first('leased'),
    prepared: first('prepared'),
    committed: first('committed'),
    reverting: first('reverting'),
    ended: first('ended'),
  };
  return isWatched ? told : { ...told, writes: readBack(told, factsOfKind(told, 'outcome')) };
}

/** The facts of one kind, in their order. */
export function factsOfKind<K extends Kind>(
  { byKind }: Pick<RolloutStory, 'byKind'>,
  kind: K,
): readonly PlacedFact<K>[] {
  return (byKind[kind] ?? []) as readonly PlacedFact<K>[];
}

/** Share of a version, percent. */
export function shareOf(shares: Shares, version: string): number {
  return shares[version] ?? 0;
}

/** Versions with traffic that are not the rollout's own; none where it never came to know its versions. */
export function strangersIn(shares: Shares, { prepared }: RolloutStory): readonly string[] {
  if (prepared === null) return [];
  const { stableVersion, canaryVersion } = prepared.fact;
  return Object.keys(shares).filter(
    (version) => version !== stableVersion && version !== canaryVersion && shareOf(shares, version) > 0,
  );
}

/** Share of the rollout's canary, percent; 0 where there is none yet. */
export function canaryShare(shares: Shares, { prepared }: RolloutStory): number {
  return prepared === null ? 0 : shareOf(shares, prepared.fact.canaryVersion);
}

/** Both ends remove the rule of a rollout, which shows what somebody wrote into the rule below it: that split is not ours. */
export function mayUncover({ writer, targetId }: OwnChange, { trace }: Story): boolean {
  const isEnd = writer.action === 'restore' || writer.action === 'promote';
  // where the rule itself is changed there is nothing below it, and a quarantine
  return isEnd && trace.lateWrites?.[targetId] === 0;
}

/** A way back that asked the record in vain. Towards stable is the safe side, whoever may own the target by then. */
export function isBlindWayBack({ writer, isUnrecorded }: Pick<Change, 'writer' | 'isUnrecorded'>): boolean {
  return writer?.action === 'restore' && isUnrecorded;
}

/** Whether the target may take a write late (see `Trace.lateWrites`). */
export function takesLateWrites({ trace }: Story, targetId: string): boolean {
  return trace.lateWrites?.[targetId] !== undefined;
}
