// The answer of `stepshift why` for a person: the sentence first, then the numbers behind it, then what comes next.
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport } from '../core/report.ts';
import { cellsOf } from '../core/report-cells.ts';
import { factsOf } from '../core/report-summary.ts';
import { ukTime } from '../core/uk-time.ts';
import { formatCount, formatDuration } from '../core/units.ts';
import type { CheckReading, Reason } from '../core/verdict.ts';
import type { Why } from '../core/why.ts';
import { afterwardsLines } from './afterwards-text.ts';
import { painter, type TimelineStyle, titleLines } from './timeline.ts';
import { wrap } from './wrap.ts';

const LABEL_COLUMNS = 'to go on '.length;
const MIN_COLUMNS = 20;

/** @param commands to look further, without the program's name */
export function whyText(
  why: Why,
  report: RolloutReport,
  style: TimelineStyle,
  commands: readonly string[],
): string {
  const { rolloutId, target, canaryVersion, stableVersion } = report;
  const title = `${target}  version ${canaryVersion} against ${stableVersion ?? 'unknown'}  rollout ${rolloutId}`;
  const labelled = (label: string, texts: readonly string[]) => labelledLines(label, texts, style.width);
  return [
    ...titleLines(plainText(title), style),
    '',
    ...firstLines(why, report, style),
    '',
    ...(why.since === null || why.state === 'ended'
      ? []
      : labelled('since', [ukTime(Date.parse(why.since))])),
    ...(why.judgedAt === null ? [] : labelled('judged', [`last at ${ukTime(Date.parse(why.judgedAt))}`])),
    ...checkRows(why.reason, why.check).flatMap(([label, text]) => labelled(label, [text])),
    ...labelled('to go on', why.toGoOn),
    ...labelled('next', why.next === null ? [] : [why.next]),
    ...afterwardsLines(report, style, commands),
  ].join('\n');
}

/** «✖ Rolled back to version 41 at … — sentence», and what it cost so far. */
function firstLines(
  { headline, reason }: Why,
  report: RolloutReport,
  style: TimelineStyle,
): readonly string[] {
  const { icon, what, tone } = headline;
  const paint = painter(tone, style.hasColour);
  const columns = Math.max(MIN_COLUMNS, style.width - 2);
  const sentence = plainText(reason.sentence === '' ? what : `${what} — ${reason.sentence}`);
  return [
    ...wrap(sentence, columns).map((line, index) => paint(`${index === 0 ? icon : ' '} ${line}`)),
    ...wrap(factsOf(report), columns).map((line) => `  ${line}`),
  ];
}

/** Label and text of each number behind the decision that is known. */
function checkRows(reason: Reason, row: CheckReading | null): readonly (readonly [string, string])[] {
  if (row === null) return reason.check === null ? [] : [['check', reason.check]];
  const { metric, canary, stable, allowed, interval, action } = cellsOf(row);
  const window = reason.windowSeconds === null ? '' : `, over ${formatDuration(reason.windowSeconds)}`;
  const name = metric === row.check ? metric : `${metric} (${row.check})`;
  return [
    ['check', `${name}: ${action}`],
    ['canary', row.interval === null ? canary : `${canary}, interval ${interval}`],
    ['stable', stable],
    ['allowed', allowed],
    ...(row.sample === null
      ? []
      : ([['sample', `${formatCount(row.sample)} requests on the canary${window}`]] as const)),
  ];
}

/** Several texts are a list; nothing where there is none. */
function labelledLines(label: string, texts: readonly string[], width: number): readonly string[] {
  const columns = Math.max(MIN_COLUMNS, width - LABEL_COLUMNS);
  const isList = texts.length > 1;
  const lines = texts.flatMap((text) =>
    wrap(plainText(text), isList ? columns - 2 : columns).map((line, index) =>
      isList ? `${index === 0 ? '-' : ' '} ${line}` : line,
    ),
  );
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(LABEL_COLUMNS)}${line}`);
}
