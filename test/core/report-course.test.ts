// Stages, courses of checks and stretches of alarms, from what looks and writes left on record.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmReading, Period } from '../../src/core/judge/types.ts';
import type { ReportObservation, ReportWrite } from '../../src/core/report-builder.ts';
import { alarmStretchesOf, checkCoursesOf, courseOf, type Entry } from '../../src/core/report-course.ts';
import { entriesOf, leftStagesMs } from '../../src/core/report-writes.ts';
import { type CheckReading, plainReason, type Verdict } from '../../src/core/verdict.ts';
import { played } from '../scenarios/examples.ts';
import { counts } from '../support/rollout-fixtures.ts';

const START_MS = Date.UTC(2026, 10, 21, 9);
const ms = (minutes: number) => START_MS + minutes * 60_000;
const iso = (minutes: number) => new Date(ms(minutes)).toISOString();

const STAGES = [
  { weightPercent: 5, bakeSeconds: 600 },
  { weightPercent: 50, bakeSeconds: 600, approval: true },
];

function reading(change: Partial<CheckReading> = {}): CheckReading {
  return {
    check: 'errors',
    label: 'error rate',
    unit: '%',
    stable: 0.2,
    canary: 0.4,
    limit: 0.3,
    better: 'lower',
    variancePercent: 100,
    sample: 500,
    interval: [0.1, 0.9],
    evidence: 1,
    streams: {},
    stillNeeded: null,
    action: 'acceptable',
    ...change,
  };
}

function look(
  minutes: number,
  stageIndex: number,
  change: Partial<ReportObservation> = {},
): ReportObservation {
  return { atMs: ms(minutes), stageIndex, alarms: [], periods: [], verdict: verdict('pass'), ...change };
}

function verdict(kind: Verdict['kind'], checks: readonly CheckReading[] = [reading()]): Verdict {
  return { kind, reason: plainReason(`said ${kind}`), checks: [...checks], alerts: [] };
}

function period(minutes: number, weightPercent: number, change: Partial<Period> = {}): Period {
  return {
    startMs: ms(minutes),
    seconds: 60,
    weightPercent,
    stable: counts(950, 0),
    canary: counts(50, 0),
    ...change,
  };
}

const entered = (...minutes: readonly number[]): readonly Entry[] =>
  minutes.map((minute, stageIndex) => ({ stageIndex, atMs: ms(minute) }));

describe('the course of the stages', () => {
  it('says when each was entered and left, and what was last judged there', () => {
    const looks = [
      look(3, 0, { verdict: verdict('hold') }),
      look(12, 0),
      look(15, 1, { verdict: verdict('rollback') }),
    ];
    expect(courseOf(STAGES, entered(1, 13), looks, [], ms(16))).toMatchObject([
      {
        index: 0,
        weightPercent: 5,
        approval: false,
        enteredAt: iso(1),
        leftAt: iso(13),
        verdict: 'pass',
        sentence: 'said pass',
      },
      {
        index: 1,
        weightPercent: 50,
        approval: true,
        enteredAt: iso(13),
        leftAt: iso(16),
        verdict: 'rollback',
      },
    ]);
  });

  it('leaves the last stage of a running rollout open, and one that was not reached empty', () => {
    const [here, ahead] = courseOf(STAGES, entered(1), [look(3, 0)], [], null);
    expect(here).toMatchObject({ enteredAt: iso(1), leftAt: null });
    expect(ahead).toMatchObject({
      enteredAt: null,
      leftAt: null,
      observed: null,
      verdict: null,
      sentence: null,
      checks: [],
    });
  });

  it('counts the share over whole periods at the weight alone', () => {
    const more = { canary: counts(9000, 0) };
    const periods = [
      period(0, 0, more),
      period(1, 5, { ...more, endWeightPercent: 50 }),
      period(2, 5),
      // so few were due that a minute without any is a minute with none
      period(3, 5, { stable: counts(100, 0), canary: null }),
      // so many were due that nobody knows
      period(5, 5, { canary: null }),
      period(4, 50, more),
      period(12.5, 5, more),
    ];
    const [stage] = courseOf(STAGES, entered(1, 13), [], periods, null);
    expect(stage?.observed?.requests).toBe(1100);
    expect(stage?.observed?.percent).toBeCloseTo((100 * 50) / 1100);
  });

  it('has stages that follow each other and never overlap, for any plan and any end', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 6 });
    const end = fc.option(fc.integer({ min: 201, max: 300 }));
    fc.assert(
      fc.property(minutes, end, (unsorted, endMinute) => {
        const at = unsorted.toSorted((a, b) => a - b);
        const stages = Array.from({ length: 6 }, () => ({ weightPercent: 5, bakeSeconds: 60 }));
        const course = courseOf(stages, entered(...at), [], [], endMinute === null ? null : ms(endMinute));
        const reached = course.filter(({ enteredAt }) => enteredAt !== null);
        expect(reached).toHaveLength(at.length);
        for (const [index, { enteredAt, leftAt }] of reached.entries()) {
          const next = reached[index + 1]?.enteredAt ?? (endMinute === null ? null : iso(endMinute));
          expect(leftAt).toBe(next);
          if (leftAt !== null) expect(leftAt > (enteredAt ?? '')).toBe(true);
        }
      }),
    );
  });
});

