// A terminal in memory: what was drawn, and keys that a test presses.
import type { Screen } from '../../src/cli/command.ts';

export interface FakeScreen extends Screen {
  /** Everything that was written, in order. */
  readonly written: string[];
  readonly press: (key: string) => void;
  readonly resize: (columns: number, rows: number) => void;
}

export function fakeScreen(columns = 80, rows = 24): FakeScreen {
  const written: string[] = [];
  const keyListeners = new Set<(key: string) => void>();
  const resizeListeners = new Set<() => void>();
  let size = { columns, rows };
  return {
    written,
    size: () => size,
    write: (text) => void written.push(text),
    onKey: (listener) => {
      keyListeners.add(listener);
      return () => void keyListeners.delete(listener);
    },
    onResize: (listener) => {
      resizeListeners.add(listener);
      return () => void resizeListeners.delete(listener);
    },
    press: (key) => {
      for (const listener of keyListeners) listener(key);
    },
    resize: (toColumns, toRows) => {
      size = { columns: toColumns, rows: toRows };
      for (const listener of resizeListeners) listener();
    },
  };
}
