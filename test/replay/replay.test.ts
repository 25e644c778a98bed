// A recorded rollout before the judge: what would have happened when, tick by tick and without looking ahead.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseServiceText } from '../../src/cli/service-source.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { judgeLines } from '../../src/replay/judge-lines.ts';
import { stepshiftJudge } from '../../src/replay/line-judge.ts';
import { StartMessageSchema } from '../../src/replay/line-protocol.ts';
import { notesOn } from '../../src/replay/notes.ts';
import { specOf } from '../../src/replay/protocol-spec.ts';
import { recordedCourse } from '../../src/replay/recorded-course.ts';
import type { Recording, Shift } from '../../src/replay/recording.ts';
import { recordingReader } from '../../src/replay/recording-reader.ts';
import { type Replay, replay } from '../../src/replay/replay.ts';
import { read } from '../support/architecture.ts';
import { type Behaviour, HEALTHY, type Traffic } from './recorded-traffic.ts';
import { headedLines, protocolLines } from './written-recordings.ts';

const { spec: SPEC } = parseServiceText(read('examples/replay/service.yaml'), 'service.yaml');
const MINUTE_MS = 60_000;
const NO_LATENESS = { latenessSeconds: 0 };

const STANDARD = [5, 25, 50, 95].map((percent) => ({ weight: percent / 100, minutes: 10 }));
const GOOD: Traffic = {
  seed: 1,
  requestsPerMinute: 3000,
  plan: STANDARD,
  stable: HEALTHY,
  canary: () => HEALTHY,
};

function recorded(lines: string): Recording {
  const reader = recordingReader('x');
  for (const [index, line] of lines.trimEnd().split('\n').entries()) reader.take(line, `x:${index + 1}`);
  const recording = reader.end();
  if (recording === null) throw new Error('no recording');
  return recording;
}

const recordingOf = (change: Partial<Traffic> = {}): Recording =>
  recorded(headedLines({ ...GOOD, ...change }));
const canary = (change: Partial<Behaviour>, fromMinute = 0): Partial<Traffic> => ({
  canary: (minute) => (minute < fromMinute ? HEALTHY : { ...HEALTHY, ...change }),
});

const minutesOf = ({ fromMs, endedAtMs }: Replay): number => (endedAtMs - fromMs) / MINUTE_MS;
const eventsOf = ({ timeline }: Replay): readonly string[] => timeline.map(({ event }) => event);
const withChecks = (change: Partial<ServiceSpec>): ServiceSpec => ({ ...SPEC, ...change });

