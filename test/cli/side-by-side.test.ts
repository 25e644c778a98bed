// The side-by-side table: aligned, with dashes for what is not known, deaf to hostile names.
import { expect, it } from 'vitest';
import { sideBySideLines } from '../../src/cli/side-by-side.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

it('compares both versions metric by metric', () => {
  expect(sideBySideLines(SAMPLE_REPORT.checks).join('\n')).toMatchInlineSnapshot(`
    "metric                stable  canary  variance  allowed  requests  action
    error rate             0.4 %   4.8 %       x12  ≤ 0.6 %     1,106  consider rollback
    requests over 500 ms   1.2 %   1.3 %    +8.3 %    ≤ 5 %     1,106  acceptable
    alarm Checkout5xx          –       –         –        –         –  investigate"
  `);
});

it('is empty when nothing was judged', () => {
  expect(sideBySideLines([])).toEqual([]);
});

it('cuts and cleans the names of metrics', () => {
  const [first] = SAMPLE_REPORT.checks;
  if (first === undefined) throw new Error('the sample has checks');
  const [, line = ''] = sideBySideLines([{ ...first, label: `\u001b[2J${'x'.repeat(10_000)}` }]);
  expect(line.length).toBeLessThan(120);
  expect(line).not.toMatch(/\p{Cc}/u);
});
