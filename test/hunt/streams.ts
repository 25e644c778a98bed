// Where the randomness of a run comes from: everything derives from its seed. A draw is named, not counted, so that one
// concern that is switched off leaves the draws of all others as they were.
import { mixSeed, type Random, seededRandom, textSeed } from '../../src/sim/random.ts';

/** A generator of its own for a concern. */
export function stream(seed: number, name: string): Random {
  return seededRandom(mixSeed(seed, textSeed(name)));
}

/** Uniform on [0, 1), the same for the same name (FNV-1a, finished by the mixer of MurmurHash3). */
export function draw(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Whole number from `from` to `to`, both included. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** @throws TypeError when there is nothing to pick from */
export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new TypeError('nothing to pick from');
  return found;
}
