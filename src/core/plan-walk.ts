// How long a plan can take and how much of an execution it can use: ticks counted as the workflow makes them.
import {
  ASK_SECONDS,
  EVENTS_PER_SHIFT,
  EVENTS_PER_START,
  EVENTS_PER_TICK,
  EVENTS_TO_END,
  SLOW_BAKE_AFTER_ASKED_SECONDS,
  SLOW_BAKE_AT_EVENTS,
} from './budget.ts';
import type { ServiceSpec } from './service-spec.ts';
import { SLOW_BAKE_TICKS } from './workflow.ts';

export interface Walk {
  readonly seconds: number;
  readonly ticks: number;
  readonly historyEvents: number;
}

interface Course {
  /** How long every stage is held over its bake. */
  readonly holdSeconds: number;
  /** Stages at which a person is asked for the full time. */
  readonly asks: 'none' | 'last' | 'each';
}

/**
 * An unanswered question ends the rollout, so there is one at the most. Questions that new evidence answers in time
 * could be one per stage; those are bounded while it runs (slow bake, then `budget-exhausted`), not here.
 */
export function worstWalk(spec: ServiceSpec, tickSeconds: number): Walk {
  const asks = spec.onInconclusive === 'ask' ? 'last' : 'none';
  return walk(spec, tickSeconds, { holdSeconds: spec.maxHoldSeconds, asks });
}

/** Counts ticks as the workflow makes them: fast, then slow while a person is awaited long or much history is used. */
export function walk(spec: ServiceSpec, tickSeconds: number, course: Course): Walk {
  let at: Walk = { seconds: 0, ticks: 0, historyEvents: EVENTS_PER_START };
  for (const [index, stage] of spec.stages.entries()) {
    const isLast = index === spec.stages.length - 1;
    at = { ...at, historyEvents: at.historyEvents + EVENTS_PER_SHIFT };
    // the wait after a shift is always a fast one
    at = bake(at, stage.bakeSeconds + course.holdSeconds, tickSeconds, 1);
    if (course.asks === 'each' || (course.asks === 'last' && isLast)) {
      at = bake(at, SLOW_BAKE_AFTER_ASKED_SECONDS, tickSeconds, 0);
      at = slowBake(at, ASK_SECONDS - SLOW_BAKE_AFTER_ASKED_SECONDS, tickSeconds);
    }
  }
  return { ...at, historyEvents: at.historyEvents + EVENTS_TO_END };
}

function bake(from: Walk, seconds: number, tickSeconds: number, minFastTicks: number): Walk {
  const untilSlow = Math.ceil((SLOW_BAKE_AT_EVENTS - from.historyEvents) / EVENTS_PER_TICK);
  const fastTicks = Math.max(minFastTicks, Math.min(Math.ceil(seconds / tickSeconds), untilSlow));
  const fast = addTicks(from, fastTicks, tickSeconds);
  return slowBake(fast, seconds - fastTicks * tickSeconds, tickSeconds);
}

function slowBake(from: Walk, seconds: number, tickSeconds: number): Walk {
  const slowSeconds = tickSeconds * SLOW_BAKE_TICKS;
  return addTicks(from, Math.max(0, Math.ceil(seconds / slowSeconds)), slowSeconds);
}

function addTicks(from: Walk, ticks: number, secondsPerTick: number): Walk {
  return {
    seconds: from.seconds + ticks * secondsPerTick,
    ticks: from.ticks + ticks,
    historyEvents: from.historyEvents + ticks * EVENTS_PER_TICK,
  };
}
