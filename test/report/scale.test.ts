// Axes: ticks that people can read, and positions that stay inside the panel.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, timeTicks, valueTicks } from '../../src/report/scale.ts';

describe('valueTicks', () => {
  it.each([
    ['from zero', 0, 5.4, '%', ['0 %', '2 %', '4 %', '6 %']],
    ['small values', 0, 0.43, '%', ['0 %', '0.2 %', '0.4 %', '0.6 %']],
    ['up to the last tick', 0, 1, '%', ['0 %', '0.25 %', '0.5 %', '0.75 %', '1 %']],
    ['all of the traffic', 0, 100, '%', ['0 %', '25 %', '50 %', '75 %', '100 %']],
    ['values that are far from zero', 209, 298, 'ms', ['200 ms', '225 ms', '250 ms', '275 ms', '300 ms']],
    ['values below zero', -3, 4, '', ['-4', '-2', '0', '2', '4']],
    ['nothing', 0, 0, '', ['0', '0.25', '0.5', '0.75', '1']],
    ['one value', 40, 40, '', ['40', '50', '60', '70', '80']],
  ])('covers %s with round numbers', (_what, low, high, unit, labels) => {
    expect(valueTicks(low, high, unit, 4).map((tick) => tick.label)).toEqual(labels);
  });

  it('gives few, rising ticks that contain all values, whatever they are', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const ticks = valueTicks(low, high, '', 4).map(({ at }) => at);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThanOrEqual(7);
        const slack = 1e-6 * Math.max(1, Math.abs(low), Math.abs(high));
        expect(ticks[0]).toBeLessThanOrEqual(low + slack);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - slack);
      }),
    );
  });
});

describe('timeTicks', () => {
  it('falls on round UK clock times', () => {
    const from = Date.UTC(2026, 6, 1, 12, 58);
    expect(timeTicks(from, from + 47 * 60_000, 6).map((tick) => tick.label)).toEqual([
      '14:00',
      '14:10',
      '14:20',
      '14:30',
      '14:40',
    ]);
  });

  it('names days over a long span', () => {
    const from = Date.UTC(2026, 10, 21);
    expect(timeTicks(from, from + 4 * 86_400_000, 4).map((tick) => tick.label)).toEqual([
      '21/11',
      '22/11',
      '23/11',
      '24/11',
      '25/11',
    ]);
  });

  it('gives few, rising ticks inside any span', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 60_000, max: 4e12 }), (from, span) => {
        const ticks = timeTicks(from, from + span, 6);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const tick of ticks) {
          expect(tick.at).toBeGreaterThanOrEqual(from);
          expect(tick.at).toBeLessThanOrEqual(from + span);
        }
      }),
    );
  });
});

it('linearScale keeps values outside the axis inside the panel', () => {
  const scale = linearScale(0, 10, 100, 0);
  expect([scale.at(-5), scale.at(0), scale.at(5), scale.at(50)]).toEqual([100, 100, 50, 0]);
});
