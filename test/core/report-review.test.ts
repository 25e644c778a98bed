// The review: what occurred, what was done, what follows. Each sentence needs a fact, and a fact brings its sentence.
import { describe, expect, it } from 'vitest';
import type { RolloutReport, StageCourse, TimelineEntry } from '../../src/core/report.ts';
import { reviewOf } from '../../src/core/report-review.ts';
import type { CheckReading } from '../../src/core/verdict.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';
import { played } from '../scenarios/examples.ts';

const START_MS = Date.parse(SAMPLE_REPORT.startedAt);
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();

function entry(
  event: TimelineEntry['event'],
  minutes: number,
  data: Partial<TimelineEntry> = {},
): TimelineEntry {
  return { ...data, at: at(minutes), event, sentence: data.sentence ?? `said ${event}` };
}

const [errors] = SAMPLE_REPORT.checks as unknown as [CheckReading];

function stage(index: number, change: Partial<StageCourse> = {}): StageCourse {
  return {
    index,
    weightPercent: 5,
    bakeSeconds: 600,
    approval: false,
    enteredAt: at(20 * index),
    leftAt: at(20 * index + 12),
    observed: { percent: 5.1, marginPercent: 0.4, requests: 10_000 },
    verdict: 'pass',
    sentence: 'no harm seen',
    checks: [{ ...errors, action: 'acceptable' }],
    ...change,
  };
}

/** Promoted over two stages, nothing to be said against it. */
const CLEAN: RolloutReport = {
  ...SAMPLE_REPORT,
  outcome: 'PROMOTED',
  detectedAt: null,
  safeAt: null,
  gates: [],
  series: [],
  exposure: { canaryRequests: 15_310, badRequests: 8 },
  course: [
    stage(0),
    stage(1, { weightPercent: 50, observed: { percent: 49, marginPercent: 1, requests: 10_000 } }),
  ],
  checkCourses: [],
  alarmStretches: [],
  timeline: [entry('rollout-started', 0), entry('traffic-shifted', 0), entry('rollout-promoted', 33)],
};

const recommended = (change: Partial<RolloutReport>) => reviewOf({ ...CLEAN, ...change }).recommendations;

