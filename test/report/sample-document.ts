// A rolled-back rollout with everything that goes into the file of its report, and the same in other states.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { CheckCourse, RolloutReport, StageCourse } from '../../src/core/report.ts';
import type { ReportDocument } from '../../src/core/report-document.ts';
import type { CheckReading } from '../../src/core/verdict.ts';
import type { Page } from '../../src/report/render-report.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

const START_MS = Date.parse(SAMPLE_REPORT.startedAt);
const minute = (count: number) => new Date(START_MS + count * 60_000).toISOString();

/** Without a chart library: what the report is by itself. */
export const PLAIN_PAGE: Page = {
  chartLibrary: null,
  sha256: (text) => createHash('sha256').update(text).digest('base64'),
};

const [ERRORS, LATENCY, ALARMS] = SAMPLE_REPORT.checks as [CheckReading, CheckReading, CheckReading];
const EARLY_ERRORS: CheckReading = {
  ...ERRORS,
  ...{ canary: 0.43, stable: 0.41, limit: 0.62, sample: 2310, interval: [0.25, 0.65], variancePercent: 4.9 },
  action: 'acceptable',
};

function stage(index: number, own: Partial<StageCourse> = {}): StageCourse {
  const planned = SAMPLE_REPORT.stages[index] ?? { weightPercent: 0, bakeSeconds: 0 };
  return {
    ...planned,
    ...{
      index,
      approval: false,
      enteredAt: null,
      leftAt: null,
      observed: null,
      verdict: null,
      sentence: null,
    },
    checks: [],
    ...own,
  };
}

const COURSE: readonly StageCourse[] = [
  stage(0, {
    ...{ enteredAt: minute(0.05), leftAt: minute(12.04), verdict: 'pass', sentence: 'no harm seen' },
    observed: { percent: 4.93, marginPercent: 0.19, requests: 48_440 },
    checks: [EARLY_ERRORS, LATENCY, ALARMS],
  }),
  stage(1, {
    ...{ enteredAt: minute(12.04), leftAt: minute(24.633), verdict: 'rollback', sentence: 'errors' },
    observed: { percent: 24.6, marginPercent: 0.9, requests: 60_000 },
    checks: [ERRORS, LATENCY, ALARMS],
  }),
  stage(2, { approval: true }),
  stage(3),
];

/** A value of the canary is missing at the second look, and no interval is known at the first. */
const ERROR_COURSE: CheckCourse = {
  ...{ check: 'errors', label: 'error rate', unit: '%', better: 'lower' },
  points: [
    { at: minute(5), stageIndex: 0, stable: 0.4, canary: 0.41, limit: 0.6, interval: null },
    { at: minute(6), stageIndex: 0, stable: 0.4, canary: null, limit: 0.6, interval: null },
    { at: minute(7), stageIndex: 0, stable: 0.4, canary: 0.44, limit: 0.6, interval: [0.2, 0.9] },
    { at: minute(23), stageIndex: 1, stable: 0.4, canary: 3.9, limit: 0.6, interval: [3, 5] },
    { at: minute(24.55), stageIndex: 1, stable: 0.4, canary: 4.8, limit: 0.6, interval: [3.6, 6.3] },
  ],
};

const ALARM_COURSE: CheckCourse = {
  ...{ check: 'alarms', label: 'alarm Checkout5xx', unit: 'of 1', better: 'lower' },
  points: [{ at: minute(5), stageIndex: 0, stable: null, canary: 0, limit: 0, interval: null }],
};

const LATENCY_COURSE: CheckCourse = {
  ...{ check: 'latency', label: 'requests over 500 ms', unit: '%', better: 'lower' },
  points: [5, 7, 23].map((at) => ({
    ...{ at: minute(at), stageIndex: 0, stable: 1.2, canary: 1.3, limit: 5, interval: [1, 1.6] as const },
  })),
};

const ROLLED_BACK: RolloutReport = {
  ...SAMPLE_REPORT,
  course: COURSE,
  checkCourses: [ERROR_COURSE, LATENCY_COURSE, ALARM_COURSE],
  alarmStretches: [
    { name: 'Checkout5xx', state: 'ALARM', from: minute(22), to: null },
    { name: 'QueueAge', state: 'INSUFFICIENT_DATA', from: minute(1), to: minute(4) },
  ],
};

