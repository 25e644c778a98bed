// The painter in a real terminal emulator: the screen is the frame after every write, and never empty in between.
import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { painter } from '../../../src/cli/live/painter.ts';
import { fakeScreen } from '../../support/fake-screen.ts';

const COLUMNS = 40;
const ROWS = 10;

function emulator(columns = COLUMNS, rows = ROWS) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
  return {
    terminal,
    feed: (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve)),
    lines: (): string[] => {
      const buffer = terminal.buffer.active;
      return Array.from(
        { length: buffer.length },
        (_, row) => buffer.getLine(row)?.translateToString(true) ?? '',
      );
    },
  };
}

/** Everything above and within the frame, without the empty rows below. */
function trimmed(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line !== '');
  return lines.slice(0, last + 1);
}

const FRAME = fc.array(fc.stringMatching(/^[a-z]{1,40}$/), { minLength: 1, maxLength: ROWS });

describe('painter', () => {
  it('leaves exactly the frame on the screen after every write, and what was above it untouched', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(FRAME, { minLength: 1, maxLength: 8 }), async (frames) => {
        const { feed, lines } = emulator();
        await feed('$ stepshift watch\r\n');
        const screen = fakeScreen();
        const { draw } = painter(screen);
        for (const frame of frames) {
          draw(frame);
          for (const text of screen.written.splice(0)) {
            await feed(text);
            expect(trimmed(lines())).toEqual(['$ stepshift watch', ...frame]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes once a frame, only what changed, and nothing for the same frame', () => {
    const screen = fakeScreen();
    const { draw } = painter(screen);
    draw(['one', 'two', 'three']);
    draw(['one', 'two', 'three']);
    draw(['one', 'TWO', 'three']);
    expect(screen.written).toHaveLength(2);
    expect(screen.written[1]).toContain('TWO');
    expect(screen.written[1]).not.toMatch(/one|three/);
  });

  it('never breaks a line that is as wide as the terminal, nor one that a terminal takes for wider', async () => {
    const { feed, lines } = emulator();
    const screen = fakeScreen();
    const { draw } = painter(screen);
    const frames = [
      ['x'.repeat(COLUMNS), 'below'],
      ['名'.repeat(COLUMNS), 'still below'],
    ];
    for (const frame of frames) {
      draw(frame);
      for (const text of screen.written.splice(0)) await feed(text);
      expect(trimmed(lines())).toHaveLength(2);
      expect(trimmed(lines())[1]).toBe(frame[1]);
    }
  });

  it('draws anew from the top when the terminal has changed its size', async () => {
    const { terminal, feed, lines } = emulator();
    const screen = fakeScreen();
    const { draw, forget } = painter(screen);
    draw(['a long line of a frame', 'second']);
    await feed(screen.written.splice(0).join(''));
    terminal.resize(10, 5);
    forget();
    draw(['short', 'second']);
    await feed(screen.written.splice(0).join(''));
    expect(trimmed(lines()).slice(-2)).toEqual(['short', 'second']);
  });

  it('leaves the last frame, the cursor below it and visible, however often it ends', async () => {
    const { terminal, feed, lines } = emulator();
    const screen = fakeScreen();
    const { draw, end } = painter(screen);
    draw(['last', 'frame']);
    end();
    end();
    const text = screen.written.join('');
    await feed(`${text}after`);
    expect(trimmed(lines())).toEqual(['last', 'frame', '', 'after']);
    expect(terminal.buffer.active.cursorX).toBe('after'.length);
    // nothing that is pasted after the end is marked any more
    expect(text.indexOf('\u001b[?2004h')).toBeGreaterThan(-1);
    expect(text.indexOf('\u001b[?2004l')).toBeGreaterThan(text.indexOf('\u001b[?2004h'));
    const shown = '\u001b[?25h';
    expect(text.split(shown)).toHaveLength(2);
    expect(text.indexOf(shown)).toBeGreaterThan(text.indexOf('\u001b[?25l'));
  });

  it('touches nothing when nothing was drawn', () => {
    const screen = fakeScreen();
    painter(screen).end();
    expect(screen.written).toEqual([]);
  });
});
