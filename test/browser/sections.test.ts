// Every report, opened in a real browser: all twelve sections with what the simulation gave, with and
// without scripts, and nothing that a file for a tired person at night must not do.
import { describe, expect, inject, it } from 'vitest';
import { asShown, expectedTexts, SECTION_NAMES } from './support/expected.ts';
import { embeddedReport, seenCharts, settle, shownText, unfold } from './support/in-page.ts';
import { ROLLOUT_NAMES } from './support/rollouts.ts';
import { NARROW, openReport, rolloutNamed, WIDE } from './support/stage.ts';

describe.skipIf(inject('opened') === null).each(ROLLOUT_NAMES)(
  'the report of a rollout that is %s',
  (name) => {
    it('says in each of its sections what the simulation gave, and misbehaves nowhere', async () => {
      const { file, truth } = rolloutNamed(name);
      await using opened = await openReport(file);
      const { page, misdeeds } = opened;
      await unfold(page);
      const report = await embeddedReport(page);
      expect(report.exposure).toEqual(truth.exposure);
      expect(await page.locator('main section[id]').evaluateAll((all) => all.map(({ id }) => id))).toEqual(
        SECTION_NAMES.map((section) => `section-${section}`),
      );
      for (const [section, texts] of Object.entries(expectedTexts(truth, report))) {
        const shown = await shownText(page, `#section-${section}`);
        // the texts that are missing, not the difference: a day's timeline is long
        const missing = texts.filter((text) => !shown.includes(asShown(text)));
        expect.soft(missing, `#section-${section}`).toEqual([]);
        expect.soft(shown.length, `#section-${section} says something`).toBeGreaterThan(45);
      }
      expect(await page.locator('#section-timeline tbody tr').count()).toBe(truth.timeline.length);
      expect(misdeeds).toEqual([]);
    });

    it('is complete without scripts, wide and narrow', async () => {
      await using opened = await openReport(rolloutNamed(name).file, { javaScriptEnabled: false });
      const { page, misdeeds } = opened;
      await unfold(page);
      for (const section of SECTION_NAMES) {
        await expect.soft(page.locator(`#section-${section}`).isVisible(), section).resolves.toBe(true);
      }
      for (const size of [WIDE, NARROW]) {
        await page.setViewportSize(size);
        const charts = await seenCharts(page);
        expect(charts.map((chart) => chart.name)).toContain('traffic');
        for (const chart of charts) {
          expect(chart).toMatchObject({ isLive: false, drawings: 1 });
          if (chart.hasValues) expect(chart.lines, chart.name).toBeGreaterThan(0);
        }
      }
      expect(misdeeds).toEqual([]);
    });
  },
);

describe.skipIf(inject('opened') === null)('a chart', () => {
  it('names time and values under the pointer, and the same time in the other charts', async () => {
    await using opened = await openReport(rolloutNamed('promoted').file);
    const { page } = opened;
    await page.locator('figure[data-plot=traffic] .u-over').hover();
    await settle(page);
    const legend = await shownText(page, 'figure[data-plot=traffic] .u-legend');
    expect(legend).toMatch(/^Time ?21\/11\/2026 09:\d\d:\d\d GMT ?configured ?\d+ % ?observed ?[\d.]+ %$/);
    await unfold(page);
    await page.locator('figure[data-plot=traffic] .u-over').hover();
    await settle(page);
    const other = await shownText(page, 'figure[data-plot=check-0] .u-legend');
    expect(other).toMatch(/canary ?[\d.]+ % \([\d.]+ to [\d.]+ %\)/);
  });

  it('leaves the drawing where it is when the chart library does not work', async () => {
    await using opened = await openReport(rolloutNamed('promoted').file);
    const { page } = opened;
    await page.addInitScript({ content: `Object.defineProperty(globalThis, 'uPlot', { value: undefined })` });
    await page.reload();
    await settle(page);
    const charts = await seenCharts(page);
    expect(charts.find((chart) => chart.name === 'traffic')).toMatchObject({ isLive: false, drawings: 1 });
  });
});