describe('recommendations', () => {
  it('are none where nothing follows', () => {
    expect(recommended({})).toEqual([]);
  });

  it.each<[string, Partial<RolloutReport>, RegExp]>([
    [
      'a waived gate',
      { gates: SAMPLE_REPORT.gates },
      /^The gate not-blind-to-http-errors was passed .*because: the load balancer in front has its own alarm/,
    ],
    [
      'alarms that were accepted',
      {
        gates: [
          {
            gate: 'alarms-quiet',
            open: false,
            finding: 'already in ALARM: A',
            problem: null,
            waivedBecause: 'A: the fix',
          },
        ],
      },
      /^It was started although alarms fired \(already in ALARM: A\), accepted because: A: the fix/,
    ],
    [
      'a stage that was left unproven',
      { timeline: [entry('stage-advanced-unproven', 5, { sentence: 'too little traffic' })] },
      /safety was not shown\. What was not known: too little traffic$/,
    ],
    [
      'an alert that nobody acted on',
      { timeline: [entry('check-alerted', 5, { sentence: 'p95 above 500 ms' })] },
      /^Nobody acted on the alert of .*p95 above 500 ms$/,
    ],
    [
      'a question that nobody answered',
      { timeline: [entry('decision-needed', 5), entry('rollback-started', 5 + 1440)] },
      /^Nobody answered the question of /,
    ],
    [
      'a pause that nobody ended',
      { timeline: [entry('rollout-paused', 5), entry('rollback-started', 5 + 1440)] },
      /^Nobody ended the pause of /,
    ],
    [
      'a way back that was tried again and again',
      { timeline: [1, 2, 3].map((minute) => entry('rollback-delayed', minute, { sentence: 'throttled' })) },
      /^Taking traffic back failed 3 times between .*The last answer: throttled$/,
    ],
    [
      'a check that could not tell to the last',
      {
        course: [
          stage(0, { checks: [{ ...errors, action: 'cannot tell yet', sample: 500, stillNeeded: 900 }] }),
        ],
      },
      /^The check «error rate» could not tell at any stage, .*500 requests.*A bake 3 times as long would have told\.$/,
    ],
    [
      'a check that traffic like this can never tell',
      {
        course: [
          stage(0, { checks: [{ ...errors, action: 'cannot tell yet', sample: 500, stillNeeded: 90_000 }] }),
        ],
      },
      /No bake of a usable length changes that/,
    ],
    [
      'a stage that was held for long',
      {
        course: [stage(0, { leftAt: at(25) })],
        timeline: [entry('canary-held', 11, { sentence: 'not sure' })],
      },
      /^Stage 1 \(5 %\) took 15m more than its bake of 10m\. .*because: not sure$/,
    ],
    [
      'a share that is off',
      { course: [stage(0, { observed: { percent: 2.5, marginPercent: 0.3, requests: 10_000 } })] },
      /^At stage 1 \(5 %\) the new version got 2\.5 % of 10,000 requests/,
    ],
    [
      'an alarm that had no data',
      { alarmStretches: [{ name: 'A', state: 'INSUFFICIENT_DATA', from: at(1), to: null }] },
      /^The alarm A had not enough data/,
    ],
    [
      'an alarm that was gone',
      { alarmStretches: [{ name: 'A', state: 'MISSING', from: at(1), to: at(2) }] },
      /^The alarm A did not exist/,
    ],
    [
      'traffic that is not safe',
      { outcome: 'ROLLBACK_INCOMPLETE', timeline: [entry('rollback-started', 20)] },
      /stepshift emergency-stop checkout$/,
    ],
    [
      'a third version',
      { outcome: 'SUPERSEDED', strangers: ['43'] },
      /^What is live now on checkout-api:live \(version 43\)/,
    ],
    [
      'a change after the end',
      { timeline: [entry('drift-after-end', 50)] },
      /^Find out who changed checkout-api:live/,
    ],
  ])('follow from %s', (_what, change, sentence) => {
    const all = recommended(change);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(sentence);
  });

  it.each<[string, Partial<RolloutReport>]>([
    [
      'an alert after which a person acted',
      { timeline: [entry('check-alerted', 5), entry('stage-approved', 6, { actor: 'ana' })] },
    ],
    [
      'a check that told at the last stage',
      { course: [stage(0, { checks: [{ ...errors, action: 'cannot tell yet' }] }), stage(1)] },
    ],
    [
      'a stage that waited for a person',
      {
        course: [stage(0, { leftAt: at(60) })],
        timeline: [
          entry('canary-held', 11),
          entry('decision-needed', 12),
          entry('stage-approved', 50, { actor: 'ana' }),
        ],
      },
    ],
    [
      'a share that is off by chance',
      { course: [stage(0, { observed: { percent: 2.5, marginPercent: 3, requests: 90 } })] },
    ],
    [
      'a share that is off by next to nothing',
      { course: [stage(0, { observed: { percent: 5.3, marginPercent: 0.01, requests: 9e7 } })] },
    ],
  ])('do not follow from %s', (_what, change) => {
    expect(recommended(change)).toEqual([]);
  });

  it('count an alarm as nobody', () => {
    const latched = entry('interrupt-latched', 6, { kind: 'alarm', source: 'A' });
    expect(recommended({ timeline: [entry('check-alerted', 5), latched] })).toHaveLength(1);
  });

  it('do not call a rollout unsafe that had only not ended when somebody stopped looking', () => {
    expect(recommended({ outcome: 'ROLLBACK_INCOMPLETE', timeline: [entry('traffic-shifted', 1)] })).toEqual(
      [],
    );
  });

  it('name harm that was proven late for want of requests', () => {
    const series = Array.from({ length: 20 }, (_, minute) => ({
      at: at(minute),
      weightPercent: 5,
      stableRequests: 300,
      canaryRequests: 10,
      stableErrorPercent: 0,
      canaryErrorPercent: 30,
    }));
    const look = { at: at(20), stageIndex: 0, stable: 0, canary: 30, limit: 0.1, interval: null };
    const course = {
      check: 'errors',
      label: 'error rate',
      unit: '%',
      better: 'lower',
      points: [look],
    } as const;
    const late: Partial<RolloutReport> = {
      ...SAMPLE_REPORT,
      gates: [],
      timeline: [],
      course: [],
      series,
      checkCourses: [course],
      detectedAt: at(20),
    };
    expect(recommended(late).at(-1)).toMatch(
      /^Errors were over their limit for 20m before .* only 200 requests/,
    );
    const busy = series.map((point) => ({ ...point, canaryRequests: 100 }));
    expect(recommended({ ...late, series: busy })).toEqual([]);
  });
});