describe('what would have happened', () => {
  test('a good version is promoted when the last bake is over', () => {
    const recording = recordingOf();
    const ended = replay(recording, SPEC, NO_LATENESS);
    expect(ended).toMatchObject({ outcome: 'PROMOTED', weightPercent: 95 });
    expect(minutesOf(ended)).toBe(40);
    expect(eventsOf(ended).filter((event) => event === 'stage-passed')).toHaveLength(4);
    const requests = recording.periods.reduce((sum, period) => sum + (period.canary?.requests ?? 0), 0);
    expect(ended.exposure.canaryRequests).toBe(requests);
    expect(ended.checks.map(({ check }) => check)).toEqual(['errors', 'latency', 'conversion', 'cpu']);
  });

  test.each<[string, Partial<Behaviour>, string]>([
    ['errors', { errorRate: 0.05 }, 'errors'],
    ['a slow canary', { medianMs: 240 }, 'latency'],
    ['lost conversions', { conversionRate: 0.008 }, 'conversion'],
  ])('%s from minute 12 on are rolled back for that reason', (_what, harm, check) => {
    const ended = replay(recordingOf(canary(harm, 12)), SPEC, NO_LATENESS);
    expect(ended).toMatchObject({ outcome: 'ROLLED_BACK', weightPercent: 25, reason: { check } });
    expect(minutesOf(ended)).toBeGreaterThan(12);
    expect(minutesOf(ended)).toBeLessThanOrEqual(18);
    expect(eventsOf(ended).at(-1)).toBe('canary-failed');
  });

  test('what a period shows later is known later', () => {
    const recording = recordingOf(canary({ errorRate: 0.05 }, 12));
    const [soon, late] = [0, 120].map((latenessSeconds) => replay(recording, SPEC, { latenessSeconds }));
    expect(late?.outcome).toBe('ROLLED_BACK');
    expect((late?.endedAtMs ?? 0) - (soon?.endedAtMs ?? 0)).toBe(2 * MINUTE_MS);
    expect(late?.exposure.badRequests).toBeGreaterThan(soon?.exposure.badRequests ?? 0);
  });

  test.each<[ServiceSpec['onInconclusive'], string, string]>([
    ['ask', 'INCONCLUSIVE', 'decision-needed'],
    ['rollback', 'ROLLED_BACK', 'inconclusive'],
    ['advance', 'INCONCLUSIVE', 'stage-advanced-unproven'],
  ])('too little traffic, held for too long, with the policy %s', (onInconclusive, outcome, event) => {
    const recording = recordingOf({ requestsPerMinute: 5, plan: [{ weight: 0.05, minutes: 60 }] });
    const ended = replay(recording, withChecks({ onInconclusive }), NO_LATENESS);
    expect(ended.outcome).toBe(outcome);
    expect(eventsOf(ended)).toContain(event);
    // ten minutes of bake and twenty of hold
    if (outcome === 'ROLLED_BACK') expect(minutesOf(ended)).toBe(30);
  });

  test('a stage that asks for approval is left as the others are, for nobody knows who approved', () => {
    const stages = SPEC.stages.map((stage) => ({ ...stage, approval: true }));
    const ended = replay(recordingOf(), withChecks({ stages }), NO_LATENESS);
    expect(ended).toEqual(replay(recordingOf(), SPEC, NO_LATENESS));
  });

  test('a recording that ends before the plan does has passed so far', () => {
    const ended = replay(recordingOf({ plan: STANDARD.slice(0, 2) }), SPEC, NO_LATENESS);
    expect(ended).toMatchObject({ outcome: 'PASSED', weightPercent: 25 });
    expect(minutesOf(ended)).toBe(20);
  });

  test('weights of a recording that went on too early are told', () => {
    const hasty = [5, 95].map((percent) => ({ weight: percent / 100, minutes: 1 }));
    const ended = replay(recordingOf({ requestsPerMinute: 300, plan: hasty }), SPEC, NO_LATENESS);
    expect(eventsOf(ended)).toContain('raised-unproven');
    expect(ended.timeline.find(({ event }) => event === 'raised-unproven')?.sentence).toMatch(
      /^Stepshift would have waited here\. /,
    );
  });

  test('a promoted version is not looked at any more', () => {
    const longer = [...STANDARD.slice(0, 3), { weight: 0.95, minutes: 30 }];
    const ended = replay(recordingOf({ plan: longer, ...canary({ errorRate: 0.5 }, 45) }), SPEC, NO_LATENESS);
    expect(ended.outcome).toBe('PROMOTED');
    expect(minutesOf(ended)).toBe(40);
  });

  test('harm after a stage has passed, while the recording stays there, still counts', () => {
    const slow = [{ weight: 0.05, minutes: 40 }];
    const ended = replay(recordingOf({ plan: slow, ...canary({ errorRate: 0.3 }, 20) }), SPEC, NO_LATENESS);
    expect(ended.outcome).toBe('ROLLED_BACK');
    expect(eventsOf(ended).filter((event) => event === 'stage-passed')).toHaveLength(1);
  });

  test.each([10, 300])('periods of %d seconds are judged as well', (seconds) => {
    const minutes = recordingOf({ ...canary({ errorRate: 0.2 }), plan: [{ weight: 0.5, minutes: 60 }] });
    const stretch = (ms: number): number => minutes.startedAtMs + ((ms - minutes.startedAtMs) * seconds) / 60;
    const recording: Recording = {
      ...minutes,
      periodSeconds: seconds,
      history: minutes.history.map((period) => ({ ...period, startMs: stretch(period.startMs) })),
      periods: minutes.periods.map((period) => ({ ...period, startMs: stretch(period.startMs) })),
    };
    const ended = replay(recording, SPEC, NO_LATENESS);
    expect(ended.outcome).toBe('ROLLED_BACK');
    expect(minutesOf(ended)).toBeLessThanOrEqual(Math.max(1, seconds / 60) * 3);
  });

  test('bad requests are those that somebody counted, else the failed ones', () => {
    const recording = recordingOf(canary({ errorRate: 0.05 }));
    const known: Recording = { ...recording, periods: recording.periods.map((p) => ({ ...p, bad: 7 })) };
    const ended = replay(known, SPEC, NO_LATENESS);
    expect(ended.exposure.badRequests).toBe(7 * minutesOf(ended));
    const failed = recording.periods
      .slice(0, minutesOf(ended))
      .reduce((sum, period) => sum + (period.canary?.errors ?? 0), 0);
    expect(replay(recording, SPEC, NO_LATENESS).exposure.badRequests).toBe(failed);
  });
});

