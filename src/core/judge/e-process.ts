// An e-process over a grid of alternatives and a prior over start times: it starts at 1 and cannot grow on average
// while the null holds, so P(it ever reaches 1/α) ≤ α however often one looks (Ville's inequality).

/** One period may not add more than this, so that one bad period is confirmed once while that is cheap; nats. */
export function periodCapNats(alpha: number): number {
  return Math.log(1 / alpha) - CAP_BELOW_NATS;
}

/** A cap that were the whole way could be passed by what the other streams hold. */
const CAP_BELOW_NATS = 0.1;

/** … unless that period alone cost this many bad requests beyond what is allowed. */
const COSTLY_BAD_REQUESTS = 120;

/** Evidence beyond this decides nothing more; cutting from above keeps the level. */
const MOST = 1e5;
/** Below this a start of harm is forgotten; new prior mass is always larger. */
const LEAST = 1e-7;
/** Enough for any decision, and few enough characters for the rollout document. */
const DIGITS = 4;

/** Math.exp of more is infinite, and 0 times that is no number. */
const LARGEST_NATS = 700;

/** One number per alternative, 0 before the first period. */
export type EProcess = readonly number[];

export function freshProcess(alternatives: readonly unknown[]): number[] {
  return alternatives.map(() => 0);
}

/**
 * One period: R ← (R + mass)·e^L for each alternative, with L cut at `capNats`.
 * @param mass prior mass of harm that starts with this period
 * @param logRatios nats, one per alternative; null where the period teaches nothing (L = 0)
 */
export function advance(
  process: EProcess | undefined,
  mass: number,
  logRatios: readonly number[] | null,
  capNats: number,
): number[] {
  return (process ?? []).map((value, i) =>
    compact((value + mass) * Math.exp(Math.min(logRatios?.[i] ?? 0, capNats, LARGEST_NATS))),
  );
}

/** The e-value: the mixture over the alternatives, and the mass of the starts still to come. */
export function eValue(process: EProcess | undefined, weights: readonly number[], massLeft: number): number {
  return (process ?? []).reduce((sum, value, i) => sum + value * (weights[i] ?? 0), massLeft);
}

/** The process scaled down so that its e-value is `ceiling` at the most. */
export function cutTo(
  process: EProcess,
  weights: readonly number[],
  massLeft: number,
  ceiling: number,
): number[] {
  const mixture = eValue(process, weights, 0);
  const scale = Math.min(1, (ceiling - massLeft) / mixture);
  return mixture === 0 ? [...process] : process.map((value) => compact(value * scale));
}

/** Caps what a period may add, unless it alone did much harm. */
export function capFor(badBeyondAllowed: number, capNats: number): number {
  return badBeyondAllowed >= COSTLY_BAD_REQUESTS ? Number.POSITIVE_INFINITY : capNats;
}

function compact(value: number): number {
  if (value < LEAST) return 0;
  return Number(Math.min(value, MOST).toPrecision(DIGITS));
}
