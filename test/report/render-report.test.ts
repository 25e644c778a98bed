// The report file: complete, inert, well formed, readable by machines, for any report.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolloutReport } from '../../src/core/report.ts';
import type { CheckReading } from '../../src/core/verdict.ts';
import { renderReportHtml } from '../../src/report/render-report.ts';
import { REPORT_CSS, REPORT_CSS_SHA256 } from '../../src/report/styles.ts';
import { anyReport, HOSTILE_TEXTS } from './any-report.ts';
import { attributeOf, type ParsedHtml, parseHtml, textOf } from './parse-html.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

const REJECTED: RolloutReport = {
  ...SAMPLE_REPORT,
  outcome: 'REJECTED',
  stableVersion: null,
  peakWeightPercent: 0,
  detectedAt: null,
  safeAt: null,
  exposure: { canaryRequests: 0, badRequests: 0 },
  stages: [],
  gates: [],
  checks: [],
  series: [],
  timeline: [],
};

function find(parsed: ParsedHtml, tag: string): ParsedHtml['elements'] {
  return parsed.elements.filter((element) => element.tagName === tag);
}

/** Text of the whole page without the embedded data. */
function pageText(parsed: ParsedHtml): string {
  return [...find(parsed, 'header'), ...find(parsed, 'main')].map(textOf).join(' ');
}

function pathNumbers(parsed: ParsedHtml): readonly string[] {
  const drawn = ['path', 'line', 'rect', 'text', 'circle'].flatMap((tag) => find(parsed, tag));
  return drawn.flatMap((element) =>
    element.attrs.filter(({ name }) => name !== 'class').map(({ value }) => value),
  );
}

