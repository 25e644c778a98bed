// A diagnosis for a person: a line for each finding, what to do about it under it, and in the end what it comes to.
import pc from 'picocolors';
import { CANNOT_SEE, type Finding, type Severity } from '../core/doctor.ts';
import { plainText } from '../core/plain-text.ts';
import type { Diagnosis } from './doctor-examination.ts';
import { shellLines } from './shell-lines.ts';
import type { TimelineStyle } from './timeline.ts';
import { wrap } from './wrap.ts';

/** Findings are read beside other windows and pasted into tickets. */
const MAX_WIDTH = 80;
const LABEL_COLUMNS = 'engine-alarms'.length;
const INDENT = LABEL_COLUMNS + 4;
const MIN_COLUMNS = 24;

const ICONS: Readonly<Record<Severity, string>> = { ok: '✔', warn: '!', fail: '✖', unknown: '?' };
type Paint = ReturnType<typeof pc.createColors>;

export function doctorText(diagnosis: Diagnosis, style: TimelineStyle): string {
  const width = Math.min(style.width, MAX_WIDTH);
  const paint = pc.createColors(style.hasColour);
  const repeated = repeatedIn(diagnosis.findings);
  const services = [...new Set(diagnosis.findings.map(({ service }) => service))];
  const sections = services.map((service) => {
    const findings = diagnosis.findings.filter((finding) => finding.service === service);
    const title = service === null ? `engine ${diagnosis.engine}` : `service ${service}`;
    const lines = findings.map((one) => findingLines(one, repeated.has(one), width, paint));
    return [paint.bold(plainText(title)), ...lines.flat()];
  });
  // where nobody was let in there is nothing to sum up
  const isLookedAt = diagnosis.findings.length > 1;
  const end = isLookedAt
    ? [unknownLines(diagnosis, width), cannotSeeLines(width), endLines(diagnosis, width, paint)]
    : [];
  return [...sections, ...end].map((lines) => lines.join('\n')).join('\n\n');
}

function findingLines(finding: Finding, isRepeated: boolean, width: number, paint: Paint): readonly string[] {
  const { check, severity, what, fix, command } = finding;
  const columns = Math.max(MIN_COLUMNS, width - INDENT);
  const colour = colourOf(severity, paint);
  const said = isRepeated ? 'Not looked at, for the same reason.' : plainText(what);
  const [first = '', ...rest] = wrap(said, columns);
  // what was not looked at is all dealt with in the same way, which is told at the end
  const besides =
    severity === 'unknown'
      ? []
      : [
          ...(severity === 'ok' ? [] : wrap(`at ${plainText(finding.where)}`, columns).map(paint.dim)),
          ...(fix === null ? [] : wrap(`${severity === 'ok' ? 'tip' : 'fix'}: ${plainText(fix)}`, columns)),
          ...(command === null ? [] : shellLines(`$ ${plainText(command)}`, columns)),
        ];
  return [
    `${colour(`${ICONS[severity]} ${check.padEnd(LABEL_COLUMNS)}`)}  ${first}`,
    ...[...rest, ...besides].map((line) => ' '.repeat(INDENT) + line),
  ];
}

function colourOf(severity: Severity, paint: Paint): (text: string) => string {
  return { ok: paint.green, warn: paint.yellow, fail: paint.red, unknown: paint.cyan }[severity];
}

/** Those whose reason was told right before: without network they are all of them. */
function repeatedIn(findings: readonly Finding[]): ReadonlySet<Finding> {
  const unknown = findings.filter(({ severity }) => severity === 'unknown');
  return new Set(unknown.filter(({ what }, index) => unknown[index - 1]?.what === what));
}

/** What to do about what was not looked at, each thing once. */
function unknownLines({ findings }: Diagnosis, width: number): readonly string[] {
  const fixes = findings.flatMap(({ severity, fix }) =>
    severity === 'unknown' && fix !== null ? [fix] : [],
  );
  if (fixes.length === 0) return [];
  return [
    'what was not looked at',
    ...[...new Set(fixes)].flatMap((fix) => hanging(`- ${plainText(fix)}`, width)),
  ];
}

function cannotSeeLines(width: number): readonly string[] {
  return ['not to be seen from here', ...CANNOT_SEE.flatMap((what) => hanging(`- ${what}`, width))];
}

function endLines(
  { counts, missingActions, code }: Diagnosis,
  width: number,
  paint: Paint,
): readonly string[] {
  const { ok, warn, fail, unknown } = counts;
  const rest = [
    ...(warn === 0 ? [] : [`${warn} to look at`]),
    ...(unknown === 0 ? [] : [`${unknown} not looked at`]),
    `${ok} fine`,
  ].join(', ');
  const colour = colourOf(fail > 0 ? 'fail' : unknown + warn > 0 ? 'warn' : 'ok', paint);
  const head =
    fail > 0 ? `✖ ${fail} would make a start fail` : '✔ Nothing was found that would make a start fail';
  const isUnseen = fail === 0 && code !== 0;
  const sentence = isUnseen ? '? The engine could not be looked at' : head;
  return [
    ...wrap(`${sentence}; ${rest}.`, width).map((line) => colour(line)),
    ...(missingActions.length === 0
      ? []
      : hanging(`Not allowed to you: ${missingActions.join(', ')}`, width)),
  ];
}

function hanging(text: string, width: number): readonly string[] {
  return wrap(text, width - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}
