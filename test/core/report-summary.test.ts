// The first words of a report: what happened, and the three numbers.
import { describe, expect, it } from 'vitest';
import type { EventName } from '../../src/core/events.ts';
import type { RolloutReport, TimelineEntry } from '../../src/core/report.ts';
import { factsOf, headlineOf, keyNumbersOf } from '../../src/core/report-summary.ts';
import { OUTCOMES } from '../../src/core/rollout.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

function shown(report: RolloutReport): readonly string[] {
  return keyNumbersOf(report).map(({ label, value }) => `${label}: ${value}`);
}

const UNDETECTED = { ...SAMPLE_REPORT, outcome: 'PROMOTED', detectedAt: null, safeAt: null } as const;

const at = (seconds: number) => new Date(Date.parse(SAMPLE_REPORT.startedAt) + seconds * 1000).toISOString();

function entry(event: EventName, seconds: number, data: Partial<TimelineEntry> = {}): TimelineEntry {
  return { ...data, at: at(seconds), event, sentence: event };
}

/** Aborted by a person after half an hour. */
const ABORTED: RolloutReport = {
  ...SAMPLE_REPORT,
  outcome: 'ABORTED',
  detectedAt: at(1800),
  safeAt: at(1802),
  timeline: [
    entry('rollout-started', 0),
    entry('traffic-shifted', 60),
    entry('interrupt-latched', 1800, { kind: 'abort', source: 'ana' }),
    entry('rollback-started', 1800),
    entry('rollout-aborted', 1802, { actor: 'ana' }),
  ],
};

/** Nobody approved for a day. */
const UNANSWERED: RolloutReport = {
  ...SAMPLE_REPORT,
  detectedAt: null,
  safeAt: at(87_004),
  timeline: [
    entry('traffic-shifted', 60),
    entry('decision-needed', 600),
    entry('rollback-started', 87_000),
    entry('rollout-rolled-back', 87_004),
  ],
};

/** Could not be judged, and the service file says to go back then. */
const GIVEN_UP: RolloutReport = {
  ...SAMPLE_REPORT,
  detectedAt: at(1860),
  safeAt: at(1861),
  timeline: [
    entry('traffic-shifted', 60),
    entry('canary-inconclusive', 1860),
    entry('rollback-started', 1860),
    entry('rollout-rolled-back', 1861),
  ],
};

describe('headlineOf', () => {
  it('has different words for every outcome and for a running rollout', () => {
    const words = [...OUTCOMES, null].map((outcome) => headlineOf({ ...SAMPLE_REPORT, outcome }).what);
    expect(new Set(words).size).toBe(OUTCOMES.length + 1);
    expect(
      headlineOf({ ...SAMPLE_REPORT, outcome: 'ROLLBACK_INCOMPLETE', finalWeightPercent: 25 }).what,
    ).toBe('Rollback incomplete: 25 % may still reach version 42');
  });

  it.each<[readonly string[] | undefined, string]>([
    [['43'], 'Superseded: somebody moved the target to version 43'],
    [['43', '7'], 'Superseded: somebody moved the target to version 43 and version 7'],
    [['arn:x/tg'], 'Superseded: somebody moved the target to arn:x/tg'],
    [undefined, 'Superseded: somebody else moved the target, which was left as it is'],
  ])('names what is live of a superseded rollout: %j', (strangers, what) => {
    const report = { ...SAMPLE_REPORT, outcome: 'SUPERSEDED', ...(strangers && { strangers }) } as const;
    expect(headlineOf(report).what).toBe(what);
  });
});

describe('keyNumbersOf', () => {
  it('measures detection from the first canary traffic and safety from detection', () => {
    expect(shown(SAMPLE_REPORT)).toEqual([
      'Time to detect: 24m 30s',
      'Time to safe: 5s',
      'Excess failures: 210',
    ]);
  });

  it('says when safety was not confirmed instead of leaving it out', () => {
    expect(shown({ ...SAMPLE_REPORT, safeAt: null })[1]).toBe('Time to safe: not confirmed');
  });

  it('shows duration and requests where nothing was detected', () => {
    expect(shown(UNDETECTED).slice(0, 2)).toEqual(['Duration: 24m 38s', 'Canary requests: 15,310']);
    expect(shown({ ...UNDETECTED, outcome: null, endedAt: null })[0]).toBe('Running for: 24m 38s');
  });

  it('does not call it a detection when a person stopped it, when nobody answered, or when nobody could tell', () => {
    expect(shown(ABORTED).slice(0, 2)).toEqual(['Time to abort: 29m', 'Time to safe: 2s']);
    expect(shown(UNANSWERED).slice(0, 2)).toEqual(['Waited for a person: 1d', 'Time to safe: 4s']);
    expect(shown(GIVEN_UP).slice(0, 2)).toEqual(['Time to give up: 30m', 'Time to safe: 1s']);
  });

  it('detects by the alarm that was there before the abort', () => {
    const alarm = entry('interrupt-latched', 1700, { kind: 'alarm', source: 'Checkout5xx' });
    const timeline = [...ABORTED.timeline.slice(0, 2), alarm, ...ABORTED.timeline.slice(2)];
    expect(shown({ ...ABORTED, detectedAt: at(1700), timeline })[0]).toBe('Time to detect: 27m 20s');
  });

  it('says who has the traffic of a superseded rollout instead of missing a return', () => {
    const superseded = { ...SAMPLE_REPORT, outcome: 'SUPERSEDED', safeAt: null } as const;
    expect(keyNumbersOf(superseded)[1].note).toContain('somebody else moved the target');
    expect(keyNumbersOf({ ...SAMPLE_REPORT, safeAt: null })[1].note).toContain('no verified return');
  });

  it('tells no excess from an unknown one', () => {
    const without = { ...UNDETECTED, series: [] };
    expect(shown(without)[2]).toBe('Excess failures: unknown');
    const exposure = { canaryRequests: 0, badRequests: 0 };
    expect(shown({ ...without, exposure })[2]).toBe('Excess failures: 0');
  });
});

it('factsOf names detection, safety and exposure in one line', () => {
  expect(factsOf(SAMPLE_REPORT)).toBe(
    'detected 21/11/2026 14:09:33 GMT · traffic safe 5s later, verified · 15,310 canary requests, 268 bad',
  );
  expect(factsOf(UNDETECTED)).toBe('15,310 canary requests, 268 bad');
  expect(factsOf(ABORTED)).toMatch(/^aborted 21\/11\/2026 14:15:00 GMT · traffic safe 2s later, verified · /);
  expect(factsOf(UNANSWERED)).toMatch(
    /^nobody answered until 22\/11\/2026 13:55:00 GMT · traffic safe 4s later/,
  );
  expect(factsOf(GIVEN_UP)).toMatch(/^given up 21\/11\/2026 14:16:00 GMT · /);
});
