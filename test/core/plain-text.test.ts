// Text from outside must drive neither a terminal nor the order in which a line is read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';

describe('plainText', () => {
  it('removes escape sequences, direction overrides and line breaks', () => {
    expect(plainText('a\u001b[2Jb\u009bc\u0000d')).toBe('a[2Jbcd');
    expect(plainText('safe\u202egpj.exe\u2066')).toBe('safegpj.exe');
    expect(plainText('one\r\ntwo\u2028three\tfour')).toBe('one two three four');
  });

  it('keeps letters of every script', () => {
    expect(plainText('كشف حساب – zażółć 日本 🚀')).toBe('كشف حساب – zażółć 日本 🚀');
  });

  it('cuts long text and says so', () => {
    expect(plainText('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(19)}…`);
    expect(plainText('short', 20)).toBe('short');
  });

  it('answers one well-formed line without controls for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const shown = plainText(text, 40);
        expect(shown.length).toBeLessThanOrEqual(40);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
