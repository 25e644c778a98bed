// What follows from how the stages of a rollout went: what could not be told, what was not proven, what took long.
import { stageName } from './decide-tick.ts';
import type { RolloutReport, StageCourse } from './report.ts';
import { affectedWindow } from './report-exposure.ts';
import { ukTime } from './uk-time.ts';
import { formatCount, formatDuration, formatPercent } from './units.ts';
import type { CheckReading } from './verdict.ts';

/** A counted share this many of its standard errors off is no chance … */
const STANDARD_ERRORS = 5;
/** … and worth a word from this part of the smaller side on. */
const LEAST_PART_OFF = 0.2;
/** Harm that took so many periods of a minute to prove, on so few requests, was proven late for want of requests. */
const LATE_MS = 600_000;
const THIN_REQUESTS = 1000;
/** Nobody bakes this many times as long. */
const MOST_BAKES = 10;

export function stageRecommendations(report: RolloutReport): readonly string[] {
  const passed = report.course.filter(({ leftAt }) => leftAt !== null);
  return [
    ...unprovenRecommendations(report),
    ...(report.outcome === 'PROMOTED' ? untoldRecommendations(passed) : []),
    ...heldRecommendations(report, passed),
    ...passed.flatMap(shareRecommendation),
    ...lateRecommendation(report),
  ];
}

function unprovenRecommendations({ timeline }: RolloutReport): readonly string[] {
  return timeline
    .filter(({ event }) => event === 'stage-advanced-unproven')
    .map(
      ({ at, sentence }) =>
        `A stage was left at ${ukTime(Date.parse(at))} although its safety was not shown. What was not known: ${sentence}`,
    );
}

/** Checks that could not tell at any stage, the last one among them, one sentence each. */
function untoldRecommendations(passed: readonly StageCourse[]): readonly string[] {
  const last = passed.at(-1);
  if (last === undefined) return [];
  return last.checks
    .filter((reading) => passed.every((stage) => isUntold(stage, reading)))
    .map(({ label, sample, stillNeeded }) => {
      const had = sample === null ? '' : `, where it had ${formatCount(sample)} requests`;
      return `The check «${label}» could not tell at any stage, not even at ${stageName({ stage: last })}${had}: whether it got worse is not known. ${remedyOf(sample, stillNeeded)}`;
    });
}

/** A stage without that row told nothing of it. */
function isUntold({ checks }: StageCourse, { check, label }: CheckReading): boolean {
  const own = checks.find((reading) => reading.check === check && reading.label === label);
  return own === undefined || own.action === 'cannot tell yet';
}

function remedyOf(sample: number | null, stillNeeded: number | null): string {
  const factor = stillNeeded === null || !sample ? null : Math.ceil(1 + stillNeeded / sample);
  return factor === null || factor > MOST_BAKES
    ? 'No bake of a usable length changes that with this traffic: look at it by hand.'
    : `A bake ${factor} times as long would have told.`;
}

/** A stage that was held, without a question or a pause in it, for at least as long as it was meant to bake. */
function heldRecommendations({ timeline }: RolloutReport, passed: readonly StageCourse[]): readonly string[] {
  return passed.flatMap((stage) => {
    const { enteredAt, leftAt, bakeSeconds, verdict } = stage;
    if (verdict !== 'pass') return [];
    const within = timeline.filter(({ at }) => enteredAt !== null && at >= enteredAt && at <= (leftAt ?? ''));
    const held = within.find(({ event }) => event === 'canary-held');
    const waited = within.some(({ event }) => event === 'decision-needed' || event === 'rollout-paused');
    const overSeconds = (Date.parse(leftAt ?? '') - Date.parse(enteredAt ?? '')) / 1000 - bakeSeconds;
    if (held === undefined || waited || !(overSeconds >= bakeSeconds)) return [];
    return [
      `S${stageName({ stage }).slice(1)} took ${formatDuration(overSeconds)} more than its bake of ${formatDuration(bakeSeconds)}. Plan for that, or give it a larger share. It was held because: ${held.sentence}`,
    ];
  });
}

function shareRecommendation(stage: StageCourse): readonly string[] {
  const { observed, weightPercent, verdict } = stage;
  // of a canary that was taken back the reason says what was wrong with it
  if (observed === null || verdict === 'rollback') return [];
  const offPercent = Math.abs(observed.percent - weightPercent);
  const smallerPercent = Math.min(weightPercent, 100 - weightPercent);
  // the margin is two standard errors
  const isChance = offPercent <= (observed.marginPercent / 2) * STANDARD_ERRORS;
  if (isChance || offPercent < smallerPercent * LEAST_PART_OFF) return [];
  return [
    `At ${stageName({ stage })} the new version got ${formatPercent(observed.percent)} of ${formatCount(observed.requests)} requests. Find out where the difference comes from: requests that miss the target, or metrics that miss requests.`,
  ];
}

/** Harm was there for long before it was proven, because hardly anybody met it. */
function lateRecommendation(report: RolloutReport): readonly string[] {
  const window = affectedWindow(report);
  if (window === null || report.detectedAt === null || report.reason.check !== 'errors') return [];
  const lateMs = Date.parse(report.detectedAt) - Date.parse(window.from);
  if (lateMs < LATE_MS || window.requests > THIN_REQUESTS) return [];
  return [
    `Errors were over their limit for ${formatDuration(lateMs / 1000)} before that was proven, because only ${formatCount(window.requests)} requests met them. A larger share at the beginning proves it sooner.`,
  ];
}
