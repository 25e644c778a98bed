// The report file: complete, inert, well formed, readable by machines, for any report.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../src/cli/write-report.ts';
import type { ReportDocument } from '../../src/core/report-document.ts';
import { CHART_SCRIPT } from '../../src/report/chart-script.ts';
import { SECTIONS } from '../../src/report/parts.ts';
import { renderReportHtml } from '../../src/report/render-report.ts';
import { REPORT_CSS } from '../../src/report/styles.ts';
import { anyDocument } from './any-document.ts';
import { HOSTILE_TEXTS } from './any-report.ts';
import { byId, find, inside, shownText } from './in-page.ts';
import { attributeOf, type ParsedHtml, parseHtml, textOf } from './parse-html.ts';
import {
  OLD_DOCUMENT,
  PLAIN_PAGE,
  PROMOTED_DOCUMENT,
  REJECTED_DOCUMENT,
  ROLLED_BACK_DOCUMENT,
  RUNNING_DOCUMENT,
} from './sample-document.ts';

const rendered = (document: ReportDocument) => parseHtml(renderReportHtml(document, PLAIN_PAGE));

const STATES: readonly (readonly [string, ReportDocument])[] = [
  ['rolled back', ROLLED_BACK_DOCUMENT],
  ['promoted', PROMOTED_DOCUMENT],
  ['running', RUNNING_DOCUMENT],
  ['rejected', REJECTED_DOCUMENT],
  ['of an older release', OLD_DOCUMENT],
];

describe.each(STATES)('the report of a rollout that is %s', (_state, document) => {
  const parsed = rendered(document);
  const ids = parsed.elements.flatMap((element) => attributeOf(element, 'id') ?? []);

  it('has its twelve sections in their order, each with a heading and something to say', () => {
    const names = Object.keys(SECTIONS);
    expect(names).toHaveLength(12);
    const sections = find(parsed, 'section');
    expect(sections.map((section) => attributeOf(section, 'id'))).toEqual(
      names.map((name) => `section-${name}`),
    );
    for (const section of sections) {
      const heading = byId(parsed, attributeOf(section, 'aria-labelledby') ?? '');
      expect(heading.tagName).toBe('h2');
      expect(shownText(section).length).toBeGreaterThan(shownText(heading).length + 20);
    }
  });

  it('is accessible: language, landmarks, names for drawings, captions and scopes, unique ids', () => {
    expect(find(parsed, 'html').map((root) => attributeOf(root, 'lang'))).toEqual(['en-GB']);
    expect(['header', 'nav', 'main', 'footer', 'h1'].map((tag) => find(parsed, tag).length)).toEqual([
      ...[1, 1, 1, 1, 1],
    ]);
    for (const table of find(parsed, 'table')) {
      const captions = inside(table).filter(({ tagName }) => tagName === 'caption');
      expect(captions.map((caption) => shownText(caption).length > 5)).toEqual([true]);
    }
    for (const cell of find(parsed, 'th')) expect(attributeOf(cell, 'scope')).toMatch(/^(row|col)$/);
    expect(new Set(ids).size).toBe(ids.length);
    for (const drawing of find(parsed, 'svg')) {
      expect(attributeOf(drawing, 'role')).toBe('img');
      for (const id of attributeOf(drawing, 'aria-labelledby')?.split(' ') ?? []) expect(ids).toContain(id);
    }
  });

  it('leads with its links to places that are there', () => {
    const places = find(parsed, 'a').map((link) => attributeOf(link, 'href') ?? '');
    expect(places.length).toBeGreaterThan(12);
    for (const place of places.filter((address) => address.startsWith('#'))) {
      expect(ids).toContain(place.slice(1));
    }
  });

  it('is well formed and inert', () => {
    expect(parsed.faults).toEqual([]);
    expectInert(parsed);
  });

  it('carries its own data', () => {
    expect(JSON.parse(textOf(byId(parsed, 'stepshift-report')))).toEqual(document.report);
    const records = find(parsed, 'script').filter(
      (script) => attributeOf(script, 'type') === 'application/gzip+base64',
    );
    expect(records.map((record) => [attributeOf(record, 'id'), textOf(record)])).toEqual(
      document.record === null ? [] : [['stepshift-record', document.record]],
    );
  });
});

