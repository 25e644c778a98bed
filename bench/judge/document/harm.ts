// Tables of harm: how much was found, how soon, and what it cost users until then.
import type { ScenarioResult } from '../benchmark.ts';
import type { Score } from '../score.ts';
import { percentOf } from '../score.ts';
import { count, table } from './format.ts';
import { byGroup, ofClass, type Results, scoreIn } from './results.ts';

export function harmSection(results: Results): readonly string[] {
  const harm = ofClass(results, 'harm');
  if (harm.length === 0) return [];
  return [
    '## Harm found',
    '',
    'Each cell: percent of the rollouts in which the harm was found, and the median minutes from its onset until the rollback',
    'was in force. «e 10» means that 10 % were rolled back before anything was wrong.',
    ...groupTables(results, harm, 'Found', (result) => [String(result.rollouts)], ['n'], found),
    '',
    '## Bad requests',
    '',
    'What users met until the rollback was in force: failed requests, requests that the version made slower than the',
    'service’s usual p95, lost conversions, and all requests of a silent canary. Each cell: mean / median / 95th percentile',
    'over the rollouts. «If kept» is the mean when nobody takes the canary back until the end of the plan.',
    ...groupTables(
      results,
      harm,
      'Bad requests',
      (result) => [count(result.badAtMost)],
      ['if kept'],
      ({ bad }) => [bad.mean, bad.median, bad.p95].map(count).join(' / '),
    ),
  ];
}

function found({ detected, early, medianMinutes }: Score): string {
  const percent = percentOf(detected).toFixed(0);
  const minutes = medianMinutes === null ? '–' : `${medianMinutes.toFixed(0)} min`;
  return `${percent} / ${minutes}${early.count === 0 ? '' : ` (e ${percentOf(early).toFixed(0)})`}`;
}

function groupTables(
  results: Results,
  harm: readonly ScenarioResult[],
  heading: string,
  extraOf: (result: ScenarioResult) => readonly string[],
  extraHead: readonly string[],
  cell: (score: Score) => string,
): readonly string[] {
  return [...byGroup(harm)].flatMap(([group, scenarios]) => [
    '',
    `### ${heading}: ${group}`,
    '',
    ...table(
      ['scenario', 'service', 'what happens', ...extraHead, ...results.contestants.map(({ title }) => title)],
      scenarios.map((result) => [
        result.scenario.name,
        result.scenario.service.name,
        result.scenario.says,
        ...extraOf(result),
        ...results.contestants.map(({ name }) => cell(scoreIn(result, name))),
      ]),
      3,
    ),
  ]);
}
