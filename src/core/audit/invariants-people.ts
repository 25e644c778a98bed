// What people decide and what they are told: approvals are used as they were given, telling moves no traffic.
import { earned, isAdvance } from './earned.ts';
import type { JudgedFact } from './facts.ts';
import { type Checked, checked, invariant } from './invariant.ts';
import { nameOf } from './invariants-ownership.ts';
import { factsOfKind, type PlacedFact, type RolloutStory, type Story, storyOf } from './story.ts';
import type { Trace, Writer } from './trace.ts';

const S14 = invariant(
  'S14',
  {
    says: 'An approval counts for its own stage, after it was recorded; a stage that asks for one is not left without, nor a question that was asked later.',
    needs: 'an approval that was seen, or a stage that was left with approval: true or on an approval alone',
  },
  ({ rollouts }) =>
    rollouts.flatMap((rollout) => [
      ...seenApprovals(rollout),
      ...askingStages(rollout),
      ...answeredQuestions(rollout),
    ]),
);

/** Who lets an inconclusive stage go on has approved after a look that could not tell either, and none could since. */
function answeredQuestions(rollout: RolloutStory): readonly Checked[] {
  return factsOfKind(rollout, 'judged').flatMap(({ at, fact }) => {
    if (!isAdvance(fact) || earned(rollout, fact) !== 'approval') return [];
    const answer = approvedMs(fact);
    const isAnswer = looksInDoubt(rollout, fact).some((look) => approvedMs(look) !== answer);
    return [
      checked(at, isAnswer, () => {
        return `${rollout.rolloutId} left stage ${fact.stageIndex} on an approval that was given before it was asked for`;
      }),
    ];
  });
}

/** The unbroken row of inconclusive looks right before one. A look may be recorded late, so its own instant counts. */
function looksInDoubt(rollout: RolloutStory, { stageIndex, atMs }: JudgedFact): readonly JudgedFact[] {
  const before = factsOfKind(rollout, 'judged')
    .map(({ fact }) => fact)
    // one that asked for the way back was not heard, and taken again, or the stage would not have been left
    .filter((look) => look.stageIndex === stageIndex && look.atMs < atMs && look.next !== 'roll-back')
    .toSorted((a, b) => a.atMs - b.atMs);
  return before.slice(before.findLastIndex(({ verdict }) => verdict.kind !== 'inconclusive') + 1);
}

/** When its stage was approved, as far as a look knew; undefined: it was not. */
function approvedMs({ stageIndex, signals }: JudgedFact): number | undefined {
  return signals.approvals.find((approval) => approval.stageIndex === stageIndex)?.atMs;
}

function isApproval({ fact: { signal } }: PlacedFact<'signalled'>, stageIndex: number): boolean {
  return signal.signal === 'approve' && signal.stageIndex === stageIndex;
}

/** A judgement may only see what a person had said by then, of a stage that had been reached. */
function seenApprovals(rollout: RolloutStory): readonly Checked[] {
  return factsOfKind(rollout, 'judged').flatMap(({ at, fact }) =>
    fact.signals.approvals.map(({ stageIndex, actor }) =>
      checked(at, approvedAt(rollout, stageIndex) < at, () => {
        return `${rollout.rolloutId} counted an approval of stage ${stageIndex} by ${actor} that was not on record`;
      }),
    ),
  );
}

function askingStages(rollout: RolloutStory): readonly Checked[] {
  return factsOfKind(rollout, 'judged').flatMap(({ at, fact }) => {
    const asks = rollout.prepared?.fact.stages[fact.stageIndex]?.approval ?? false;
    if (!asks || !isAdvance(fact)) return [];
    return [
      checked(at, approvedAt(rollout, fact.stageIndex) < at, () => {
        return `${rollout.rolloutId} left stage ${fact.stageIndex} without its approval`;
      }),
    ];
  });
}

/** Infinity: never, or only before anybody had seen the stage. */
function approvedAt(rollout: RolloutStory, stageIndex: number): number {
  const reached = factsOfKind(rollout, 'intent').find(({ fact }) => fact.stageIndex === stageIndex);
  const approval = factsOfKind(rollout, 'signalled').find(
    (placed) => isApproval(placed, stageIndex) && reached !== undefined && reached.at < placed.at,
  );
  return approval?.at ?? Infinity;
}

const S20 = invariant(
  'S20',
  {
    says: 'Whether people can be told changes nothing about the writes that targets take.',
    needs: 'the same run once more without faults in notifications, reports and published metrics',
  },
  ({ trace }) => {
    if (trace.quietTwin === undefined) return [];
    const difference = sameWrites(trace, trace.quietTwin);
    return [{ at: difference?.momentIndex ?? null, wrong: difference?.sentence ?? null }];
  },
);

/**
 * Whether two runs made the same writes of ours in the same order, with the same effect; when does not matter. For the
 * hunt: run a seed again with its notification faults switched off, put that trace into `quietTwin` of the first, and
 * S20 asks this.
 * @returns the first difference, with its place in the first trace (null: it has fewer writes); null when there is none
 */
export function sameWrites(
  a: Trace,
  b: Trace,
): { readonly momentIndex: number | null; readonly sentence: string } | null {
  const [ofA, ofB] = [takenWrites(storyOf(a)), takenWrites(storyOf(b))];
  const place = Array.from({ length: Math.max(ofA.length, ofB.length) }).findIndex(
    (_, i) => ofA[i]?.text !== ofB[i]?.text,
  );
  if (place < 0) return null;
  const one = ofA[place];
  const sentence = `write ${place} is ${one?.text ?? 'missing'}, and ${ofB[place]?.text ?? 'missing'} in the other run`;
  return { momentIndex: one?.at ?? null, sentence };
}

function takenWrites({ changes }: Story): readonly { readonly at: number; readonly text: string }[] {
  return [...changes.values()]
    .flat()
    .flatMap(({ at, targetId, writer, shares }) =>
      writer === null ? [] : [{ at, text: writeText(targetId, writer, shares) }],
    )
    .toSorted((one, other) => one.at - other.at);
}

function writeText(targetId: string, writer: Writer, shares: Readonly<Record<string, number>>): string {
  const split = Object.entries(shares)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, percent]) => `${version} ${percent} %`);
  return `${nameOf(writer)} on ${targetId} (${split.join(', ')})`;
}

export const PEOPLE = [S14, S20] as const;
