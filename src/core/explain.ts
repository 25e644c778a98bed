// Where every value of a resolved service file comes from: the file, a preset, or a default, and why it is the default.
import { defaultReason, presetReason, type Reason } from './explain-reasons.ts';
import type { Path } from './json-schema-path.ts';
import type { ServiceSpec } from './service-spec.ts';
import { specLeaves, writtenPath } from './spec-paths.ts';
import { writeOut } from './written-service.ts';
import { pathText, valueAt } from './zod-problems.ts';

export interface ExplainedValue {
  /** As in a service file, for example `checks.errors.tolerance`. */
  readonly key: string;
  /** The key as a path; where the file does not write the value, of what stands for it there. */
  readonly path: Path;
  /** In the resolved spec, for example `checks.errors.toleranceRatio`. */
  readonly specKey: string;
  /** As it would be written. */
  readonly value: string;
  readonly from: 'file' | 'preset' | 'default';
  /** Whether anything in the file stands for it: the value itself, or the name of its preset. */
  readonly isWritten: boolean;
  /** Why it is what it is where the file does not say; null for what the file says. */
  readonly reason: Reason | null;
}

/** @param written the file as it was written, parsed */
export function explain(
  spec: ServiceSpec,
  written: Readonly<Record<string, unknown>>,
): readonly ExplainedValue[] {
  const complete = { ...writeOut(spec), service: spec.service };
  return specLeaves(spec).map(([specPath, value]) => {
    const path = writtenPath(spec, specPath);
    return {
      key: pathText(path),
      path,
      specKey: pathText(specPath),
      value: isNameOrKind(specPath) ? String(value) : valueText(valueAt(complete, path) ?? value),
      ...originOf(spec, written, path),
    };
  });
}

type Origin = Pick<ExplainedValue, 'from' | 'isWritten' | 'reason'>;

function originOf(spec: ServiceSpec, written: Readonly<Record<string, unknown>>, path: Path): Origin {
  if (valueAt(written, path) !== undefined) return { from: 'file', isWritten: true, reason: null };
  const { stages } = written;
  if (path[0] === 'stages') {
    return typeof stages === 'string'
      ? { from: 'preset', isWritten: true, reason: presetReason(stages) }
      : { from: 'preset', isWritten: false, reason: defaultReason(spec, ['stages']) };
  }
  return { from: 'default', isWritten: false, reason: defaultReason(spec, path) };
}

/** These follow from which key is written, and have no value there. */
function isNameOrKind(specPath: Path): boolean {
  const last = specPath.at(-1);
  return last === 'kind' || (specPath[1] === 'custom' && specPath.length === 4 && last === 'name');
}

function valueText(value: unknown): string {
  if (value === false) return 'off';
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return 'none';
  return String(value);
}
