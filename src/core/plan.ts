// The plan of a rollout before it starts: its stages, how long it takes, what it uses, and what it could find.
import { ASK_SECONDS, TURN_BACK_AT_EVENTS } from './budget.ts';
import { InvalidInputError } from './errors.ts';
import { judgePolicy } from './judge/policy.ts';
import { smallestDetectableErrorPercent } from './judge/power.ts';
import { type Usage, usage } from './plan-usage.ts';
import { exhaustingWalk, longestWalk, smoothWalk, worstWalk } from './plan-walk.ts';
import { canonicalJson, type ServiceSpec, type Stage } from './service-spec.ts';
import { formatCount, formatDuration } from './units.ts';
import type { PlacedProblem } from './zod-problems.ts';

export interface PlanOptions {
  /** Length of one turn of the bake loop; 60 unless told. */
  readonly tickSeconds?: number;
  /** All traffic of the target; without it nothing is said about requests and errors. */
  readonly requestsPerMinute?: number;
  /** Usual error rate of the stable version, percent; 0.05 unless told. */
  readonly stableErrorPercent?: number;
}

export interface PlannedStage extends Stage {
  /** Turns of the bake loop when the stage passes at the end of its bake. */
  readonly ticks: number;
  /** Requests on the canary during the bake; null without `requestsPerMinute`. */
  readonly canaryRequests: number | null;
  /** The smallest error rate of the canary that the bake of this stage alone would find, percent; null: none, or unknown. */
  readonly smallestDetectableErrorPercent: number | null;
}

export interface Plan {
  readonly service: string;
  readonly tickSeconds: number;
  readonly stages: readonly PlannedStage[];
  /** Every stage passes at the end of its bake. */
  readonly expected: Usage;
  /** Every stage is held as long as allowed, every approval comes late, and the last question stays unanswered. */
  readonly worst: Usage;
  /** It goes on, whatever keeps it, until its history is used up and it is taken back. */
  readonly exhausting: Usage;
  /** How long a question or an approval may stay unanswered, part of `worst.seconds`; 0 where nobody is asked. */
  readonly askSeconds: number;
  /** No run of this plan that still works takes longer, a day of pauses included; afterwards the sweeper takes over. */
  readonly deadlineSeconds: number;
}

/** Stepshift's reference error rate of a healthy service, percent. */
const USUAL_ERROR_PERCENT = 0.05;
const PRODUCTION_TICK_SECONDS = 60;
/** What a tick takes beside its wait (two functions, three transitions), generously. */
const TICK_OVERHEAD_SECONDS = 10;
/** For retries of the steps around the bakes. */
const RESERVE_SECONDS = 3600;
/** All pauses of a rollout together may take this long: as long as one that nobody ends. */
const PAUSE_SECONDS = ASK_SECONDS;

/** Throws InvalidInputError (`plan-over-budget`) when the worst case does not fit into one execution. */
export function planRollout(spec: ServiceSpec, options: PlanOptions = {}): Plan {
  const problem = planProblem(spec, options);
  if (problem !== null) throw new InvalidInputError([problem]);
  const tickSeconds = options.tickSeconds ?? PRODUCTION_TICK_SECONDS;
  const longest = longestWalk(spec, tickSeconds);
  return {
    service: spec.service,
    tickSeconds,
    stages: spec.stages.map((stage) => planStage(spec, stage, tickSeconds, options)),
    expected: usage(spec, smoothWalk(spec, tickSeconds), { end: 'promoted', isHeld: false }),
    worst: usage(spec, worstWalk(spec, tickSeconds), { end: 'settled', isHeld: true }),
    exhausting: usage(spec, exhaustingWalk(spec, tickSeconds), { end: 'rolled-back', isHeld: true }),
    askSeconds: mayAwaitPeople(spec) ? ASK_SECONDS : 0,
    deadlineSeconds:
      longest.seconds + longest.ticks * TICK_OVERHEAD_SECONDS + PAUSE_SECONDS + RESERVE_SECONDS,
  };
}

function mayAwaitPeople({ onInconclusive, stages }: ServiceSpec): boolean {
  return onInconclusive === 'ask' || stages.some(({ approval }) => approval === true);
}

/** Why this plan does not fit into one execution; null when it does. */
export function planProblem(spec: ServiceSpec, options: PlanOptions = {}): PlacedProblem | null {
  const tooLarge = sizeProblem(spec);
  if (tooLarge !== null) return tooLarge;
  const worst = worstWalk(spec, options.tickSeconds ?? PRODUCTION_TICK_SECONDS);
  if (worst.historyEvents < TURN_BACK_AT_EVENTS) return null;
  const room = formatCount(TURN_BACK_AT_EVENTS);
  return {
    code: 'plan-over-budget',
    what: `this plan could need ${formatCount(worst.historyEvents)} history events, and one execution has room for ${room}`,
    where: 'stages',
    got: `up to ${formatDuration(worst.seconds)} in ${formatCount(worst.ticks)} ticks`,
    allowed: `fewer than ${room} events, about 5 days in all`,
    fix: 'Shorten the bakes or maxHold, or use fewer stages or approvals',
    path: ['stages'],
    at: 'value',
  };
}

/** The spec travels in the rollout document, which has 32 KB for it, the judge's memory and the last verdict. */
const MAX_SPEC_CHARACTERS = 14_000;

function sizeProblem(spec: ServiceSpec): PlacedProblem | null {
  const characters = canonicalJson(spec).length;
  if (characters <= MAX_SPEC_CHARACTERS) return null;
  return {
    code: 'service-file-too-large',
    what: `with its defaults this file has ${formatCount(characters)} characters, and a rollout has room for ${formatCount(MAX_SPEC_CHARACTERS)}`,
    where: 'checks',
    got: `${formatCount(characters)} characters`,
    allowed: `at most ${formatCount(MAX_SPEC_CHARACTERS)}`,
    fix: 'Use fewer checks of your own, or fewer series in metric math',
    path: ['checks'],
    at: 'value',
  };
}

function planStage(spec: ServiceSpec, stage: Stage, tickSeconds: number, options: PlanOptions): PlannedStage {
  const ticks = Math.ceil(stage.bakeSeconds / tickSeconds);
  const { requestsPerMinute, stableErrorPercent = USUAL_ERROR_PERCENT } = options;
  if (requestsPerMinute === undefined) {
    return { ...stage, ticks, canaryRequests: null, smallestDetectableErrorPercent: null };
  }
  const requests = (requestsPerMinute * stage.bakeSeconds) / 60;
  const canaryRequests = Math.round((requests * stage.weightPercent) / 100);
  return {
    ...stage,
    ticks,
    canaryRequests,
    smallestDetectableErrorPercent: smallestDetectableErrorPercent({
      canaryRequests,
      stableRequests: Math.round(requests) - canaryRequests,
      stableErrorPercent,
      policy: judgePolicy(spec, null),
    }),
  };
}
