// The metric source of the simulator: the true traffic as CloudWatch would show it, late, with holes, and blind to what
// nobody measures.
import type { Counts } from '../core/judge/types.ts';
import type { MetricSource, MetricsAnswer, MetricsQuery } from '../ports.ts';
import { longestSeconds } from './traffic-behaviour.ts';
import { MINUTE_MS, type SideName, type Tally, type TrafficModel } from './traffic-model.ts';

/** A stretch of time, epoch milliseconds, `untilMs` exclusive. */
interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface MetricWays {
  /** Failed requests that the target's metrics know of, without the hung ones. */
  readonly visibleErrors: (tally: Tally) => number;
  /** Whether the metric that the service file names for HTTP 5xx answers arrives; null: it names none. */
  readonly httpStream: 'reports' | 'silent' | null;
  /** A minute can be read this long after its end, seconds. */
  readonly latenessSeconds: number;
  /** Minutes of these windows come later than usual. */
  readonly delays: readonly (Window & { readonly latenessSeconds: number })[];
  /** A hung request ends, and is first counted, this long after it came, seconds. */
  readonly timeoutSeconds: number;
  /** Minutes that never show up for these versions. */
  readonly gaps: readonly (Window & { readonly of: SideName | 'both' })[];
  /** Reads in these windows are answered incompletely. `Forbidden` has no values at all, `PartialData` has some. */
  readonly problems: readonly (Window & { readonly status: 'Forbidden' | 'PartialData' })[];
}

export function simMetrics(traffic: TrafficModel, ways: MetricWays, now: () => number): MetricSource {
  return {
    async read(query) {
      const nowMs = now();
      const problem = ways.problems.find((window) => isWithin(window, nowMs))?.status ?? null;
      const periods =
        problem === 'Forbidden' ? emptyPeriods(query) : readPeriods(traffic, ways, query, nowMs);
      return {
        periods,
        problem: problem === null ? null : `GetMetricData answered ${problem}`,
        stableMaxSeconds: stableMaxSeconds(traffic, periods, nowMs),
        isHttpStreamAlive: isHttpStreamAlive(ways, periods, problem === null),
      };
    },
  };
}

type Periods = MetricsAnswer['periods'];

function periodStarts({ fromMs, toMs, periodSeconds }: MetricsQuery): number[] {
  const periodMs = periodSeconds * 1000;
  return Array.from({ length: Math.max(0, Math.ceil((toMs - fromMs) / periodMs)) }, (_, index) => {
    return fromMs + index * periodMs;
  });
}

function emptyPeriods(query: MetricsQuery): Periods {
  return periodStarts(query).map((startMs) => ({ startMs, stable: null, canary: null }));
}

function readPeriods(traffic: TrafficModel, ways: MetricWays, query: MetricsQuery, nowMs: number): Periods {
  return periodStarts(query).map((startMs) => ({
    startMs,
    stable: readPeriod(traffic, ways, query, 'stable', startMs, nowMs),
    canary: query.canary === null ? null : readPeriod(traffic, ways, query, 'canary', startMs, nowMs),
  }));
}

function readPeriod(
  traffic: TrafficModel,
  ways: MetricWays,
  query: MetricsQuery,
  side: SideName,
  startMs: number,
  nowMs: number,
): Counts | null {
  let counts: Counts | null = null;
  for (let minuteMs = startMs; minuteMs < startMs + query.periodSeconds * 1000; minuteMs += MINUTE_MS) {
    const shown = showMinute(traffic, ways, query, side, minuteMs, nowMs);
    if (shown !== null) counts = counts === null ? shown : addCounts(counts, shown);
  }
  return counts;
}

/** null: CloudWatch has no data point, either because it is not there yet or because nothing was invoked. */
function showMinute(
  traffic: TrafficModel,
  ways: MetricWays,
  { spec }: MetricsQuery,
  side: SideName,
  minuteMs: number,
  nowMs: number,
): Counts | null {
  const shownFromMs = minuteMs + MINUTE_MS + latenessSeconds(ways, minuteMs) * 1000;
  const isGap = ways.gaps.some((gap) => (gap.of === side || gap.of === 'both') && isWithin(gap, minuteMs));
  if (isGap || nowMs < shownFromMs) return null;
  const tally = traffic.minute(side, minuteMs);
  const hung = nowMs < shownFromMs + ways.timeoutSeconds * 1000 ? 0 : tally.hung;
  const requests = tally.requests - tally.hung + hung;
  if (requests === 0) return null;
  return {
    requests,
    errors: ways.visibleErrors(tally) + hung,
    slow: spec.checks.latency === null ? null : tally.slow + hung,
  };
}

function latenessSeconds({ delays, latenessSeconds }: MetricWays, minuteMs: number): number {
  return delays.find((delay) => isWithin(delay, minuteMs))?.latenessSeconds ?? latenessSeconds;
}

function addCounts(a: Counts, b: Counts): Counts {
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    slow: a.slow === null || b.slow === null ? null : a.slow + b.slow,
  };
}

function stableMaxSeconds(traffic: TrafficModel, periods: Periods, nowMs: number): number | null {
  const requests = periods.reduce((sum, period) => sum + (period.stable?.requests ?? 0), 0);
  return requests === 0 ? null : longestSeconds(traffic.behaviour('stable', nowMs), requests);
}

/** Silence means nothing where the answer has holes. */
function isHttpStreamAlive(
  { httpStream }: MetricWays,
  periods: Periods,
  isComplete: boolean,
): boolean | null {
  const hasAnswers = periods.some(({ stable }) => stable !== null && stable.requests > 0);
  if (httpStream === null || !hasAnswers) return null;
  if (httpStream === 'reports') return true;
  return isComplete ? false : null;
}

function isWithin({ fromMs, untilMs }: Window, atMs: number): boolean {
  return atMs >= fromMs && atMs < untilMs;
}
