// The report of a rollout that still runs on AWS: not ended, without a record in the file, with links to consoles.
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { writeReport } from '../../src/cli/write-report.ts';
import { seriousIssues } from './support/axe.ts';
import { embeddedReport, seenCharts, settle, shownText, sideways, unfold } from './support/in-page.ts';
import { NARROW, openedSuite, openReport, rolloutNamed, WIDE } from './support/stage.ts';

async function written(): Promise<string> {
  await using opened = await openReport(rolloutNamed('cut-off').file);
  const report = await embeddedReport(opened.page);
  const file = join(openedSuite().folder, 'running.html');
  await writeReport('/', file, {
    report: { ...report, outcome: null, endedAt: null },
    isSimulated: false,
    executionArn: 'arn:aws:states:eu-west-2:123456789012:execution:stepshift:checkout-42',
    serviceFile: null,
    examination: null,
    whatIf: [],
    record: null,
  });
  return file;
}

describe.skipIf(inject('opened') === null)('the report of a rollout that still runs', () => {
  it('says so, draws its charts, stays within the window, and loads nothing', async () => {
    await using opened = await openReport(await written());
    const { page, misdeeds } = opened;
    await unfold(page);
    const verdict = await shownText(page, '#section-verdict');
    expect(verdict).toContain('Running: 95 % of the traffic is on version 42');
    expect(verdict).toContain('not ended when this was written');
    expect(await shownText(page, '#section-traffic')).toContain('still there');
    expect(await shownText(page, '#section-review')).toContain('has not ended');
    expect(
      await page.locator('a[href^="https://eu-west-2.console.aws.amazon.com/"]').count(),
    ).toBeGreaterThan(1);
    for (const size of [NARROW, WIDE]) {
      await page.setViewportSize(size);
      await settle(page);
      expect(await sideways(page), `${size.width} pixels`).toEqual({ overflowPixels: 0, outside: [] });
      for (const chart of await seenCharts(page)) expect(chart).toMatchObject({ isLive: true });
      await page.screenshot({
        path: join(openedSuite().screenshots, `running-${size.width}-light.png`),
        fullPage: true,
      });
    }
    expect(misdeeds).toEqual([]);
  });

  it('has no serious issue for those who do not see it, or see it badly', async () => {
    await using opened = await openReport(await written(), { bypassCSP: true });
    await unfold(opened.page);
    await settle(opened.page);
    expect(await seriousIssues(opened.page, 'all')).toEqual([]);
  });
});
