// The decision on a question that was put to people: which approval answers it, and which does not.
import { describe, expect, it } from 'vitest';
import { afterShift } from '../../src/core/after-shift.ts';
import { NO_SIGNALS } from '../../src/core/signals.ts';
import { SPEC } from '../support/step-world.ts';
import { APPROVED, asking, at, DAY_MINUTES, DOUBT, mark, quiet, told, verdict } from './decide-scene.ts';

describe('an approval of a question', () => {
  it('goes on, recorded as not proven', () => {
    const asked = told(quiet(), 'inconclusive', 25);
    expect(told(asked.rollout, 'inconclusive', 26, APPROVED)).toMatchObject({
      next: 'shift-traffic',
      events: ['stage-advanced-unproven'],
    });
  });

  // who approved early did not know that nobody could tell
  it('is none when it was given before the question, until somebody approves again', () => {
    const asked = told(asking(), 'inconclusive', 25, APPROVED);
    expect(asked).toMatchObject({ next: 'bake', events: ['canary-inconclusive', 'decision-needed'] });
    expect(told(asked.rollout, 'inconclusive', 26, APPROVED)).toMatchObject({ next: 'bake', events: [] });
    const again = { ...NO_SIGNALS, approvals: [{ ...mark(26, 'bea'), stageIndex: 0 }] };
    expect(told(asked.rollout, 'inconclusive', 27, again).next).toBe('shift-traffic');
    expect(told(asked.rollout, 'pass', 27, APPROVED).next).toBe('shift-traffic');
  });

  it('of a canary that passed does not answer for one that does not any more', () => {
    const passing = asking({ askedAtMs: at(5) }, { verdict: verdict('pass') });
    const unknown = told(passing, 'inconclusive', 30, APPROVED);
    expect(told(unknown.rollout, 'inconclusive', 31, APPROVED).next).toBe('bake');
  });

  // who pauses to look into it, approves and resumes has answered
  it('counts when it was given in a pause, which only puts the question off', () => {
    const asked = told(quiet(), 'inconclusive', 25);
    const paused = { ...NO_SIGNALS, paused: mark(26) };
    const off = told(asked.rollout, 'inconclusive', 27, paused);
    expect(told(off.rollout, 'inconclusive', 28).events).toEqual(['canary-inconclusive', 'decision-needed']);
    const answer = { ...NO_SIGNALS, approvals: [{ ...mark(28), stageIndex: 0 }] };
    expect(told(off.rollout, 'inconclusive', 29, answer).next).toBe('shift-traffic');
    const both = told(off.rollout, 'inconclusive', 29, { ...answer, paused: mark(26) });
    expect(both.next).toBe('bake');
    expect(told(both.rollout, 'inconclusive', 30, answer).next).toBe('shift-traffic');
  });

  // the pause stopped the shift that the approval had earned
  it('still counts after a pause that came right behind it', () => {
    const asked = told(quiet(), 'inconclusive', 25);
    const answered = told(asked.rollout, 'inconclusive', 26, APPROVED);
    const paused = told(answered.rollout, 'inconclusive', 27, { ...APPROVED, paused: mark(26) });
    expect(paused.next).toBe('bake');
    expect(told(paused.rollout, 'inconclusive', 28, APPROVED).next).toBe('shift-traffic');
  });

  it('is none when it was given before a doubt that came up in a pause', () => {
    const paused = told(quiet(), 'inconclusive', 25, { ...APPROVED, paused: mark(2) });
    expect(told(paused.rollout, 'inconclusive', 26, APPROVED)).toMatchObject({
      next: 'bake',
      events: ['canary-inconclusive', 'decision-needed'],
    });
  });

  it('is none when it was given for a doubt that was over in between', () => {
    const asked = told(quiet(), 'inconclusive', 25);
    const held = told(asked.rollout, 'hold', 26);
    const again = told(held.rollout, 'inconclusive', 27, APPROVED);
    expect(again.events).toEqual(['canary-inconclusive', 'decision-needed']);
    expect(told(again.rollout, 'inconclusive', 28, APPROVED).next).toBe('bake');
  });

  it('is none in the next stage, whose first look may not be able to tell either', () => {
    const asked = told(quiet(), 'inconclusive', 25);
    const { rollout } = told(asked.rollout, 'inconclusive', 26, APPROVED);
    const next = afterShift(rollout, { seq: 2, weightPercent: 50, atMs: at(27) });
    const early = { ...NO_SIGNALS, approvals: [{ ...mark(28), stageIndex: 1 }] };
    const first = told(next, 'inconclusive', 90, early);
    expect(first.events).toEqual(['canary-inconclusive', 'decision-needed']);
    expect(told(first.rollout, 'inconclusive', 91, early).next).toBe('bake');
  });

  it('is asked for once more when an older release asked, which did not note what it knew', () => {
    const asked = quiet({ askedAtMs: at(25), approvedBeforeMs: null }, { verdict: verdict('inconclusive') });
    const again = told(asked, 'inconclusive', 26, APPROVED);
    expect(again).toMatchObject({ next: 'bake', events: ['canary-inconclusive', 'decision-needed'] });
    const answer = { ...NO_SIGNALS, approvals: [{ ...mark(27), stageIndex: 0 }] };
    expect(told(again.rollout, 'inconclusive', 28, answer).next).toBe('shift-traffic');
  });

  // «remove the cause, or take it back» is another question than «go on or take it back?»
  it('is none when it was given for a doubt, and the judge cannot tell once that is gone', () => {
    const inDoubt = told(asking(), 'pass', 25, NO_SIGNALS, [DOUBT]);
    const unknown = told(inDoubt.rollout, 'inconclusive', 27, APPROVED);
    expect(unknown).toMatchObject({ next: 'bake', events: ['canary-inconclusive', 'decision-needed'] });
    expect(told(unknown.rollout, 'inconclusive', 28, APPROVED).next).toBe('bake');
  });

  it('is none either when the judge could not tell then, and people were asked for the doubt alone', () => {
    const inDoubt = told(asking(), 'inconclusive', 25, NO_SIGNALS, [DOUBT]);
    expect(inDoubt.rollout.stage.approvedBeforeMs).toBeNull();
    const asked = told(inDoubt.rollout, 'inconclusive', 27, APPROVED);
    expect(asked.events).toEqual(['canary-inconclusive', 'decision-needed']);
    expect(told(asked.rollout, 'inconclusive', 28, APPROVED).next).toBe('bake');
  });

  it('waits for the end of a doubt that came between', () => {
    const asked = told(quiet(), 'inconclusive', 25);
    const inDoubt = told(asked.rollout, 'inconclusive', 26, APPROVED, [DOUBT]);
    expect(inDoubt).toMatchObject({ next: 'bake', events: [] });
    expect(told(inDoubt.rollout, 'inconclusive', 27, APPROVED).next).toBe('shift-traffic');
  });

  it('is asked for when a doubt comes up while an approval is awaited', () => {
    const passing = asking({ askedAtMs: at(5) }, { verdict: verdict('pass') });
    expect(told(passing, 'pass', 26, NO_SIGNALS, [DOUBT]).events).toEqual([
      'canary-inconclusive',
      'decision-needed',
    ]);
  });

  it('that nobody gives is a no a day after this question, not after an earlier one', () => {
    const passing = asking({ askedAtMs: at(5) }, { verdict: verdict('pass') });
    const asked = told(passing, 'inconclusive', 5 + DAY_MINUTES);
    expect(asked).toMatchObject({ next: 'bake', events: ['canary-inconclusive', 'decision-needed'] });
    expect(told(asked.rollout, 'inconclusive', 4 + 2 * DAY_MINUTES).next).toBe('bake-slowly');
    expect(told(asked.rollout, 'inconclusive', 5 + 2 * DAY_MINUTES).next).toBe('roll-back');
  });

  it('does not help where the policy says to roll back', () => {
    const before = quiet({}, { spec: { ...SPEC, onInconclusive: 'rollback' } });
    expect(told(before, 'inconclusive', 25, APPROVED).next).toBe('roll-back');
  });
});
