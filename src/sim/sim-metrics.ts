// The metric source of the simulator: the true traffic as CloudWatch would show it, late, with holes, and blind to what
// nobody measures.
import type { MetricSource, MetricsAnswer, MetricsQuery } from '../ports.ts';
import { countsOf, percentilesOf, type ShownMinute } from './sim-counts.ts';
import { longestSeconds } from './traffic-behaviour.ts';
import { MINUTE_MS, type SideName, type TrafficModel } from './traffic-model.ts';
import type { Tally } from './traffic-tally.ts';

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
      const show = (side: SideName, minuteMs: number): ShownMinute | null =>
        problem === 'Forbidden' ? null : showMinute(traffic, ways, side, minuteMs, nowMs);
      const shown = periodStarts(query).map((startMs) => showPeriod(query, startMs, show));
      const periods = shown.map(({ startMs, stable, canary }) => ({
        startMs,
        stable: countsOf(query, 'stable', stable, null),
        canary: countsOf(query, 'canary', canary, [...stable, ...canary]),
      }));
      const isAboutStable = query.canary === null && query.spec.checks.latency !== null;
      return {
        periods,
        problem: problem === null ? null : `GetMetricData answered ${problem}`,
        stableMaxSeconds: stableMaxSeconds(traffic, periods, nowMs),
        percentiles: isAboutStable ? percentilesOf(shown.flatMap(({ stable }) => stable)) : null,
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

/** The minutes of a period that are there to be read, by version. */
interface ShownPeriod extends Readonly<Record<SideName, readonly ShownMinute[]>> {
  readonly startMs: number;
}

function showPeriod(
  { canary, periodSeconds }: MetricsQuery,
  startMs: number,
  show: (side: SideName, minuteMs: number) => ShownMinute | null,
): ShownPeriod {
  const minutes = Array.from(
    { length: Math.ceil(periodSeconds / 60) },
    (_, index) => startMs + index * MINUTE_MS,
  );
  const shown = (side: SideName): ShownMinute[] => minutes.flatMap((minuteMs) => show(side, minuteMs) ?? []);
  return { startMs, stable: shown('stable'), canary: canary === null ? [] : shown('canary') };
}

/** null: CloudWatch has no data point, either because it is not there yet or because nothing was invoked. */
function showMinute(
  traffic: TrafficModel,
  ways: MetricWays,
  side: SideName,
  minuteMs: number,
  nowMs: number,
): ShownMinute | null {
  const shownFromMs = minuteMs + MINUTE_MS + latenessSeconds(ways, minuteMs) * 1000;
  const isGap = ways.gaps.some((gap) => (gap.of === side || gap.of === 'both') && isWithin(gap, minuteMs));
  if (isGap || nowMs < shownFromMs) return null;
  const tally = traffic.minute(side, minuteMs);
  const timeoutMs = ways.timeoutSeconds * 1000;
  const timedOut = nowMs < shownFromMs + timeoutMs ? 0 : tally.hung;
  const requests = tally.requests - tally.hung + timedOut;
  if (requests === 0) return null;
  const errors = ways.visibleErrors(tally) + timedOut;
  return { tally, requests, errors, timedOut, timeoutMs, levels: traffic.levels(side, minuteMs) };
}

function latenessSeconds({ delays, latenessSeconds }: MetricWays, minuteMs: number): number {
  return delays.find((delay) => isWithin(delay, minuteMs))?.latenessSeconds ?? latenessSeconds;
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
