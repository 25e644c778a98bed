// The way back from a canonical spec to what a person would write with nothing left to presets and defaults.
import type { ServiceSpec } from './service-spec.ts';
import { formatDuration } from './units.ts';

/** A service file without its target (whose written shape its kind alone knows), complete and without presets. */
export function writeOut(spec: ServiceSpec): Readonly<Record<string, unknown>> {
  const { errors, latency, alarms } = spec.checks;
  return {
    stages: spec.stages.map(({ weightPercent, bakeSeconds }) => ({
      weight: `${weightPercent}%`,
      bake: compactDuration(bakeSeconds),
    })),
    checks: {
      errors: {
        tolerance: `x${errors.toleranceRatio}`,
        floor: `${errors.floorPercent}%`,
        limit: `${errors.limitPercent}%`,
        ...(errors.http5xx === null ? {} : { http5xx: errors.http5xx }),
      },
      ...(latency === null
        ? {}
        : {
            latency: {
              limit: `${latency.limitMs}ms`,
              percentile: `p${Number((latency.quantile * 100).toFixed(6))}`,
            },
          }),
      alarms,
    },
    maxHold: compactDuration(spec.maxHoldSeconds),
    onInconclusive: spec.onInconclusive,
    ...(spec.notify === null ? {} : { notify: spec.notify }),
    ...(Object.keys(spec.waivers).length === 0 ? {} : { waivers: spec.waivers }),
  };
}

/** 5400 → `1h30m`. */
function compactDuration(seconds: number): string {
  return formatDuration(seconds).replaceAll(' ', '');
}