describe('the content policy', () => {
  const policyOf = (parsed: ParsedHtml) =>
    find(parsed, 'meta').flatMap((meta) =>
      attributeOf(meta, 'http-equiv') === 'Content-Security-Policy' ? [attributeOf(meta, 'content')] : [],
    );

  it('allows exactly the style sheet where there is no chart library', () => {
    expect(policyOf(rendered(REJECTED_DOCUMENT))).toEqual([
      `default-src 'none'; style-src 'sha256-${PLAIN_PAGE.sha256(REPORT_CSS)}'; base-uri 'none'; form-action 'none'`,
    ]);
  });

  it('allows exactly the styles and scripts that stand in the file, by their hashes', async () => {
    const page = await reportPage();
    const parsed = parseHtml(renderReportHtml(ROLLED_BACK_DOCUMENT, page));
    const hash = (text: string) => `'sha256-${PLAIN_PAGE.sha256(text)}'`;
    const styles = find(parsed, 'style').map(textOf);
    const scripts = find(parsed, 'script')
      .filter((script) => attributeOf(script, 'type') === undefined)
      .map(textOf);
    expect(styles).toEqual([REPORT_CSS, page.chartLibrary?.style]);
    expect(scripts).toEqual([page.chartLibrary?.script, CHART_SCRIPT]);
    expect(policyOf(parsed)).toEqual([
      `default-src 'none'; style-src ${styles.map(hash).join(' ')}; script-src ${scripts.map(hash).join(' ')}; base-uri 'none'; form-action 'none'`,
    ]);
    expect(parsed.faults).toEqual([]);
  });

  it('keeps the licence of the chart library beside it', async () => {
    const source = renderReportHtml(ROLLED_BACK_DOCUMENT, await reportPage());
    expect(source).toContain('Copyright (c) 2022 Leon Sorokin');
    expect(source).toContain('The above copyright notice and this permission notice shall be included');
  });
});

describe('any report', () => {
  it.each(HOSTILE_TEXTS.map((text) => [text.slice(0, 40), text]))('keeps %j inert', (_name, text) => {
    const { report } = ROLLED_BACK_DOCUMENT;
    const parsed = rendered({
      ...ROLLED_BACK_DOCUMENT,
      serviceFile: text,
      executionArn: text,
      report: {
        ...report,
        ...{ service: text, canaryVersion: text, specDigest: text, target: text },
        reason: { ...report.reason, sentence: text },
        alarmStretches: report.alarmStretches.map((stretch) => ({ ...stretch, name: text })),
        checkCourses: report.checkCourses.map((course) => ({ ...course, label: text, unit: text })),
        timeline: report.timeline.map((entry) => ({ ...entry, sentence: text, actor: text })),
      },
    });
    expect(parsed.faults).toEqual([]);
    expectInert(parsed);
    expect(shownText(byId(parsed, 'main')).length).toBeLessThan(40_000);
  });

  it('is well formed, inert and drawn with finite numbers, whatever is in it', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const parsed = rendered(document);
        expect(parsed.faults).toEqual([]);
        expect(find(parsed, 'section')).toHaveLength(12);
        expectInert(parsed);
        for (const value of drawnNumbers(parsed)) expect(value).not.toMatch(/NaN|Infinity|undefined|e[+-]/);
      }),
      { numRuns: 60 },
    );
  });
});

function drawnNumbers(parsed: ParsedHtml): readonly string[] {
  const drawn = ['path', 'line', 'rect', 'text', 'circle'].flatMap((tag) => find(parsed, tag));
  return drawn.flatMap((element) =>
    element.attrs.filter(({ name }) => name !== 'class').map(({ value }) => value),
  );
}

const DATA_TYPES = ['application/json', 'application/gzip+base64'];

/** Data blocks but no scripts, no handlers, nothing that loads, and links to this page and to consoles alone. */
function expectInert(parsed: ParsedHtml): void {
  for (const script of find(parsed, 'script')) {
    expect(DATA_TYPES).toContain(attributeOf(script, 'type'));
    expect(attributeOf(script, 'src')).toBeUndefined();
  }
  for (const tag of ['img', 'iframe', 'link', 'object', 'form', 'base'])
    expect(find(parsed, tag)).toEqual([]);
  for (const link of find(parsed, 'a')) {
    expect(attributeOf(link, 'href')).toMatch(
      /^(#[a-z0-9-]+|https:\/\/eu-west-2\.console\.aws\.amazon\.com\/\S+)$/,
    );
  }
  const names = parsed.elements
    .filter(({ tagName }) => tagName !== 'a')
    .flatMap((element) => element.attrs.map((attribute) => attribute.name));
  expect(names.filter((name) => /^(on|src|href|style|action)/.test(name))).toEqual([]);
}
