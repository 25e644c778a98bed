// What led to what in a story, who it was, and which row told the last of a stage.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENTS, type EventName } from '../../src/core/events.ts';
import type { RolloutReport, TimelineEntry } from '../../src/core/report.ts';
import { actorOf, causesOf, rowOfStage, turnOf } from '../../src/core/report-timeline.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

const START_MS = Date.UTC(2026, 10, 21, 9);
const DAY_SECONDS = 86_400;

type Steps = readonly (EventName | number | '=')[];

/** A row a minute; a number among the names is a jump in seconds, `=` means the same instant as the row before. */
function story(...steps: Steps): TimelineEntry[] {
  const rows: TimelineEntry[] = [];
  let atSeconds = 0;
  for (const step of steps) {
    if (step === '=') atSeconds -= 60;
    else if (typeof step === 'number') atSeconds += step - 60;
    else {
      atSeconds += 60;
      rows.push({ at: new Date(START_MS + atSeconds * 1000).toISOString(), event: step, sentence: step });
    }
  }
  return rows;
}

/** The causes as row numbers, as people count them; 0: none. */
function causes(...steps: Steps): readonly number[] {
  return causesOf(story(...steps)).map((cause) => (cause === null ? 0 : cause + 1));
}

const STARTED = ['rollout-started', 'traffic-shifted'] as const;
const BACK = ['rollback-started', 'rollout-rolled-back'] as const;

