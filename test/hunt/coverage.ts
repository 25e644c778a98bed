// What a batch of runs has met, and what it should have met and has not.

import { HUNTED } from './checks.ts';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import type { Latency } from './latencies.ts';
import type { Profile } from './plan.ts';
import { KNOWN_POINTS } from './points.ts';
import type { Counts, Tally } from './tally.ts';

/** With fewer runs the shares below say little, so that nothing is demanded. */
export const ENFORCED_FROM_RUNS = 2000;
const FAULT_PERCENT = 5;
const OUTCOME_PERCENT = 2;
const EVALUATED_RUNS = 100;
const OUTCOMES = ['PROMOTED', 'ROLLED_BACK', 'ABORTED', 'REJECTED', 'SUPERSEDED'] as const;

/** From an alarm to no traffic on the canary, milliseconds. Source of the first two: L2. */
const CALM_P50_MS = 10_000;
const CALM_P99_MS = 60_000;
/** With all events lost: one tick, and the read that follows it. */
const DEAF_MAX_MS = 60_000 + 10_000;
/** History events before «Roll back» begins. */
const HISTORY_EVENTS = 18_000;

export interface Quantiles {
  readonly runs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface Coverage {
  readonly runs: number;
  /** Runs in which each happened at least once. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly invariants: Readonly<Record<string, number>>;
  /** Runs that made each call, and runs in which an invocation died at it. */
  readonly points: Readonly<Record<string, { readonly runs: number; readonly crashes: number }>>;
  readonly latencies: Readonly<Partial<Record<Profile, Quantiles>>>;
  readonly historyMax: number;
  /** What is missing, a sentence each. */
  readonly misses: readonly string[];
}

export function coverageOf(tally: Tally): Coverage {
  const { runs, historyMax } = tally;
  const points = new Set([...KNOWN_POINTS, ...Object.keys(tally.points)]);
  const found = {
    runs,
    faults: counted(FAULT_KINDS, tally.faults),
    outcomes: counted(OUTCOMES, tally.outcomes),
    invariants: counted(
      HUNTED.map(({ id }) => id),
      tally.invariants,
    ),
    points: Object.fromEntries(
      [...points]
        .toSorted()
        .map((point) => [point, { runs: tally.points[point] ?? 0, crashes: tally.crashes[point] ?? 0 }]),
    ),
    latencies: quantilesByProfile(tally.latencies),
    historyMax,
  };
  return { ...found, misses: missesOf(found) };
}

function missesOf(found: Omit<Coverage, 'misses'>): string[] {
  const { runs, latencies } = found;
  const rare = (counts: Readonly<Record<string, number>>, percent: number, what: string): string[] =>
    Object.entries(counts)
      .filter(([, times]) => times * 100 < percent * runs)
      .map(([name, times]) => `${what} ${name}: in ${times} of ${runs} runs, ${percent} % are wanted`);
  return [
    ...rare(found.faults, FAULT_PERCENT, 'fault'),
    ...rare(found.outcomes, OUTCOME_PERCENT, 'outcome'),
    ...Object.entries(found.invariants)
      .filter(([, times]) => times < EVALUATED_RUNS)
      .map(([id, times]) => `invariant ${id}: checked in ${times} runs, ${EVALUATED_RUNS} are wanted`),
    ...Object.entries(found.points).flatMap(([point, times]) => {
      if (times.runs === 0) return [`call ${point}: never made; write the list anew with --points`];
      return times.crashes === 0 ? [`call ${point}: no invocation died at it`] : [];
    }),
    ...slow('calm', 'p50Ms', CALM_P50_MS),
    ...slow('calm', 'p99Ms', CALM_P99_MS),
    ...slow('deaf', 'maxMs', DEAF_MAX_MS),
    ...(found.historyMax <= HISTORY_EVENTS ? [] : [`a run used ${found.historyMax} history events`]),
  ];

  function slow(profile: Profile, quantile: 'p50Ms' | 'p99Ms' | 'maxMs', mostMs: number): string[] {
    const ms = latencies[profile]?.[quantile];
    if (ms === undefined) return [`way back, ${profile}: never measured`];
    return ms <= mostMs ? [] : [`way back, ${profile}: ${quantile} is ${ms}, at most ${mostMs} is wanted`];
  }
}

function quantilesByProfile(all: readonly Latency[]): Coverage['latencies'] {
  return Object.fromEntries(
    (['calm', 'throttled', 'deaf'] as const).flatMap((profile) => {
      const sorted = all
        .filter((latency) => latency.profile === profile)
        .map(({ ms }) => ms)
        .toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      return sorted.length === 0
        ? []
        : [[profile, { runs: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }]];
    }),
  );
}

function counted<Name extends string>(names: readonly Name[], counts: Counts): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, counts[name] ?? 0])) as Record<Name, number>;
}
