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