describe('as the judge itself', () => {
  test('it decides in the period in which the line protocol answers rollback', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const harm = canary({ errorRate: 0.01 * seed }, 3 * seed);
      const lines = protocolLines('r', { ...GOOD, seed, ...harm })
        .trimEnd()
        .split('\n');
      const answer = judgeLines(stepshiftJudge());
      const answers = lines.map((line) => answer(line, 'x')).slice(1, -1);
      const minutes = answers.findIndex((each) => each?.verdict === 'rollback') + 1;
      expect(minutes).toBeGreaterThan(0);
      const spec = specOf(StartMessageSchema.parse(JSON.parse(lines[0] ?? '')));
      const ended = replay(recorded(lines.join('\n')), spec, NO_LATENESS);
      expect([ended.outcome, minutesOf(ended)]).toEqual(['ROLLED_BACK', minutes]);
    }
  });

  test('what comes after a decision changes nothing before it', () => {
    const recording = recordingOf(canary({ errorRate: 0.02 }, 12));
    const whole = replay(recording, SPEC, NO_LATENESS);
    expect(whole.outcome).toBe('ROLLED_BACK');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 39 }), fc.constantFrom(0, 1), (minutes, share) => {
        const untilMs = recording.firstShift.atMs + minutes * MINUTE_MS;
        const other: Recording = {
          ...recording,
          periods: recording.periods.map((period) =>
            period.startMs < untilMs || period.canary === null
              ? period
              : { ...period, canary: { requests: 500, errors: 500 * share } },
          ),
        };
        const toldByThen = ({ timeline }: Replay) => timeline.filter(({ atMs }) => atMs <= untilMs);
        expect(toldByThen(replay(other, SPEC, NO_LATENESS))).toEqual(toldByThen(whole));
      }),
      { numRuns: 30, seed: 1 },
    );
  });
});

