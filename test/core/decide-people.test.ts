// The decision while people wait or have said something, and while something is in doubt.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TURN_BACK_AT_EVENTS } from '../../src/core/budget.ts';
import { decide } from '../../src/core/decide.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { NO_SIGNALS, type Signals } from '../../src/core/signals.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { SPEC } from '../support/step-world.ts';
import {
  APPROVED,
  asking,
  at,
  DAY_MINUTES,
  DOUBT,
  mark,
  PROMOTED,
  quiet,
  told,
  verdict,
} from './decide-scene.ts';

describe('an approval', () => {
  it('is asked for when the bake is over, and only then', () => {
    expect(told(asking(), 'pass', 4)).toMatchObject({ next: 'bake', events: [] });
    const asked = told(asking(), 'pass', 5);
    expect(asked).toMatchObject({ next: 'bake', events: ['decision-needed'] });
    expect(asked.rollout.stage.askedAtMs).toBe(at(5));
    expect(told(asked.rollout, 'pass', 6)).toMatchObject({ next: 'bake', events: [] });
  });

  it('that was given lets the stage be left, early or late', () => {
    expect(told(asking(), 'pass', 4, APPROVED).next).toBe('bake');
    expect(told(asking(), 'pass', 5, APPROVED)).toMatchObject({
      next: 'shift-traffic',
      events: ['stage-passed'],
    });
  });

  it('of another stage is none', () => {
    const other = { ...NO_SIGNALS, approvals: [{ ...mark(1), stageIndex: 1 }] };
    expect(told(asking(), 'pass', 5, other)).toMatchObject({ next: 'bake', events: ['decision-needed'] });
  });

  it('does not let a canary through that is held or bad', () => {
    expect(told(asking(), 'hold', 6, APPROVED).next).toBe('bake');
    expect(told(asking(), 'rollback', 6, APPROVED).next).toBe('roll-back');
  });

  it('is judged on while it is awaited, and people hear what changes', () => {
    const asked = asking({ askedAtMs: at(5) }, { verdict: verdict('pass') });
    expect(told(asked, 'rollback', 7)).toMatchObject({ next: 'roll-back', events: ['canary-failed'] });
    const held = told(asked, 'hold', 7);
    expect(held).toMatchObject({ next: 'bake', events: ['canary-held'] });
    const cleared = told(held.rollout, 'pass', 8);
    expect(cleared).toMatchObject({ next: 'bake', events: ['canary-cleared'] });
    expect(cleared.rollout.stage.askedAtMs).toBe(at(5));
    const unknown = told(cleared.rollout, 'inconclusive', 30);
    expect(unknown).toMatchObject({ next: 'bake', events: ['canary-inconclusive', 'decision-needed'] });
    expect(unknown.rollout.stage.askedAtMs).toBe(at(30));
    expect(told(unknown.rollout, 'inconclusive', 31).events).toEqual([]);
  });

  it('that nobody gives is awaited slowly, then taken for a no', () => {
    const asked = asking({ askedAtMs: at(5) }, { verdict: verdict('pass') });
    expect(told(asked, 'pass', 5 + 119).next).toBe('bake');
    expect(told(asked, 'pass', 5 + 120).next).toBe('bake-slowly');
    const { rollout, next } = told(asked, 'pass', 5 + DAY_MINUTES);
    expect(next).toBe('roll-back');
    expect(rollout.reason?.sentence).toBe(
      'Approval was asked for to leave stage 1 (10 %), and nobody answered for 1d.',
    );
  });

  it('is needed all the same where not knowing would advance', () => {
    const stages = SPEC.stages.map((each) => ({ ...each, approval: true }));
    const before = asking({}, { spec: { ...SPEC, stages, onInconclusive: 'advance' } });
    expect(told(before, 'inconclusive', 25)).toMatchObject({
      next: 'bake',
      events: ['canary-inconclusive', 'decision-needed'],
    });
    expect(told(before, 'inconclusive', 25, APPROVED)).toMatchObject({
      next: 'shift-traffic',
      events: ['stage-advanced-unproven'],
    });
  });

  it('is told with who gave it, where it lets an unproven stage go', () => {
    const stages = SPEC.stages.map((each) => ({ ...each, approval: true }));
    const advancing = (spec: Partial<typeof SPEC>, signals: Signals) =>
      decide(
        asking({}, { spec: { ...SPEC, ...spec, onInconclusive: 'advance' } }),
        verdict('inconclusive'),
        at(25),
        {
          doubts: [],
          signals,
        },
      ).events[0]?.data;
    expect(advancing({ stages }, APPROVED)).toMatchObject({ actor: 'ana' });
    expect(advancing({}, NO_SIGNALS)).not.toHaveProperty('actor');
  });
});

