// Reports of hostile texts in a real browser: nothing of them runs, loads, links, turns the page around or breaks its layout.
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { writeReport } from '../../src/cli/write-report.ts';
import type { RolloutReport } from '../../src/core/report.ts';
import { seriousIssues } from './support/axe.ts';
import { SECTION_NAMES } from './support/expected.ts';
import { HOSTILE_KINDS, type HostileKind, hostileDocument } from './support/hostile.ts';
import { embeddedReport, seenCharts, settle, shownText, sideways, unfold } from './support/in-page.ts';
import { NARROW, openedSuite, openReport, rolloutNamed, WIDE } from './support/stage.ts';

const KINDS = Object.keys(HOSTILE_KINDS) as HostileKind[];

describe.skipIf(inject('opened') === null)('a report of hostile texts', () => {
  let honest: RolloutReport;

  beforeAll(async () => {
    await using opened = await openReport(rolloutNamed('load-balancer').file);
    honest = await embeddedReport(opened.page);
  });

  async function written(kind: HostileKind): Promise<string> {
    const file = join(openedSuite().folder, `hostile ${kind}.html`);
    await writeReport('/', file, hostileDocument(honest, kind));
    return file;
  }

  it.each(KINDS)('keeps texts that %s inert', async (kind) => {
    await using opened = await openReport(await written(kind));
    const { page, misdeeds } = opened;
    await unfold(page);
    await settle(page);
    expect(await page.evaluate('globalThis.stolen')).toBe(undefined);
    expect(await page.locator('img, iframe, link, form, base, object, embed, video, audio').count()).toBe(0);
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links.filter((href) => !/^#[a-z0-9-]+$/.test(href ?? ''))).toEqual([]);
    const sections = await page.locator('main section[id]').evaluateAll((all) => all.map(({ id }) => id));
    expect(sections).toEqual(SECTION_NAMES.map((section) => `section-${section}`));
    for (const size of [NARROW, WIDE]) {
      await page.setViewportSize(size);
      await settle(page);
      expect(await sideways(page), `${size.width} pixels`).toEqual({ overflowPixels: 0, outside: [] });
      for (const chart of await seenCharts(page)) expect(chart).toMatchObject({ isLive: true });
      const path = join(
        openedSuite().screenshots,
        `hostile-${kind.replaceAll(' ', '-')}-${size.width}-light.png`,
      );
      await page.screenshot({ path, fullPage: true });
    }
    expect(misdeeds).toEqual([]);
  });

  it('shows what would break out as the text that it is', async () => {
    await using opened = await openReport(await written('break out'));
    await unfold(opened.page);
    const shown = await shownText(opened.page, 'main');
    for (const text of ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '&lt;b&gt;', '<!--']) {
      expect(shown).toContain(text);
    }
  });

  it('cuts texts that do not end', async () => {
    await using opened = await openReport(await written('do not end'));
    await unfold(opened.page);
    const longest = Math.max(
      ...(await shownText(opened.page, 'main')).split(' ').map(({ length }) => length),
    );
    expect(longest).toBeLessThan(1100);
  });

  it('isolates texts that turn around, and shows no sign that turns others', async () => {
    await using opened = await openReport(await written('turn around'));
    const { page } = opened;
    await unfold(page);
    const shown = await shownText(page, 'body');
    expect(shown).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
    const hebrew = page.getByText('שלום');
    expect(await hebrew.count()).toBeGreaterThan(3);
    for (const element of await hebrew.all()) {
      expect(await element.evaluate((shownIn) => shownIn.closest('bdi, svg, title, pre') !== null)).toBe(
        true,
      );
    }
  });

  it('is no harder to read than another', async () => {
    await using opened = await openReport(await written('break out'), { bypassCSP: true });
    await unfold(opened.page);
    await settle(opened.page);
    expect(await seriousIssues(opened.page, 'all')).toEqual([]);
  });
});
