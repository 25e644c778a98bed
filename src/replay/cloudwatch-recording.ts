// What `aws cloudwatch get-metric-data` printed, as a recording.
import { closest } from '../core/closest.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { cloudwatchIds, missingIds, unpairedChecks } from './cloudwatch-ids.ts';
import { type CloudwatchSeries, parseCloudwatchResults } from './cloudwatch-results.ts';
import { rowsAt } from './cloudwatch-rows.ts';
import { periodOf, startsOf, valueFaults } from './cloudwatch-values.ts';
import { type Fault, faultsError, refuse } from './faults.ts';
import { type Recording, recordingOf } from './recording.ts';
import { shiftsFromStages, shiftsFromWeights, type WrittenWeight } from './weights.ts';

interface Source {
  /** Of the file. */
  readonly name: string;
  readonly spec: ServiceSpec;
  /** null: the stages of the service file, from the first period with canary requests. */
  readonly weights: readonly WrittenWeight[] | null;
}

/** Throws InvalidInputError. */
export function cloudwatchRecording(value: unknown, { name, spec, weights }: Source): Recording {
  const series = parseCloudwatchResults(value, name);
  refuse([...unknownIds(series, spec), ...missingIds(spec, series)], name);
  refuse(valueFaults(series, spec), name);
  const periodSeconds = periodOf(series, name);
  const notJudged = unpairedChecks(spec, series);
  const paired = withoutChecks(
    spec,
    notJudged.map(({ check }) => check),
  );
  const starts = startsOf(series);
  const periods = starts.map((startMs) => ({
    startMs,
    ...rowsAt(series, startMs, paired, periodSeconds),
    bad: null,
  }));
  const [first] = starts;
  const firstCanary = periods.find(({ canary }) => canary !== null);
  if (first === undefined || firstCanary === undefined) throw faultsError([NO_CANARY], name);
  const shifts =
    weights === null
      ? shiftsFromStages(spec.stages, firstCanary.startMs)
      : shiftsFromWeights(weights, first, '--weights');
  return recordingOf(
    {
      name,
      version: 'canary',
      isClockKnown: true,
      startedAtMs: shifts[0]?.atMs ?? first,
      periodSeconds,
      shifts,
      edgesMs: [],
      periods,
      truth: null,
      notJudged,
    },
    name,
  );
}

function unknownIds(series: CloudwatchSeries, spec: ServiceSpec): readonly Fault[] {
  const known = cloudwatchIds(spec);
  return [...series.keys()]
    .filter((id) => !known.includes(id))
    .map((id) => {
      const meant = closest(id, known);
      return {
        code: 'unknown-id',
        what: `nothing is known by the id ${id}`,
        path: 'MetricDataResults',
        got: id,
        allowed: known.join(', '),
        fix:
          meant === undefined ? 'Remove it, or add its check to the service file' : `Did you mean ${meant}?`,
      };
    });
}

function withoutChecks(spec: ServiceSpec, names: readonly string[]): ServiceSpec {
  const custom = spec.checks.custom.filter(({ name }) => !names.includes(name));
  return { ...spec, checks: { ...spec.checks, custom } };
}

const NO_CANARY: Fault = {
  code: 'nothing-recorded',
  what: 'no period has requests of the canary',
  path: 'MetricDataResults',
  got: 'no canary_invocations (Lambda) or canary_requests (load balancer) above 0',
  allowed: 'at least one period with requests of the canary',
  fix: 'Ask for the time of the rollout, and check the dimensions of the canary’s series',
};
