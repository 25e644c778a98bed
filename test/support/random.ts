// Seeded randomness for tests: the same seed gives the same numbers on every machine.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** How many of `trials` happen when each happens with `share`. */
  binomial(trials: number, share: number): number;
  /** A Poisson count with this mean. */
  poisson(mean: number): number;
  normal(): number;
}

/** Above this expected count the normal approximation is good and much faster. */
const LARGE_COUNT = 60;

/** Generator «mulberry32» by Tommy Ettinger: 32 bits of state, good enough for simulations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const binomial = (trials: number, share: number): number => {
    if (share <= 0 || trials <= 0) return 0;
    if (share >= 1) return trials;
    if (share > 0.5) return trials - binomial(trials, 1 - share);
    if (trials * share > LARGE_COUNT) {
      const count = Math.round(trials * share + normal() * Math.sqrt(trials * share * (1 - share)));
      return Math.min(trials, Math.max(0, count));
    }
    // The gaps between successes are geometric.
    let count = 0;
    let at = 0;
    for (;;) {
      at += Math.floor(Math.log(1 - next()) / Math.log(1 - share)) + 1;
      if (at > trials) return count;
      count += 1;
    }
  };
  const poisson = (mean: number): number => {
    if (mean <= 0) return 0;
    if (mean > LARGE_COUNT) return Math.max(0, Math.round(mean + normal() * Math.sqrt(mean)));
    let count = 0;
    for (let product = next(); product > Math.exp(-mean); product *= next()) count += 1;
    return count;
  };
  return { next, binomial, poisson, normal };
}
