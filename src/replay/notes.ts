// What of a service file a recording cannot answer: said aloud, because a check that was not judged looks like one that passed.
import { THROTTLES } from '../core/judge/measures.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { judgedRecording, metricsOf, perName } from './recorded-counts.ts';
import type { RecordedRow, Recording } from './recording.ts';

/** One sentence each. */
export function notesOn(recording: Recording, spec: ServiceSpec): readonly string[] {
  const { alarms, latency } = spec.checks;
  const baseline = judgedRecording(recording, spec).latency;
  return [
    ...(alarms.length === 0 ? [] : [`Alarms are not in a recording: ${alarms.join(', ')} not judged.`]),
    ...(latency === null ? [] : latencyNotes(baseline)),
    ...missingChecks(recording, spec),
    ...canaryOnlyNotes(recording, spec),
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

function missingChecks({ periods, notJudged }: Recording, { checks }: ServiceSpec): readonly string[] {
  const recorded = new Set(
    periods.flatMap(({ canary }) => (canary === null ? [] : [...metricsOf(canary).keys()])),
  );
  const has = recorded.size === 0 ? 'no metrics' : [...recorded].join(', ');
  return neededMetrics(checks).flatMap(([check, ...names]) => {
    const unpaired = notJudged.find((one) => one.check === check);
    if (unpaired !== undefined) {
      return [`The check ${check} is not judged: the file has no ${unpaired.missing.join(', ')}.`];
    }
    const missing = names.filter((name) => !recorded.has(name));
    if (missing.length === 0) return [];
    return [`The check ${check} is not judged: the canary’s rows have ${has}, not ${missing.join(', ')}.`];
  });
}

/** What the canary alone is known by is not compared, and looks as if it were. */
function canaryOnlyNotes({ periods, edgesMs }: Recording, { checks }: ServiceSpec): readonly string[] {
  const custom = neededMetrics({ ...checks, throttlesLimitPercent: null }).flatMap(([check, ...names]) =>
    canaryOnlyNote(periods, `The check ${check} is`, names.join(', '), (row) => {
      const metrics = metricsOf(row);
      return names.every((name) => metrics.has(name));
    }),
  );
  if (checks.latency === null || edgesMs.length === 0) return custom;
  return [
    ...canaryOnlyNote(periods, 'Slow requests are', 'hist', ({ hist }) => hist !== undefined),
    ...custom,
  ];
}

function canaryOnlyNote(
  periods: Recording['periods'],
  subject: string,
  names: string,
  has: (row: RecordedRow) => boolean,
): readonly string[] {
  const known = periods.filter(({ canary }) => canary !== null && has(canary));
  // without requests there is nothing to compare with
  const alone = known.filter(({ stable }) => stable !== null && stable.requests > 0 && !has(stable));
  if (alone.length === 0) return [];
  return [
    `${subject} not compared in ${alone.length} of ${known.length} periods: only the canary’s rows have ${names}.`,
  ];
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
