// Sections 5 to 8: the timeline, who was affected, what held before, and what was heard beside the metrics.
import { describe, expect, it } from 'vitest';
import { inside } from './in-page.ts';
import { linksOf, rowsOfSection, section, textOfSection } from './one-section.ts';
import { attributeOf } from './parse-html.ts';
import {
  EXECUTION_ARN,
  PROMOTED_DOCUMENT,
  REJECTED_DOCUMENT,
  ROLLED_BACK_DOCUMENT,
} from './sample-document.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

describe('5, the timeline', () => {
  it('tells every row in UK time, by whom, and because of what; machines get UTC', () => {
    const rows = rowsOfSection(PROMOTED_DOCUMENT, 'timeline');
    expect(rows[1]).toBe('1|21/11/2026 13:45:00 GMT|▶ started|Stepshift|checkout: 41 to 42, 4 stages');
    expect(rows[5]).toContain('|Version 42 now takes 25 % of the traffic, verified. ← because of row 4');
    const times = inside(section(PROMOTED_DOCUMENT, 'timeline')).filter(({ tagName }) => tagName === 'time');
    expect(times.map((time) => attributeOf(time, 'datetime'))).toEqual(
      PROMOTED_DOCUMENT.report.timeline.map(({ at }) => at),
    );
  });

  it('names people and alarms', () => {
    const at = SAMPLE_REPORT.startedAt;
    const timeline = [
      { at, event: 'interrupt-latched', sentence: 'fired', kind: 'alarm', source: 'Checkout 5xx' },
      { at, event: 'rollout-paused', sentence: 'wait', actor: 'ana' },
    ] as const;
    const document = { ...ROLLED_BACK_DOCUMENT, report: { ...SAMPLE_REPORT, timeline } };
    const [, alarm, person] = rowsOfSection(document, 'timeline');
    expect(alarm).toContain('|alarm Checkout 5xx|');
    expect(person).toContain('|ana|');
    expect(linksOf(document, 'timeline')).toContain(
      'https://eu-west-2.console.aws.amazon.com/cloudwatch/home?region=eu-west-2#alarmsV2:alarm/Checkout%205xx',
    );
  });

  it('leads into the consoles, unless it was a simulation or nobody knows which execution it was', () => {
    const links = linksOf(ROLLED_BACK_DOCUMENT, 'timeline').filter((link) => link.startsWith('https:'));
    expect(links[0]).toContain(`/executions/details/${EXECUTION_ARN}`);
    // two shifts and the way back
    expect(links.slice(1).map((link) => link.includes('cloudtrail'))).toEqual([true, true, true]);
    for (const document of [
      { ...ROLLED_BACK_DOCUMENT, isSimulated: true },
      { ...ROLLED_BACK_DOCUMENT, executionArn: 'javascript:alert(1)' },
      { ...ROLLED_BACK_DOCUMENT, executionArn: null },
    ]) {
      expect(linksOf(document, 'timeline').filter((link) => !link.startsWith('#row-'))).toEqual([]);
    }
  });

  it('says so when there is none', () => {
    expect(textOfSection(REJECTED_DOCUMENT, 'timeline')).toContain('No events are recorded.');
  });
});

describe('5, rows that repeat', () => {
  it('end with a link to the row that says it, where it is long', () => {
    const long =
      'Rolled back, because so many requests of the canary failed, and hardly any of the stable version.';
    const at = SAMPLE_REPORT.startedAt;
    const timeline = [
      { at, event: 'canary-failed', sentence: long },
      { at, event: 'rollback-started', sentence: 'Going back.' },
      { at, event: 'rollout-rolled-back', sentence: `All is back. ${long}` },
      { at, event: 'drift-after-end', sentence: `Somebody was there. Going back.` },
    ] as const;
    const rows = rowsOfSection(
      { ...ROLLED_BACK_DOCUMENT, report: { ...SAMPLE_REPORT, timeline } },
      'timeline',
    );
    expect(rows[1]).toContain(long);
    expect(rows[3]).toMatch(/All is back\. Why: row 1 \./);
    expect(rows[4]).toContain('Somebody was there. Going back.');
  });
});

describe('6, the exposure', () => {
  it('counts requests and failures, and the longest time over the limit', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'exposure');
    expect(text).toContain('Requests on the canary 15,310 Bad requests 268 (1.75 %)');
    expect(text).toMatch(/Excess failures \d+: beyond/);
    expect(text).toMatch(
      /Longest time over the limit at least 5m, 21\/11\/2026 14:05:00 GMT to 21\/11\/2026 14:10:00 GMT/,
    );
    expect(text).toContain('Highest weight 25 % Weight at the end 0 %');
  });

  it('says what is not known', () => {
    const text = textOfSection(REJECTED_DOCUMENT, 'exposure');
    expect(text).toContain(
      'Requests on the canary 0 Bad requests 0 Excess failures 0: no request reached the canary Longest time over the limit none Highest',
    );
    expect(text).toContain('No metric period is in this report');
  });
});

