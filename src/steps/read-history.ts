// Stable's last hour, read before the start: what is usual, and what will be missing from the comparison.
import { floorToPeriod, type History, PERIOD_SECONDS, SETTLE_SECONDS } from '../core/draft-rollout.ts';
import { LATENCY_P50, type LatencyBaseline, percentileName } from '../core/judge/measures.ts';
import type { Counts } from '../core/judge/types.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { Side } from '../core/targets/target.ts';
import type { MetricsAnswer, MetricsQuery, Ports, TargetAccess } from '../ports.ts';

const HISTORY_SECONDS = 3600;

export interface StableHour {
  readonly answer: MetricsAnswer;
  readonly history: History;
}

/**
 * Reads the hour once, and once more when its percentiles say where the thresholds lie: slow requests are counted at
 * these from then on, and whether the source can count them at all is only found out by asking.
 */
export async function readStableHour(
  access: TargetAccess,
  spec: ServiceSpec,
  stable: Side,
  { clock, metrics }: Pick<Ports, 'clock' | 'metrics'>,
): Promise<StableHour> {
  // the last minutes are not whole yet
  const toMs = floorToPeriod(clock.now() - SETTLE_SECONDS * 1000);
  const query: MetricsQuery = {
    ...access,
    spec,
    latency: null,
    stable,
    canary: null,
    fromMs: toMs - HISTORY_SECONDS * 1000,
    toMs,
    periodSeconds: PERIOD_SECONDS,
  };
  const first = await metrics.read(query);
  if (spec.checks.latency === null || first.percentiles === null)
    return { answer: first, history: toHistory(first, null) };
  const latency: LatencyBaseline = { ...first.percentiles, isCounted: true };
  const answer = await metrics.read({ ...query, latency });
  return { answer, history: toHistory(answer, { ...latency, isCounted: isCounted(answer) }) };
}

function isCounted({ periods }: MetricsAnswer): boolean {
  const reported = periods.flatMap(({ stable }) => stable ?? []);
  return reported.length === 0 || reported.some(({ shares }) => shares[LATENCY_P50] !== undefined);
}

function toHistory({ periods, stableMaxSeconds }: MetricsAnswer, latency: LatencyBaseline | null): History {
  return {
    periods: periods.map(({ startMs, stable }) => ({
      startMs,
      seconds: PERIOD_SECONDS,
      weightPercent: 0,
      stable,
      canary: null,
    })),
    longestSeconds: stableMaxSeconds,
    latency,
  };
}

/** What is not judged as the service file lets people think, told before traffic moves. */
export function historyWarnings({ checks }: ServiceSpec, { periods, latency }: History): string[] {
  const counts = periods.flatMap(({ stable }) => stable ?? []);
  const silent = counts.length === 0 ? [] : silentMetrics(checks, counts);
  return [
    ...(checks.latency === null ? [] : latencyWarnings(checks.latency, latency)),
    ...(silent.length === 0 ? [] : [`there is no data of the last hour for ${silent.join(', ')}`]),
  ];
}

function latencyWarnings(
  { quantile }: NonNullable<ServiceSpec['checks']['latency']>,
  latency: LatencyBaseline | null,
): string[] {
  if (latency?.isCounted === true) return [];
  const why =
    latency === null ? 'the response times of stable are not known' : 'slow requests cannot be counted';
  return [`${why}, so latency is compared by its ${percentileName(quantile)} only, which takes longer`];
}

/** Metrics that the service file names, by their place in it, and that nobody has reported. */
function silentMetrics({ latency, custom }: ServiceSpec['checks'], counts: readonly Counts[]): string[] {
  const isColdStartSilent =
    (latency?.coldStarts ?? null) !== null && counts.every(({ coldStarts }) => coldStarts === null);
  const silentChecks = custom.filter(({ name }) =>
    counts.every(({ shares, values }) => shares[name] === undefined && values[name] === undefined),
  );
  return [
    ...(isColdStartSilent ? ['checks.latency.coldStarts'] : []),
    ...silentChecks.map(({ name }) => `checks.${name}`),
  ];
}
