// The report's own script, as far as it can be shown without a browser; test/browser opens it in one.
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ukClock as coreClock, ukTime } from '../../src/core/uk-time.ts';
import { CHART_SCRIPT } from '../../src/report/chart-script.ts';
import { ukClock } from '../../src/report/client-clock.ts';
import { ranges } from '../../src/report/client-ranges.ts';
import type { Plot } from '../../src/report/plot.ts';

/** What the compiler says of names that neither the script nor the language has. Throws for what is not JavaScript. */
function unknownNames(script: string): readonly string[] {
  const name = 'script.js';
  const options = { allowJs: true, checkJs: true, noEmit: true, lib: ['lib.es2024.d.ts'], types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (file, ...more) =>
    file === name ? ts.createSourceFile(file, script, ts.ScriptTarget.ES2024) : getSourceFile(file, ...more);
  const program = ts.createProgram([name], options, host);
  const [fault] = program.getSyntacticDiagnostics();
  if (fault !== undefined) throw new SyntaxError(String(fault.messageText));
  return program
    .getSemanticDiagnostics()
    .map(({ messageText }) => String(messageText))
    .filter((said) => said.startsWith('Cannot find name'));
}

describe('the script', () => {
  it('uses no name but its own and those of the language, since nothing else goes into the file with it', () => {
    expect(unknownNames(CHART_SCRIPT)).toEqual([]);
    expect(unknownNames(`${CHART_SCRIPT}\nimported(1);`)).toHaveLength(1);
  });

  it('holds nothing that would end its element, or begin a comment in it', () => {
    expect(CHART_SCRIPT).not.toMatch(/<\/script|<script|<!--/i);
  });

  it('throws nothing on a page where it does not find what it needs', () => {
    const page = { document: { querySelectorAll: () => [{ querySelector: () => null }] } };
    expect(() => new Function('globalThis', CHART_SCRIPT)(page)).not.toThrow();
  });
});

describe('the clock of the charts', () => {
  const clock = ukClock();
  const instant = fc
    .integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) })
    .map((ms) => ms - (ms % 1000));

  it('says every instant as the rest of the report does', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        expect(clock.full(ms / 1000)).toBe(ukTime(ms));
        expect(clock.ticks([ms / 1000], 1)[0]?.split('\n')[0]).toBe(coreClock(ms));
      }),
    );
  });

  it('names the day at its first tick, and days alone where ticks are days', () => {
    const noon = Date.UTC(2026, 9, 24, 12) / 1000;
    expect(clock.ticks([noon, noon + 21_600, noon + 43_200, noon + 64_800], 21_600)).toEqual([
      '13:00\n24/10',
      '19:00',
      '01:00\n25/10',
      // the hour in between came twice
      '06:00',
    ]);
    expect(clock.ticks([noon, noon + 86_400], 86_400)).toEqual(['24/10', '25/10']);
  });
});

describe('the ranges of the charts', () => {
  const plot = (kind: Plot['kind'], bounds: { low: number; high: number } | null): Plot => ({
    ...{ kind, title: '', x: [1], shades: [], marks: [] },
    series: (['low', 'high'] as const).map((role) => ({
      ...{ label: role, role, unit: 'ms', stepped: false },
      values: [bounds?.[role] ?? null],
    })),
  });

  it('begin at 0, unless all values are far from it', () => {
    const range = ranges().valueRange(plot('check', null));
    expect(range(null, 0.1, 4.8)[0]).toBe(0);
    expect(range(null, 200, 240)[0]).toBeGreaterThan(190);
  });

  it('of the traffic begin at 0 and end at all of it, or a little above what was reached', () => {
    const range = ranges().valueRange(plot('traffic', null));
    expect(range(null, 5, 100)).toEqual([0, 100]);
    expect(range(null, 5, 25)[1]).toBeCloseTo(27.5);
    expect(range(null, null, null)).toEqual([0, 100]);
  });

  it('leave the lines at least half of the panel, however far the last interval reaches', () => {
    const [from, to] = ranges().valueRange(plot('check', { low: 2, high: 1.5e9 }))(null, 0, 40_000);
    expect(from).toBe(0);
    expect(to).toBeLessThan(90_000);
  });

  it('hold every line, and are ranges, whatever the lines and the interval are', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, value, value, value, (a, b, c, d) => {
        const [least, most] = [Math.min(a, b), Math.max(a, b)];
        const bounds = { low: Math.min(c, d), high: Math.max(c, d) };
        const [from, to] = ranges().valueRange(plot('check', bounds))(null, least, most);
        expect(from).toBeLessThanOrEqual(least);
        expect(to).toBeGreaterThanOrEqual(most);
        expect(to).toBeGreaterThan(from);
      }),
    );
  });

  it('have a width in time too where there is one instant, or none', () => {
    const { timeRange } = ranges();
    expect(timeRange(null, 100, 100)).toEqual([40, 160]);
    expect(timeRange(null, null, null)).toEqual([-60, 60]);
    expect(timeRange(null, 5, 9)).toEqual([5, 9]);
  });
});
