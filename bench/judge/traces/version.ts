// One version in one period: its conditions, and a drawn row as CloudWatch would report it.
import type { Row } from '../../../src/replay/line-protocol.ts';
import type { Random } from '../../../src/sim/random.ts';
import { addHistograms, quantilesOf } from '../histogram.ts';
import { drawBinomial, drawClustered, drawMultinomial, drawPoisson } from './draw.ts';
import { type BucketShares, LATENCY_EDGES_MS } from './latency.ts';

export interface Conditions {
  readonly meanRequests: number;
  readonly errorShare: number;
  readonly clusterSize: number;
  readonly latency: BucketShares;
  /** null: no KPI. */
  readonly conversionShare: number | null;
  /** Share of requests that fail because of the version itself, of those that would not have failed anyway. */
  readonly extraErrorShare: number;
  /** Requests that wait for a new execution environment. */
  readonly cold: {
    readonly share: number;
    readonly latency: BucketShares;
    readonly isCounted: boolean;
  } | null;
  /** Bad requests of one client on top. */
  readonly clientRequests: number;
}

export interface Drawn {
  readonly row: Row;
  /** Errors that the version itself caused. */
  readonly extraErrors: number;
}

export function drawVersion(random: Random, conditions: Conditions): Drawn {
  const { errorShare, clusterSize, conversionShare, cold, clientRequests } = conditions;
  const others = drawPoisson(random, conditions.meanRequests);
  const usualErrors = drawClustered(random, others, errorShare, clusterSize);
  const extraErrors = drawBinomial(random, others - usualErrors, conditions.extraErrorShare);
  const conversions =
    conversionShare === null
      ? {}
      : { conversions: drawBinomial(random, others - usualErrors - extraErrors, conversionShare) };
  const requests = others + clientRequests;
  const coldStarts = cold === null ? 0 : drawBinomial(random, requests, cold.share);
  const counted = cold?.isCounted === true ? { coldStarts } : {};
  const errors = usualErrors + extraErrors + clientRequests;
  if (requests === 0) return { row: { requests, errors, ...conversions, ...counted }, extraErrors };
  const warm = drawMultinomial(random, requests - coldStarts, conditions.latency);
  const hist =
    cold === null || coldStarts === 0
      ? warm
      : addHistograms([warm, drawMultinomial(random, coldStarts, cold.latency)]);
  return { row: { requests, errors, ...conversions, hist, ...percentiles(hist), ...counted }, extraErrors };
}

function percentiles(hist: readonly number[]): Pick<Row, 'p50' | 'p95' | 'p99'> {
  const [p50 = 0, p95 = 0, p99 = 0] = quantilesOf(hist, LATENCY_EDGES_MS, [0.5, 0.95, 0.99]);
  return { p50: rounded(p50), p95: rounded(p95), p99: rounded(p99) };
}

function rounded(latencyMs: number): number {
  return Number(latencyMs.toPrecision(6));
}
