// The report from the records: what is derived, which record wins, and that no partial record stops it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/errors.ts';
import type { EventName, RolloutEvent } from '../../src/core/events.ts';
import { EVENTS } from '../../src/core/events.ts';
import { openGate, shutGate } from '../../src/core/gates.ts';
import type { Period } from '../../src/core/judge/types.ts';
import {
  buildReport,
  type ReportInput,
  type ReportObservation,
  type ReportRow,
  type ReportWrite,
} from '../../src/core/report-builder.ts';
import { OUTCOMES } from '../../src/core/rollout.ts';
import { plainReason, VERDICTS, type Verdict } from '../../src/core/verdict.ts';
import { counts } from '../support/rollout-fixtures.ts';

const START_MS = Date.UTC(2026, 10, 21, 13, 45);
const iso = (seconds: number) => new Date(START_MS + seconds * 1000).toISOString();

const ROW: ReportRow = {
  rolloutId: 'checkout-42-8f2e',
  service: 'checkout',
  version: '42',
  specDigest: 'd1ge57',
  targetId: 'lambda-alias/checkout-api/live',
  startedAtMs: START_MS,
  rollout: {
    stable: { version: '41' },
    spec: {
      stages: [{ weightPercent: 5, bakeSeconds: 600 }],
      target: { kind: 'lambda-alias', functionName: 'checkout-api', alias: 'live', interface: 'http' },
    },
  },
  gates: null,
  outcome: 'ROLLED_BACK',
  reason: plainReason('too many errors', 'errors'),
  endedAtMs: START_MS + 190_000,
};

function event(name: EventName, seconds: number, data: RolloutEvent['data'] = {}): RolloutEvent {
  const atMs = START_MS + seconds * 1000;
  return { event: name, atMs, rolloutId: ROW.rolloutId, service: 'checkout', sentence: `said ${name}`, data };
}

function period(seconds: number, canaryErrors: number | null): Period {
  return {
    startMs: START_MS + seconds * 1000,
    seconds: 60,
    weightPercent: 5,
    stable: counts(1000, 2),
    canary: canaryErrors === null ? null : counts(50, canaryErrors),
  };
}

function verdict(kind: Verdict['kind'], check = 'errors'): Verdict {
  const reading = {
    check,
    label: check,
    unit: '%',
    stable: 0.2,
    canary: 8,
    limit: 0.3,
    better: 'lower',
    variancePercent: 3900,
    interval: null,
    stillNeeded: null,
  } as const;
  return {
    kind,
    reason: plainReason(`${kind} because of ${check}`, check),
    checks: [
      { ...reading, sample: 50, evidence: 140, streams: { [check]: 140 }, action: 'consider rollback' },
    ],
    alerts: [],
  };
}

function observation(seconds: number, periods: readonly Period[], kind: Verdict['kind']): ReportObservation {
  return { atMs: START_MS + seconds * 1000, stageIndex: 0, alarms: [], periods, verdict: verdict(kind) };
}

function write(seq: number, action: ReportWrite['action'], canaryPercent: number): ReportWrite {
  return {
    kind: 'outcome',
    atMs: START_MS + seq * 1000,
    seq,
    action,
    weightPercent: canaryPercent,
    live: { canaryPercent },
  };
}

const ROLLED_BACK: ReportInput = {
  row: ROW,
  events: [
    event('rollout-rolled-back', 190, { weightPercent: 0 }),
    event('rollout-started', 0),
    event('traffic-shifted', 2, { weightPercent: 5 }),
    event('canary-failed', 182),
    event('rollback-started', 183),
  ],
  observations: [
    observation(122, [period(0, 0), period(60, 1)], 'pass'),
    observation(182, [period(60, 4), period(120, 4)], 'rollback'),
  ],
  writes: [write(2, 'restore', 0), write(1, 'shift', 5)],
};

