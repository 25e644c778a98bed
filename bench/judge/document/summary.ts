// The first table: one row a judge.
import type { ScenarioResult } from '../benchmark.ts';
import { percentOf } from '../score.ts';
import { percentWithInterval, table } from './format.ts';
import {
  badRatio,
  byGroup,
  errorsAndLatency,
  falseRollbacks,
  hasOurs,
  meanPercent,
  ofClass,
  type Results,
} from './results.ts';

export function summary(results: Results): readonly string[] {
  const healthy = ofClass(results, 'healthy');
  const harm = ofClass(results, 'harm');
  const groups = [...byGroup(healthy)];
  const canCompare = hasOurs(results) && harm.length > 0;
  const head = [
    'judge',
    ...groups.map(([group]) => `false rollbacks, ${group} %`),
    ...(healthy.length > 0 ? ['false rollbacks, all %'] : []),
    ...(harm.length > 0 ? ['harm missed %', 'rolled back before the harm %'] : []),
    ...(canCompare ? ['bad requests, times Stepshift’s', 'the same, errors and latency alone'] : []),
  ];
  const rows = results.contestants.map(({ name, title }) => [
    title,
    ...groups.map(([, scenarios]) => percentOf(falseRollbacks(scenarios, name)).toFixed(1)),
    ...(healthy.length > 0 ? [percentWithInterval(falseRollbacks(healthy, name), 2)] : []),
    ...(harm.length > 0
      ? [
          meanPercent(harm, name, (score) => score.missed).toFixed(1),
          meanPercent(harm, name, (score) => score.early).toFixed(1),
        ]
      : []),
    ...(canCompare ? [harm, errorsAndLatency(harm)].map((scenarios) => ratioCell(scenarios, name)) : []),
  ]);
  return [
    '## In short',
    '',
    ...table(head, rows),
    '',
    'Read the last columns only beside the false rollbacks: a judge that rolls everything back also spares its users bad',
    'requests. They are geometric means over the harm scenarios of (1 + mean bad requests) against Stepshift’s; above 1 means that',
    'users met more bad requests than under Stepshift. The last one leaves out lost conversions and silent canaries, which rules',
    'about errors and latency are not meant to see.',
  ];
}

function ratioCell(scenarios: readonly ScenarioResult[], contestant: string): string {
  return scenarios.length === 0 ? '–' : badRatio(scenarios, contestant).toFixed(2);
}