describe('the course of a recording', () => {
  const shift = (minute: number, weightPercent: number): Shift => ({
    atMs: minute * MINUTE_MS,
    weightPercent,
  });
  const courseOf = (shifts: readonly Shift[], minutes: number, latenessSeconds = 0) => {
    const recording = {
      ...recordingOf({ plan: [{ weight: 0.05, minutes: 1 }] }),
      shifts,
      firstShift: shifts[0] ?? shift(0, 5),
      periods: Array.from({ length: minutes }, (_, minute) => ({
        startMs: minute * MINUTE_MS,
        stable: null,
        canary: null,
        bad: null,
      })),
    };
    const { stages, shifts: kept, endMs, end } = recordedCourse(recording, SPEC.stages, latenessSeconds);
    const written = stages.map(({ weightPercent, bakeSeconds }) => `${weightPercent}% ${bakeSeconds / 60}m`);
    return [written.join(', '), kept.length, endMs / MINUTE_MS, end];
  };

  test.each<[string, readonly Shift[], number, string, number, number, string]>([
    ['as planned', [shift(0, 5), shift(10, 25)], 20, '5% 10m, 25% 10m, 50% 10m, 95% 10m', 2, 20, 'data'],
    ['held for longer', [shift(0, 5), shift(25, 25)], 30, '5% 10m, 25% 10m, 50% 10m, 95% 10m', 2, 30, 'data'],
    ['cut short', [shift(0, 5), shift(4, 25)], 8, '5% 4m, 25% 10m, 50% 10m, 95% 10m', 2, 8, 'data'],
    ['other weights', [shift(0, 10), shift(5, 60)], 20, '10% 5m, 60% 15m, 95% 10m', 2, 20, 'data'],
    ['promoted', [shift(0, 10), shift(5, 100)], 20, '10% 5m', 1, 5, 'promoted'],
    ['all at once', [shift(0, 100)], 20, '100% 20m', 1, 20, 'data'],
    ['taken back', [shift(0, 5), shift(7, 0)], 20, '5% 7m, 25% 10m, 50% 10m, 95% 10m', 1, 7, 'taken-back'],
    ['lowered', [shift(0, 5), shift(7, 1)], 20, '5% 7m, 25% 10m, 50% 10m, 95% 10m', 1, 7, 'taken-back'],
    ['written twice', [shift(0, 5), shift(3, 5)], 20, '5% 10m, 25% 10m, 50% 10m, 95% 10m', 1, 20, 'data'],
    ['beyond the data', [shift(0, 5), shift(10, 25)], 6, '5% 10m, 25% 10m, 50% 10m, 95% 10m', 1, 6, 'data'],
  ])('%s', (_what, shifts, minutes, ...expected) => {
    expect(courseOf(shifts, minutes)).toEqual(expected);
  });

  test('late data are waited for', () => {
    expect(courseOf([shift(0, 5)], 10, 120)[2]).toBe(12);
  });

  test('a plan with a stage of 100 % has it judged', () => {
    const spec = withChecks({
      stages: [
        { weightPercent: 50, bakeSeconds: 60 },
        { weightPercent: 100, bakeSeconds: 120 },
      ],
    });
    const plan = [
      { weight: 0.5, minutes: 1 },
      { weight: 1, minutes: 4 },
    ];
    const ended = replay(recordingOf({ plan }), spec, NO_LATENESS);
    expect([ended.outcome, minutesOf(ended), ended.weightPercent]).toEqual(['PROMOTED', 3, 100]);
  });
});

describe('what a recording cannot tell', () => {
  test('nothing is said of a recording that has it all', () => {
    const recording = recordingOf();
    const periods = recording.periods.map((period) => ({
      ...period,
      canary: period.canary && { ...period.canary, metrics: { ...period.canary.metrics, throttles: 0 } },
    }));
    expect(notesOn({ ...recording, periods }, SPEC)).toEqual([]);
  });

  test('what is known of the canary alone is named, with how many periods', () => {
    const recording = recordingOf();
    const periods = recording.periods.map((period, index) => {
      const { hist, metrics, ...row } = period.stable ?? { requests: 0, errors: 0 };
      if (index < 2) return { ...period, stable: { ...row, ...(metrics && { metrics }) } };
      return index < 5 ? { ...period, stable: { ...row, ...(hist && { hist }) } } : period;
    });
    const notes = notesOn({ ...recording, periods }, SPEC);
    expect(notes.filter((note) => note.includes('not compared'))).toEqual([
      'Slow requests are not compared in 2 of 40 periods: only the canary’s rows have hist.',
      'The check conversion is not compared in 3 of 40 periods: only the canary’s rows have conversion.',
      'The check cpu is not compared in 3 of 40 periods: only the canary’s rows have cpu.',
    ]);
  });

  test('alarms, latency without a before, and checks without their metric are named', () => {
    const recording = recordingOf();
    const poor: Recording = {
      ...recording,
      history: [],
      periods: recording.periods.map((period) => ({
        ...period,
        canary: period.canary && { requests: period.canary.requests, errors: 0, metrics: { convresion: 3 } },
      })),
    };
    const notes = notesOn(poor, withChecks({ checks: { ...SPEC.checks, alarms: ['Checkout5xx'] } }));
    expect(notes).toEqual([
      'Alarms are not in a recording: Checkout5xx not judged.',
      'Latency is not compared: the recording has none from before the first canary traffic.',
      'The check conversion is not judged: the canary’s rows have convresion, not conversion.',
      'The check cpu is not judged: the canary’s rows have convresion, not cpu.',
      'The check throttles is not judged: the canary’s rows have convresion, not throttles.',
    ]);
  });
});
