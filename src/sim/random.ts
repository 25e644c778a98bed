// Seeded randomness for the laptop simulator: the same seed gives the same world, on every machine.

/** Uniform on [0, 1). */
export type Random = () => number;

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, passes gjrand; enough for drawing traffic. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One seed out of several whole numbers (FNV-1a over their 32-bit words, low word first). */
export function mixSeed(...parts: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    for (const word of [part % 2 ** 32, Math.floor(part / 2 ** 32)]) {
      for (let shift = 0; shift < 32; shift += 8) {
        hash = Math.imul(hash ^ ((word >>> shift) & 0xff), 0x01000193);
      }
    }
  }
  return hash >>> 0;
}

/** Above this mean the normal approximation is used: its error is far below the spread of the draw itself. */
const NORMAL_ABOVE_MEAN = 40;

export function drawPoisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > NORMAL_ABOVE_MEAN) return Math.max(0, Math.round(mean + Math.sqrt(mean) * drawNormal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

/** Number of successes in `trials` tries; exact by inversion for small means, normal above. */
export function drawBinomial(random: Random, trials: number, probability: number): number {
  if (trials <= 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - drawBinomial(random, trials, 1 - probability);
  const mean = trials * probability;
  if (mean > NORMAL_ABOVE_MEAN) {
    const draw = Math.round(mean + Math.sqrt(mean * (1 - probability)) * drawNormal(random));
    return Math.min(trials, Math.max(0, draw));
  }
  const odds = probability / (1 - probability);
  let mass = (1 - probability) ** trials;
  let successes = 0;
  for (let left = random() - mass; left > 0 && successes < trials; left -= mass) {
    mass *= (odds * (trials - successes)) / (successes + 1);
    successes += 1;
  }
  return successes;
}

/** A seed of its own for each name. */
export function textSeed(text: string): number {
  return mixSeed(...[...text].map((letter) => letter.codePointAt(0) ?? 0));
}

/** Standard normal (Box and Muller, 1958). */
export function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
