// The last lines under an ended rollout: they fit the terminal, and what is to be copied can be.
import { describe, expect, it } from 'vitest';
import { afterwardsLines } from '../../src/cli/afterwards-text.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

describe('afterwardsLines', () => {
  it('tells whether traffic is safe, what next, where to read on, and what to copy', () => {
    const lines = afterwardsLines(SAMPLE_REPORT, { width: 80, columns: 80 }, ['report checkout-42']);
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "
      traffic  Safe: all of it is on version 41, read back.
      next     Nothing for the traffic. Read why, mend version 42, start again.
               docs/runbook.md#rollout-rolled-back
               stepshift report checkout-42"
    `);
  });

  it('says nothing while the rollout runs', () => {
    expect(afterwardsLines({ ...SAMPLE_REPORT, outcome: null }, { width: 80 }, ['status'])).toEqual([]);
  });

  it('fits narrow terminals, with a command that a shell still puts together', () => {
    const command = 'simulate examples/error-spike --report report.html';
    const lines = afterwardsLines(SAMPLE_REPORT, { width: 50, columns: 50 }, [command]);
    expect(lines.filter((line) => line.length > 50)).toEqual([]);
    expect(lines.join('\n').replaceAll(/ \\\n\s*/g, ' ')).toContain(`stepshift ${command}`);
  });

  it('lets no control character of a name through', () => {
    const report = { ...SAMPLE_REPORT, stableVersion: '41\u001b[2J' };
    expect(afterwardsLines(report, { width: 80 }, ['report a\u0007b']).join('')).not.toMatch(/\p{Cc}/u);
  });
});