export const EXECUTION_ARN = 'arn:aws:states:eu-west-2:123456789012:execution:stepshift:checkout-42-8f2e';

export const ROLLED_BACK_DOCUMENT: ReportDocument = {
  report: ROLLED_BACK,
  isSimulated: false,
  executionArn: EXECUTION_ARN,
  serviceFile: 'service: checkout\nstages:\n  - weight: 5%\n    bake: 12m\n',
  examination: {
    rolloutId: SAMPLE_REPORT.rolloutId,
    entries: 1204,
    outcome: 'ROLLED_BACK',
    firstBad: null,
    invariants: [
      {
        ...{ id: 'S2', says: 'Writes follow each other.', needs: 'two writes', state: 'held' },
        ...{ evaluations: 7, breaches: [] },
      },
      {
        ...{ id: 'S9', says: 'The way back is open.', needs: 'a way back', state: 'not evaluated' },
        ...{ evaluations: 0, breaches: [] },
      },
    ],
  },
  whatIf: [
    {
      ...{ change: null, outcome: 'ROLLED_BACK', at: minute(24.55), elapsedSeconds: 1470, weightPercent: 25 },
      exposure: { canaryRequests: 15_310, badRequests: 268 },
    },
    {
      ...{ change: 'sensitivity=high', outcome: 'ROLLED_BACK', at: minute(22), elapsedSeconds: 1317 },
      weightPercent: 25,
      exposure: { canaryRequests: 12_000, badRequests: 150 },
    },
    {
      ...{ change: 'checks.errors.limit=20%', outcome: 'PASSED', at: minute(24.55), elapsedSeconds: 1470 },
      weightPercent: 25,
      exposure: { canaryRequests: 15_310, badRequests: 300 },
    },
  ],
  record: gzipSync('{"entries":[]}').toString('base64'),
};

const NOT_OVER = { outcome: null, endedAt: null, detectedAt: null, safeAt: null } as const;

/** It waits for somebody to let it leave its first stage. */
export const RUNNING_DOCUMENT: ReportDocument = {
  ...ROLLED_BACK_DOCUMENT,
  report: {
    ...ROLLED_BACK,
    ...NOT_OVER,
    ...{ finalWeightPercent: 5, peakWeightPercent: 5 },
    course: COURSE.map((one, index) => (index === 0 ? { ...one, leftAt: null } : stage(index))),
    timeline: ROLLED_BACK.timeline.slice(0, 3),
  },
};

export const PROMOTED_DOCUMENT: ReportDocument = {
  ...ROLLED_BACK_DOCUMENT,
  isSimulated: true,
  executionArn: null,
  report: {
    ...ROLLED_BACK,
    ...{
      outcome: 'PROMOTED',
      finalWeightPercent: 100,
      peakWeightPercent: 100,
      detectedAt: null,
      safeAt: null,
    },
    alarmStretches: [],
    timeline: [
      ...ROLLED_BACK.timeline.slice(0, 5),
      { at: minute(24), event: 'promotion-committed', sentence: 'passed every stage' },
      { at: minute(24.633), event: 'rollout-promoted', sentence: 'takes all traffic', weightPercent: 100 },
    ],
  },
};

/** Refused before anything: no document was prepared, nothing was recorded. */
export const REJECTED_DOCUMENT: ReportDocument = {
  ...{
    isSimulated: false,
    executionArn: null,
    serviceFile: null,
    examination: null,
    whatIf: [],
    record: null,
  },
  report: {
    ...SAMPLE_REPORT,
    ...{ outcome: 'REJECTED', stableVersion: null, finalWeightPercent: 0, peakWeightPercent: 0 },
    ...{ detectedAt: null, safeAt: null, exposure: { canaryRequests: 0, badRequests: 0 } },
    ...{ stages: [], gates: [], checks: [], series: [], timeline: [] },
    reason: { ...SAMPLE_REPORT.reason, check: null, sentence: 'Not started: version 42 does not exist.' },
  },
};

/** From before reports had courses: there is a last judgement, and nothing of how it came to that. */
export const OLD_DOCUMENT: ReportDocument = {
  ...REJECTED_DOCUMENT,
  examinationNote: 'The record was not examined: another release wrote it.',
  report: SAMPLE_REPORT,
};
