// What a day costs, itemised, before anything is made: the product's own price list, and what a load balancer adds.
import { billOf, costOf } from '../../src/core/cost.ts';
import { PRICE_REGION, PRICES, PRICES_GATHERED_ON, type Price } from '../../src/core/cost-prices.ts';
import { planRollout } from '../../src/core/plan.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { formatCount } from '../../src/core/units.ts';
import { SAMPLE, SERVICE_ALARM } from './names.ts';
import type { DayPlan } from './plan.ts';
import { REQUESTS_PER_MINUTE, serviceFile } from './service.ts';

interface CostItem {
  readonly what: string;
  readonly quantity: string;
  readonly usd: number;
}

export interface CostEstimate {
  readonly items: readonly CostItem[];
  readonly usd: number;
  readonly region: string;
  readonly pricesGatheredOn: string;
}

/** By the hour; `assumed` since the pages were not seen. */
const BALANCER_PRICES = {
  balancer: hourly('load balancer', 0.0225, '/elasticloadbalancing/pricing/'),
  capacity: hourly('capacity unit of the load balancer', 0.008, '/elasticloadbalancing/pricing/'),
  address: hourly('public address', 0.005, '/vpc/pricing/'),
} as const satisfies Record<string, Price>;

/** One a zone; a load balancer needs two. */
const PUBLIC_ADDRESSES = 2;
const HOURS_PER_MONTH = 730;
/** Twelve of the engine, two of the sample. */
const ALARMS = 14;
const SAMPLE_GB = 0.125;
/** With a slow version in between. */
const MEAN_SECONDS = 0.06;
/** Polls for arrivals, and what single facts read. */
const METRICS_PER_MINUTE = 12;
/** Of the experiment get-metric-data-quota. */
const QUOTA_METRICS = 800;
const RECORDED_LINES = 500;

export function estimateCost({ minutes, needs, experiments }: DayPlan): CostEstimate {
  const hours = minutes / 60;
  const requests = minutes * REQUESTS_PER_MINUTE;
  const sample = billOf(
    {
      lambdaRequest: requests,
      lambdaGbSecond: requests * SAMPLE_GB * MEAN_SECONDS,
      metricRequested: minutes * METRICS_PER_MINUTE + QUOTA_METRICS,
      alarmMonth: (ALARMS * hours) / HOURS_PER_MONTH,
      writeUnit: RECORDED_LINES,
    },
    PRICES,
  );
  const items = [
    ...rolloutItems(experiments.filter((one) => one.needs.includes('traffic')).length),
    ...sample.lines.map(({ item, quantity, usd }) => ({
      what: PRICES[item].label,
      quantity: told(quantity),
      usd,
    })),
    ...(needs.has('balancer') ? balancerItems(hours) : []),
  ];
  return {
    items,
    usd: items.reduce((sum, { usd }) => sum + usd, 0),
    region: PRICE_REGION,
    pricesGatheredOn: PRICES_GATHERED_ON,
  };
}

/** At the most: each as long as its plan allows. */
function rolloutItems(rollouts: number): readonly CostItem[] {
  if (rollouts === 0) return [];
  const plan = planRollout(parseServiceFile(serviceFile({ ...SAMPLE, alarm: SERVICE_ALARM })));
  return [
    { what: 'rollouts, at the most', quantity: String(rollouts), usd: rollouts * costOf(plan).worst.usd },
  ];
}

function balancerItems(hours: number): readonly CostItem[] {
  const { balancer, capacity, address } = BALANCER_PRICES;
  return [
    { ...balancer, count: 1 },
    { ...capacity, count: 1 },
    { ...address, count: PUBLIC_ADDRESSES },
  ].map(({ label, usd, count }) => ({
    what: label,
    quantity: `${count} for ${hours.toFixed(1)} h`,
    usd: usd * count * hours,
  }));
}

function hourly(label: string, usd: number, page: string): Price {
  return { label, usd, per: 1, page: `https://aws.amazon.com${page}`, basis: 'assumed', asOf: null };
}

function told(quantity: number): string {
  return quantity < 10 ? quantity.toFixed(2) : formatCount(quantity);
}