describe('what occurred and what was done', () => {
  it('tells a rollback in the numbers of the record', async () => {
    const { result } = await played('error-spike');
    const { occurred, actions, recommendations } = reviewOf(result.report);
    expect(occurred).toEqual([
      'Version 42 of checkout was tried against version 41; it began 21/11/2026 09:00:20 GMT and ended 21/11/2026 09:03:24 GMT. It got at most 5 % of the traffic.',
      result.reason.sentence,
      'The error rate of the new version was over its limit for at least 1m 38s, from 21/11/2026 09:00:21 GMT to 21/11/2026 09:02:00 GMT: 30 of 485 of its requests failed in that time. No metric tells what came after.',
      '919 requests reached the new version, and 55 of them failed, about 54 more than the old version would have failed.',
    ]);
    expect(actions.at(-1)).toBe(
      '21/11/2026 09:03:24 GMT: All traffic was read back on version 41, 1s after that was decided.',
    );
    expect(recommendations).toEqual([]);
  });

  it('names the people in what was done', async () => {
    const { result } = await played('approval');
    const { actions } = reviewOf(result.report);
    expect(actions.filter((sentence) => sentence.includes('ana'))).toEqual([
      '21/11/2026 09:47:30 GMT: Approved by ana at stage 3 (95 %), «dashboards looked at»: this stage may be left.',
    ]);
  });

  it('tells of alarms as they were seen, and of tries that failed', () => {
    const report: RolloutReport = {
      ...CLEAN,
      outcome: 'ROLLED_BACK',
      detectedAt: at(3),
      safeAt: at(4),
      alarmStretches: [{ name: 'A', state: 'ALARM', from: at(2), to: null }],
      timeline: [entry('canary-failed', 3), entry('rollback-started', 3), entry('rollback-delayed', 3)],
    };
    expect(reviewOf(report).occurred).toContain(
      'The alarm A fired, as seen from 21/11/2026 13:47:00 GMT to the end.',
    );
    expect(reviewOf(report).actions.at(-1)).toBe(
      '21/11/2026 13:49:00 GMT: All traffic was read back on version 41, 1m after that was decided, after 1 try that failed.',
    );
  });

  it('says what is not known instead of leaving it out', () => {
    const running = { ...CLEAN, outcome: null, endedAt: null, stableVersion: null, peakWeightPercent: 0 };
    const { occurred } = reviewOf({ ...running, exposure: { canaryRequests: 0, badRequests: 0 } });
    expect(occurred[0]).toMatch(
      /^Version 42 of checkout was tried; .* and has not ended\. It got no traffic\.$/,
    );
    expect(occurred.at(-1)).toBe('No request reached the new version.');
    expect(reviewOf(CLEAN).occurred.at(-1)).toContain(
      'how many the old version would have failed is not known',
    );
  });

  it('says who has the traffic of a superseded rollout', () => {
    const superseded = { ...CLEAN, outcome: 'SUPERSEDED', strangers: ['43'] } as const;
    expect(reviewOf(superseded).actions.at(-1)).toBe(
      'The traffic was left with version 43, as somebody else had put it.',
    );
  });
});
