// How a rollout stands, as the live view tells it: the state, the first line, what comes next.
import { describe, expect, it } from 'vitest';
import type { AuditFact, JudgedFact } from '../../src/core/audit/facts.ts';
import { observationsOf } from '../../src/core/audit/looks.ts';
import { type LiveView, liveView } from '../../src/core/live-view.ts';
import { liveChecks } from '../../src/core/live-view-checks.ts';
import { liveFacts } from '../../src/core/live-view-facts.ts';
import type { Phase } from '../../src/core/phase.ts';
import { buildReport } from '../../src/core/report-builder.ts';
import { reportEvidence } from '../../src/core/report-evidence.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { NO_SIGNALS, type Signals } from '../../src/core/signals.ts';
import { type CheckReading, plainReason, type Verdict } from '../../src/core/verdict.ts';
import type { RolloutRow } from '../../src/ports.ts';
import {
  intent,
  interruptBy,
  judgedFact,
  outcome,
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
  /** How old the newest look is. */
  readonly lookAgoMs?: number;
  /** How long ago the events were told; else when the first stage was entered. */
  readonly toldAgoMs?: number;
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
  lookAgoMs = MINUTE_MS,
  toldAgoMs = afterMs,
}: Setting): LiveView {
  const teller = new RolloutTeller(new TraceBuilder(), { rolloutId: ID }).started().shift(0);
  const { nowMs } = teller.world;
  const fact = judgedFact(nowMs + afterMs - lookAgoMs);
  const made: Verdict = {
    kind: verdict,
    reason: plainReason('So it looks.', 'errors'),
    checks: [READING],
    alerts: [],
  };
  teller.judged(0, 'bake', { ...fact, verdict: made, ...judged });
  const stored = rolloutRow(ID, { phase, rollout: rolloutDocument(ID), ...row });
  const story = events.map((event) => storyEvent(ID, event, nowMs + afterMs - toldAgoMs));
  const report = buildReport({ row: stored, events: story, ...reportEvidence(teller.entries) });
  return liveView({ report, facts: liveFacts(stored, teller.entries), nowMs: nowMs + afterMs });
}

/** A row whose document was made of such a service file. */
function document(change: Partial<ServiceSpec>): Partial<RolloutRow> {
  const made = rolloutDocument(ID);
  return { rollout: { ...made, spec: { ...made.spec, ...change } } };
}

const { spec: SPEC } = rolloutDocument(ID);
const APPROVING: Partial<ServiceSpec> = {
  stages: SPEC.stages.map((stage) => ({ ...stage, approval: true })),
};
const APPROVED: Signals = {
  ...NO_SIGNALS,
  approvals: [{ actor: 'ana', atMs: START_MS, message: '', stageIndex: 0 }],
};

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

  it.each<[string, Setting, RegExp]>([
    [
      'a failed attempt, whatever is told after it',
      { phase: 'REVERTING', events: ['rollback-started', 'rollback-delayed', 'taken-over'] },
      /NOT SAFE YET/,
    ],
    [
      'a stable version that cannot serve: traffic stays where it is',
      { phase: 'REVERTING', events: ['rollback-started', 'stable-unhealthy'] },
      /NOT SAFE: version 41 could not serve, so traffic stays on version 42/,
    ],
    [
      'a question that no approval answers',
      { events: ['decision-needed'], judged: { doubts: ['No metrics.'] }, verdict: 'inconclusive' },
      /You are asked: remove what is in doubt/,
    ],
    [
      'a promotion that is delayed, whatever is told after it',
      { phase: 'PROMOTING', events: ['promotion-committed', 'promotion-delayed', 'taken-over'] },
      /Promotion of version 42 is delayed/,
    ],
  ])('says of %s', (_what, setting, headline) => {
    expect(view(setting).headline.what).toMatch(headline);
  });

  it('an alarm outweighs a pause, and a pause a question', () => {
    const signals = { paused: MARK, promoted: null, approvals: [] };
    const events = ['decision-needed'] as const;
    expect(view({ row: { signals }, events }).state).toBe('paused');
    expect(view({ row: { signals, interrupt: interruptBy('A') }, events }).state).toBe('stopping');
  });
});

