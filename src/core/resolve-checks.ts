// From the checks as read to the canonical ones: what depends on the kind of target is filled in here.
import type { ChecksFile } from './service-checks.ts';
import { DEFAULT_TOLERANCE } from './service-custom-checks.ts';
import { DEFAULT_THROTTLES_PERCENT } from './service-known-checks.ts';
import type { SeriesFile, SourceFile } from './service-metrics.ts';
import type { CustomCheck, MetricSourceSpec, SeriesSpec, ServiceSpec } from './service-spec.ts';
import { TARGET_CHECKS, type TargetChecks } from './target-checks.ts';
import type { TargetKindName } from './targets/index.ts';

export function resolveChecks(file: ChecksFile, kind: TargetKindName): ServiceSpec['checks'] {
  const { errors, throttles, alarms } = file;
  const target = TARGET_CHECKS[kind];
  return {
    errors: {
      toleranceRatio: errors.tolerance,
      floorPercent: errors.floor,
      limitPercent: errors.limit,
      http5xx: errors.http5xx ?? null,
    },
    latency: resolveLatency(file.latency, target),
    throttlesLimitPercent: resolveThrottles(throttles, target),
    custom: Object.entries(file.custom).map(([name, check]) => resolveCustom(name, check, target)),
    alarms,
  };
}

function resolveLatency(
  latency: ChecksFile['latency'],
  { warmUpSeconds }: TargetChecks,
): ServiceSpec['checks']['latency'] {
  if (latency === false) return null;
  return {
    toleranceRatio: latency.tolerance,
    limitMs: latency.limit,
    quantile: latency.percentile,
    onLimit: latency.onLimit,
    warmUpSeconds: latency.warmUp ?? warmUpSeconds,
    coldStarts: latency.coldStarts ?? null,
  };
}

function resolveThrottles(throttles: ChecksFile['throttles'], { hasThrottles }: TargetChecks): number | null {
  if (throttles === false || !hasThrottles) return null;
  return throttles?.limit ?? DEFAULT_THROTTLES_PERCENT;
}

function resolveCustom(name: string, check: ChecksFile['custom'][string], target: TargetChecks): CustomCheck {
  const metric = resolveSource(check.metric, target);
  if ('hold' in check) {
    const limit = check.hold === 'unusual' ? null : check.hold.above;
    return { kind: 'gauge', name, metric, limit, onLimit: check.onLimit };
  }
  const { better, tolerance: toleranceRatio = DEFAULT_TOLERANCE[better] } = check;
  if (!('per' in check)) return { kind: 'value', name, metric, better, toleranceRatio };
  const per = check.per === 'request' ? null : resolveSource(check.per, target);
  return { kind: 'rate', name, metric, per, better, toleranceRatio, lagSeconds: check.lag };
}

function resolveSource(source: SourceFile, target: TargetChecks): MetricSourceSpec {
  if ('name' in source) return resolveSeries(source, target);
  return {
    expression: source.math,
    series: Object.fromEntries(
      Object.entries(source.series).map(([id, series]) => [id, resolveSeries(series, target)]),
    ),
  };
}

function resolveSeries({ namespace, name, stat, dimensions }: SeriesFile, target: TargetChecks): SeriesSpec {
  return { namespace, name, stat, dimensions: { ...(dimensions ?? target.dimensions) } };
}
