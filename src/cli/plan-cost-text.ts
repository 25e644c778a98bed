// What a rollout costs, as `plan` prints it: a table of both courses, and what to know about it.
import { MAX_HISTORY_EVENTS } from '../core/budget.ts';
import type { Bill, RolloutCost } from '../core/cost.ts';
import { PRICES, type PriceName } from '../core/cost-prices.ts';
import type { Plan } from '../core/plan.ts';
import { FUNCTION_MEMORY_MB, type FunctionUse } from '../core/plan-usage.ts';
import { formatCount } from '../core/units.ts';
import { alignColumns } from './table.ts';
import { wrap } from './wrap.ts';

/** @param columns sentences and the table are wrapped to this */
export function planCostText(plan: Plan, cost: RolloutCost, columns: number): readonly string[] {
  return [
    ...costTable(cost, columns),
    '',
    ...sentences(plan, cost).flatMap((sentence) => wrap(sentence, columns)),
  ];
}

function costTable({ expected, worst }: RolloutCost, columns: number): readonly string[] {
  const lineOf = ({ lines }: Bill, item: PriceName): readonly string[] => {
    const line = lines.find((one) => one.item === item);
    return line === undefined ? ['0', formatUsd(0)] : [formatQuantity(line.quantity), formatUsd(line.usd)];
  };
  return alignColumns(
    [
      ['', 'if all goes well', 'USD', 'at the most', 'USD'],
      ...worst.lines.map(({ item }) => [
        PRICES[item].label,
        ...lineOf(expected, item),
        ...lineOf(worst, item),
      ]),
      ['cost', '', formatUsd(expected.usd), '', formatUsd(worst.usd)],
    ],
    ['left', 'right', 'right', 'right', 'right'],
    columns,
  );
}

function sentences(plan: Plan, { region, pricesGatheredOn, exhausting }: RolloutCost): readonly string[] {
  return [
    `List prices of ${region}, gathered on ${pricesGatheredOn}; prices change, free tier not counted (docs/cost.md).`,
    `Calls if all goes well, each with ${FUNCTION_MEMORY_MB} MB and an assumed duration: ${callsText(plan.expected.functions)}.`,
    `A rollout that used up its history of ${formatCount(MAX_HISTORY_EVENTS)} events, ${formatCount(plan.exhausting.ticks)} ticks, would cost ${formatUsd(exhausting.usd)} USD. Retries come on top.`,
  ];
}

/** `bake 10, judge-canary 10, start-rollout 1`: the most called first. */
function callsText(functions: readonly FunctionUse[]): string {
  return functions
    .toSorted((a, b) => b.invocations - a.invocations)
    .map(({ name, invocations }) => `${name} ${formatCount(invocations)}`)
    .join(', ');
}

function formatQuantity(quantity: number): string {
  return quantity >= 100 ? formatCount(Math.round(quantity)) : String(Number(quantity.toFixed(1)));
}

/** To a hundredth of a cent. */
function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.00005 ? '<0.0001' : usd.toFixed(4);
}
