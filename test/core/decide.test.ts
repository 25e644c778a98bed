// The decision that combines a verdict with the stage's clock, as tables.
import { describe, expect, it } from 'vitest';
import {
  ASK_SECONDS,
  EVENTS_PER_TICK,
  MAX_HISTORY_EVENTS,
  SLOW_BAKE_AT_EVENTS,
  TURN_BACK_AT_EVENTS,
} from '../../src/core/budget.ts';
import { decide } from '../../src/core/decide.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { plainReason, type Verdict } from '../../src/core/verdict.ts';
import { SPEC, START_MS, sampleRollout } from '../support/step-world.ts';

function verdict(kind: Verdict['kind'], alerts: readonly string[] = []): Verdict {
  return {
    kind,
    reason: plainReason(`because of ${kind}`, 'errors'),
    checks: [],
    alerts: alerts.map((check) => ({ check, sentence: `${check} is over its limit.` })),
  };
}

function at(minutes: number): number {
  return START_MS + minutes * 60_000;
}

function inStage(stage: Partial<Rollout['stage']>, change: Partial<Rollout> = {}): Rollout {
  const sample = sampleRollout(change);
  return { ...sample, stage: { ...sample.stage, ...stage } };
}

/** Asked at that instant, when no approval was known, and not known since. */
function stillUnknown(askedAtMs: number): Rollout {
  return inStage({ askedAtMs, approvedBeforeMs: 0 }, { verdict: verdict('inconclusive') });
}

describe('what happens next', () => {
  it.each<[string, Rollout, Verdict['kind'], number, Rollout['next'], string[]]>([
    ['passing early keeps baking', inStage({}), 'pass', 2, 'bake', []],
    ['passing at the end of the bake shifts on', inStage({}), 'pass', 5, 'shift-traffic', ['stage-passed']],
    [
      'passing in the last stage commits',
      inStage({ index: 1 }),
      'pass',
      5,
      'commit-promotion',
      ['stage-passed'],
    ],
    ['a failed canary is taken back at once', inStage({}), 'rollback', 1, 'roll-back', ['canary-failed']],
    ['holding inside the bake is no news', inStage({}), 'hold', 4, 'bake', []],
    ['holding past the bake is told', inStage({}), 'hold', 5, 'bake', ['canary-held']],
    ['and told once', inStage({ heldSinceMs: at(5) }), 'hold', 6, 'bake', []],
    [
      'not knowing asks',
      inStage({ heldSinceMs: at(5) }),
      'inconclusive',
      25,
      'bake',
      ['canary-inconclusive', 'decision-needed'],
    ],
    ['and asks once', stillUnknown(at(25)), 'inconclusive', 26, 'bake', []],
    ['two hours later it ticks slowly', stillUnknown(at(25)), 'inconclusive', 145, 'bake-slowly', []],
    [
      'evidence that arrives while asked goes on',
      inStage({ askedAtMs: at(25) }),
      'pass',
      26,
      'shift-traffic',
      ['stage-passed'],
    ],
    [
      'harm that shows while asked is taken back',
      inStage({ askedAtMs: at(25) }),
      'rollback',
      26,
      'roll-back',
      ['canary-failed'],
    ],
    [
      'unanswered for a day it is taken back',
      stillUnknown(at(0)),
      'inconclusive',
      ASK_SECONDS / 60,
      'roll-back',
      ['canary-inconclusive'],
    ],
  ])('%s', (_what, before, kind, minute, next, events) => {
    const decision = decide(before, verdict(kind), at(minute));
    expect(decision.rollout.next).toBe(next);
    expect(decision.events.map(({ event }) => event)).toEqual(events);
    expect(decision.rollout.historyEvents).toBe(before.historyEvents + EVENTS_PER_TICK);
  });

  it('advances on not knowing where the policy says so, and says that it did', () => {
    const before = inStage({}, { spec: { ...SPEC, onInconclusive: 'advance' } });
    const { rollout, events } = decide(before, verdict('inconclusive'), at(25));
    expect(rollout.next).toBe('shift-traffic');
    expect(events[0]?.event).toBe('stage-advanced-unproven');
  });

  it('rolls back on not knowing where the policy says so, with the verdict as its reason', () => {
    const before = inStage({}, { spec: { ...SPEC, onInconclusive: 'rollback' } });
    const { rollout } = decide(before, verdict('inconclusive'), at(25));
    expect(rollout).toMatchObject({ next: 'roll-back', reason: { sentence: 'because of inconclusive' } });
  });

  it('ticks slowly when much of the history is used, and ends before the service would', () => {
    const many = decide(inStage({}, { historyEvents: SLOW_BAKE_AT_EVENTS }), verdict('hold'), at(1));
    expect(many.rollout.next).toBe('bake-slowly');
    const tooMany = decide(inStage({}, { historyEvents: TURN_BACK_AT_EVENTS }), verdict('pass'), at(9));
    expect(tooMany.rollout.next).toBe('roll-back');
    expect(tooMany.events[0]?.event).toBe('budget-exhausted');
    // one more look, retries included, would still be before the limit
    expect(TURN_BACK_AT_EVENTS + 5 * EVENTS_PER_TICK).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  it('tells that a held canary was cleared', () => {
    const held = inStage({ heldSinceMs: at(1) });
    const { rollout, events } = decide(held, verdict('pass'), at(2));
    expect(events.map(({ event }) => event)).toEqual(['canary-cleared']);
    expect(rollout.stage.heldSinceMs).toBeNull();
  });
});

describe('alerts', () => {
  function told(before: Rollout, now: Verdict): readonly string[] {
    const { events } = decide(before, now, at(3));
    return events.map(({ event, data }) => (event === 'check-alerted' ? `alert ${data['check']}` : event));
  }

  it('are told once, when they were not there a tick ago', () => {
    expect(told(inStage({}), verdict('pass', ['latency']))).toEqual(['alert latency']);
    const known = inStage({}, { verdict: verdict('pass', ['latency']) });
    expect(told(known, verdict('pass', ['latency']))).toEqual([]);
    expect(told(known, verdict('pass', ['latency', 'errors']))).toEqual(['alert errors']);
  });

  it('are told again when they come back', () => {
    const { rollout } = decide(
      inStage({}, { verdict: verdict('pass', ['latency']) }),
      verdict('pass'),
      at(3),
    );
    expect(told(rollout, verdict('pass', ['latency']))).toEqual(['alert latency']);
  });

  it('come before what follows from the verdict, and move nothing by themselves', () => {
    const { rollout, events } = decide(inStage({}), verdict('rollback', ['errors']), at(3));
    expect(events.map(({ event }) => event)).toEqual(['check-alerted', 'canary-failed']);
    expect(events[0]).toMatchObject({
      sentence: 'errors is over its limit.',
      data: { check: 'errors', weightPercent: rollout.stage.weightPercent },
    });
    const alerted = decide(inStage({}), verdict('pass', ['errors']), at(2)).rollout;
    const quiet = decide(inStage({}), verdict('pass'), at(2)).rollout;
    expect({ ...alerted, verdict: null }).toEqual({ ...quiet, verdict: null });
  });
});
