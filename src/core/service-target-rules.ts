// What checks must fulfil because of the target: what its kind can tell, and which series differ from side to side.
import { closest } from './closest.ts';
import type { ChecksFile } from './service-checks.ts';
import type { SeriesFile, SourceFile } from './service-metrics.ts';
import { type Payload, refuse } from './service-rules.ts';
import { TARGET_CHECKS, type TargetChecks } from './target-checks.ts';
import { TARGET_KINDS } from './targets/index.ts';

interface Place {
  readonly payload: Payload<unknown>;
  readonly target: TargetChecks;
  /** The key of the target's kind, for sentences. */
  readonly key: string;
}
type Path = readonly string[];

/** Runs also where other parts of the file were refused. */
export function checkChecksFitTarget(
  payload: Payload<{ target: Record<string, unknown>; checks: ChecksFile }>,
): void {
  const { target, checks } = payload.value;
  const kind = TARGET_KINDS.find(({ key }) => target[key] !== undefined);
  if (kind === undefined) return;
  const place = { payload, target: TARGET_CHECKS[kind.schema.shape.kind.value], key: kind.key };
  checkWhatItCounts(place, checks);
  for (const [name, check] of Object.entries(checks.custom)) {
    const path = ['checks', name];
    checkSource(place, [...path, 'metric'], check.metric, !('hold' in check));
    if ('per' in check && check.per !== 'request') checkSource(place, [...path, 'per'], check.per, true);
  }
}

function checkWhatItCounts(
  { payload, target, key }: Place,
  { errors, throttles, latency }: Partial<ChecksFile>,
): void {
  // it is read by the dimensions that go without saying, and where there are none the target counts answers itself
  if (errors?.http5xx !== undefined && target.dimensions === null) {
    refuse(
      payload,
      ['checks', 'errors', 'http5xx'],
      `${key} needs no http5xx: it counts 5xx answers itself`,
      {
        code: 'not-on-this-target',
        allowed: 'http5xx on a lambdaAlias',
        fix: 'Remove http5xx; 5xx answers are errors here without it',
      },
    );
  }
  if (throttles && !target.hasThrottles) {
    refuse(payload, ['checks', 'throttles'], `${key} has no throttles: only Lambda counts them`, {
      code: 'not-on-this-target',
      allowed: 'throttles on a lambdaAlias',
      fix: 'Remove checks.throttles',
    });
  }
  if (latency && latency.coldStarts !== undefined && !target.hasColdStarts) {
    refuse(payload, ['checks', 'latency', 'coldStarts'], `${key} has no cold starts to count`, {
      code: 'not-on-this-target',
      allowed: 'coldStarts on a lambdaAlias',
      fix: 'Remove coldStarts; a new version that is slow at first gets time by checks.latency.warmUp',
    });
  }
}

/** @param differs whether the number of one side is compared with the number of the other */
function checkSource(place: Place, path: Path, source: SourceFile, differs: boolean): void {
  const all: readonly (readonly [Path, SeriesFile])[] =
    'name' in source
      ? [[path, source]]
      : Object.entries(source.series).map(([id, series]) => [[...path, 'series', id], series]);
  const isRead = all.map(([at, series]) => checkDimensions(place, at, series));
  if (!differs || isRead.includes(false)) return;
  if (!all.some(([, series]) => differsBySide(place.target, series))) refuseSameNumber(place, path, source);
}

/** Whether the dimensions could be read. */
function checkDimensions({ payload, target, key }: Place, path: Path, series: SeriesFile): boolean {
  const at = [...path, 'dimensions'];
  const list = target.placeholders.join(', ');
  if (series.dimensions === undefined) {
    if (target.dimensions !== null) return true;
    refuse(payload, at, `${at.join('.')} is missing: for ${key} there are none that go without saying`, {
      code: 'missing-key',
      allowed: `the dimensions of the metric; ${list} stand for the side that is read`,
      fix: 'Add dimensions, for example { TargetGroup: "{targetGroup}" }',
    });
    return false;
  }
  const unknown = Object.entries(series.dimensions).flatMap(([name, value]) =>
    placeholdersIn(value)
      .filter((placeholder) => !target.placeholders.includes(placeholder))
      .map((placeholder) => [name, placeholder] as const),
  );
  for (const [name, placeholder] of unknown) {
    refuse(payload, [...at, name], `${placeholder} stands for nothing on ${key}`, {
      code: 'unknown-placeholder',
      allowed: list,
      fix: `Did you mean ${closest(placeholder, target.placeholders) ?? target.sidePlaceholders[0]}?`,
    });
  }
  return unknown.length === 0;
}

function refuseSameNumber({ payload, target }: Place, path: Path, source: SourceFile): void {
  const sides = target.sidePlaceholders.join(' or ');
  const at = 'name' in source ? [...path, 'dimensions'] : [...path, 'series'];
  refuse(payload, at, `${path.join('.')} is the same number for both versions`, {
    code: 'same-on-both-sides',
    allowed: `a dimension whose value has ${sides} in it`,
    fix: `Publish the metric with a dimension for the version and write it here, for example Version: "{version}"`,
  });
}

function differsBySide(target: TargetChecks, { dimensions }: SeriesFile): boolean {
  const values = Object.values(dimensions ?? target.dimensions ?? {});
  return values.some((value) => target.sidePlaceholders.some((placeholder) => value.includes(placeholder)));
}

function placeholdersIn(value: string): readonly string[] {
  return value.match(/\{[^{}]*\}/g) ?? [];
}
