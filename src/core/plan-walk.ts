// How long a plan can take and how much of an execution it can use: ticks counted as the workflow makes them.
import {
  ASK_SECONDS,
  EVENTS_PER_SHIFT,
  EVENTS_PER_START,
  EVENTS_PER_TICK,
  EVENTS_TO_END,
  SLOW_BAKE_AFTER_ASKED_SECONDS,
  SLOW_BAKE_AT_EVENTS,
  TURN_BACK_AT_EVENTS,
} from './budget.ts';
import type { ServiceSpec, Stage } from './service-spec.ts';
import { SLOW_BAKE_TICKS } from './workflow.ts';

export interface Walk {
  readonly seconds: number;
  readonly ticks: number;
  readonly historyEvents: number;
}

interface Course {
  /** How long every stage is held over its bake. */
  readonly holdSeconds: number;
  /** Whether a person is awaited at this stage for as long as may be. A stage has one question at a time. */
  readonly isAwaitedAt: (stage: Stage, isLast: boolean) => boolean;
}

/** All goes well, and whoever has to approve does so at once. */
export function smoothWalk(spec: ServiceSpec, tickSeconds: number): Walk {
  return walk(spec, tickSeconds, { holdSeconds: 0, isAwaitedAt: () => false });
}

/**
 * Approvals may come late at every stage that asks for one. A question after a hold that stays unanswered ends the
 * rollout, so there is one at the most. What is not counted here is bounded while it runs (slow bake, then
 * `budget-exhausted`): such questions that new evidence answers in time, and pauses.
 */
export function worstWalk(spec: ServiceSpec, tickSeconds: number): Walk {
  const isAsking = spec.onInconclusive === 'ask';
  return walk(spec, tickSeconds, {
    holdSeconds: spec.maxHoldSeconds,
    isAwaitedAt: ({ approval = false }, isLast) => approval || (isAsking && isLast),
  });
}

/** The longest that any run of this plan takes, but for pauses. */
export function longestWalk(spec: ServiceSpec, tickSeconds: number): Walk {
  const isAsking = spec.onInconclusive === 'ask';
  return walk(spec, tickSeconds, {
    holdSeconds: spec.maxHoldSeconds,
    isAwaitedAt: ({ approval = false }) => approval || isAsking,
  });
}

/** The most ticks that one execution has room for: fast ones, then slow ones, until it is taken back. */
export function exhaustingWalk({ stages }: ServiceSpec, tickSeconds: number): Walk {
  const historyEvents = EVENTS_PER_START + stages.length * EVENTS_PER_SHIFT;
  const ticksUntil = (limit: number, from: Walk): number =>
    Math.ceil((limit - from.historyEvents) / EVENTS_PER_TICK);
  const shifted: Walk = { seconds: 0, ticks: 0, historyEvents };
  const fast = addTicks(shifted, ticksUntil(SLOW_BAKE_AT_EVENTS, shifted), tickSeconds);
  const slow = addTicks(fast, ticksUntil(TURN_BACK_AT_EVENTS, fast), tickSeconds * SLOW_BAKE_TICKS);
  return { ...slow, historyEvents: slow.historyEvents + EVENTS_TO_END };
}

/** Counts ticks as the workflow makes them: fast, then slow while a person is awaited long or much history is used. */
function walk(spec: ServiceSpec, tickSeconds: number, course: Course): Walk {
  let at: Walk = { seconds: 0, ticks: 0, historyEvents: EVENTS_PER_START };
  for (const [index, stage] of spec.stages.entries()) {
    const isLast = index === spec.stages.length - 1;
    at = { ...at, historyEvents: at.historyEvents + EVENTS_PER_SHIFT };
    // the wait after a shift is always a fast one
    at = bake(at, stage.bakeSeconds + course.holdSeconds, tickSeconds, 1);
    if (course.isAwaitedAt(stage, isLast)) {
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
