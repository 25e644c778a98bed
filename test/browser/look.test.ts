// How every report looks: charts, widths and colour schemes. Leaves screenshots.
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { seenCharts, settle, sideways, unfold } from './support/in-page.ts';
import { ROLLOUT_NAMES } from './support/rollouts.ts';
import { NARROW, openedSuite, openReport, rolloutNamed, WIDE } from './support/stage.ts';

const SCHEMES = ['light', 'dark'] as const;

describe.skipIf(inject('opened') === null).each(ROLLOUT_NAMES)(
  'the report of a rollout that is %s',
  (name) => {
    it('has charts and stays within the window, wide and narrow, light and dark', async () => {
      await using opened = await openReport(rolloutNamed(name).file);
      const { page, misdeeds } = opened;
      const photograph = async (look: string) => {
        const path = join(openedSuite().screenshots, `${name}-${look}.png`);
        await page.screenshot({ path, fullPage: true });
      };
      for (const size of [WIDE, NARROW]) {
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(size);
          await settle(page);
          await photograph(`${size.width}-${colorScheme}`);
        }
      }
      await unfold(page);
      // colours move nothing: each width in one scheme, each scheme at one width
      for (const [size, colorScheme] of [
        [NARROW, 'light'],
        [WIDE, 'dark'],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await settle(page);
        expect(await sideways(page), `${size.width} pixels`).toEqual({ overflowPixels: 0, outside: [] });
        const charts = await seenCharts(page);
        expect(charts.map((chart) => chart.name)).toContain('traffic');
        for (const chart of charts) {
          expect(chart).toMatchObject({ isLive: true, drawings: 0 });
          if (chart.hasValues) expect(chart.linePixels, chart.name).toBeGreaterThan(25);
        }
      }
      expect(misdeeds).toEqual([]);
    });
  },
);
