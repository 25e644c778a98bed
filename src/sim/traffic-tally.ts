// What happened to the requests of one version in a stretch of time, drawn from how it behaves there.
import { countSlower, drawLatencies, type Latencies } from './latency-draw.ts';
import { drawBinomial, mixSeed, type Random, seededRandom, textSeed } from './random.ts';
import { sumOf } from './sum.ts';
import type { Behaviour } from './traffic-behaviour.ts';

/** What truly happened to the requests that one version got in one minute. */
export interface Tally {
  /** Every request that arrived, hung ones too. */
  readonly requests: number;
  /** Ended in an exception. */
  readonly errors: number;
  /** Answered with HTTP 500 by the handler. */
  readonly http500: number;
  /** Will only end by the function's time-out, as an error. */
  readonly hung: number;
  /** Waited for a new execution environment. */
  readonly coldStarts: number;
  /** Of every request that ended by itself, failed or not. */
  readonly latencies: readonly Latencies[];
  /** Failed, hung, or slower than a limit that takes the canary back: a lost conversion is not bad in this sense. */
  readonly bad: number;
  /** Of the bad ones: good answers that came too slowly. */
  readonly slow: number;
  /** Events of custom rate checks, by name. */
  readonly events: Readonly<Record<string, number>>;
  /** Attempts that were turned away, beside the requests. */
  readonly throttled: number;
}

export const NOTHING: Tally = {
  requests: 0,
  errors: 0,
  http500: 0,
  hung: 0,
  coldStarts: 0,
  latencies: [],
  bad: 0,
  slow: 0,
  events: {},
  throttled: 0,
};

/** How a version meets its attempts in a stretch of time. */
export interface Conditions {
  readonly behaviour: Behaviour;
  readonly coldStartPercent: number;
  readonly coldStartSlowerMs: number;
  /** A good answer slower than this is bad; null: slowness alone is not bad. */
  readonly badAboveMs: number | null;
}

/** @param seed of what is drawn beside the main stream `random`, so that one more thing drawn changes no other */
export function drawTally(random: Random, seed: number, attempts: number, conditions: Conditions): Tally {
  const { behaviour, badAboveMs } = conditions;
  const throttled = drawBinomial(random, attempts, behaviour.throttledPercent / 100);
  const requests = attempts - throttled;
  const hung = drawBinomial(random, requests, behaviour.hangPercent / 100);
  const groups = drawGroups(random, seed, requests - hung, conditions);
  const good = groups.map((group) => group.good);
  const slowGood = badAboveMs === null ? 0 : countSlower(good, badAboveMs);
  return {
    requests,
    errors: sumOf(groups, (group) => group.errors),
    http500: sumOf(groups, (group) => group.http500),
    hung,
    coldStarts: sumOf(groups, (group) => group.coldStarts),
    latencies: groups.flatMap((group) => [group.good, group.failed]).filter((some) => some.requests > 0),
    bad: sumOf(groups, (group) => group.failed.requests) + hung + slowGood,
    slow: slowGood,
    events: drawEvents(
      seed,
      sumOf(good, (some) => some.requests),
      behaviour.ratePercents,
    ),
    throttled,
  };
}

export function addTallies(a: Tally, b: Tally): Tally {
  const names = new Set([...Object.keys(a.events), ...Object.keys(b.events)]);
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    http500: a.http500 + b.http500,
    hung: a.hung + b.hung,
    coldStarts: a.coldStarts + b.coldStarts,
    latencies: [...a.latencies, ...b.latencies],
    bad: a.bad + b.bad,
    slow: a.slow + b.slow,
    events: Object.fromEntries(
      [...names].map((name) => [name, (a.events[name] ?? 0) + (b.events[name] ?? 0)]),
    ),
    throttled: a.throttled + b.throttled,
  };
}

/** Requests whose latencies follow one law. */
interface Group {
  readonly errors: number;
  readonly http500: number;
  readonly coldStarts: number;
  readonly good: Latencies;
  readonly failed: Latencies;
}

/** Plain requests, cold starts and the far tail. */
function drawGroups(random: Random, seed: number, ended: number, conditions: Conditions): readonly Group[] {
  const { behaviour, coldStartPercent, coldStartSlowerMs } = conditions;
  const cold = drawBinomial(random, ended, coldStartPercent / 100);
  const tail = drawBinomial(random, ended - cold, behaviour.tailPercent / 100);
  const kinds = [
    { requests: ended - cold - tail, addedMs: 0, coldStarts: 0 },
    { requests: cold, addedMs: coldStartSlowerMs, coldStarts: cold },
    { requests: tail, addedMs: behaviour.tailSlowerMs, coldStarts: 0 },
  ];
  return kinds.map(({ requests, addedMs, coldStarts }, index): Group => {
    const errors = drawBinomial(random, requests, behaviour.errorPercent / 100);
    const http500 = drawBinomial(random, requests - errors, behaviour.http500Percent / 100);
    const failures = errors + http500;
    const law = { p50Ms: behaviour.p50Ms, p95Ms: behaviour.p95Ms, addedMs };
    return {
      errors,
      http500,
      coldStarts,
      good: drawLatencies(mixSeed(seed, 2 * index), requests - failures, law),
      failed: drawLatencies(mixSeed(seed, 2 * index + 1), failures, law),
    };
  });
}

/** A request that fails or hangs brings about nothing. */
function drawEvents(seed: number, goodRequests: number, ratePercents: Behaviour['ratePercents']) {
  return Object.fromEntries(
    Object.entries(ratePercents).map(([name, percent]) => {
      const random = seededRandom(mixSeed(seed, textSeed(name)));
      return [name, drawBinomial(random, goodRequests, percent / 100)];
    }),
  );
}
