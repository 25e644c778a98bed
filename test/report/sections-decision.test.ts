// Sections 1 to 4: the verdict, the traffic, why it was decided so, and every check at every stage.
import { describe, expect, it } from 'vitest';
import { inside } from './in-page.ts';
import { linksOf, rowsOfSection, section, textOfSection } from './one-section.ts';
import { attributeOf } from './parse-html.ts';
import {
  OLD_DOCUMENT,
  PROMOTED_DOCUMENT,
  REJECTED_DOCUMENT,
  ROLLED_BACK_DOCUMENT,
  RUNNING_DOCUMENT,
} from './sample-document.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

describe('1, the verdict', () => {
  it('is the first thing, with its reason and three numbers', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'verdict');
    expect(text).toMatch(/^✖ Rolled back to version 41/);
    expect(text.indexOf(SAMPLE_REPORT.reason.sentence)).toBeLessThan(text.indexOf('Time to detect'));
    expect(text).toMatch(/Time to detect 24m 30s/);
    expect(text).toMatch(/Time to safe 5s/);
    expect(text).toMatch(/Excess failures \d+/);
    expect(text).toContain('Started 21/11/2026 13:45:00 GMT');
  });

  it('says of a rollout that is not over that it is not', () => {
    const text = textOfSection(RUNNING_DOCUMENT, 'verdict');
    expect(text).toContain('Running: 5 % of the traffic is on version 42');
    expect(text).toContain('not ended when this was written');
  });
});

describe('2, the traffic', () => {
  it('has a row for every planned stage, with the share that was counted', () => {
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'traffic')).toEqual([
      'Stage|Weight|Bake|Entered|Stayed|Observed share|Last verdict',
      'Stage 1|5 %|12m|21/11/2026 13:45:03 GMT|11m 59s|4.93 % ± 0.19 of 48,440 requests|✔ pass , row 4',
      'Stage 2|25 %|20m|21/11/2026 13:57:02 GMT|12m 36s|24.6 % ± 0.9 of 60,000 requests|✖ rollback , row 6',
      'Stage 3|50 %|10m, then approval|not reached|–|–|–',
      'Stage 4|95 %|10m|not reached|–|–|–',
    ]);
  });

  it('names the alarms that are shaded, and only those that fired', () => {
    const text = textOfSection(ROLLED_BACK_DOCUMENT, 'traffic');
    expect(text).toContain('Shaded: Checkout5xx in ALARM .');
    expect(text).not.toContain('QueueAge');
    expect(textOfSection(PROMOTED_DOCUMENT, 'traffic')).not.toContain('Shaded');
  });

  it('says where a rollout still is', () => {
    expect(rowsOfSection(RUNNING_DOCUMENT, 'traffic')[1]).toContain('|still there|');
  });

  it('shows the plan alone where nothing else is known, and says so where not even that is', () => {
    expect(rowsOfSection(OLD_DOCUMENT, 'traffic')).toContain('Stage 2|25 %|20m');
    expect(textOfSection(OLD_DOCUMENT, 'traffic')).toContain('how they went is not in this report');
    expect(textOfSection(REJECTED_DOCUMENT, 'traffic')).toContain('No stages are known.');
  });
});