describe('buildReport', () => {
  it('tells a rollback from start to safety', () => {
    const report = buildReport(ROLLED_BACK);
    expect(report).toMatchObject({
      target: 'checkout-api:live',
      stableVersion: '41',
      canaryVersion: '42',
      outcome: 'ROLLED_BACK',
      finalWeightPercent: 0,
      peakWeightPercent: 5,
      startedAt: iso(0),
      endedAt: iso(190),
      detectedAt: iso(182),
      safeAt: iso(190),
      reason: { sentence: 'too many errors' },
    });
    expect(report.timeline.map((entry) => entry.event)).toEqual([
      'rollout-started',
      'traffic-shifted',
      'canary-failed',
      'rollback-started',
      'rollout-rolled-back',
    ]);
    expect(report.checks[0]?.action).toBe('consider rollback');
  });

  it('believes the newest reading of a period, whatever the order of the records', () => {
    for (const observations of [ROLLED_BACK.observations, ROLLED_BACK.observations.toReversed()]) {
      const report = buildReport({ ...ROLLED_BACK, observations });
      expect(report.series.map((point) => point.at)).toEqual([iso(0), iso(60), iso(120)]);
      expect(report.series.map((point) => point.canaryErrorPercent)).toEqual([0, 8, 8]);
      expect(report.exposure).toEqual({ canaryRequests: 150, badRequests: 8 });
    }
  });

  it('prefers the true exposure where somebody knows it', () => {
    const exposure = { canaryRequests: 170, badRequests: 11 };
    expect(buildReport({ ...ROLLED_BACK, exposure }).exposure).toEqual(exposure);
  });

  it('counts periods that were seen and not judged yet, but no share of a stage from them', () => {
    const [first, last] = ROLLED_BACK.observations;
    if (first === undefined || last === undefined) throw new Error('there are two looks');
    const open = buildReport({ ...ROLLED_BACK, observations: [first, { ...last, open: [period(180, 30)] }] });
    const without = buildReport(ROLLED_BACK);
    expect(open.series).toHaveLength(without.series.length + 1);
    expect(open.exposure.badRequests).toBe(without.exposure.badRequests + 30);
    expect(open.course).toEqual(without.course);
  });

  it('leaves a gap where a version reported nothing', () => {
    const { series } = buildReport({
      ...ROLLED_BACK,
      observations: [observation(122, [period(0, null), { ...period(60, 0), stable: null }], 'hold')],
    });
    expect(series.map((point) => [point.stableErrorPercent, point.canaryErrorPercent])).toEqual([
      [0.2, null],
      [null, 0],
    ]);
  });

  it('counts an interrupt as a detection and an abort as safety', () => {
    const report = buildReport({
      ...ROLLED_BACK,
      row: { ...ROW, outcome: 'ABORTED' },
      events: [event('rollout-aborted', 40), event('interrupt-latched', 30)],
    });
    expect([report.detectedAt, report.safeAt]).toEqual([iso(30), iso(40)]);
  });

  it('detects at the inconclusive verdict that led to the way back, and nothing where an answer never came', () => {
    const detectedAt = (...events: readonly RolloutEvent[]) =>
      buildReport({ ...ROLLED_BACK, events }).detectedAt;
    const back = [event('rollback-started', 91), event('rollout-rolled-back', 95)];
    expect(detectedAt(event('canary-inconclusive', 90), ...back)).toBe(iso(90));
    // the first was asked about, the second is the unanswered question: nobody found trouble
    const asked = [event('canary-inconclusive', 30), event('decision-needed', 30)];
    expect(detectedAt(...asked, event('canary-inconclusive', 90), ...back)).toBeNull();
    const dayLater = [event('rollback-started', 86_430), event('rollout-rolled-back', 86_431)];
    expect(detectedAt(event('decision-needed', 30), ...dayLater)).toBeNull();
    expect(detectedAt(event('rollout-paused', 30), ...dayLater)).toBeNull();
    expect(detectedAt(...asked, event('interrupt-latched', 80), ...back)).toBe(iso(80));
    const wentOn = [event('canary-inconclusive', 30), event('stage-advanced-unproven', 30)];
    expect(detectedAt(...wentOn, event('budget-exhausted', 85), ...back)).toBe(iso(85));
    expect(detectedAt(...wentOn, ...back)).toBe(iso(91));
  });

  it('has no exposure when the start was rejected, whatever the target did', () => {
    const exposure = { canaryRequests: 397, badRequests: 1 };
    expect(buildReport({ ...ROLLED_BACK, exposure, outcome: 'REJECTED' }).exposure).toEqual({
      canaryRequests: 0,
      badRequests: 0,
    });
  });

  it('has neither detection nor safety for a promotion, although an interrupt came too late', () => {
    const report = buildReport({
      ...ROLLED_BACK,
      row: { ...ROW, outcome: 'PROMOTED' },
      events: [event('interrupt-latched', 30), event('rollout-promoted', 31)],
    });
    expect(report).toMatchObject({ detectedAt: null, safeAt: null, finalWeightPercent: 100 });
  });

  it('names what a superseded rollout met, and counts nothing for a write that was not made', () => {
    const ended = (outcome: 'SUPERSEDED' | 'ROLLED_BACK', last: Partial<ReportWrite>) =>
      buildReport({
        ...ROLLED_BACK,
        outcome,
        writes: [write(1, 'shift', 5), { ...write(2, 'promote', 100), live: null, ...last }],
      });
    const report = ended('SUPERSEDED', { strangers: ['43'] });
    expect(report).toMatchObject({ strangers: ['43'], finalWeightPercent: 0, peakWeightPercent: 5 });
    expect(ended('SUPERSEDED', {})).not.toHaveProperty('strangers');
    expect(ended('ROLLED_BACK', { strangers: ['43'] })).not.toHaveProperty('strangers');
  });

  it('has a highest weight that is no less than the last one, whatever is on record', () => {
    const report = buildReport({ ...ROLLED_BACK, outcome: 'PROMOTED', writes: [] });
    expect(report).toMatchObject({ finalWeightPercent: 100, peakWeightPercent: 100 });
  });

  it('shows the last weight read back while a rollback is incomplete', () => {
    const report = buildReport({
      ...ROLLED_BACK,
      outcome: 'ROLLBACK_INCOMPLETE',
      writes: [write(1, 'shift', 25)],
    });
    expect(report).toMatchObject({ outcome: 'ROLLBACK_INCOMPLETE', finalWeightPercent: 25 });
  });

  it('shows the gates of a start that was rejected, and the last words said of it', () => {
    const problem: Problem = {
      code: 'alias-missing',
      what: 'no alias',
      where: 'a:b',
      got: '-',
      allowed: '-',
      fix: 'make it',
    };
    const gates = [
      openGate('alarms-quiet', '2 alarms exist and are quiet'),
      shutGate('target-readable', problem),
    ];
    const rejected = buildReport({
      row: { ...ROW, rollout: null, gates, outcome: 'REJECTED', reason: null },
      events: [event('rollout-rejected', 1)],
      observations: [],
      writes: [],
    });
    expect(rejected).toMatchObject({
      target: 'lambda-alias/checkout-api/live',
      stableVersion: null,
      peakWeightPercent: 0,
      detectedAt: null,
      reason: { sentence: 'said rollout-rejected' },
    });
    expect(rejected.gates).toEqual(gates);
  });

  it('takes the reason of the newest verdict while the rollout runs', () => {
    const report = buildReport({
      ...ROLLED_BACK,
      row: { ...ROW, outcome: null, reason: null, endedAtMs: null },
      observations: [observation(60, [], 'pass'), observation(120, [], 'hold')],
    });
    expect(report.reason.sentence).toBe('hold because of errors');
    expect(report.endedAt).toBeNull();
  });

  it('never throws, and gives finite numbers, for any records at all', () => {
    const instant = fc.oneof(fc.integer({ min: 0, max: 4e12 }), fc.constant(Number.NaN), fc.constant(1e18));
    const someCounts = fc.option(
      fc.tuple(fc.nat(1e6), fc.nat(1e6)).map(([requests, errors]) => counts(requests, errors)),
    );
    const periods = fc.array(
      fc.record({
        startMs: fc.integer({ min: 0, max: 4e12 }),
        seconds: fc.constant(60),
        weightPercent: fc.double({ min: 0, max: 100, noNaN: true }),
        stable: someCounts,
        canary: someCounts,
      }),
    );
    const input = fc.record({
      row: fc.record({
        rollout: fc.constantFrom(ROW.rollout, null),
        outcome: fc.constantFrom(...OUTCOMES, null),
        reason: fc.constantFrom(ROW.reason, null),
        startedAtMs: instant,
        endedAtMs: fc.option(instant),
      }),
      events: fc.array(
        fc.record({ event: fc.constantFrom(...(Object.keys(EVENTS) as EventName[])), atMs: instant }),
      ),
      observations: fc.array(
        fc.record({
          atMs: instant,
          stageIndex: fc.nat(5),
          alarms: fc.array(
            fc.record({
              name: fc.constantFrom('A', 'B'),
              state: fc.constantFrom('OK' as const, 'ALARM' as const, 'MISSING' as const),
              reason: fc.string(),
              updatedAtMs: fc.constant(null),
            }),
          ),
          periods,
          verdict: fc.constantFrom(...VERDICTS).map((kind) => verdict(kind)),
        }),
      ),
      writes: fc.array(
        fc.record({
          kind: fc.constantFrom('intent' as const, 'outcome' as const),
          atMs: fc.nat(),
          seq: fc.nat(),
          action: fc.constantFrom('shift' as const, 'restore' as const),
          weightPercent: fc.integer({ min: 0, max: 100 }),
          live: fc.option(fc.record({ canaryPercent: fc.integer({ min: 0, max: 100 }) })),
        }),
      ),
    });
    fc.assert(
      fc.property(input, ({ row, events, observations, writes }) => {
        const report = buildReport({
          row: { ...ROW, ...row },
          events: events.map((some) => ({ ...event('canary-held', 0), ...some })),
          observations,
          writes,
        });
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        expect(report.peakWeightPercent).toBeLessThanOrEqual(100);
        expect(report.timeline).toHaveLength(events.length);
      }),
      { numRuns: 200 },
    );
  });
});
