// What a key does in the live view: a pure step from what was asked of the view before to what is asked of it now.
import type { SignalWish } from '../engine.ts';

export interface Keys {
  /** What is shown over the foot: nothing, the help, a question that waits for an answer. */
  readonly asks: 'nothing' | 'help' | 'abort' | 'approve' | 'promote';
  /** The whole reason is shown. */
  readonly isWhyShown: boolean;
  /** Reason typed so far. */
  readonly typed: string;
  /** What became of the last wish; null: nothing to tell. */
  readonly notice: string | null;
}

export const NO_KEYS: Keys = { asks: 'nothing', isWhyShown: false, typed: '', notice: null };

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

/** As long as the engine takes it. */
const MAX_REASON_CHARACTERS = 300;
const DETACH: KeyWish = { kind: 'detach' };
/** Terminals differ in what they call it. */
const ENTER: readonly string[] = ['enter', 'return'];

/** @param key its name (`enter`, `escape`, `ctrl-c`) or the character itself */
export function press(keys: Keys, key: string, powers: KeyPowers): Pressed {
  if (key === 'ctrl-c' || key === 'ctrl-d') return { keys, wish: DETACH };
  switch (keys.asks) {
    case 'abort':
      return typeReason(keys, key);
    case 'approve':
    case 'promote':
      return answer(keys, key, powers);
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
      return now({ asks: 'abort', typed: '' });
    case 'p':
      return now({ asks: 'promote' });
    case 'c':
      return askedStage === null
        ? now({ notice: 'Nobody is asked now, so there is nothing to approve.' })
        : now({ asks: 'approve' });
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
  const typed =
    key === 'backspace'
      ? [...keys.typed].slice(0, -1).join('')
      : `${keys.typed}${characterOf(key)}`.slice(0, MAX_REASON_CHARACTERS);
  return { keys: { ...keys, typed, notice: null }, wish: null };
}

/** A character stands for itself; other keys write nothing. */
function characterOf(key: string): string {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : '';
}

function answer(keys: Keys, key: string, { askedStage }: KeyPowers): Pressed {
  if (key !== 'y') return { keys: { ...keys, asks: 'nothing' }, wish: null };
  if (keys.asks === 'promote') return sent(keys, { signal: 'promote', message: '' });
  return sent(keys, {
    signal: 'approve',
    message: '',
    // for the stage that was on the screen when it was asked, not for one that came meanwhile
    ...(askedStage === null ? {} : { stageIndex: askedStage }),
  });
}

function sent(keys: Keys, wish: Omit<SignalWish, 'rolloutId'>): Pressed {
  const told: Keys = { ...keys, asks: 'nothing', typed: '', notice: `Sending ${wish.signal} …` };
  return { keys: told, wish: { kind: 'signal', wish } };
}
