// The plan of a rollout before it starts: its stages, how long it takes, what it uses, and what it could find.
import { ASK_SECONDS, TURN_BACK_AT_EVENTS } from './budget.ts';
import { InvalidInputError } from './errors.ts';
import { type LatencyBaseline, slowMeasures } from './judge/measures.ts';
import { judgePolicy } from './judge/policy.ts';
import { smallestDetectableErrorPercent } from './judge/power.ts';
import { longestWalk, smoothWalk, type Walk, worstWalk } from './plan-walk.ts';
import {
  type CustomCheck,
  canonicalJson,
  type SeriesSpec,
  type ServiceSpec,
  type Stage,
} from './service-spec.ts';
import { kindOf } from './targets/index.ts';
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

/** What one execution uses. */
export interface Usage {
  readonly seconds: number;
  readonly ticks: number;
  readonly historyEvents: number;
  readonly stateTransitions: number;
  /** Invocations by the workflow itself; handlers of alarms and events come on top. */
  readonly lambdaInvocations: number;
  /** Metrics asked of CloudWatch, the unit that GetMetricData is billed by. */
  readonly metricsRequested: number;
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
  /** How long a question or an approval may stay unanswered, part of `worst.seconds`; 0 where nobody is asked. */
  readonly askSeconds: number;
  /** No run of this plan that still works takes longer, a day of pauses included; afterwards the sweeper takes over. */
  readonly deadlineSeconds: number;
}

/** Stepshift's reference error rate of a healthy service, percent. */
const USUAL_ERROR_PERCENT = 0.05;
/** How many thresholds there are does not depend on where they lie. */
const ANY_BASELINE: LatencyBaseline = { p50Ms: 100, p90Ms: 200, p99Ms: 500, isCounted: true };
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
    expected: usage(spec, smoothWalk(spec, tickSeconds), DIRECT_END),
    worst: usage(spec, worstWalk(spec, tickSeconds), LONGEST_END),
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

/**
 * Metrics asked of CloudWatch in one tick, at the most: latency is taken as countable, which the start finds out, and
 * a custom series that is asked for anyway is counted twice here. The bill may be lower: CloudWatch's price list counts up
 * to five statistics of one metric as one.
 */
export function metricsPerTick({ target, checks }: ServiceSpec): number {
  const { errors, latency, throttlesLimitPercent, custom } = checks;
  const ofTarget = kindOf(target).metricsPerLook({
    // and the percentile that people are shown
    latencies: latency === null ? 0 : slowMeasures(latency, ANY_BASELINE).length + 1,
    http5xx: errors.http5xx !== null,
    coldStarts: (latency?.coldStarts ?? null) !== null,
    throttles: throttlesLimitPercent !== null,
  });
  return ofTarget + customSeries(custom).reduce((sum, series) => sum + (namesSide(series) ? 2 : 1), 0);
}

/** Every series that custom checks read, once. */
function customSeries(custom: readonly CustomCheck[]): readonly SeriesSpec[] {
  const sources = custom.flatMap((check) =>
    check.kind === 'rate' && check.per !== null ? [check.metric, check.per] : [check.metric],
  );
  const series = sources.flatMap((source) =>
    'expression' in source ? Object.values(source.series) : [source],
  );
  return [...new Map(series.map((one) => [canonicalJson(one), one])).values()];
}

/** A series that names no version is the same for both. */
function namesSide({ dimensions }: SeriesSpec): boolean {
  return Object.values(dimensions).some((value) => /\{(version|targetGroup)\}/.test(value));
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

/** What the way to the end enters and calls: commit, finish, end; and with a lost answer settle and choice as well. */
const DIRECT_END = { states: 3, functions: 2 };
const LONGEST_END = { states: 5, functions: 3 };

/** States entered: start; one per shift; bake, judge and choice per tick; the end. The history is an upper bound. */
function usage(spec: ServiceSpec, { seconds, ticks, historyEvents }: Walk, end: typeof DIRECT_END): Usage {
  const shifts = spec.stages.length;
  return {
    seconds,
    ticks,
    historyEvents,
    stateTransitions: 1 + shifts + 3 * ticks + end.states,
    lambdaInvocations: 1 + shifts + 2 * ticks + end.functions,
    // before the start stable's last hour is read, again once its usual latency is known: less than a tick each
    metricsRequested: metricsPerTick(spec) * (ticks + (spec.checks.latency === null ? 1 : 2)),
  };
}
