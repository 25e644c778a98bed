// Latency histograms: counts or shares per bucket, one bucket more than there are upper bounds.

/** What the last bucket, which has no upper bound, is taken to span. */
const OPEN_BUCKET_RATIO = 1.25;

/**
 * Quantiles of a histogram, geometric between the bounds of a bucket, milliseconds.
 * @param edges inclusive upper bounds, rising
 * @param shares wanted quantiles, rising, for example 0.5 and 0.99
 * @returns one value per quantile; an empty list where the histogram is empty
 */
export function quantilesOf(
  histogram: ArrayLike<number>,
  edges: readonly number[],
  shares: readonly number[],
): readonly number[] {
  let total = 0;
  for (let i = 0; i < histogram.length; i += 1) total += histogram[i] ?? 0;
  if (total === 0) return [];
  const quantiles: number[] = [];
  let below = 0;
  for (let i = 0; i < histogram.length; i += 1) {
    const count = histogram[i] ?? 0;
    for (let wanted = shares[quantiles.length]; wanted !== undefined; wanted = shares[quantiles.length]) {
      const missing = wanted * total - below;
      const isLast = i === histogram.length - 1;
      if (missing > count && !isLast) break;
      quantiles.push(within(edges, i, count === 0 ? 1 : Math.min(1, missing / count)));
    }
    below += count;
  }
  return quantiles;
}

function within(edges: readonly number[], bucket: number, part: number): number {
  const first = edges[0] ?? 1;
  const last = edges.at(-1) ?? 1;
  const high = edges[bucket] ?? last * OPEN_BUCKET_RATIO;
  const low = bucket === 0 ? first / OPEN_BUCKET_RATIO : (edges[bucket - 1] ?? last);
  return low * (high / low) ** part;
}

/** Sum of histograms with the same buckets. */
export function addHistograms(histograms: readonly (readonly number[])[]): number[] {
  const [first = [], ...others] = histograms;
  return first.map((count, bucket) => others.reduce((sum, other) => sum + (other[bucket] ?? 0), count));
}
