// Axes: ticks that people can read, and positions that stay inside the panel.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, percentTicks, timeTicks } from '../../src/report/scale.ts';

describe('percentTicks', () => {
  it.each([
    [5.4, ['0 %', '2 %', '4 %', '6 %']],
    [0.43, ['0 %', '0.2 %', '0.4 %', '0.6 %']],
    [1, ['0 %', '0.25 %', '0.5 %', '0.75 %', '1 %']],
    [100, ['0 %', '25 %', '50 %', '75 %', '100 %']],
  ])('covers %d with round numbers', (highest, labels) => {
    expect(percentTicks(highest, 4).map((tick) => tick.label)).toEqual(labels);
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
