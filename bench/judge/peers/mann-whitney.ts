// Mann-Whitney's two-sample test as an interval: how much greater the values of one sample are (Hodges and Lehmann).

export interface ShiftInterval {
  /** Hodges-Lehmann estimate: the median of all differences x − y. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * The shifts of x that a two-sided test with the normal approximation, continuity correction and correction for ties
 * would not reject (the asymptotic interval of R's wilcox.test). Where the samples are too small for the level, the
 * interval is the whole range of differences.
 * @param z normal quantile of the level: 2.326 for 98 %
 * @returns null where a sample is empty or all values are equal
 */
export function shiftInterval(x: readonly number[], y: readonly number[], z: number): ShiftInterval | null {
  const pairs = x.length * y.length;
  const sd = sdOfU(x, y);
  if (pairs === 0 || sd === 0) return null;
  const differences = new Float64Array(pairs);
  for (let i = 0; i < pairs; i += 1) {
    differences[i] = (x[Math.floor(i / y.length)] ?? 0) - (y[i % y.length] ?? 0);
  }
  // so many differences lie outside on each side
  const outside = Math.floor(pairs / 2 - 0.5 - z * sd);
  const lowerRank = Math.max(0, Math.min(outside, pairs - 1));
  return {
    lower: nthSmallest(differences, lowerRank),
    upper: nthSmallest(differences, pairs - 1 - lowerRank),
    estimate:
      (nthSmallest(differences, Math.floor((pairs - 1) / 2)) +
        nthSmallest(differences, Math.floor(pairs / 2))) /
      2,
  };
}

/** Standard deviation of U while both samples come from one distribution. */
function sdOfU(x: readonly number[], y: readonly number[]): number {
  const total = x.length + y.length;
  if (total < 2) return 0;
  const counts = new Map<number, number>();
  for (const value of [...x, ...y]) counts.set(value, (counts.get(value) ?? 0) + 1);
  let ties = 0;
  for (const count of counts.values()) ties += count ** 3 - count;
  const variance = ((x.length * y.length) / 12) * (total + 1 - ties / (total * (total - 1)));
  return Math.sqrt(Math.max(0, variance));
}

/** Selection by partition (Hoare's «Find», 1961); reorders the values. */
function nthSmallest(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] ?? 0;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i += 1;
      while ((values[j] ?? 0) > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i] ?? 0;
      values[i] = values[j] ?? 0;
      values[j] = swapped;
      i += 1;
      j -= 1;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank] ?? 0;
}
