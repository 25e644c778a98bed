// How a rollout stands, as the live view tells it: the state, the first line, what comes next.
import { describe, expect, it } from 'vitest';
import type { JudgedFact } from '../../src/core/audit/facts.ts';
import { type LiveView, liveView } from '../../src/core/live-view.ts';
import { liveChecks } from '../../src/core/live-view-checks.ts';
import { liveFacts, liveObservations } from '../../src/core/live-view-facts.ts';
import type { Phase } from '../../src/core/phase.ts';
import { buildReport } from '../../src/core/report-builder.ts';
import { reportEvidence } from '../../src/core/report-evidence.ts';
import { type CheckReading, plainReason, type Verdict } from '../../src/core/verdict.ts';
import type { RolloutRow } from '../../src/ports.ts';
import {
  interruptBy,
  judgedFact,
  rolloutDocument,
  rolloutRow,
  START_MS,
  storyEvent,
} from '../support/rollout-fixtures.ts';
import { RolloutTeller } from '../support/rollout-teller.ts';
import { TraceBuilder } from '../support/trace-builder.ts';

const ID = 'r1';
const MINUTE_MS = 60_000;

interface Setting {
  readonly phase?: Phase;
  readonly row?: Partial<RolloutRow>;
  readonly verdict?: Verdict['kind'];
  readonly judged?: Partial<JudgedFact>;
  readonly events?: readonly Parameters<typeof storyEvent>[1][];
  readonly afterMs?: number;
}

const READING: CheckReading = {
  check: 'errors',
  label: 'error rate',
  unit: '%',
  stable: 0.4,
  canary: 0.5,
  limit: 0.6,
  better: 'lower',
  variancePercent: 25,
  sample: 300,
  interval: [0.1, 0.9],
  evidence: 1,
  streams: {},
  stillNeeded: 700,
  action: 'cannot tell yet',
};

/** In its first stage, looked at once. */
function view({
  phase = 'BAKING',
  row,
  verdict = 'pass',
  judged,
  events = [],
  afterMs = 2 * MINUTE_MS,
}: Setting): LiveView {
  const teller = new RolloutTeller(new TraceBuilder(), { rolloutId: ID }).started().shift(0);
  const { nowMs } = teller.world;
  const fact = judgedFact(nowMs);
  const made: Verdict = {
    kind: verdict,
    reason: plainReason('So it looks.', 'errors'),
    checks: [READING],
    alerts: [],
  };
  teller.judged(0, 'bake', { ...fact, verdict: made, ...judged });
  const stored = rolloutRow(ID, { phase, rollout: rolloutDocument(ID), ...row });
  const story = events.map((event) => storyEvent(ID, event, nowMs));
  const report = buildReport({ row: stored, events: story, ...reportEvidence(teller.entries) });
  return liveView({ report, facts: liveFacts(stored, teller.entries), nowMs: nowMs + afterMs });
}

const MARK = { actor: 'ana', atMs: START_MS, message: 'sale' };

describe('how it stands', () => {
  it.each<[string, Setting, LiveView['state'], RegExp]>([
    ['passes', {}, 'passing', /no harm seen/],
    ['too little is known within the bake', { verdict: 'hold' }, 'gathering', /too early to tell/],
    [
      'too little is known after the bake',
      { verdict: 'hold', afterMs: 11 * MINUTE_MS },
      'held',
      /too little is known/,
    ],
    ['a doubt', { judged: { doubts: ['No metrics.'] } }, 'held', /something speaks against/],
    ['cannot be told', { verdict: 'inconclusive' }, 'inconclusive', /nobody can tell/],
    ['a person is asked', { events: ['decision-needed'] }, 'asked', /You are asked/],
    ['a person has answered', { events: ['decision-needed', 'stage-approved'] }, 'passing', /no harm/],
    ['paused', { row: { signals: { paused: MARK, promoted: null, approvals: [] } } }, 'paused', /Paused/],
    ['an alarm', { row: { interrupt: interruptBy('Checkout5xx') } }, 'stopping', /goes back to version 41/],
    ['a failed verdict', { verdict: 'rollback' }, 'stopping', /goes back to version 41/],
    [
      'on its way back',
      { phase: 'REVERTING', events: ['rollback-started'] },
      'reverting',
      /not confirmed yet/,
    ],
    [
      'a way back that fails',
      { phase: 'REVERTING', events: ['rollback-started', 'rollback-delayed'] },
      'reverting',
      /NOT SAFE YET/,
    ],
    ['promoting', { phase: 'PROMOTING' }, 'promoting', /all traffic goes to version 42/],
    [
      'ended',
      { phase: 'ROLLED_BACK', row: { outcome: 'ROLLED_BACK' } },
      'ended',
      /Rolled back to version 41/,
    ],
  ])('%s', (_what, setting, state, headline) => {
    const { state: found, headline: first } = view(setting);
    expect(found).toBe(state);
    expect(first.what).toMatch(headline);
  });

  it('an alarm outweighs a pause, and a pause a question', () => {
    const signals = { paused: MARK, promoted: null, approvals: [] };
    const events = ['decision-needed'] as const;
    expect(view({ row: { signals }, events }).state).toBe('paused');
    expect(view({ row: { signals, interrupt: interruptBy('A') }, events }).state).toBe('stopping');
  });
});