describe('6, what the exposure counts', () => {
  const seen = '15,310 canary requests, 283 of them failed, up to 21/11/2026 14:10:00 GMT';

  it('is what the metrics had shown, or what the simulator knows: said where it is read', () => {
    expect(textOfSection(ROLLED_BACK_DOCUMENT, 'exposure')).toContain(
      `Counted from the metrics as the last look saw them: ${seen} . What came later is not in these numbers.`,
    );
    const simulated = { ...ROLLED_BACK_DOCUMENT, isSimulated: true };
    expect(textOfSection(simulated, 'exposure')).toContain(
      `The simulator counted these, to the last request. The checks, the charts and the what-if table know what the metrics had shown by the last look: ${seen} .`,
    );
  });

  it('says so where the metrics showed nothing of a canary that had requests', () => {
    const series = SAMPLE_REPORT.series.map((point) => ({ ...point, canaryRequests: null }));
    const report = { ...SAMPLE_REPORT, series };
    expect(textOfSection({ ...ROLLED_BACK_DOCUMENT, report, isSimulated: true }, 'exposure')).toContain(
      'by the last look: no request of the canary.',
    );
  });

  it('tells slow answers from failures', () => {
    const exposure = { canaryRequests: 1045, badRequests: 115, slowRequests: 113 };
    const text = textOfSection(
      { ...ROLLED_BACK_DOCUMENT, report: { ...SAMPLE_REPORT, exposure } },
      'exposure',
    );
    expect(text).toContain('Bad requests 115 (11 %), 113 of them only too slow');
    expect(text).toMatch(/Excess failures 0: .*; 113 more answers were only too slow/);
  });
});

describe('7, preflight', () => {
  it('shows waived gates with their reason, and folds the open ones away', () => {
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'preflight')).toEqual([
      'Gate|State|Finding',
      'not-blind-to-http-errors|! waived|checkout-api:live answers HTTP, and Lambda counts an answer of 500 as a success Waived because: the load balancer in front has its own alarm, Checkout5xx',
      'Gate|State|Finding',
      'versions-published|✔ open|versions 41 and 42 are published',
    ]);
    expect(textOfSection(REJECTED_DOCUMENT, 'preflight')).toContain('The gates did not run');
  });

  it('gives the fix of a shut gate', () => {
    const [gate] = SAMPLE_REPORT.gates;
    if (gate === undefined) throw new Error('the sample has gates');
    const problem = {
      code: 'version-missing',
      ...{ what: 'it is not there', where: 'version', got: '42', allowed: 'one that is', fix: 'Publish it' },
    } as const;
    const report = { ...SAMPLE_REPORT, gates: [{ ...gate, open: false, problem }] };
    expect(rowsOfSection({ ...ROLLED_BACK_DOCUMENT, report }, 'preflight')[1]).toBe(
      'versions-published|✖ shut|versions 41 and 42 are published Fix: Publish it',
    );
  });
});

describe('8, signals', () => {
  it('lists alarms that were not OK, and says plainly what this release does not read', () => {
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'signals')).toEqual([
      'Alarm|State|From|Until',
      'Checkout5xx|✖ in ALARM|21/11/2026 14:07:00 GMT|the last look',
      'QueueAge|? without data|21/11/2026 13:46:00 GMT|21/11/2026 13:49:00 GMT',
    ]);
    const text = textOfSection(PROMOTED_DOCUMENT, 'signals');
    expect(text).toContain('No look saw an alarm in another state than OK.');
    expect(text).toContain('Nobody stepped in, and nothing was held or in doubt.');
    expect(text).toContain('This release reads no security findings.');
    expect(text).toContain('This release reads no exceptions');
  });

  it('lists who stepped in', () => {
    const timeline = [
      { at: SAMPLE_REPORT.startedAt, event: 'rollout-paused', sentence: 'lunch', actor: 'ana' },
    ] as const;
    const rows = rowsOfSection(
      { ...PROMOTED_DOCUMENT, report: { ...PROMOTED_DOCUMENT.report, timeline } },
      'signals',
    );
    expect(rows).toContain('‖ paused|21/11/2026 13:45:00 GMT , row 1|ana|lunch');
  });
});
