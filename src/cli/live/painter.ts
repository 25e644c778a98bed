// Draws frames in place, without flicker: one write a frame, only what changed, never an empty screen between two writes.
// Source of the sequences: ECMA-48 (CUU, CUP, EL, ED), DEC private modes 25 (cursor), 7 (line wrap), 2026 (synchronised output),
// xterm's mode 2004 (bracketed paste: what is pasted can be told from keys).
import type { Screen } from '../command.ts';

const ESCAPE = '\u001b[';
const BEGIN = `${ESCAPE}?2026h${ESCAPE}?7l`;
const END = `${ESCAPE}?7h${ESCAPE}?2026l`;
/** With the cursor hidden keys are commands, and a pasted text must not be. */
const TAKE_TERMINAL = `${ESCAPE}?25l${ESCAPE}?2004h`;
const GIVE_BACK = `${ESCAPE}?2004l${ESCAPE}?25h`;
const CLEAR_SCREEN = `${ESCAPE}H${ESCAPE}J`;
const CLEAR_LINE = `${ESCAPE}2K`;

export interface Painter {
  /** The same frame again writes nothing. */
  readonly draw: (lines: readonly string[]) => void;
  /** The terminal has another size, and may have broken and moved what was drawn: the next frame begins at its top. */
  readonly forget: () => void;
  /** Leaves the last frame and an empty line under it, and shows the cursor again. Twice is once. */
  readonly end: () => void;
}

/** The cursor rests in the last line of the frame. */
export function painter({ write }: Pick<Screen, 'write'>): Painter {
  let drawn: readonly string[] | null = null;
  let isForgotten = false;
  return {
    draw: (lines) => {
      const isFirst = drawn === null;
      const start = isFirst ? '\r' : CLEAR_SCREEN;
      const body = drawn === null || isForgotten ? start + wholeFrame(lines) : changes(drawn, lines);
      drawn = lines;
      isForgotten = false;
      if (body !== '') write(`${BEGIN}${isFirst ? TAKE_TERMINAL : ''}${body}${END}`);
    },
    forget: () => {
      isForgotten = true;
    },
    end: () => {
      if (drawn === null) return;
      drawn = null;
      write(`\r\n\r\n${GIVE_BACK}`);
    },
  };
}

function wholeFrame(lines: readonly string[]): string {
  return lines.map((line) => `${CLEAR_LINE}${line}`).join('\r\n');
}

function changes(before: readonly string[], after: readonly string[]): string {
  if (before.length === after.length && after.every((line, row) => line === before[row])) return '';
  const rows = Math.max(before.length, after.length);
  let text = `\r${up(before.length - 1)}`;
  for (let row = 0; row < rows; row += 1) {
    if (row > 0) text += '\r\n';
    const line = after[row] ?? '';
    if (line !== before[row]) text += CLEAR_LINE + line;
  }
  return text + up(rows - Math.max(1, after.length));
}

function up(rows: number): string {
  return rows > 0 ? `${ESCAPE}${rows}A` : '';
}
