// The story of a rollout as lines for the terminal: UK time, icon and word, sentence. Colour repeats what the icon and
// the word say and is never the only signal.
import pc from 'picocolors';
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport, TimelineEntry } from '../core/report.ts';
import { factsOf, headlineOf } from '../core/report-summary.ts';
import { EVENT_LOOKS, type Tone } from '../core/timeline.ts';
import { ukTime } from '../core/uk-time.ts';

export interface TimelineStyle {
  readonly hasColour: boolean;
  /** Columns of the terminal; sentences are wrapped to it. */
  readonly width: number;
}

const WORD_COLUMNS = 12;
const STAMP_COLUMNS = 'DD/MM/YYYY HH:MM:SS GMT'.length;
const MIN_SENTENCE_COLUMNS = 24;

/** A number and its percent sign stay together. */
const BREAKABLE_SPACE = / (?!%)/;

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
  const indent = STAMP_COLUMNS + 2 + icon.length + 1 + WORD_COLUMNS + 2;
  const [first = '', ...rest] = wrap(
    plainText(entry.sentence),
    Math.max(MIN_SENTENCE_COLUMNS, style.width - indent),
  );
  return [
    `${stamp}  ${paint(`${icon} ${word.padEnd(WORD_COLUMNS)}`)}  ${first}`.trimEnd(),
    ...rest.map((line) => ' '.repeat(indent) + line),
  ];
}

/** Breaks at spaces; a word longer than a line is broken anywhere. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAKABLE_SPACE)) {
    const pieces = word.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [''];
    for (const piece of pieces) {
      if (line !== '' && line.length + 1 + piece.length > columns) {
        lines.push(line);
        line = piece;
      } else {
        line = line === '' ? piece : `${line} ${piece}`;
      }
    }
  }
  return [...lines, line];
}

function painter(tone: Tone, hasColour: boolean): (text: string) => string {
  const colours = pc.createColors(hasColour);
  return { good: colours.green, neutral: colours.cyan, caution: colours.yellow, bad: colours.red }[tone];
}