describe('a pause', () => {
  const PAUSED: Signals = { ...NO_SIGNALS, paused: mark(2) };

  it('keeps a passing canary where it is, however long the bake is over', () => {
    expect(told(quiet(), 'pass', 60, PAUSED)).toMatchObject({ next: 'bake', events: [] });
    expect(told(quiet(), 'pass', 60).next).toBe('shift-traffic');
  });

  it('is stronger than approve and promote', () => {
    const all = { ...APPROVED, ...PROMOTED, approvals: APPROVED.approvals, paused: mark(2) };
    expect(told(asking(), 'pass', 60, all).next).toBe('bake');
  });

  it('does not keep a bad canary', () => {
    expect(told(quiet(), 'rollback', 3, PAUSED)).toMatchObject({
      next: 'roll-back',
      events: ['canary-failed'],
    });
  });

  it('does not outlive the history of the execution', () => {
    const before = quiet({}, { historyEvents: TURN_BACK_AT_EVENTS });
    expect(told(before, 'pass', 3, PAUSED)).toMatchObject({
      next: 'roll-back',
      events: ['budget-exhausted'],
    });
  });

  it('that nobody ends ticks slowly, then is taken back', () => {
    expect(told(quiet(), 'pass', 2 + 120, PAUSED).next).toBe('bake-slowly');
    const { rollout, next } = told(quiet(), 'pass', 2 + DAY_MINUTES, PAUSED);
    expect(next).toBe('roll-back');
    expect(rollout.reason?.sentence).toBe('Paused by ana, and nobody resumed it for 1d.');
  });

  it('puts a question off; it is asked anew afterwards', () => {
    const { rollout } = told(asking({ askedAtMs: at(5) }), 'pass', 10, PAUSED);
    expect(rollout.stage.askedAtMs).toBeNull();
    const resumed = told(rollout, 'pass', 5 + DAY_MINUTES);
    expect(resumed).toMatchObject({ next: 'bake', events: ['decision-needed'] });
  });
});

describe('promoting', () => {
  // entered at 0:00; a period is known two and a half minutes after its end
  it('skips the rest of the bake, once the judge knows a whole period at this weight', () => {
    expect(told(quiet(), 'pass', 3, PROMOTED).next).toBe('bake');
    expect(told(quiet(), 'pass', 3.5, PROMOTED)).toMatchObject({
      next: 'shift-traffic',
      events: ['stage-passed'],
    });
  });

  it('skips no check: what is held, not known or bad stays so', () => {
    expect(told(quiet(), 'hold', 4, PROMOTED).next).toBe('bake');
    expect(told(quiet(), 'inconclusive', 25, PROMOTED)).toMatchObject({
      next: 'bake',
      events: ['canary-inconclusive', 'decision-needed'],
    });
    expect(told(quiet(), 'rollback', 4, PROMOTED).next).toBe('roll-back');
  });

  it('answers no approval', () => {
    expect(told(asking(), 'pass', 4, PROMOTED)).toMatchObject({ next: 'bake', events: ['decision-needed'] });
  });
});

