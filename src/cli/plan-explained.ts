// `plan --explain`: every value of a service, where it comes from, and why a default is what it is.
import { type ExplainedValue, explain } from '../core/explain.ts';
import { pathText } from '../core/zod-problems.ts';
import type { ServiceSource } from './service-source.ts';
import { wrap } from './wrap.ts';
import type { YamlSource } from './yaml-source.ts';

export interface ExplainedLine extends ExplainedValue {
  /** Line of the file, of the value or of the name of its preset; null where the file has neither. */
  readonly line: number | null;
}

export function explainService({ spec, written }: ServiceSource, yaml: YamlSource): readonly ExplainedLine[] {
  return explain(spec, written).map((value) => ({
    ...value,
    line: value.isWritten ? yaml.lineOf(value.path) : null,
  }));
}

/** As tools get it: `why` and `source` are null for what the file says. */
export function explainedData(values: readonly ExplainedLine[]): readonly object[] {
  return values.map(({ key, specKey, value, from, line, reason }) => ({
    key,
    specKey,
    value,
    from,
    line,
    why: reason?.why ?? null,
    source: reason?.source ?? null,
  }));
}

const MAX_COLUMNS = 100;
const USUAL_COLUMNS = 80;

/** @param columns of the terminal; 80 where there is none */
export function explainedText(
  file: string,
  values: readonly ExplainedLine[],
  columns = USUAL_COLUMNS,
): string {
  const width = Math.min(columns, MAX_COLUMNS);
  const blocks = inGroups(values).map(([heading, group]) =>
    [...(heading === '' ? [] : [heading]), ...groupLines(group, heading === '' ? '' : '  ', width)].join(
      '\n',
    ),
  );
  return [`Every value of ${file} and where it comes from:`, ...blocks].join('\n\n');
}

type Labelled = ExplainedLine & { readonly label: string };

/** Neighbours that belong together, under the part of the key that they share. */
function inGroups(values: readonly ExplainedLine[]): readonly (readonly [string, readonly Labelled[]])[] {
  const groups: [string, Labelled[]][] = [];
  for (const value of values) {
    const { group, label } = headingOf(value);
    const last = groups.at(-1);
    if (last?.[0] === group) last[1].push({ ...value, label });
    else groups.push([group, [{ ...value, label }]]);
  }
  return groups;
}

function headingOf({ path, specKey }: ExplainedValue): { readonly group: string; readonly label: string } {
  // the kind of a target or check, and its name, are the heading itself
  const implied = path.length === 2 ? /\.(kind|name)$/.exec(specKey)?.[1] : undefined;
  if (implied !== undefined) return { group: pathText(path), label: `(${implied})` };
  const depth = path[0] === 'stages' ? 1 : Math.min(2, path.length - 1);
  return { group: depth === 0 ? '' : pathText(path.slice(0, depth)), label: pathText(path.slice(depth)) };
}

const GAP = '  ';
/** However long the keys are, values are not squeezed into less. */
const MIN_VALUE_WIDTH = 16;

/** Key, value and origin in columns; below it why. Where the keys leave no room, each has a line of its own. */
function groupLines(values: readonly Labelled[], indent: string, width: number): readonly string[] {
  const origins = values.map(originText);
  const widestValue = widest(values.map(({ value }) => value));
  const widestLabel = widest(values.map(({ label }) => label));
  const room = width - indent.length - widest(origins) - 2 * GAP.length;
  const isNarrow = room - widestLabel < Math.min(widestValue, MIN_VALUE_WIDTH);
  const labelWidth = isNarrow ? 0 : widestLabel;
  const valueWidth = Math.min(widestValue, Math.max(MIN_VALUE_WIDTH, room - labelWidth));
  return values.flatMap(({ label, value, reason }, index) => {
    const [first = '', ...more] = wrap(value, valueWidth);
    const isTold = reason === null || isSame(reason, values[index - 1]?.reason);
    const whyIndent = `${indent}    `;
    const why = isTold ? [] : wrap(`${reason.source}: ${reason.why}.`, width - whyIndent.length);
    return [
      ...(isNarrow ? [`${indent}${label}`] : []),
      `${indent}${(isNarrow ? '' : label).padEnd(labelWidth)}${GAP}${first.padEnd(valueWidth)}${GAP}${origins[index]}`,
      ...more.map((line) => `${indent}${' '.repeat(labelWidth)}${GAP}${line}`),
      ...why.map((line) => `${whyIndent}${line}`),
    ];
  });
}

function originText({ from, line }: ExplainedLine): string {
  if (from === 'default') return 'default';
  const place = line === null ? 'default' : `line ${line}`;
  return from === 'preset' ? `preset (${place})` : place;
}

/** A reason that neighbours share is told once. */
function isSame(
  reason: NonNullable<ExplainedLine['reason']>,
  before: ExplainedLine['reason'] | undefined,
): boolean {
  return reason.why === before?.why && reason.source === before.source;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}
