// What a key does in the live view: a pure step from what was asked of the view before to what is asked of it now.
import type { SignalWish } from '../engine.ts';

export interface Keys {
  /** What is shown over the foot: nothing, the help, a question that waits for an answer. */
  readonly asks: 'nothing' | 'help' | 'abort' | 'approve' | 'promote';
  /** The whole reason is shown. */
  readonly isWhyShown: boolean;
  /** Reason typed so far. */
  readonly typed: string;
  /** Stage that was on the screen when an approval was asked back. */
  readonly stageIndex: number | null;
  /** What comes is pasted: it is text, and no key. */
  readonly isPasting: boolean;
  /** What became of the last wish; null: nothing to tell. */
  readonly notice: string | null;
}

export const NO_KEYS: Keys = {
  asks: 'nothing',
  isWhyShown: false,
  typed: '',
  stageIndex: null,
  isPasting: false,
  notice: null,
};

/** What may be asked of the rollout now. */
export interface KeyPowers {
  /** There is an engine that can be told. */
  readonly canSignal: boolean;
  /** Stage that an approval would be good for, from 0; null: nobody is asked. */
  readonly askedStage: number | null;
}

export type KeyWish =
  | { readonly kind: 'detach' }
  | { readonly kind: 'signal'; readonly wish: Omit<SignalWish, 'rolloutId'> };

export interface Pressed {
  readonly keys: Keys;
  readonly wish: KeyWish | null;
}

/** As long as the engine takes it, in UTF-16 units. */
const MAX_REASON_CHARACTERS = 300;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const QUESTIONS: readonly Keys['asks'][] = ['abort', 'approve', 'promote'];
const DETACH: KeyWish = { kind: 'detach' };
/** Terminals differ in what they call it. */
const ENTER: readonly string[] = ['enter', 'return'];

/** @param key its name (`enter`, `escape`, `ctrl-c`, `paste-start`) or the character itself */
export function press(keys: Keys, key: string, powers: KeyPowers): Pressed {
  if (key === 'ctrl-c' || key === 'ctrl-d') return { keys, wish: DETACH };
  if (key === 'paste-start' || key === 'paste-end') {
    return { keys: { ...keys, isPasting: key === 'paste-start' }, wish: null };
  }
  if (keys.isPasting)
    return { keys: keys.asks === 'abort' ? withTyped(keys, pasted(key)) : keys, wish: null };
  // a question of before the end: nobody can be told the answer any more
  if (!powers.canSignal && QUESTIONS.includes(keys.asks)) {
    return { keys: { ...keys, asks: 'nothing', typed: '' }, wish: null };
  }
  switch (keys.asks) {
    case 'abort':
      return typeReason(keys, key);
    case 'approve':
    case 'promote':
      return answer(keys, key);
    default:
      return command(keys, key, powers);
  }
}

function command(keys: Keys, key: string, { canSignal, askedStage }: KeyPowers): Pressed {
  const closed: Keys = { ...keys, asks: 'nothing', notice: null };
  const now = (change: Partial<Keys>): Pressed => ({ keys: { ...closed, ...change }, wish: null });
  switch (key) {
    case 'd':
    case 'q':
      return { keys: closed, wish: DETACH };
    case 'w':
      return now({ isWhyShown: !keys.isWhyShown });
    case '?':
    case 'h':
      return now({ asks: keys.asks === 'help' ? 'nothing' : 'help' });
    case 'escape':
      return now({});
  }
  if (!canSignal) return { keys, wish: null };
  switch (key) {
    case 'a':
      return now({ asks: 'abort' });
    case 'p':
      return now({ asks: 'promote' });
    case 'c':
      return askedStage === null
        ? now({ notice: 'Nobody is asked now, so there is nothing to approve.' })
        : now({ asks: 'approve', stageIndex: askedStage });
    default:
      return { keys, wish: null };
  }
}

function typeReason(keys: Keys, key: string): Pressed {
  if (key === 'escape') return { keys: { ...keys, asks: 'nothing', typed: '' }, wish: null };
  if (ENTER.includes(key)) {
    const message = keys.typed.trim();
    if (message === '') return { keys: { ...keys, notice: 'An abort needs a reason.' }, wish: null };
    return sent(keys, { signal: 'abort', message });
  }
  if (key === 'backspace') {
    const shorter = [...GRAPHEMES.segment(keys.typed)].slice(0, -1).map(({ segment }) => segment);
    return { keys: { ...keys, typed: shorter.join(''), notice: null }, wish: null };
  }
  return { keys: withTyped(keys, characterOf(key)), wish: null };
}

/** Whole characters only: what does not fit any more is not written. */
function withTyped(keys: Keys, more: string): Keys {
  const typed = `${keys.typed}${more}`;
  const isTooLong = typed.length > MAX_REASON_CHARACTERS;
  const notice = isTooLong ? `A reason has at most ${MAX_REASON_CHARACTERS} characters.` : null;
  return isTooLong ? { ...keys, notice } : { ...keys, typed, notice };
}

/** A reason is one line. */
function pasted(key: string): string {
  return ENTER.includes(key) || key === 'tab' ? ' ' : characterOf(key);
}

/** A character stands for itself; other keys write nothing. */
function characterOf(key: string): string {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : '';
}

function answer(keys: Keys, key: string): Pressed {
  if (key !== 'y') return { keys: { ...keys, asks: 'nothing' }, wish: null };
  if (keys.asks === 'promote') return sent(keys, { signal: 'promote', message: '' });
  return sent(keys, {
    signal: 'approve',
    message: '',
    // for the stage that was on the screen when it was asked, not for one that came meanwhile
    ...(keys.stageIndex === null ? {} : { stageIndex: keys.stageIndex }),
  });
}

function sent(keys: Keys, wish: Omit<SignalWish, 'rolloutId'>): Pressed {
  const told: Keys = { ...keys, asks: 'nothing', typed: '', notice: `Sending ${wish.signal} …` };
  return { keys: told, wish: { kind: 'signal', wish } };
}
