// What `aws cloudwatch get-metric-data` printed, as a recording.
import { closest } from '../core/closest.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { type CloudwatchSeries, parseCloudwatchResults } from './cloudwatch-results.ts';
import { cloudwatchIds, rowsAt } from './cloudwatch-rows.ts';
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

const LONGEST_PERIOD_SECONDS = 3600;

/** Throws InvalidInputError. */
export function cloudwatchRecording(value: unknown, { name, spec, weights }: Source): Recording {
  const series = parseCloudwatchResults(value, name);
  refuse(unknownIds(series, spec), name);
  const starts = [...new Set([...series.values()].flatMap((own) => [...own.keys()]))].sort((a, b) => a - b);
  const periods = starts.map((startMs) => ({ startMs, ...rowsAt(series, startMs, spec), bad: null }));
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
      periodSeconds: periodOf(starts, name),
      shifts,
      edgesMs: [],
      periods,
      truth: null,
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

/** The greatest length of which all distances are multiples; 60 s where there is but one instant. */
function periodOf(starts: readonly number[], name: string): number {
  const steps = starts.slice(1).map((startMs, index) => (startMs - (starts[index] ?? 0)) / 1000);
  const seconds = steps.reduce(greatestCommonDivisor, 0) || 60;
  if (Number.isInteger(seconds) && seconds <= LONGEST_PERIOD_SECONDS) return seconds;
  throw faultsError([{ ...NO_PERIOD, got: `${seconds} s` }], name);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

const NO_PERIOD: Fault = {
  code: 'wrong-time',
  what: 'the timestamps do not lie whole periods apart',
  path: 'MetricDataResults',
  got: '',
  allowed: `one Period for all ids, 1 s to ${LONGEST_PERIOD_SECONDS} s`,
  fix: 'Ask for all ids with the same Period, for example 60',
};

const NO_CANARY: Fault = {
  code: 'nothing-recorded',
  what: 'no period has requests of the canary',
  path: 'MetricDataResults',
  got: 'no canary_invocations (Lambda) or canary_requests (load balancer) above 0',
  allowed: 'at least one period with requests of the canary',
  fix: 'Ask for the time of the rollout, and check the dimensions of the canary’s series',
};
