// What keys do: each question can be left, nothing is sent by one slip, and a reason is kept as it was typed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyPowers, type Keys, type KeyWish, NO_KEYS, press } from '../../../src/cli/live/keys.ts';

const ABLE: KeyPowers = { canSignal: true, askedStage: 2 };

function typed(keys: readonly string[], powers: KeyPowers = ABLE) {
  let state: Keys = NO_KEYS;
  const wishes: KeyWish[] = [];
  for (const key of keys) {
    const pressed = press(state, key, powers);
    state = pressed.keys;
    if (pressed.wish !== null) wishes.push(pressed.wish);
  }
  return { state, wishes };
}

/** As the terminal's reader names them. */
function named(key: string): string {
  if (key === '\r') return 'return';
  return key;
}

describe('keys', () => {
  it.each(['d', 'q', 'ctrl-c'])('%s detaches', (key) => {
    expect(typed([key]).wishes).toEqual([{ kind: 'detach' }]);
  });

  it('an abort needs a reason and Enter, and keeps the reason as it was typed', () => {
    const { wishes } = typed(['a', 'enter', ...'Wrong', 'space', ...'totals!', 'x', 'backspace', 'return']);
    expect(wishes).toEqual([{ kind: 'signal', wish: { signal: 'abort', message: 'Wrong totals!' } }]);
  });

  it('tells that an abort needs a reason', () => {
    expect(typed(['a', 'enter']).state.notice).toContain('reason');
  });

  it.each([
    ['an abort is left with Esc', ['a', 'x', 'escape', 'enter']],
    ['a promotion is left by any other key', ['p', 'n', 'y']],
    ['an approval is left by any other key', ['c', 'x', 'y']],
    ['arrows write nothing', ['a', 'up', 'left', 'enter']],
  ])('%s', (_what, keys) => {
    expect(typed(keys).wishes).toEqual([]);
  });

  it('an approval is for the stage that asks', () => {
    expect(typed(['c', 'y']).wishes).toEqual([
      { kind: 'signal', wish: { signal: 'approve', message: '', stageIndex: 2 } },
    ]);
  });

  it('an approval is for the stage that was on the screen when it was asked back, not for one that came meanwhile', () => {
    const asked = press(NO_KEYS, 'c', ABLE).keys;
    for (const askedStage of [3, null]) {
      expect(press(asked, 'y', { canSignal: true, askedStage }).wish).toMatchObject({
        wish: { signal: 'approve', stageIndex: 2 },
      });
    }
  });

  it('a pasted text is a reason or nothing: its letters are no commands, its line ends send nothing', () => {
    const paste = (text: string) => ['paste-start', ...text.replaceAll('\n', '\r'), 'paste-end'].map(named);
    expect(typed(paste('copy the data, qd?'))).toEqual({ state: NO_KEYS, wishes: [] });
    expect(typed(['p', ...paste('yes')]).wishes).toEqual([]);
    expect(typed(['a', ...paste('totals are wrong\npy')]).wishes).toEqual([]);
    expect(typed(['a', ...paste('totals are wrong\npy'), 'enter']).wishes).toEqual([
      { kind: 'signal', wish: { signal: 'abort', message: 'totals are wrong py' } },
    ]);
  });

  it('Ctrl-C detaches in the middle of a paste too', () => {
    expect(typed(['paste-start', 'x', 'ctrl-c']).wishes).toEqual([{ kind: 'detach' }]);
  });

  it('a reason is made of whole characters: it is full before half a one, and backspace takes a whole one', () => {
    const full = typed(['a', ...'x'.repeat(299), '😀']).state;
    expect(full.typed).toBe('x'.repeat(299));
    expect(full.notice).toContain('at most 300');
    expect(typed(['a', ...'né', '👍', '🏽', 'backspace']).state.typed).toBe('né');
    expect(typed(['a', 'e', '\u0301', 'backspace']).state.typed).toBe('');
  });

  it('an answer comes too late when nobody can be told any more', () => {
    const over: KeyPowers = { canSignal: false, askedStage: null };
    for (const [asks, key] of [
      ['abort', 'enter'],
      ['approve', 'y'],
      ['promote', 'y'],
    ] as const) {
      const late = press({ ...NO_KEYS, asks, typed: 'wrong', stageIndex: 2 }, key, over);
      expect(late).toEqual({ keys: { ...NO_KEYS, stageIndex: 2 }, wish: null });
    }
  });

  it('nothing is approved when nobody is asked', () => {
    const { state, wishes } = typed(['c', 'y'], { ...ABLE, askedStage: null });
    expect(wishes).toEqual([]);
    expect(state.asks).toBe('nothing');
  });

  it('a promotion is asked back', () => {
    expect(typed(['p']).wishes).toEqual([]);
    expect(typed(['p', 'y']).wishes).toEqual([{ kind: 'signal', wish: { signal: 'promote', message: '' } }]);
  });

  it('w and ? open and close', () => {
    expect(typed(['w']).state.isWhyShown).toBe(true);
    expect(typed(['w', 'w']).state.isWhyShown).toBe(false);
    expect(typed(['?']).state.asks).toBe('help');
    expect(typed(['?', '?']).state.asks).toBe('nothing');
  });

  it('tells nothing where there is nobody to tell, and a reason never outgrows what the engine takes', () => {
    const key = fc.oneof(
      fc.constantFrom('a', 'c', 'p', 'y', 'w', '?', 'enter', 'escape', 'backspace', 'space', 'up'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
        const silent = typed(keys, { canSignal: false, askedStage: 0 });
        expect(silent.wishes.every(({ kind }) => kind === 'detach')).toBe(true);
        expect(typed(['a', ...keys]).state.typed.length).toBeLessThanOrEqual(300);
      }),
      { numRuns: 50 },
    );
  });
});
