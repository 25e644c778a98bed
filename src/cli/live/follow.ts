// Follows one rollout of an engine until it has ended, the time is over, or whoever watches leaves.
import { InvalidInputError, messageOf, TransientError } from '../../core/errors.ts';
import type { EventName } from '../../core/events.ts';
import { liveStateOf } from '../../core/live-view-state.ts';
import type { RolloutReport } from '../../core/report.ts';
import type { CommandContext } from '../command.ts';
import type { Engine } from '../engine.ts';
import { styleOf } from '../timeline.ts';
import { type Display, lineDisplay, screenDisplay, type Trouble } from './display.ts';
import type { KeyWish } from './keys.ts';
import { type Standing, standingReader } from './standing.ts';
import { type RealTime, waker } from './waker.ts';

export interface FollowOptions {
  /** Lines although there is a screen to draw on. */
  readonly isPlain: boolean;
  /** Where lines go. */
  readonly print: (line: string) => void;
  readonly timeoutSeconds?: number | undefined;
  /** Ends as soon as a person is asked. */
  readonly untilAsked?: boolean;
  /** Of a rollout that was just started; its record may be still to come. */
  readonly executionArn?: string;
  /** Asked while there is no record: whether none will come. May throw what there is to say instead. */
  readonly isRefused: () => Promise<boolean>;
}

export type FollowEnd =
  | { readonly kind: 'ended' | 'asked'; readonly standing: Standing; readonly isDrawn: boolean }
  | { readonly kind: 'timed-out'; readonly standing: Standing | null }
  /** `answers`: what became of the wishes that nobody saw the answer of, each a sentence. */
  | { readonly kind: 'detached'; readonly answers: readonly string[] }
  | { readonly kind: 'refused' };

const TICK_MS = 1000;
const POLL_MS = 2000;
/** The last event of a rollout follows its end; without it nobody knows since when traffic is safe. */
const LAST_EVENT_POLLS = 5;
const LAST_EVENTS: readonly EventName[] = [
  'rollout-promoted',
  'rollout-rolled-back',
  'rollout-aborted',
  'rollout-rejected',
  'rollout-superseded',
];

export async function follow(
  engine: Engine,
  rolloutId: string,
  context: CommandContext,
  time: RealTime,
  options: FollowOptions,
): Promise<FollowEnd> {
  const { wake, wait } = waker(time);
  const watch = { isDetached: false };
  const impatience = Promise.withResolvers<readonly string[]>();
  const detach = (): void => {
    if (watch.isDetached) impatience.resolve(['An answer was not waited for.']);
    watch.isDetached = true;
    wake();
  };
  const unanswered = new Set<Promise<string>>();
  const obey = (wish: KeyWish): void => {
    if (wish.kind === 'detach') {
      detach();
      return;
    }
    const answer = tellEngine(engine, { rolloutId, ...wish.wish });
    unanswered.add(answer);
    void answer.then((sentence) => {
      unanswered.delete(answer);
      display.tell(sentence);
    });
  };
  const display = displayFor(context, options, obey, wake);
  const stopListening = context.onInterrupt(detach);
  try {
    const { isPlain } = options;
    const isDrawn = context.screen !== null && !isPlain;
    const end = await loop({ engine, rolloutId, time, options, display, watch, wait, isDrawn });
    if (end.kind !== 'detached') return end;
    // who leaves right after an abort believes that it was sent; who leaves twice does not wait for it
    const answers = await Promise.race([Promise.all(unanswered), impatience.promise]);
    return { ...end, answers };
  } finally {
    stopListening();
    display.close();
  }
}

interface Loop {
  readonly engine: Engine;
  readonly rolloutId: string;
  readonly time: RealTime;
  readonly options: FollowOptions;
  readonly display: Display;
  readonly watch: { readonly isDetached: boolean };
  readonly wait: (ms: number) => Promise<void>;
  readonly isDrawn: boolean;
}

async function loop(state: Loop): Promise<FollowEnd> {
  const { engine, time, options, display, watch, wait, isDrawn } = state;
  const read = standingReader(engine.store, state.rolloutId);
  const endsAtMs = time.now() + (options.timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  let standing: Standing | null = null;
  let trouble: Trouble | null = null;
  let readAtMs = time.now();
  let nextPollMs = time.now();
  let pollsAfterEnd = 0;
  for (;;) {
    if (time.now() >= nextPollMs) {
      ({ standing, trouble } = await readAgain(read, standing, readAtMs));
      if (trouble === null) readAtMs = time.now();
      nextPollMs = time.now() + POLL_MS;
      if (standing?.report.outcome) pollsAfterEnd += 1;
      if (standing === null && (await options.isRefused())) return { kind: 'refused' };
    }
    display.show(standing, time.now(), trouble);
    if (standing !== null && isOver(standing.report, pollsAfterEnd))
      return { kind: 'ended', standing, isDrawn };
    if (watch.isDetached) return { kind: 'detached', answers: [] };
    if (
      standing !== null &&
      options.untilAsked === true &&
      liveStateOf(standing.report, standing.facts, time.now()) === 'asked'
    )
      return { kind: 'asked', standing, isDrawn };
    if (time.now() >= endsAtMs) return { kind: 'timed-out', standing };
    await wait(isDrawn ? TICK_MS : POLL_MS);
  }
}

/** A store that cannot be reached for a while ends no watch; what was known stays on the screen, and is said to be old. */
async function readAgain(
  read: () => Promise<Standing | null>,
  known: Standing | null,
  readAtMs: number,
): Promise<{ readonly standing: Standing | null; readonly trouble: Trouble | null }> {
  try {
    return { standing: await read(), trouble: null };
  } catch (error) {
    if (!(error instanceof TransientError) || known === null) throw error;
    const sentence = `This may be old, the record cannot be read: ${messageOf(error)}`;
    return { standing: known, trouble: { readAtMs, sentence } };
  }
}

function isOver({ outcome, timeline }: RolloutReport, pollsAfterEnd: number): boolean {
  if (outcome === null) return false;
  return pollsAfterEnd > LAST_EVENT_POLLS || timeline.some(({ event }) => LAST_EVENTS.includes(event));
}

function displayFor(
  context: CommandContext,
  { isPlain, print }: FollowOptions,
  onWish: (wish: KeyWish) => void,
  onChange: () => void,
): Display {
  const { screen, hasColour, emit } = context;
  if (screen !== null && !isPlain) {
    return screenDisplay({ screen, hasColour, canSignal: true, onWish, onChange });
  }
  return lineDisplay({ print, emit, style: styleOf(context) });
}

/** Answers what became of it, for a person; a refusal is an answer too. */
async function tellEngine(engine: Engine, wish: Parameters<Engine['signal']>[0]): Promise<string> {
  try {
    return (await engine.signal(wish)).sentence;
  } catch (error) {
    const what = error instanceof InvalidInputError ? error.problems[0]?.what : messageOf(error);
    return `${wish.signal} failed: ${what}`;
  }
}
