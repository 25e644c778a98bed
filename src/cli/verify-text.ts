// An examination for a person: one line an invariant, then what came of it all.
import pc from 'picocolors';
import type { Examination, InvariantResult } from '../core/audit/examination.ts';
import { plainText } from '../core/plain-text.ts';
import type { TimelineStyle } from './timeline.ts';
import { wrap } from './wrap.ts';

export function verifyText(examination: Examination, style: TimelineStyle): string {
  const { rolloutId, entries, invariants } = examination;
  const paint = pc.createColors(style.hasColour);
  return [
    plainText(`${rolloutId}  ${counted(entries, 'entry', 'entries')}, ${endOf(examination)}`),
    '',
    ...invariants.flatMap((result) => linesOf(result, style)),
    '',
    ...wrap(plainText(verdictOf(examination)), style.width).map((line) =>
      isClean(examination) ? paint.green(line) : paint.red(line),
    ),
  ].join('\n');
}

/** What came after a bad entry is not trusted, so an end there is neither told nor denied. */
function endOf({ outcome, firstBad }: Examination): string {
  if (outcome !== null) return `it ended as ${outcome}`;
  return firstBad === null ? 'it had not ended' : 'whether it ended cannot be told';
}

export function isClean({ firstBad, invariants }: Examination): boolean {
  return firstBad === null && invariants.every(({ state }) => state !== 'violated');
}

/** One sentence. */
function verdictOf({ firstBad, invariants }: Examination): string {
  const held = invariants.filter(({ state }) => state === 'held').length;
  const violated = invariants.filter(({ state }) => state === 'violated').map(({ id }) => id);
  if (firstBad !== null) {
    const { entry, why } = firstBad;
    const before = entry === 0 ? 'Nothing stands before it.' : 'Only what stands before it was checked.';
    return `✖ The record is not what was written. First bad entry: ${entry} (${why}). ${before}`;
  }
  if (violated.length > 0) return `✖ Violated: ${violated.join(', ')}. ${held} others hold.`;
  return `✔ The record is whole, and ${counted(held, 'invariant', 'invariants')} hold; ${invariants.length - held} found nothing to check in it.`;
}

const STATE_COLUMNS = 'not evaluated'.length;
const MIN_SENTENCE_COLUMNS = 24;

function linesOf(result: InvariantResult, { hasColour, width }: TimelineStyle): readonly string[] {
  const paint = pc.createColors(hasColour);
  const { id, state } = result;
  const look = {
    held: { icon: '✔', colour: paint.green },
    violated: { icon: '✖', colour: paint.red },
    'not evaluated': { icon: '·', colour: paint.dim },
  }[state];
  const word = state === 'held' ? `held ${result.evaluations}×` : state;
  const head = `${look.icon} ${id.padEnd(4)}${word.padEnd(STATE_COLUMNS)}`;
  const columns = Math.max(MIN_SENTENCE_COLUMNS, width - head.length - 2);
  const [first = '', ...rest] = sentencesOf(result).flatMap((text) => wrap(plainText(text), columns));
  return [`${look.colour(head)}  ${first}`, ...rest.map((line) => ' '.repeat(head.length + 2) + line)];
}

function sentencesOf({ state, says, needs, breaches }: InvariantResult): readonly string[] {
  if (state === 'held') return [says];
  if (state === 'not evaluated') return [`needs ${needs}`];
  const told = breaches.map(({ entry, sentence }) =>
    entry === null ? sentence : `entry ${entry}: ${sentence}`,
  );
  return [says, ...told];
}

function counted(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