describe('causesOf', () => {
  it('leads a promotion from its start over every pass', () => {
    const passed = ['stage-passed', 'traffic-shifted', 'stage-passed', 'promotion-committed'] as const;
    expect(causes(...STARTED, ...passed, 'promotion-delayed', 'rollout-promoted')).toEqual([
      0, 1, 0, 3, 0, 5, 6, 6,
    ]);
  });

  it.each<EventName>(['canary-failed', 'interrupt-latched', 'budget-exhausted', 'taken-over'])(
    'leads the way back from %s, over everything that was tried',
    (turn) => {
      const tries = [
        'rollback-started',
        'rollback-delayed',
        'rollback-delayed',
        'rollout-rolled-back',
      ] as const;
      expect(causes(...STARTED, 'canary-held', turn, ...tries)).toEqual([0, 1, 0, 0, 4, 5, 5, 5]);
    },
  );

  it('leads to the wish that stood last, and to an aborted end', () => {
    const stopped = [
      'interrupt-latched',
      'interrupt-latched',
      'rollback-started',
      'rollout-aborted',
    ] as const;
    expect(causes(...STARTED, ...stopped)).toEqual([0, 1, 0, 0, 4, 5]);
  });

  it('leads a question from its doubt, and the way back from the answer that never came', () => {
    const asked = ['canary-held', 'canary-inconclusive', '=', 'decision-needed'] as const;
    expect(causes(...STARTED, ...asked, DAY_SECONDS, 'canary-inconclusive', ...BACK)).toEqual([
      0, 1, 0, 3, 4, 5, 6, 7,
    ]);
  });

  it('leads a doubt from what was held, when it asks another question', () => {
    const approval = [
      'canary-held',
      'decision-needed',
      'canary-inconclusive',
      '=',
      'decision-needed',
    ] as const;
    expect(causes(...STARTED, ...approval)).toEqual([0, 1, 0, 0, 3, 5]);
  });

  it('blames an open question or a pause for the way back only after the day that they may wait', () => {
    for (const wait of ['decision-needed', 'rollout-paused'] as const) {
      expect(causes(...STARTED, wait, DAY_SECONDS, ...BACK)).toEqual([0, 1, 0, 3, 4]);
      expect(causes(...STARTED, wait, DAY_SECONDS - 1, ...BACK)).toEqual([0, 1, 0, 0, 4]);
    }
    expect(causes(...STARTED, 'rollout-paused', 'rollout-resumed', DAY_SECONDS, ...BACK)).toEqual([
      0, 1, 0, 3, 0, 5,
    ]);
  });

  it('leads from a doubt that nobody was asked about, where that turned it back', () => {
    expect(causes(...STARTED, 'canary-held', 'canary-inconclusive', ...BACK)).toEqual([0, 1, 0, 3, 4, 5]);
    // asked, and not a day has passed: a step must have failed for good
    const asked = ['canary-inconclusive', '=', 'decision-needed'] as const;
    expect(causes(...STARTED, ...asked, ...BACK)).toEqual([0, 1, 0, 3, 0, 5]);
    expect(causes(...STARTED, 'canary-inconclusive', 'canary-cleared', ...BACK)).toEqual([0, 1, 0, 3, 0, 5]);
  });

  it('leads a stage from the person who let it go', () => {
    const approved = ['decision-needed', 'stage-approved', 'stage-passed', 'traffic-shifted'] as const;
    expect(causes(...STARTED, ...approved, 'stage-passed')).toEqual([0, 1, 0, 3, 4, 5, 0]);
    const hurried = ['promotion-requested', 'stage-passed', 'traffic-shifted', 'stage-passed'] as const;
    expect(causes(...STARTED, ...hurried)).toEqual([0, 1, 0, 3, 4, 3]);
    const unproven = ['canary-inconclusive', '=', 'decision-needed', 'stage-approved'] as const;
    expect(causes(...STARTED, ...unproven, 'stage-advanced-unproven', 'traffic-shifted')).toEqual([
      0, 1, 0, 3, 4, 5, 6,
    ]);
  });

  it('leads to what was superseded from the promotion that it ended, or from a way back', () => {
    expect(causes('promotion-committed', 'rollout-superseded')).toEqual([0, 1]);
    expect(causes('canary-failed', 'rollback-started', 'rollout-superseded')).toEqual([0, 1, 2]);
    expect(causes(...STARTED, 'rollout-superseded')).toEqual([0, 1, 0]);
  });

  it('names an earlier row or none, for any story', () => {
    const names = fc.array(fc.constantFrom(...(Object.keys(EVENTS) as EventName[])), { maxLength: 40 });
    fc.assert(
      fc.property(names, (events) => {
        const found = causesOf(story(...events));
        expect(found).toHaveLength(events.length);
        for (const [index, cause] of found.entries()) {
          if (cause !== null) expect(cause).toBeLessThan(index);
          if (cause !== null) expect(cause).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

describe('turnOf', () => {
  it('tells trouble, a person and an answer that never came apart', () => {
    const abort = { kind: 'abort', source: 'ana' };
    const [latched, begin] = story('interrupt-latched', 'rollback-started') as [TimelineEntry, TimelineEntry];
    expect(turnOf([{ ...latched, ...abort }, begin])).toMatchObject({ kind: 'person', asked: null });
    expect(turnOf([{ ...latched, kind: 'alarm' }, begin])).toMatchObject({ kind: 'trouble' });
    expect(turnOf([begin])).toEqual({ kind: 'trouble', decided: begin, asked: null });
    expect(turnOf([latched])).toBeNull();

    const [paused, went] = story('rollout-paused', DAY_SECONDS, 'rollback-started') as [
      TimelineEntry,
      TimelineEntry,
    ];
    expect(turnOf([paused, went])).toEqual({ kind: 'unanswered', decided: went, asked: paused });
    const doubted = story('decision-needed', DAY_SECONDS, 'canary-inconclusive', 'rollback-started');
    expect(turnOf(doubted)).toEqual({ kind: 'unanswered', decided: doubted[1], asked: doubted[0] });
  });
});

describe('actorOf', () => {
  const [latched, approved] = story('interrupt-latched', 'stage-approved') as [TimelineEntry, TimelineEntry];

  it.each<[string, TimelineEntry, string | null]>([
    ['who approved', { ...approved, actor: 'ana' }, 'ana'],
    ['who aborted', { ...latched, kind: 'abort', source: 'ben' }, 'ben'],
    ['the alarm', { ...latched, kind: 'alarm', source: 'Checkout5xx' }, 'alarm Checkout5xx'],
    ['nobody, when the engine did it by itself', approved, null],
    ['nobody, when an old record does not say', latched, null],
    ['nobody, when the data is no name', { ...approved, actor: 7 }, null],
    ['nobody, when another event has a source', { ...approved, source: 'ana' }, null],
  ])('is %s', (_what, entry, actor) => {
    expect(actorOf(entry)).toBe(actor);
  });
});

describe('rowOfStage', () => {
  const timeline = story(...STARTED, 'canary-held', 'stage-passed', 'traffic-shifted', 'canary-failed');
  const at = (row: number) => timeline[row]?.at ?? null;
  const stage = {
    weightPercent: 5,
    bakeSeconds: 60,
    approval: false,
    observed: null,
    verdict: null,
    sentence: null,
  };
  const report: RolloutReport = {
    ...SAMPLE_REPORT,
    timeline,
    course: [
      { ...stage, index: 0, enteredAt: at(1), leftAt: at(4), checks: [] },
      { ...stage, index: 1, enteredAt: at(4), leftAt: null, checks: [] },
      { ...stage, index: 2, enteredAt: null, leftAt: null, checks: [] },
    ],
  };

  it('is the row that told the last verdict there', () => {
    expect([0, 1, 2, 3].map((index) => rowOfStage(report, index))).toEqual([3, 5, null, null]);
    expect(rowOfStage({ ...report, timeline: timeline.slice(0, 5) }, 1)).toBeNull();
  });
});
