// Randomness of the benchmark: every rollout has a stream of its own, so that adding a scenario changes no other.
import { mixSeed, type Random } from '../../../src/sim/random.ts';

/** The first numbers of sfc32 still show its seed. */
const WARM_UP = 15;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand, public domain): 128 bits of state, so that the streams of thousands of long
 * rollouts do not overlap.
 */
export function rolloutRandom(seed: number, scenario: string, rollout: number): Random {
  const parts = [seed, rollout, ...Array.from(scenario, (letter) => letter.codePointAt(0) ?? 0)];
  let a = mixSeed(1, ...parts);
  let b = mixSeed(2, ...parts);
  let c = mixSeed(3, ...parts);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < WARM_UP; i += 1) next();
  return next;
}
