// What a rollout costs: what its plan uses, times the price list. Retries, and deliveries to subscribers, come on top.
import { PRICE_REGION, PRICES, PRICES_GATHERED_ON, type PriceList, type PriceName } from './cost-prices.ts';
import type { Plan } from './plan.ts';
import type { Usage } from './plan-usage.ts';

interface CostLine {
  readonly item: PriceName;
  readonly quantity: number;
  readonly usd: number;
}

export interface Bill {
  readonly lines: readonly CostLine[];
  /** Of all lines. */
  readonly usd: number;
}

export interface RolloutCost {
  readonly currency: 'USD';
  readonly region: string;
  readonly pricesGatheredOn: string;
  readonly expected: Bill;
  readonly worst: Bill;
  /** Of a rollout that uses up its whole history. */
  readonly exhausting: Bill;
}

export function costOf(plan: Plan, prices: PriceList = PRICES): RolloutCost {
  return {
    currency: 'USD',
    region: PRICE_REGION,
    pricesGatheredOn: PRICES_GATHERED_ON,
    expected: billOf(quantitiesOf(plan.expected), prices),
    worst: billOf(quantitiesOf(plan.worst), prices),
    exhausting: billOf(quantitiesOf(plan.exhausting), prices),
  };
}

export type Quantities = Readonly<Partial<Record<PriceName, number>>>;

/** Lines in the order of the quantities; nothing that is not used has one. */
export function billOf(quantities: Quantities, prices: PriceList): Bill {
  const lines = (Object.entries(quantities) as [PriceName, number][])
    .filter(([, quantity]) => quantity > 0)
    .map(([item, quantity]) => ({ item, quantity, usd: (quantity * prices[item].usd) / prices[item].per }));
  return { lines, usd: lines.reduce((sum, { usd }) => sum + usd, 0) };
}

const BYTES_PER_MEGABYTE = 1_000_000;

export function megabytes(bytes: number): number {
  return bytes / BYTES_PER_MEGABYTE;
}

function quantitiesOf(usage: Usage): Quantities {
  const invocations = usage.functions.reduce((sum, one) => sum + one.invocations, 0);
  return {
    metricRequested: usage.metricsRequested,
    stateTransition: usage.stateTransitions,
    alarmRequest: usage.alarmRequests,
    lambdaRequest: invocations,
    lambdaGbSecond: usage.functions.reduce((sum, { gbSeconds }) => sum + gbSeconds, 0),
    writeUnit: usage.writeUnits,
    readUnit: usage.readUnits,
    event: usage.events,
    publish: usage.events,
    logMegabyte: megabytes(usage.logBytes),
    // at the most: those that belong to the execution share its trace
    trace: invocations,
  };
}
