// The story of a rollout as lines for the terminal: UK time, icon and word, sentence. Colour repeats what the icon and
// the word say and is never the only signal.
import pc from 'picocolors';
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport, TimelineEntry } from '../core/report.ts';
import { factsOf, headlineOf } from '../core/report-summary.ts';
import { EVENT_LOOKS, type Tone } from '../core/timeline.ts';
import { ukTime } from '../core/uk-time.ts';
import type { CommandContext } from './command.ts';
import { wrap } from './wrap.ts';

export interface TimelineStyle {
  readonly hasColour: boolean;
  /** Sentences are wrapped to this many columns. */
  readonly width: number;
  /** Columns of a real terminal: tables and titles are wrapped to it as well. */
  readonly columns?: number;
}

/** For output that is kept or compared, and wherever the width of the terminal is not known. */
export const PLAIN_STYLE: TimelineStyle = { hasColour: false, width: 110 };

/** How to speak to whoever looks at stdout. */
export function styleOf({
  hasColour,
  columns,
}: Pick<CommandContext, 'hasColour' | 'columns'>): TimelineStyle {
  const { width } = PLAIN_STYLE;
  return columns === undefined
    ? { hasColour, width }
    : { hasColour, width: Math.min(columns, width), columns };
}

const WORD_COLUMNS = 12;
const STAMP_COLUMNS = 'DD/MM/YYYY HH:MM:SS GMT'.length;
const MIN_SENTENCE_COLUMNS = 24;
/** Of a sentence under its stamp, where there is no room beside it. */
const NARROW_INDENT = 2;

/** One entry a line, wrapped sentences indented under their first word. */
export function timelineLines(entries: readonly TimelineEntry[], style: TimelineStyle): readonly string[] {
  return entries.flatMap((entry) => entryLines(entry, style));
}

/** What happened, why and what it cost, as two or more lines: «✖ Rolled back to version 41 at … — sentence». */
export function headerLines(report: RolloutReport, style: TimelineStyle): readonly string[] {
  const { icon, what, tone } = headlineOf(report);
  const when = report.endedAt === null ? '' : ` at ${ukTime(Date.parse(report.endedAt))}`;
  const sentence = plainText(`${what}${when} — ${report.reason.sentence}`);
  const paint = painter(tone, style.hasColour);
  const columns = Math.max(MIN_SENTENCE_COLUMNS, style.width - 2);
  return [
    ...wrap(sentence, columns).map((line, index) => paint(`${index === 0 ? icon : ' '} ${line}`)),
    ...wrap(factsOf(report), columns).map((line) => `  ${line}`),
  ];
}

function entryLines(entry: TimelineEntry, style: TimelineStyle): readonly string[] {
  const { icon, word, tone } = EVENT_LOOKS[entry.event];
  const paint = painter(tone, style.hasColour);
  const stamp = ukTime(Date.parse(entry.at)).padEnd(STAMP_COLUMNS);
  const head = `${stamp}  ${paint(`${icon} ${word.padEnd(WORD_COLUMNS)}`)}`;
  const besides = STAMP_COLUMNS + 2 + icon.length + 1 + WORD_COLUMNS + 2;
  const isNarrow = style.width - besides < MIN_SENTENCE_COLUMNS;
  const indent = isNarrow ? NARROW_INDENT : besides;
  const sentence = wrap(plainText(entry.sentence), Math.max(MIN_SENTENCE_COLUMNS, style.width - indent));
  const [first = '', ...rest] = isNarrow ? ['', ...sentence] : sentence;
  return [`${head}  ${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** A title as it is, or wrapped where it would be wider than the terminal. */
export function titleLines(text: string, { columns }: TimelineStyle): readonly string[] {
  return columns === undefined ? [text] : wrap(text, columns);
}

export function painter(tone: Tone, hasColour: boolean): (text: string) => string {
  const colours = pc.createColors(hasColour);
  return { good: colours.green, neutral: colours.cyan, caution: colours.yellow, bad: colours.red }[tone];
}
