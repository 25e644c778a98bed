// Tables of rollbacks where nothing was wrong with the canary.
import type { ScenarioResult } from '../benchmark.ts';
import { percent, percentWithInterval, table } from './format.ts';
import { byGroup, ofClass, type Results, scoreIn } from './results.ts';

export function falseRollbackSection(results: Results): readonly string[] {
  const healthy = ofClass(results, 'healthy');
  if (healthy.length === 0) return [];
  return [
    '## False rollbacks',
    '',
    'Nothing was wrong with the canary in these rollouts. Each cell: rollouts taken back, percent, and its 95 % interval',
    '(Wilson).',
    ...[...byGroup(healthy)].flatMap(([group, scenarios]) => [
      '',
      `### False rollbacks: ${group}`,
      '',
      ...rollbackTable(results, scenarios),
    ]),
    ...undecided(results, healthy),
  ];
}

export function borderSection(results: Results): readonly string[] {
  const border = ofClass(results, 'border');
  if (border.length === 0) return [];
  return [
    '## On the border',
    '',
    'These canaries are exactly as bad as Stepshift tolerates. Its design allows it to take back one in a hundred of them;',
    'the peers know no such border, and what they do here is neither right nor wrong. Percent of rollouts taken back:',
    '',
    ...rollbackTable(results, border),
  ];
}

export function weaknessSection(results: Results): readonly string[] {
  const weaknesses = ofClass(results, 'weakness');
  if (weaknesses.length === 0) return [];
  return [
    '## Healthy canaries that Stepshift takes back',
    '',
    'Two known weaknesses, left out of all means above. With all traffic on the canary nothing is left to compare with, so an',
    'incident looks like a bad release. And 120 bad requests or more in one period are acted on at once, even when one client',
    'sends them all; a rule that waits for a second bad minute does not fall for that.',
    '',
    ...rollbackTable(results, weaknesses),
  ];
}

function rollbackTable(results: Results, scenarios: readonly ScenarioResult[]): readonly string[] {
  return table(
    ['scenario', 'service', 'what happens', 'n', ...results.contestants.map(({ title }) => title)],
    scenarios.map((result) => [
      result.scenario.name,
      result.scenario.service.name,
      result.scenario.says,
      String(result.rollouts),
      ...results.contestants.map(({ name }) => percentWithInterval(scoreIn(result, name).rolledBack)),
    ]),
    3,
  );
}

/** Only Stepshift knows a third answer. */
function undecided(results: Results, healthy: readonly ScenarioResult[]): readonly string[] {
  const open = results.contestants.flatMap(({ name, title }) =>
    healthy.flatMap((result) => {
      const { inconclusive } = scoreIn(result, name);
      return inconclusive.count === 0
        ? []
        : [[title, result.scenario.name, result.scenario.service.name, percent(inconclusive)]];
    }),
  );
  if (open.length === 0) return [];
  return [
    '',
    '### Inconclusive although healthy',
    '',
    'Here a judge said that it had seen too little to call the canary safe. That is no rollback; a person or the policy of',
    'the service decides.',
    '',
    ...table(['judge', 'scenario', 'service', 'inconclusive %'], open, 3),
  ];
}