describe('what comes next', () => {
  it.each<[string, Setting, RegExp]>([
    ['the next weight', {}, /^50 %$/],
    [
      'what ends a hold',
      { verdict: 'hold', afterMs: 11 * MINUTE_MS },
      /^50 % once it passes; at [\d:]+ a person is asked$/,
    ],
    [
      'what ends a question',
      { events: ['decision-needed'] },
      /approve, then 50 %; or abort. Unanswered at .* rolled back/,
    ],
    ['the way back', { phase: 'REVERTING' }, /all traffic on version 41/],
  ])('is %s', (_what, setting, next) => {
    expect(view(setting).next).toMatch(next);
  });

  it('is nothing after the end', () => {
    expect(view({ row: { outcome: 'PROMOTED' }, phase: 'PROMOTED' }).next).toBeNull();
  });
});

describe('checks', () => {
  it('lead with the worst one, and say what is missing', () => {
    const rows = liveChecks(
      [
        { ...READING, label: 'fine', action: 'acceptable' },
        READING,
        { ...READING, label: 'bad', action: 'consider rollback' },
      ],
      null,
    );
    expect(rows.map(({ label }) => label)).toEqual(['bad', 'error rate', 'fine']);
    expect(rows[1]?.verdict.word).toBe('needs 700 more');
  });

  it('counts the periods that may still change, so that exposure and sample agree', () => {
    const settled = judgedFact(START_MS);
    const later = settled.periods.map((period) => ({ ...period, startMs: START_MS + MINUTE_MS }));
    const teller = new RolloutTeller(new TraceBuilder(), { rolloutId: ID }).started();
    teller
      .judged(0, 'bake', settled)
      .judged(0, 'bake', { atMs: START_MS + MINUTE_MS, periods: [], open: later });
    const starts = liveObservations(teller.entries).flatMap(({ periods }) =>
      periods.map(({ startMs }) => startMs),
    );
    expect(starts).toEqual([START_MS, START_MS + MINUTE_MS]);
  });

  it('shows an alarm that stopped it as firing, though the last look saw it well', () => {
    const { alarms } = view({ row: { interrupt: interruptBy('Checkout5xx') } });
    expect(alarms[0]?.verdict.word).toMatch(/^IN ALARM since/);
  });
});

describe('told again and again', () => {
  it('is one entry that says how often', () => {
    const teller = new RolloutTeller(new TraceBuilder(), { rolloutId: ID }).started().shift(0);
    const row = rolloutRow(ID, { phase: 'REVERTING', rollout: rolloutDocument(ID) });
    const events = [1, 2, 3].map((second) => storyEvent(ID, 'rollback-delayed', START_MS + second * 1000));
    const report = buildReport({ row, events, ...reportEvidence(teller.entries) });
    const { timeline } = liveView({ report, facts: liveFacts(row, teller.entries), nowMs: START_MS });
    expect(timeline.map(({ times, clock }) => [times, clock])).toEqual([[3, '09:00:03']]);
  });
});
