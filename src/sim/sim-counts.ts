// What CloudWatch would count of shown minutes: the words of the judge, from the truth of the traffic.
import {
  LATENCY_PERCENTILE,
  type LatencyPercentiles,
  slowMeasures,
  THROTTLES,
  throttledPercent,
} from '../core/judge/measures.ts';
import type { Counts } from '../core/judge/types.ts';
import type { MetricsQuery } from '../ports.ts';
import { countSlower, equalLatencies, type Latencies, percentileOf } from './latency-draw.ts';
import { sumOf } from './sum.ts';
import type { SideName } from './traffic-model.ts';
import type { Tally } from './traffic-tally.ts';

/** One minute of one version, as much of it as CloudWatch shows by now. */
export interface ShownMinute {
  readonly tally: Tally;
  /** Requests that have ended, timed-out ones among them. */
  readonly requests: number;
  /** Failed requests that the target's metrics know of, timed-out ones among them. */
  readonly errors: number;
  /** Requests that a time-out has ended. */
  readonly timedOut: number;
  readonly timeoutMs: number;
  readonly levels: Readonly<Record<string, number>>;
}

type Asked = Pick<MetricsQuery, 'spec' | 'latency'>;

/** @param alias the same minutes of both versions, for what is only known of both together; null: stable was asked for alone */
export function countsOf(
  asked: Asked,
  side: SideName,
  minutes: readonly ShownMinute[],
  alias: readonly ShownMinute[] | null,
): Counts | null {
  const requests = sumOf(minutes, (minute) => minute.requests);
  if (requests === 0) return null;
  const { latency } = asked.spec.checks;
  return {
    requests,
    errors: sumOf(minutes, (minute) => minute.errors),
    shares: { ...slowShares(asked, side, minutes, requests), ...customShares(asked, minutes, requests) },
    values: {
      ...(latency === null ? {} : percentileValue(minutes, latency.quantile)),
      ...customValues(asked, minutes),
      ...(side === 'canary' && alias !== null ? throttleValue(asked, alias) : {}),
    },
    coldStarts: latency?.coldStarts ? sumOf(minutes, ({ tally }) => tally.coldStarts) : null,
  };
}

/** null where nothing was reported. */
export function percentilesOf(minutes: readonly ShownMinute[]): LatencyPercentiles | null {
  const latencies = latenciesOf(minutes);
  const [p50Ms, p90Ms, p99Ms] = [0.5, 0.9, 0.99].map((quantile) => percentileOf(latencies, quantile));
  return p50Ms && p90Ms && p99Ms ? { p50Ms, p90Ms, p99Ms } : null;
}

function latenciesOf(minutes: readonly ShownMinute[]): readonly Latencies[] {
  return minutes.flatMap(({ tally, timedOut, timeoutMs }) => [
    ...tally.latencies,
    equalLatencies(timedOut, timeoutMs),
  ]);
}

function slowShares(
  { spec, latency }: Asked,
  side: SideName,
  minutes: readonly ShownMinute[],
  requests: number,
): Counts['shares'] {
  const latencies = latenciesOf(minutes);
  const measures = slowMeasures(spec.checks.latency, latency);
  return Object.fromEntries(
    measures.map(({ name, stableMs, canaryMs }) => [
      name,
      [requests, countSlower(latencies, side === 'stable' ? stableMs : canaryMs)],
    ]),
  );
}

/** A metric that a rate is counted `per` is taken to count every request. */
function customShares({ spec }: Asked, minutes: readonly ShownMinute[], requests: number): Counts['shares'] {
  const rates = spec.checks.custom.filter(({ kind }) => kind === 'rate');
  return Object.fromEntries(
    rates.flatMap(({ name }) => {
      const reported = minutes.flatMap(({ tally }) => tally.events[name] ?? []);
      return reported.length === 0 ? [] : [[name, [requests, sumOf(reported, (events) => events)]]];
    }),
  );
}

function customValues({ spec }: Asked, minutes: readonly ShownMinute[]): Counts['values'] {
  const single = spec.checks.custom.filter(({ kind }) => kind !== 'rate');
  return Object.fromEntries(
    single.flatMap(({ name }) => {
      const reported = minutes.flatMap(({ levels }) => levels[name] ?? []);
      return reported.length === 0 ? [] : [[name, sumOf(reported, (level) => level) / reported.length]];
    }),
  );
}

function percentileValue(minutes: readonly ShownMinute[], quantile: number): Counts['values'] {
  const ms = percentileOf(latenciesOf(minutes), quantile);
  return ms === null ? {} : { [LATENCY_PERCENTILE]: ms };
}

/** Lambda counts throttles by alias, not by version. */
function throttleValue({ spec }: Asked, alias: readonly ShownMinute[]): Counts['values'] {
  if (spec.checks.throttlesLimitPercent === null) return {};
  const throttled = sumOf(alias, ({ tally }) => tally.throttled);
  return {
    [THROTTLES]: throttledPercent(
      throttled,
      sumOf(alias, ({ requests }) => requests),
    ),
  };
}
