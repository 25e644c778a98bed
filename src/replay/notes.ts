// What of a service file a recording cannot answer: said aloud, because a check that was not judged looks like one that passed.
import { THROTTLES } from '../core/judge/measures.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { judgedRecording, metricsOf, perName } from './recorded-counts.ts';
import type { Recording } from './recording.ts';

/** One sentence each. */
export function notesOn(recording: Recording, spec: ServiceSpec): readonly string[] {
  const { alarms, latency } = spec.checks;
  const baseline = judgedRecording(recording, spec).latency;
  return [
    ...(alarms.length === 0 ? [] : [`Alarms are not in a recording: ${alarms.join(', ')} not judged.`]),
    ...(latency === null ? [] : latencyNotes(baseline)),
    ...missingChecks(recording, spec),
  ];
}

function latencyNotes(baseline: { readonly isCounted: boolean } | null): readonly string[] {
  if (baseline === null) {
    return ['Latency is not compared: the recording has none from before the first canary traffic.'];
  }
  return baseline.isCounted
    ? []
    : ['Latency is compared by percentiles only: the recording has no histograms.'];
}

function missingChecks({ periods }: Recording, { checks }: ServiceSpec): readonly string[] {
  const recorded = new Set(
    periods.flatMap(({ canary }) => (canary === null ? [] : [...metricsOf(canary).keys()])),
  );
  const has = recorded.size === 0 ? 'no metrics' : [...recorded].join(', ');
  return neededMetrics(checks).flatMap(([check, ...names]) => {
    const missing = names.filter((name) => !recorded.has(name));
    if (missing.length === 0) return [];
    return [`The check ${check} is not judged: the canary’s rows have ${has}, not ${missing.join(', ')}.`];
  });
}

/** Each check, then the metrics that it looks at. */
function neededMetrics({ custom, throttlesLimitPercent }: ServiceSpec['checks']): readonly string[][] {
  const own = custom.map((check) =>
    check.kind === 'rate' && check.per !== null
      ? [check.name, check.name, perName(check.name)]
      : [check.name, check.name],
  );
  return throttlesLimitPercent === null ? own : [...own, ['throttles', THROTTLES]];
}
