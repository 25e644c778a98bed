// Suites that need a pseudo-terminal: skipped aloud where there is none, unless it is required.
import { describe } from 'vitest';
import { whyNoTerminal } from './run-in-terminal.ts';

export function describeInTerminal(name: string, suite: () => void): void {
  const why = whyNoTerminal();
  if (why === null) {
    // most of their time is waiting for frames
    describe.concurrent(name, suite);
    return;
  }
  if (process.env['STEPSHIFT_TERMINAL_REQUIRED'] === '1') throw new Error(`no pseudo-terminal: ${why}`);
  process.stderr.write(`\nSKIPPED: ${name} in a pseudo-terminal: ${why}\n\n`);
  describe.skip(`${name} (SKIPPED: ${why})`, suite);
}