describe('how old it is', () => {
  it('tells the age of the newest look', () => {
    expect(view({ lookAgoMs: 42_000 }).look).toMatchObject({ ageSeconds: 42, earlierPercent: null });
  });

  it('tells nothing of an age when it has ended, nor one below nothing when clocks differ', () => {
    const ended = { phase: 'ROLLED_BACK', row: { outcome: 'ROLLED_BACK' } } as const;
    expect(view(ended).look?.ageSeconds).toBeNull();
    expect(view({ lookAgoMs: -5000 }).look?.ageSeconds).toBe(0);
  });

  it('tells that what was judged was another weight', () => {
    const { state, look } = view({ judged: { stageIndex: 1 } });
    expect(state).toBe('unjudged');
    expect(look?.earlierPercent).toBe(50);
  });

  it.each<[string, Setting, RegExp]>([
    ['a canary that passed', {}, /^NOT WATCHED: nobody looked since .* Then: 5 % .* no harm/],
    ['a question', { events: ['decision-needed'] }, /^NOT WATCHED/],
    ['a pause', { row: { signals: { ...NO_SIGNALS, paused: MARK } } }, /^NOT WATCHED/],
    ['a way back', { phase: 'REVERTING', events: ['rollback-started'] }, /^NO SIGN of the engine since/],
  ])('says first that nobody looks any more, of %s', (_what, setting, headline) => {
    const old = { ...setting, afterMs: 20 * MINUTE_MS, lookAgoMs: 6 * MINUTE_MS };
    const found = view(old);
    expect(found.headline.what).toMatch(headline);
    expect(found.headline.tone).toBe('bad');
    expect(found.reason).toContain('stepshift emergency-stop');
    expect(found.next).toMatch(/^nothing, until the engine looks again/);
    const fresh = view({ ...old, lookAgoMs: 4 * MINUTE_MS });
    expect(fresh.headline.what).not.toMatch(/NOT WATCHED|NO SIGN/);
  });

  it('takes nothing that people say for a look', () => {
    const silent = { afterMs: 20 * MINUTE_MS, lookAgoMs: 6 * MINUTE_MS, toldAgoMs: MINUTE_MS };
    expect(view({ ...silent, events: ['promotion-requested'] }).headline.what).toMatch(/^NOT WATCHED/);
    const trying = { phase: 'REVERTING', events: ['rollback-delayed'] } as const;
    expect(view({ ...silent, ...trying }).headline.what).toMatch(/^NOT SAFE YET/);
  });

  it('a rollout that has ended is looked at no more', () => {
    const ended = { phase: 'PROMOTED', row: { outcome: 'PROMOTED' } } as const;
    expect(view({ ...ended, afterMs: 90 * MINUTE_MS, lookAgoMs: 90 * MINUTE_MS }).headline.what).toMatch(
      /^Promoted/,
    );
  });

  it('gives a slow bake longer: it looks every quarter of an hour', () => {
    const slow = { judged: { next: 'bake-slowly' }, afterMs: 60 * MINUTE_MS } as const;
    expect(view({ ...slow, lookAgoMs: 19 * MINUTE_MS }).silentSinceMs).toBeNull();
    expect(view({ ...slow, lookAgoMs: 21 * MINUTE_MS }).silentSinceMs).not.toBeNull();
  });

  it('waits for the first look from the shift on', () => {
    const never = { judged: { stageIndex: 1, atMs: START_MS - 60 * MINUTE_MS } };
    expect(view({ ...never, afterMs: 4 * MINUTE_MS }).silentSinceMs).toBeNull();
    expect(view({ ...never, afterMs: 6 * MINUTE_MS }).silentSinceMs).not.toBeNull();
  });

  it('a promotion that was asked for cuts the bake short', () => {
    expect(view({}).bake?.isCutShort).toBe(false);
    expect(view({ row: { signals: { ...NO_SIGNALS, promoted: MARK } } }).bake?.isCutShort).toBe(true);
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
    ['what is not shown yet', { verdict: 'hold' }, /^50 %, once it passes$/],
    [
      'no approval where what is in doubt is asked about',
      { events: ['decision-needed'], judged: { doubts: ['No metrics.'] }, verdict: 'inconclusive' },
      /^50 % once nothing is in doubt; or abort\./,
    ],
    [
      'no step on an approval alone while a check holds it',
      { events: ['decision-needed'], verdict: 'hold' },
      /^approve, then 50 % once it passes; or abort\./,
    ],
    ['an approval that is missing', { row: document(APPROVING) }, /^a person is asked, then 50 %$/],
    [
      'nothing more where it was given early',
      { row: { ...document(APPROVING), signals: APPROVED } },
      /^50 %$/,
    ],
    [
      'a question where the policy goes on but an approval is missing',
      {
        verdict: 'hold',
        afterMs: 11 * MINUTE_MS,
        row: document({ ...APPROVING, onInconclusive: 'advance' }),
      },
      /at [\d:]+ a person is asked$/,
    ],
    [
      'a question where the policy goes on but there is a doubt',
      {
        judged: { doubts: ['No metrics.'] },
        afterMs: 11 * MINUTE_MS,
        row: document({ onInconclusive: 'advance' }),
      },
      /at [\d:]+ a person is asked$/,
    ],
    [
      'what the policy says where nothing else stands in its way',
      { verdict: 'hold', afterMs: 11 * MINUTE_MS, row: document({ onInconclusive: 'advance' }) },
      /at [\d:]+ it goes on all the same$/,
    ],
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
    const starts = observationsOf(teller.entries).flatMap(({ periods }) =>
      periods.map(({ startMs }) => startMs),
    );
    expect(starts).toEqual([START_MS, START_MS + MINUTE_MS]);
  });

  it('an alarm that a person accepted is loud, and said to be accepted', () => {
    const [alarm] = view({
      row: { acceptedAlarms: [{ name: 'Checkout5xx', reason: '43 mends it' }] },
      judged: { alarms: [{ name: 'Checkout5xx', state: 'ALARM', reason: '', updatedAtMs: START_MS }] },
    }).alarms;
    expect(alarm?.verdict).toMatchObject({ word: 'IN ALARM since 09:00:00, accepted', tone: 'caution' });
  });

  it('shows an alarm that stopped it as firing, though the last look saw it well', () => {
    const { alarms } = view({ row: { interrupt: interruptBy('Checkout5xx') } });
    expect(alarms[0]?.verdict.word).toMatch(/^IN ALARM since/);
  });
});

describe('the way back', () => {
  const rollout = rolloutDocument(ID);
  const shiftMs = (facts: readonly AuditFact[]): number | null =>
    liveFacts(
      rolloutRow(ID),
      facts.map((fact, n) => ({ n, previous: '', hash: '', fact })),
    ).shiftMs;
  const [asked, done] = [intent(rollout, 1, 5), outcome(rollout, 1, 5)];

  it('takes as long as the longest shift, from its permission until it was read back', () => {
    const late = { ...outcome(rollout, 2, 25), atMs: asked.atMs + 9000 };
    expect(shiftMs([asked, { ...done, atMs: asked.atMs + 400 }, intent(rollout, 2, 25), late])).toBe(8000);
  });

  it('is not measured by what is prepared, nor by a shift that never came back', () => {
    const prepare = { action: 'prepare', seq: 9 } as const;
    const prepared = { ...done, ...prepare, atMs: asked.atMs + 60_000 };
    expect(shiftMs([{ ...asked, ...prepare }, prepared, asked])).toBeNull();
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
