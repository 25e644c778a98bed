// The section on the level of the judge's core.
import type { BorderRate } from '../border/rates.ts';
import { percentWithInterval, table } from './format.ts';

export function borderRateSection(rates: readonly BorderRate[]): readonly string[] {
  const rollouts = rates.reduce((sum, { reached }) => sum + reached.normal.of, 0);
  return [
    '## Error rate on the border',
    '',
    'The same question put to the core of the judge directly, without histograms and their edges, with more rollouts: the canary',
    'is exactly at the last point that the tests tolerate (errors at the larger of 1.5 times stable’s share and 0.1 %; a latency',
    'that is 25 % slower, with a tenth more requests beyond that and 0.3 % in the far tail; 95 % of the conversions). Loads from 60',
    'to 60,000 requests/min, error rates from 0.01 to 3 % that wander from minute to minute, four plans in turn. How often did the',
    `total evidence ever reach 1/α, at any look of the rollout? Allowed: α. ${rollouts.toLocaleString('en-GB')} rollouts; 95 % intervals.`,
    '',
    ...table(
      ['on the border', 'n', 'reached 100 (α = 1 %) %', 'reached 20 (α = 5 %) %'],
      rates.map(({ says, reached }) => [
        says,
        reached.normal.of.toLocaleString('en-GB'),
        percentWithInterval(reached.normal, 2),
        percentWithInterval(reached.high, 2),
      ]),
    ),
  ];
}
