// What a person is shown before a game day begins: who, where, what, how long, how much.
import { alignColumns } from '../../src/cli/table.ts';
import { formatDuration } from '../../src/core/units.ts';
import type { Identity } from './admission.ts';
import type { CostEstimate } from './cost.ts';
import type { AnyExperiment, DayOptions } from './experiment.ts';
import type { DayPlan } from './plan.ts';

export function identityText({ accountId, arn, region }: Identity): string {
  return [`Account   ${accountId}`, `Region    ${region}`, `Identity  ${arn}`].join('\n');
}

export function planText({ experiments, minutes }: DayPlan, options: DayOptions): string {
  const rows = experiments.map((one) => [one.id, `${Math.ceil(one.minutes(options))} min`, one.question]);
  return [
    `A game day of ${experiments.length} experiments, about ${formatDuration(minutes * 60)}:`,
    '',
    ...indented(rows),
  ].join('\n');
}

export function costText({ items, usd, region, pricesGatheredOn }: CostEstimate): string {
  const rows = items.map((item) => [item.what, item.quantity, dollars(item.usd)]);
  return [
    `Cost, estimated: ${dollars(usd)} USD at list prices of ${region}, gathered on ${pricesGatheredOn}, before tax and free tiers:`,
    '',
    ...indented(rows),
  ].join('\n');
}

function indented(rows: readonly (readonly string[])[]): readonly string[] {
  return alignColumns(rows).map((line) => `  ${line}`);
}

function dollars(usd: number): string {
  return usd.toFixed(2);
}

/** What is measured, as the table of docs/game-day.md. */
export function factsMarkdown(experiments: readonly AnyExperiment[]): string {
  return [
    '| id | question | assumed | written in | how |',
    '|---|---|---|---|---|',
    ...experiments.map(({ id, question, assumption, place, method, needs }) => {
      const path = place.startsWith('docs/') ? place.slice('docs/'.length) : `../${place}`;
      const how = needs.includes('balancer') ? `${method} (\`--alb\`)` : method;
      return `| \`${id}\` | ${question} | ${assumption} | [${place.split('#')[0]}](${path}) | ${how} |`;
    }),
  ].join('\n');
}