describe('3, why', () => {
  it('compares both versions side by side, the row that decided first', () => {
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'why')).toEqual([
      'Metric|Stable|Canary|Interval|Variance|Allowed|Requests|Action',
      '▶ error rate|0.4 %|4.8 %|–|x12|≤ 0.6 %|1,106|✖ consider rollback',
      'requests over 500 ms|1.2 %|1.3 %|–|+8.3 %|≤ 5 %|1,106|✔ acceptable',
      'alarm Checkout5xx|–|–|–|–|–|–|! investigate',
    ]);
    expect(textOfSection(ROLLED_BACK_DOCUMENT, 'why')).toContain(
      'Decided by error rate Canary 4.8 % Stable 0.4 % Allowed ≤ 0.6 % Canary requests 1,106 Window 4m',
    );
  });

  it('draws the check that decided, and folds the others away; alarms have no course', () => {
    const figures = inside(section(ROLLED_BACK_DOCUMENT, 'why')).flatMap(
      (element) => attributeOf(element, 'data-plot') ?? [],
    );
    expect(figures).toEqual(['check-0', 'check-1']);
    const [folded, ...others] = inside(section(ROLLED_BACK_DOCUMENT, 'why')).filter(
      ({ tagName }) => tagName === 'details',
    );
    expect(others).toEqual([]);
    expect(folded && inside(folded).flatMap((element) => attributeOf(element, 'data-plot') ?? [])).toEqual([
      'check-1',
    ]);
  });

  it('says in words what the chart shows', () => {
    expect(textOfSection(ROLLED_BACK_DOCUMENT, 'why')).toContain(
      'the canary had 4.8 % (interval 3.6–6.3 %), stable 0.4 %, allowed ≤ 0.6 %.',
    );
  });

  const decidedBy = (reason: Partial<typeof SAMPLE_REPORT.reason>) => ({
    ...ROLLED_BACK_DOCUMENT,
    report: { ...ROLLED_BACK_DOCUMENT.report, reason: { ...SAMPLE_REPORT.reason, ...reason } },
  });

  it('shows the numbers of the reason where its window is another than that of the table', () => {
    expect(textOfSection(decidedBy({ value: 12, baseline: 0.7 }), 'why')).toContain(
      'Decided by error rate Canary 12 % Stable 0.7 % Allowed ≤ 0.6 % Canary requests 1,106 Window 4m',
    );
  });

  it('names the shares of slow requests by which a latency is decided, whatever the unit of its row', () => {
    const shares = { check: 'latency', value: 67.5, baseline: 49.6, limit: 54.5 };
    expect(textOfSection(decidedBy(shares), 'why')).toContain(
      'Decided by requests over 500 ms Slow on canary 67.5 % Slow on stable 49.6 % Allowed ≤ 54.5 % Canary requests 1,106 Window 4m',
    );
    // periods beyond a tolerance are no shares
    expect(textOfSection(decidedBy({ ...shares, value: 3, limit: 5 }), 'why')).toContain(
      'Decided by requests over 500 ms Canary requests 1,106 Window 4m',
    );
  });

  it('says so where what decided is not over the same time as the table', () => {
    const sentence = 'What decided is over its own window';
    expect(textOfSection(decidedBy({ sample: 440 }), 'why')).toContain(sentence);
    expect(textOfSection(ROLLED_BACK_DOCUMENT, 'why')).not.toContain(sentence);
  });

  it('calls requests that were due no requests of the canary', () => {
    const [row] = SAMPLE_REPORT.checks;
    if (row === undefined) throw new Error('the sample has checks');
    const silent = { ...row, unit: 'requests', canary: 0, stable: 16_992, limit: 895, sample: 895 };
    const { report } = decidedBy({ value: 0, limit: 895, sample: 895, baseline: 16_992 });
    const text = textOfSection({ ...ROLLED_BACK_DOCUMENT, report: { ...report, checks: [silent] } }, 'why');
    expect(text).toContain('Canary 0 requests');
    expect(text).not.toContain('Canary requests');
  });

  it('does not repeat the sentence that stands above', () => {
    expect(textOfSection(ROLLED_BACK_DOCUMENT, 'why')).not.toContain(SAMPLE_REPORT.reason.sentence);
  });

  it('does not point at the alarms when one fired after the last look', () => {
    const calm = SAMPLE_REPORT.checks.map((row) => ({ ...row, action: 'acceptable' as const }));
    const { report } = decidedBy({ check: 'alarms', value: null });
    for (const [checks, pointed] of [
      [calm, []],
      [SAMPLE_REPORT.checks, ['▶ alarm Checkout5xx|–|–|–|–|–|–|! investigate']],
    ] as const) {
      const rows = rowsOfSection({ ...ROLLED_BACK_DOCUMENT, report: { ...report, checks } }, 'why');
      expect(rows.filter((row) => row.startsWith('▶'))).toEqual(pointed);
    }
  });

  it('says so where no check decided, and where courses are not known', () => {
    const text = textOfSection(REJECTED_DOCUMENT, 'why');
    expect(text).toContain('Not started: version 42 does not exist.');
    expect(text).toContain('No check decided this.');
    expect(text).toContain('Nothing was judged.');
    expect(textOfSection(OLD_DOCUMENT, 'why')).toContain(
      'How the values moved over time is not in this report',
    );
  });
});

describe('4, the checks at every stage', () => {
  it('has a column for each stage that was reached, with a link to the row that tells of it', () => {
    expect(rowsOfSection(ROLLED_BACK_DOCUMENT, 'checks')).toEqual([
      'Check|5 % ✔ pass , row 4|25 % ✖ rollback , row 6',
      'error rate|0.43 % ✔ acceptable stable 0.41 % allowed ≤ 0.62 % interval 0.25–0.65 % requests 2,310|4.8 % ✖ consider rollback stable 0.4 % allowed ≤ 0.6 % requests 1,106',
      'requests over 500 ms|1.3 % ✔ acceptable stable 1.2 % allowed ≤ 5 % requests 1,106|1.3 % ✔ acceptable stable 1.2 % allowed ≤ 5 % requests 1,106',
      'alarm Checkout5xx|– ! investigate|– ! investigate',
    ]);
    expect(linksOf(ROLLED_BACK_DOCUMENT, 'checks')).toEqual(['#row-4', '#row-6']);
    expect(textOfSection(ROLLED_BACK_DOCUMENT, 'checks')).toContain('Not reached: 50 %, 95 %.');
  });

  it('breaks many stages into several tables, so that none is too wide', () => {
    const [stage] = ROLLED_BACK_DOCUMENT.report.course;
    if (stage === undefined) throw new Error('the sample has stages');
    const course = Array.from({ length: 10 }, (_, index) => ({ ...stage, index }));
    const report = { ...ROLLED_BACK_DOCUMENT.report, course };
    const heads = rowsOfSection({ ...ROLLED_BACK_DOCUMENT, report }, 'checks').filter((row) =>
      row.startsWith('Check|'),
    );
    expect(heads.map((head) => head.split('|').length - 1)).toEqual([4, 4, 2]);
  });

  it('says what is not known', () => {
    expect(textOfSection(REJECTED_DOCUMENT, 'checks')).toContain('Nothing was judged at any stage.');
    expect(textOfSection(OLD_DOCUMENT, 'checks')).toContain('not in this report');
  });
});
