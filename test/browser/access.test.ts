// Every report for those who read it otherwise: on paper, through a screen reader, with little contrast.
import { describe, expect, inject, it } from 'vitest';
import { seriousIssues } from './support/axe.ts';
import { seenCharts, settle, unfold } from './support/in-page.ts';
import { ROLLOUT_NAMES } from './support/rollouts.ts';
import { openReport, rolloutNamed } from './support/stage.ts';

describe.skipIf(inject('opened') === null).each(ROLLOUT_NAMES)(
  'the report of a rollout that is %s',
  (name) => {
    it('prints on two pages or more, with drawings for charts and everything unfolded', async () => {
      await using opened = await openReport(rolloutNamed(name).file);
      const { page, misdeeds } = opened;
      await settle(page);
      await page.emulateMedia({ media: 'print' });
      await settle(page);
      for (const chart of await seenCharts(page)) expect(chart).toMatchObject({ isLive: false, drawings: 1 });
      const folded = page.locator('details > :not(summary)');
      for (const content of await folded.all()) expect(await content.isVisible()).toBe(true);
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThanOrEqual(2);
      expect(misdeeds).toEqual([]);
    });

    it('has no serious issue for those who do not see it, or see it badly', async () => {
      await using opened = await openReport(rolloutNamed(name).file, { bypassCSP: true });
      const { page } = opened;
      await unfold(page);
      await settle(page);
      expect.soft(await seriousIssues(page, 'all'), 'light').toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await settle(page);
      expect.soft(await seriousIssues(page, 'colours'), 'dark').toEqual([]);
    });
  },
);
