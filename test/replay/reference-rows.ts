// A recording whose table shows one row of each advice, and the same rates on a thousandth of the requests, where no row
// can tell yet. Five periods of ten seconds are seen at one tick, so that nothing is decided before they are all there.
import { normalShare } from './recorded-traffic.ts';

/** Edges a fifth apart, so that the tolerance of x1.25 falls on none of them by chance. */
const EDGES_MS = Array.from({ length: 16 }, (_, index) => Math.round(30 * 1.2 ** index));
const PERIODS = 5;
const HISTORY_PERIODS = 30;
const SIGMA = 0.45;
/** ln of p95 over median of a log-normal latency. */
const P95_DEPTH = 1.645 * SIGMA;
const START_MS = Date.UTC(2026, 0, 5, 9);
const PERIOD_MS = 10_000;

interface Rates {
  readonly requests: number;
  readonly errorPercent: number;
  readonly conversionPercent: number;
  readonly p95Ms: number;
  readonly cpuPercent: number;
}

const STABLE: Omit<Rates, 'requests'> = {
  errorPercent: 0.05,
  conversionPercent: 3.2,
  p95Ms: 150,
  cpuPercent: 45,
};
const CANARY: Omit<Rates, 'requests'> = {
  errorPercent: 0.08,
  conversionPercent: 2.9,
  p95Ms: 195,
  cpuPercent: 47,
};

/** Of a gauge behind few requests, period by period; it sums to 0. */
const NOISE_PERCENT = [-8, 4, 8, -6, 2] as const;

/**
 * @param requests of the canary in all; stable has 1.6 times as many
 * @param isNoisy the gauge of the canary jumps, as it does on few requests
 */
export function referenceRows(requests: number, isNoisy: boolean): string {
  const rowsOf = (rates: Omit<Rates, 'requests'>, all: number, periods: number) =>
    Array.from({ length: periods }, (_, index) => row({ ...rates, requests: all / PERIODS }, index));
  const stableRequests = 1.6 * requests;
  const history = rowsOf(STABLE, stableRequests, HISTORY_PERIODS);
  const stable = rowsOf(STABLE, stableRequests, PERIODS);
  const canary = rowsOf(CANARY, requests, PERIODS).map((row, index) => {
    const cpu = CANARY.cpuPercent + (isNoisy ? (NOISE_PERCENT[index] ?? 0) : 0);
    return { ...row, metrics: { ...row.metrics, cpu } };
  });
  const lines = [
    {
      format: 'stepshift-recording/1',
      periodSeconds: PERIOD_MS / 1000,
      startedAt: at(0),
      version: '42',
      shifts: [{ at: at(0), weightPercent: 38 }],
      latencyEdgesMs: EDGES_MS,
      history: history.map((before, index) => ({ at: at(index - HISTORY_PERIODS), stable: before })),
    },
    ...stable.map((row, index) => ({ at: at(index), stable: row, canary: canary[index] })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function at(period: number): string {
  return new Date(START_MS + period * PERIOD_MS).toISOString().replace('.000Z', 'Z');
}

function row({ requests, errorPercent, conversionPercent, p95Ms, cpuPercent }: Rates, index: number) {
  return {
    requests,
    errors: spread((requests * errorPercent) / 100, index),
    hist: histogram(requests, p95Ms),
    p95: p95Ms,
    metrics: { conversion: spread((requests * conversionPercent) / 100, index), cpu: cpuPercent },
  };
}

/** Whole events whose sum over the periods is right to within half an event. */
function spread(mean: number, index: number): number {
  return Math.round(mean * (index + 1)) - Math.round(mean * index);
}

/** What is expected in each bucket, in whole requests that sum to all of them. */
function histogram(requests: number, p95Ms: number): number[] {
  const upTo = (edge: number): number =>
    Math.round(requests * normalShare((Math.log(edge / p95Ms) + P95_DEPTH) / SIGMA));
  const sums = [...EDGES_MS.map(upTo), requests];
  return sums.map((sum, index) => sum - (sums[index - 1] ?? 0));
}
