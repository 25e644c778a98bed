// UK time: both zones, the repeated hour, midnight, and impossible instants.
import { describe, expect, it } from 'vitest';
import { isoTime, ukClock, ukTime } from '../../src/core/uk-time.ts';

describe('ukTime', () => {
  it.each([
    ['2026-11-21T14:03:27Z', '21/11/2026 14:03:27 GMT'],
    ['2026-07-01T23:30:00Z', '02/07/2026 00:30:00 BST'],
    ['2026-01-01T00:00:00Z', '01/01/2026 00:00:00 GMT'],
  ])('shows %s as %s', (iso, shown) => {
    expect(ukTime(Date.parse(iso))).toBe(shown);
  });

  it('tells the two passes through the repeated hour of October apart', () => {
    expect(ukTime(Date.parse('2026-10-25T00:30:00Z'))).toBe('25/10/2026 01:30:00 BST');
    expect(ukTime(Date.parse('2026-10-25T01:30:00Z'))).toBe('25/10/2026 01:30:00 GMT');
  });

  it('shows a dash for what is no instant', () => {
    for (const impossible of [Number.NaN, Number.POSITIVE_INFINITY, 9e15]) {
      expect(ukTime(impossible)).toBe('–');
      expect(ukClock(impossible)).toBe('–');
    }
  });
});

it('isoTime never throws', () => {
  expect(isoTime(Date.UTC(2026, 10, 21))).toBe('2026-11-21T00:00:00.000Z');
  expect(isoTime(Number.NaN)).toBe('1970-01-01T00:00:00.000Z');
});
