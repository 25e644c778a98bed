// What people must know reaches them, and nobody is waited for without end.
import { ASK_SECONDS } from '../budget.ts';
import { type RolloutEvent, severityOf } from '../events.ts';
import type { SignalName } from '../signals.ts';
import { checked, invariant } from './invariant.ts';
import { lasts, needsSettled, REACTION_MS, SLOW_TICK_MS } from './settled.ts';
import { factsOfKind, type PlacedFact, type RolloutStory } from './story.ts';

/** Of one trouble that is tried again and again people hear every five minutes; clocks of two writers differ. */
const QUIET_MS = 2 * 300_000;

const L5 = invariant(
  'L5',
  {
    says: 'Every event of severity 1 or 2 is told to people, or lies in the dead-letter queue.',
    needs: 'a watched run that healed and came to its end, with such an event',
  },
  ({ trace }) => {
    if (trace.settled === null) return [];
    const handled = trace.moments.flatMap((moment) =>
      moment.kind === 'told' || moment.kind === 'undelivered' ? [moment.event] : [],
    );
    return trace.moments.flatMap((moment, at) => {
      if (moment.kind !== 'published' || severityOf(moment.event.event) > 2) return [];
      const { event } = moment;
      const isHandled = handled.some((one) => speaksFor(one, event));
      return [
        checked(
          at,
          isHandled,
          () => `${event.rolloutId}: nobody was told of ${event.event}, and nothing keeps it`,
        ),
      ];
    });
  },
);

function speaksFor(handled: RolloutEvent, event: RolloutEvent): boolean {
  const agoMs = event.atMs - handled.atMs;
  return (
    handled.rolloutId === event.rolloutId && handled.event === event.event && agoMs >= 0 && agoMs < QUIET_MS
  );
}

const L6 = invariant(
  'L6',
  {
    says: 'Nobody is waited for without end: a question or a pause is answered, or the rollout goes back after a day.',
    needs: `${needsSettled}, with a question or a pause`,
  },
  (story) =>
    lasts(story).flatMap(({ rollout, settled }) =>
      waits(rollout).map(({ at, atMs, answer }) => {
        const byMs = Math.max(settled.healedAtMs, atMs + ASK_SECONDS * 1000) + REACTION_MS + SLOW_TICK_MS;
        const untilMs = answer?.atMs ?? Infinity;
        return checked(at, untilMs <= byMs, () => `${rollout.rolloutId} waited for a person for too long`);
      }),
    ),
);

interface Placed {
  readonly at: number;
  readonly atMs: number;
}

/** Questions and pauses, each with what ended it. */
function waits(rollout: RolloutStory): readonly (Placed & { readonly answer: Placed | undefined })[] {
  const questions = rollout.published
    .filter(({ event }) => event.event === 'decision-needed')
    .map(({ at, atMs, event }) => ({ at, atMs, answer: next(askedAt(event) ?? at, isQuestionOver) }));
  const pauses = factsOfKind(rollout, 'signalled')
    .filter((placed) => isSignal(placed, 'pause'))
    .map(({ at, atMs }) => ({ at, atMs, answer: next(at, isPauseOver) }));
  return [...questions, ...pauses];

  /** The look that asks: its question may reach people after it was answered, when its event was under way for long. */
  function askedAt({ atMs }: RolloutEvent): number | undefined {
    const looks = factsOfKind(rollout, 'judged').filter(({ fact }) => fact.atMs <= atMs);
    // a look may be recorded late as well
    return looks.toSorted((a, b) => a.fact.atMs - b.fact.atMs).at(-1)?.at;
  }

  function next(at: number, isAnswer: (placed: PlacedFact) => boolean): Placed | undefined {
    const fact = rollout.facts.find((placed) => placed.at > at && isAnswer(placed));
    const cleared = rollout.published.find(
      (placed) => placed.at > at && placed.event.event === 'canary-cleared',
    );
    return [fact, cleared].filter((one) => one !== undefined).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** A pause puts a question off; it is asked again afterwards. */
function isQuestionOver(placed: PlacedFact): boolean {
  const { fact } = placed;
  const goesOn = fact.kind === 'committed' || (fact.kind === 'intent' && fact.action === 'shift');
  return goesOn || isGoingBack(placed) || isSignal(placed, 'pause');
}

function isPauseOver(placed: PlacedFact): boolean {
  return isGoingBack(placed) || isSignal(placed, 'resume');
}

function isGoingBack({ fact }: PlacedFact): boolean {
  return fact.kind === 'reverting' || fact.kind === 'ended';
}

function isSignal({ fact }: PlacedFact, signal: SignalName): boolean {
  return fact.kind === 'signalled' && fact.signal.signal === signal;
}

export const TELLING = [L5, L6] as const;