describe('what the writes tell of the stages', () => {
  function write(
    seq: number,
    action: ReportWrite['action'],
    kind: ReportWrite['kind'] = 'outcome',
  ): ReportWrite {
    return { kind, atMs: ms(seq), seq, action, weightPercent: 5, live: { canaryPercent: 5 } };
  }

  it('enters a stage once, when its shift was read back, however often it was tried', () => {
    const writes = [
      write(1, 'prepare'),
      write(2, 'shift', 'intent'),
      write(3, 'shift', 'intent'),
      write(3, 'shift'),
    ];
    expect(entriesOf(writes)).toEqual([{ stageIndex: 0, atMs: ms(3) }]);
    expect(leftStagesMs(writes)).toBeNull();
  });

  it('leaves the stages with the first write that leads out of them', () => {
    const back = [write(2, 'shift'), write(4, 'restore'), write(5, 'restore')];
    expect(leftStagesMs(back)).toBe(ms(4));
    expect(leftStagesMs([write(2, 'shift'), write(3, 'promote')])).toBe(ms(3));
  });
});

describe('the course of a check', () => {
  it('has a point for each look that showed it, the deciding check first', () => {
    const latency = reading({ check: 'latency', label: 'p95', unit: 'ms', interval: null });
    const looks = [
      look(1, 0, { verdict: verdict('hold', [reading({ canary: 0.1 })]) }),
      look(2, 1, { verdict: verdict('rollback', [reading(), latency]) }),
    ];
    const courses = checkCoursesOf(looks, 'latency');
    expect(courses.map(({ check, points }) => [check, points.length])).toEqual([
      ['latency', 1],
      ['errors', 2],
    ]);
    expect(courses[1]?.points).toEqual([
      { at: iso(1), stageIndex: 0, stable: 0.2, canary: 0.1, limit: 0.3, interval: [0.1, 0.9] },
      { at: iso(2), stageIndex: 1, stable: 0.2, canary: 0.4, limit: 0.3, interval: [0.1, 0.9] },
    ]);
    expect(checkCoursesOf(looks, null).map(({ check }) => check)).toEqual(['errors', 'latency']);
  });

  it('keeps two values of one check apart, and the alarms together whatever they are called', () => {
    const looks = ['alarms firing', 'alarms firing (1 unknown)'].map((label, index) =>
      look(index, 0, {
        verdict: verdict('hold', [reading({ check: 'alarms', label }), reading({ check: 'own', label })]),
      }),
    );
    expect(checkCoursesOf(looks, null).map(({ check, points }) => [check, points.length])).toEqual([
      ['alarms', 2],
      ['own', 1],
      ['own', 1],
    ]);
  });
});

describe('stretches of alarms', () => {
  const seen = (minutes: number, ...states: readonly AlarmReading['state'][]) =>
    look(minutes, 0, {
      alarms: states.map((state, index) => ({ name: `A${index}`, state, reason: '', updatedAtMs: null })),
    });

  it('run from the first look that saw the state to the first that saw another', () => {
    const looks = [
      seen(1, 'OK', 'OK'),
      seen(2, 'ALARM', 'OK'),
      seen(3, 'ALARM', 'MISSING'),
      seen(4, 'OK', 'ALARM'),
    ];
    expect(alarmStretchesOf(looks)).toEqual([
      { name: 'A0', state: 'ALARM', from: iso(2), to: iso(4) },
      { name: 'A1', state: 'MISSING', from: iso(3), to: iso(4) },
      { name: 'A1', state: 'ALARM', from: iso(4), to: null },
    ]);
    expect(alarmStretchesOf([])).toEqual([]);
  });

  it('never overlap for one alarm, and are never quiet', () => {
    const states = fc.array(
      fc.constantFrom<AlarmReading['state']>('OK', 'ALARM', 'INSUFFICIENT_DATA', 'MISSING'),
    );
    fc.assert(
      fc.property(states, (all) => {
        const stretches = alarmStretchesOf(all.map((state, minute) => seen(minute, state)));
        for (const [index, { state, from, to }] of stretches.entries()) {
          expect(state).not.toBe('OK');
          const next = stretches[index + 1];
          if (next !== undefined) expect(to !== null && to <= next.from && from < to).toBe(true);
        }
      }),
    );
  });
});

describe('a healthy rollout, simulated', () => {
  it('goes through all stages, and counts the share that is configured', async () => {
    const { result } = await played('healthy');
    const { course, alarmStretches, checkCourses } = result.report;
    expect(course.map(({ verdict: last }) => last)).toEqual(['pass', 'pass', 'pass', 'pass']);
    for (const { observed, weightPercent } of course) {
      // the margin is two standard errors; of four stages one may be somewhat beyond it
      const offPercent = Math.abs((observed?.percent ?? Number.NaN) - weightPercent);
      expect(offPercent).toBeLessThan(1.5 * (observed?.marginPercent ?? Number.NaN));
    }
    for (const [index, { enteredAt }] of course.slice(1).entries())
      expect(course[index]?.leftAt).toBe(enteredAt);
    expect(alarmStretches).toEqual([]);
    expect(checkCourses.map(({ check }) => check)).toEqual(['errors', 'latency']);
  });

  it('counts the configured share where hardly anybody calls', async () => {
    const { result } = await played('low-traffic');
    const [first] = result.report.course;
    // over the minutes alone in which the new version was called it would be 25 %
    expect(first?.observed?.percent).toBeLessThan(8);
    expect(first?.observed?.percent).toBeGreaterThan(3);
  });
});