describe('a doubt', () => {
  it('is the reason of a hold', () => {
    const { rollout, next, events } = told(quiet(), 'pass', 6, NO_SIGNALS, [DOUBT]);
    expect({ next, events }).toEqual({ next: 'bake', events: ['canary-held'] });
    expect(rollout.verdict).toMatchObject({ kind: 'hold', reason: { sentence: DOUBT } });
  });

  it('leaves the reason of a hold that has its own', () => {
    expect(told(quiet(), 'hold', 6, NO_SIGNALS, [DOUBT]).rollout.verdict?.reason.sentence).toBe(
      'because of hold',
    );
  });

  it('that lasts is not known at the end of the hold, and no answer lets it through', () => {
    const asked = told(quiet(), 'pass', 25, APPROVED, [DOUBT]);
    expect(asked).toMatchObject({ next: 'bake', events: ['canary-inconclusive', 'decision-needed'] });
    expect(asked.rollout.verdict).toMatchObject({ kind: 'inconclusive', reason: { sentence: DOUBT } });
    const back = told(asked.rollout, 'pass', 25 + DAY_MINUTES, APPROVED, [DOUBT]);
    expect(back.next).toBe('roll-back');
    // somebody did answer, and it did not help
    expect(back.rollout.reason?.sentence).toBe(`${DOUBT} It stayed in doubt for 1d.`);
    expect(told(asked.rollout, 'pass', 26).next).toBe('shift-traffic');
  });

  it('that lasts follows the policy where that is to roll back, and where it is to advance waits', () => {
    const rollback = quiet({}, { spec: { ...SPEC, onInconclusive: 'rollback' } });
    expect(told(rollback, 'pass', 25, NO_SIGNALS, [DOUBT]).next).toBe('roll-back');
    const advance = quiet({}, { spec: { ...SPEC, onInconclusive: 'advance' } });
    expect(told(advance, 'pass', 25, NO_SIGNALS, [DOUBT]).next).toBe('bake');
  });
});

const anyMark = fc.record({
  actor: fc.constant('ana'),
  atMs: fc.integer({ min: 0, max: 3000 }).map(at),
  message: fc.constant(''),
});
const anySituation = fc.record({
  kind: fc.constantFrom<Verdict['kind']>('pass', 'hold', 'rollback', 'inconclusive'),
  minutes: fc.integer({ min: 0, max: 3000 }),
  doubts: fc.subarray([DOUBT, 'The sweeper was never seen.']),
  signals: fc.record({
    paused: fc.option(anyMark),
    promoted: fc.option(anyMark),
    approvals: fc
      .subarray([0, 1])
      .map((indices) => indices.map((stageIndex) => ({ ...mark(1), stageIndex }))),
  }),
  approval: fc.boolean(),
  onInconclusive: fc.constantFrom<Rollout['spec']['onInconclusive']>('ask', 'advance', 'rollback'),
  historyEvents: fc.integer({ min: 0, max: TURN_BACK_AT_EVENTS + 100 }),
  index: fc.constantFrom(0, 1),
  askedAtMs: fc.option(fc.integer({ min: 0, max: 3000 }).map(at)),
  heldSinceMs: fc.option(fc.integer({ min: 0, max: 3000 }).map(at)),
});

type Situation = typeof anySituation extends fc.Arbitrary<infer T> ? T : never;

describe('whatever the situation', () => {
  function next(situation: Situation): Rollout['next'] {
    const { kind, minutes, doubts, signals, approval, onInconclusive, historyEvents } = situation;
    const { index, askedAtMs, heldSinceMs } = situation;
    const spec = {
      ...SPEC,
      onInconclusive,
      stages: SPEC.stages.map((each) => ({ ...each, approval })),
    };
    const before = quiet({ index, askedAtMs, heldSinceMs }, { spec, historyEvents });
    return decide(before, verdict(kind), at(minutes), { doubts, signals }).rollout.next;
  }

  it('a rollout never advances on a doubt, in a pause, or past an approval that is missing', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { doubts, signals, approval, kind, index } = situation;
        const isApproved = signals.approvals.some(({ stageIndex }) => stageIndex === index);
        const mayAdvance =
          doubts.length === 0 &&
          signals.paused === null &&
          (!approval || isApproved) &&
          (kind === 'pass' || kind === 'inconclusive');
        const advances = ['shift-traffic', 'commit-promotion'].includes(next(situation));
        expect(advances && !mayAdvance).toBe(false);
      }),
    );
  });

  it('proven harm and a used-up history take it back', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        expect(next({ ...situation, kind: 'rollback' })).toBe('roll-back');
        expect(next({ ...situation, historyEvents: TURN_BACK_AT_EVENTS })).toBe('roll-back');
      }),
    );
  });
});
