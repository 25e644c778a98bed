// Tallies of both versions, and the four numbers that they are kept as.
import type { KeptTally, Sample, Tally } from './state.ts';

export const NO_TALLY: Tally = { canary: [0, 0], stable: [0, 0] };
export const NOTHING_KEPT: KeptTally = [0, 0, 0, 0];

export function keep({ canary, stable }: Tally): KeptTally {
  return [...canary, ...stable];
}

export function fromKept([canaryTrials, canaryEvents, stableTrials, stableEvents]: KeptTally): Tally {
  return { canary: [canaryTrials, canaryEvents], stable: [stableTrials, stableEvents] };
}

export function addSamples(a: Sample, b: Sample): Sample {
  return [a[0] + b[0], a[1] + b[1]];
}

export function addTallies(a: Tally, b: Tally): Tally {
  return { canary: addSamples(a.canary, b.canary), stable: addSamples(a.stable, b.stable) };
}
