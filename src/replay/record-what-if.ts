// The what-if table of a report: the same record under a few telling changes of the service file, one at a time.
import { factsOf } from '../core/audit/facts.ts';
import type { WhatIfRow } from '../core/report-document.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { isoTime } from '../core/uk-time.ts';
import { roundSignificant } from '../core/units.ts';
import { type JudgedRecord, replayRecord } from './record-replay.ts';
import type { Replay } from './replay.ts';

interface Change {
  /** As `--what-if` takes it. */
  readonly text: string;
  readonly spec: ServiceSpec;
}

/** More is no table any more. */
const MAX_ROWS = 10;
/** A rollout that waited a day for a person has hundreds of looks: its table is shorter, so that a report is there at once. */
const MAX_LOOKS = 1000;
const LEAST_ROWS = 4;

/**
 * The first row is without a change; the others are those that the record can answer in full, what concerns the deciding check
 * first. Longer or shorter bakes are not among them: weights are facts, so whoever would have gone on sooner or later was
 * served all the same. Precondition: as for `replayRecord`.
 */
export function whatIfRows(record: JudgedRecord): readonly WhatIfRow[] {
  const { spec } = record.prepared;
  const looks = factsOf(record.entries, 'judged');
  const asIs = replayRecord(record).replay;
  const wasUndecided = looks.some(({ verdict }) => verdict.kind === 'inconclusive');
  const changes = [
    ...decidingChanges(spec, asIs.reason.check),
    ...errorChanges(spec),
    sensitivityChange(spec),
    ...latencyChanges(spec),
    ...(wasUndecided ? [inconclusiveChange(spec)] : []),
  ];
  const rows = Math.max(LEAST_ROWS, Math.min(MAX_ROWS, Math.floor(MAX_LOOKS / looks.length)));
  return [rowOf(null, asIs), ...answeredRows(record, changes, rows - 1)];
}

function answeredRows(record: JudgedRecord, changes: readonly Change[], most: number): readonly WhatIfRow[] {
  const rows: WhatIfRow[] = [];
  for (const { text, spec } of changes) {
    if (rows.length === most) break;
    const { replay, notes } = replayRecord(record, spec);
    if (notes.length === 0) rows.push(rowOf(text, replay));
  }
  return rows;
}

function rowOf(change: string | null, replay: Replay): WhatIfRow {
  const { outcome, fromMs, endedAtMs, weightPercent, exposure } = replay;
  const elapsedSeconds = (endedAtMs - fromMs) / 1000;
  return { change, outcome, at: isoTime(endedAtMs), elapsedSeconds, weightPercent, exposure };
}

const MAX_PERCENT = 100;
/** Smaller ones are written with an exponent, which a service file does not take. */
const MIN_PERCENT = 1e-6;
const MAX_RATIO = 100;

/** Without the check that decided, or with half and twice of what it allows. */
function decidingChanges(spec: ServiceSpec, check: string | null): readonly Change[] {
  const { checks } = spec;
  const withChecks = (text: string, change: Partial<typeof checks>): Change => ({
    text,
    spec: { ...spec, checks: { ...checks, ...change } },
  });
  if (check === 'alarms') return [withChecks('checks.alarms=[]', { alarms: [] })];
  if (check === 'latency') return [withChecks('checks.latency=false', { latency: null })];
  if (check === 'throttles') return [withChecks('checks.throttles=false', { throttlesLimitPercent: null })];
  const own = checks.custom.find(({ name }) => name === check);
  if (own === undefined || own.kind === 'gauge') return [];
  return ownTolerances(own.toleranceRatio).map((toleranceRatio) =>
    withChecks(`checks.${own.name}.tolerance=x${toleranceRatio}`, {
      custom: checks.custom.map((one) => (one === own ? { ...own, toleranceRatio } : one)),
    }),
  );
}

/** x0.95 may lose a twentieth; half and twice of that. Above 1 as with errors. */
function ownTolerances(ratio: number): readonly number[] {
  if (ratio >= 1) return tolerances(ratio);
  return halfAndTwice(1 - ratio)
    .map((below) => roundSignificant(1 - below, 6))
    .filter((changed) => changed > 0);
}

/** Half and twice of the limit, of the floor, and of what the tolerance allows beyond stable's own rate. */
function errorChanges(spec: ServiceSpec): readonly Change[] {
  const { errors } = spec.checks;
  const withErrors = (change: Partial<typeof errors>): ServiceSpec => ({
    ...spec,
    checks: { ...spec.checks, errors: { ...errors, ...change } },
  });
  const limits = halfAndTwice(errors.limitPercent).filter(
    (limit) => limit > errors.floorPercent && limit <= MAX_PERCENT,
  );
  const floors = halfAndTwice(errors.floorPercent).filter(
    (floor) => floor >= MIN_PERCENT && floor < errors.limitPercent,
  );
  return [
    ...limits.map((limitPercent) => ({
      text: `checks.errors.limit=${limitPercent}%`,
      spec: withErrors({ limitPercent }),
    })),
    ...tolerances(errors.toleranceRatio).map((toleranceRatio) => ({
      text: `checks.errors.tolerance=x${toleranceRatio}`,
      spec: withErrors({ toleranceRatio }),
    })),
    ...floors.map((floorPercent) => ({
      text: `checks.errors.floor=${floorPercent}%`,
      spec: withErrors({ floorPercent }),
    })),
  ];
}

/** Where requests were counted against thresholds, the record cannot answer it, and the row is left out. */
function latencyChanges(spec: ServiceSpec): readonly Change[] {
  const { latency } = spec.checks;
  if (latency === null) return [];
  return tolerances(latency.toleranceRatio)
    .filter((toleranceRatio) => toleranceRatio > latency.toleranceRatio)
    .map((toleranceRatio) => ({
      text: `checks.latency.tolerance=x${toleranceRatio}`,
      spec: { ...spec, checks: { ...spec.checks, latency: { ...latency, toleranceRatio } } },
    }));
}

function sensitivityChange(spec: ServiceSpec): Change {
  const sensitivity = spec.sensitivity === 'high' ? 'normal' : 'high';
  return { text: `sensitivity=${sensitivity}`, spec: { ...spec, sensitivity } };
}

function inconclusiveChange(spec: ServiceSpec): Change {
  const onInconclusive = spec.onInconclusive === 'rollback' ? 'ask' : 'rollback';
  return { text: `onInconclusive=${onInconclusive}`, spec: { ...spec, onInconclusive } };
}

function halfAndTwice(value: number): readonly number[] {
  return [roundSignificant(value / 2, 6), roundSignificant(value * 2, 6)];
}

/** x1.5 is half as much again: x1.25 and x2 are half and twice of that. */
function tolerances(ratio: number): readonly number[] {
  return halfAndTwice(ratio - 1)
    .map((beyond) => roundSignificant(1 + beyond, 6))
    .filter((changed) => changed !== ratio && changed <= MAX_RATIO);
}
