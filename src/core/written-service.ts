// The way back from a canonical spec to what a person would write with nothing left to presets and defaults.
import type { CustomCheck, MetricSourceSpec, ServiceSpec } from './service-spec.ts';
import { writtenPath } from './spec-paths.ts';
import { kindOf } from './targets/index.ts';
import { formatDuration, formatPercentile } from './units.ts';

type Written = Readonly<Record<string, unknown>>;

/** A service file but for its name, complete and without presets. */
export function writeOut(spec: ServiceSpec): Written {
  return {
    target: writeTarget(spec),
    stages: spec.stages.map(({ weightPercent, bakeSeconds, approval = false }) => ({
      weight: `${weightPercent}%`,
      bake: compactDuration(bakeSeconds),
      ...(approval ? { approval } : {}),
    })),
    checks: writeChecks(spec.checks),
    sensitivity: spec.sensitivity,
    maxHold: compactDuration(spec.maxHoldSeconds),
    onInconclusive: spec.onInconclusive,
    ...(spec.notify === null ? {} : { notify: spec.notify }),
    ...(Object.keys(spec.waivers).length === 0 ? {} : { waivers: spec.waivers }),
  };
}

function writeTarget(spec: ServiceSpec): Written {
  const { kind, ...values } = spec.target;
  const written = Object.entries(values).map(([name, value]) => [
    writtenPath(spec, ['target', name]).at(-1),
    value,
  ]);
  return { [kindOf(spec.target).key]: Object.fromEntries(written) };
}

function writeChecks({
  errors,
  latency,
  throttlesLimitPercent,
  custom,
  alarms,
}: ServiceSpec['checks']): Written {
  return {
    errors: {
      tolerance: `x${errors.toleranceRatio}`,
      floor: `${errors.floorPercent}%`,
      limit: `${errors.limitPercent}%`,
      ...(errors.http5xx === null ? {} : { http5xx: errors.http5xx }),
    },
    latency: latency === null ? false : writeLatency(latency),
    throttles: throttlesLimitPercent === null ? false : { limit: `${throttlesLimitPercent}%` },
    ...Object.fromEntries(custom.map((check) => [check.name, writeCustom(check)])),
    alarms,
  };
}

function writeLatency(latency: NonNullable<ServiceSpec['checks']['latency']>): Written {
  return {
    tolerance: `x${latency.toleranceRatio}`,
    limit: `${latency.limitMs}ms`,
    percentile: formatPercentile(latency.quantile),
    onLimit: latency.onLimit,
    warmUp: compactDuration(latency.warmUpSeconds),
    ...(latency.coldStarts === null ? {} : { coldStarts: latency.coldStarts }),
  };
}

function writeCustom(check: CustomCheck): Written {
  const metric = writeSource(check.metric);
  if (check.kind === 'gauge') {
    const { limit, onLimit } = check;
    return { metric, hold: limit === null ? 'unusual' : { above: limit }, onLimit };
  }
  const compared = { better: check.better, tolerance: `x${check.toleranceRatio}` };
  if (check.kind === 'value') return { metric, ...compared };
  const per = check.per === null ? 'request' : writeSource(check.per);
  return { metric, per, ...compared, lag: compactDuration(check.lagSeconds) };
}

function writeSource(source: MetricSourceSpec): Written {
  return 'expression' in source ? { math: source.expression, series: source.series } : source;
}

/** 5400 → `1h30m`. */
function compactDuration(seconds: number): string {
  return formatDuration(seconds).replaceAll(' ', '');
}
