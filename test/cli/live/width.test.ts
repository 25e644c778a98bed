// Columns of a terminal: wide, joined and invisible characters, and cuts that keep to them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutMiddleTo, cutTo, padTo, shownLines, widthOf } from '../../../src/cli/live/width.ts';

describe('width', () => {
  it.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['名前', 4],
    ['한글', 4],
    ['ｗ', 2],
    ['🎉', 2],
    ['❤\ufe0f', 2],
    ['\u200b', 0],
    ['✔ ▸', 3],
  ])('%j takes %d columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  it.each([
    ['abcdef', 4, 'abc…'],
    ['名前名前', 5, '名前…'],
    ['名前名前', 4, '名…'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['abc', 0, ''],
    ['abc', 3, 'abc'],
  ])('%j cut to %d columns is %j', (text, columns, cut) => {
    expect(cutTo(text, columns)).toBe(cut);
  });

  it('never takes more than it may, and padding makes it whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 30 }), (text, columns) => {
        expect(widthOf(cutTo(text, columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(cutMiddleTo(text, columns))).toBeLessThanOrEqual(columns);
        expect(widthOf(padTo(cutTo(text, columns), columns))).toBe(columns);
        expect(shownLines(text, columns, 3).every((line) => widthOf(line) <= columns)).toBe(true);
        expect(shownLines(text, columns, 3).length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('keeps names apart that differ at their end', () => {
    expect(cutMiddleTo('response time (p95)', 14)).toBe('respons… (p95)');
    expect(cutMiddleTo('response time (p99)', 14)).toBe('respons… (p99)');
    expect(cutMiddleTo('名前名前名前', 7)).toBe('名前…前');
    expect(cutMiddleTo('short', 14)).toBe('short');
  });

  it('marks what did not get into the last line', () => {
    expect(shownLines('one two three four', 9, 1)).toEqual(['one two …']);
    expect(shownLines('one two three four', 9, 2)).toEqual(['one two', 'three fo…']);
  });
});