describe('the report of a rolled-back rollout', () => {
  const parsed = parseHtml(renderReportHtml(SAMPLE_REPORT));

  it('begins with the verdict and three numbers', () => {
    const text = pageText(parsed);
    expect(text.indexOf('Rolled back to version 41')).toBeLessThan(text.indexOf('Time to detect'));
    expect(text).toContain(SAMPLE_REPORT.reason.sentence);
    expect(text).toMatch(/Time to detect\s*24m 30s/);
    expect(text).toMatch(/Time to safe\s*5s/);
    // 268 bad requests less 57.6, which is what stable's rates would have given
    expect(text).toMatch(/Excess failures\s*210/);
  });

  it('has every section under a heading, in order', () => {
    expect(find(parsed, 'h1').map(textOf)).toEqual(['checkout · rollout of version 42']);
    expect(find(parsed, 'h2').map(textOf)).toEqual([
      'Traffic and errors',
      'Side by side',
      'Timeline',
      'Exposure',
      'Plan',
      'Gates and waivers',
      'What was rolled out',
    ]);
  });

  it('compares both versions side by side and says what to do', () => {
    const rows = find(parsed, 'tr').map((row) => row.childNodes.map(textOf).join('|'));
    expect(rows).toContain('error rate|0.4 %|4.8 %|x12|≤ 0.6 %|1,106|consider rollback');
    expect(rows).toContain('requests over 500 ms|1.2 %|1.3 %|+8.3 %|≤ 5 %|1,106|acceptable');
  });

  it('says of a rate of which more is better that it may be no less, and when a row cannot tell', () => {
    const conversion: CheckReading = {
      check: 'conversion',
      label: 'conversion',
      unit: '%',
      stable: 3.2,
      canary: 2.9,
      limit: 3.04,
      better: 'higher',
      variancePercent: -9.4,
      sample: 1106,
      evidence: 1.1,
      streams: { conversion: 1.8 },
      interval: null,
      stillNeeded: 240_000,
      action: 'cannot tell yet',
    };
    const own = parseHtml(renderReportHtml({ ...SAMPLE_REPORT, checks: [conversion] }));
    const rows = find(own, 'tr').map((row) => row.childNodes.map(textOf).join('|'));
    expect(rows).toContain('conversion|3.2 %|2.9 %|-9.4 %|≥ 3.04 %|1,106|cannot tell yet');
  });

  it('tells the timeline in UK time and keeps the machine time', () => {
    const times = find(parsed, 'time');
    expect(times.map(textOf)).toContain('21/11/2026 14:09:33 GMT');
    expect(times.map((time) => attributeOf(time, 'datetime'))).toEqual(
      SAMPLE_REPORT.timeline.map((entry) => entry.at),
    );
  });

  it('shows waivers, digest and versions', () => {
    const text = pageText(parsed);
    expect(text).toContain('Waived because: the load balancer in front has its own alarm');
    expect(text).toContain(SAMPLE_REPORT.specDigest);
    expect(text).toContain('checkout-api:live');
  });

  it('draws the weight as steps, and breaks a line where metrics are missing', () => {
    const paths = find(parsed, 'path').map((path) => [
      attributeOf(path, 'class'),
      attributeOf(path, 'd') ?? '',
    ]);
    const [, weight] = paths.find(([kind]) => kind === 'weight-line') ?? [];
    expect(weight).toMatch(/^M[\d.]+ [\d.]+(H[\d.]+V[\d.]+)+$/);
    // two drawings, a gap in each
    expect(paths.filter(([kind]) => kind === 'canary-line')).toHaveLength(4);
    expect(paths.filter(([kind]) => kind === 'stable-line')).toHaveLength(2);
  });

  it('is accessible: language, names for drawings, captions and scopes for tables, unique ids', () => {
    expect(find(parsed, 'html').map((root) => attributeOf(root, 'lang'))).toEqual(['en-GB']);
    expect(find(parsed, 'table').length).toBe(find(parsed, 'caption').length);
    for (const cell of find(parsed, 'th')) expect(attributeOf(cell, 'scope')).toMatch(/^(row|col)$/);
    const ids = parsed.elements.flatMap((element) => attributeOf(element, 'id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const drawing of find(parsed, 'svg')) {
      expect(attributeOf(drawing, 'role')).toBe('img');
      for (const id of attributeOf(drawing, 'aria-labelledby')?.split(' ') ?? []) expect(ids).toContain(id);
    }
  });

  it('carries its own data', () => {
    const [data] = find(parsed, 'script');
    expect(data && attributeOf(data, 'type')).toBe('application/json');
    expect(data && JSON.parse(textOf(data))).toEqual(SAMPLE_REPORT);
  });
});

describe('any report', () => {
  it('allows exactly its own style sheet, which means the noted hash is the right one', () => {
    expect(REPORT_CSS_SHA256).toBe(createHash('sha256').update(REPORT_CSS).digest('base64'));
    const policies = find(parseHtml(renderReportHtml(REJECTED)), 'meta').map((meta) =>
      attributeOf(meta, 'content'),
    );
    expect(policies).toContain(
      `default-src 'none'; style-src 'sha256-${REPORT_CSS_SHA256}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('renders a rejected start that has nothing to draw', () => {
    const parsed = parseHtml(renderReportHtml(REJECTED));
    expect(pageText(parsed)).toContain('Not started: no traffic was shifted');
    expect(pageText(parsed)).toContain('no metrics were reported');
    expect(parsed.faults).toEqual([]);
  });

  it.each(HOSTILE_TEXTS.map((text) => [text.slice(0, 40), text]))('keeps %j inert', (_name, text) => {
    const stage = SAMPLE_REPORT.timeline[0];
    if (stage === undefined) throw new Error('the sample has a timeline');
    const parsed = parseHtml(
      renderReportHtml({
        ...SAMPLE_REPORT,
        service: text,
        canaryVersion: text,
        reason: { ...SAMPLE_REPORT.reason, sentence: text },
        timeline: [{ ...stage, sentence: text }],
      }),
    );
    expect(parsed.faults).toEqual([]);
    expectInert(parsed);
    expect(pageText(parsed).length).toBeLessThan(6000);
  });

  it('is well formed, inert and drawn with finite numbers, whatever is in it', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const parsed = parseHtml(renderReportHtml(report));
        expect(parsed.faults).toEqual([]);
        expectInert(parsed);
        for (const value of pathNumbers(parsed)) expect(value).not.toMatch(/NaN|Infinity|undefined|e[+-]/);
      }),
      { numRuns: 60 },
    );
  });
});

/** One data block, no handlers, no links out, nothing that loads. */
function expectInert(parsed: ParsedHtml): void {
  expect(find(parsed, 'script').map((script) => attributeOf(script, 'type'))).toEqual(['application/json']);
  for (const tag of ['img', 'iframe', 'link', 'object', 'form', 'a', 'base'])
    expect(find(parsed, tag)).toEqual([]);
  const names = parsed.elements.flatMap((element) => element.attrs.map((attribute) => attribute.name));
  expect(names.filter((name) => /^(on|src|href|style|action)/.test(name))).toEqual([]);
}
