// Two binomials against the line of what is allowed: the canary's share may be slope·(stable's share) + intercept.
// Worth more than the conditional test where the counted events are common (half of all requests exceed the median).
import type { Tally } from './state.ts';

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Both stay off 0 and 1 by this much, so that no outcome is impossible. */
const EDGE = 1e-9;
const BISECTIONS = 60;

interface Both {
  readonly canary: number;
  readonly stable: number;
}

/** Two points of the test: the alternative, and the allowed point that is hardest to tell from it. */
export interface PairTest {
  readonly alternative: Both;
  readonly allowed: Both;
}

/** The share with `step` times the odds. */
export function shareAbove(share: number, step: number): number {
  const border = inside(share);
  return inside((step * border) / (1 - border + step * border));
}

/**
 * The allowed point is the one on the line that minimises canaryRequests·KL(canary) + stableRequests·KL(stable). The
 * likelihood ratio of the two is an e-variable for every allowed pair of shares, whatever they truly are: on the line its
 * expectation is the exponential of a sum of logarithms of linear functions, which is concave with slope 0 at the chosen
 * point, where it is 1; below the line it is smaller still. So the alternative may be any guess made before the period.
 * @param forgiven lifts the line, not the alternative; an alternative that it forgives has nothing to say, ratio 1
 * Source of the construction: Turner, Ly & Grünwald, «Generic E-variables for exact sequential k-sample tests» (2021).
 */
export function pairTest(line: Line, guess: Both, requests: Both, forgiven = 0): PairTest {
  const stable = inside(guess.stable);
  const canary = inside(guess.canary);
  const alternative = { canary, stable };
  const { slope } = line;
  const intercept = line.intercept + forgiven;
  if (canary <= slope * stable + intercept) return { alternative, allowed: alternative };
  const slopeAt = (share: number): number => {
    const onLine = inside(slope * share + intercept);
    const pull = (from: number, to: number): number => (from - to) / (to * (1 - to));
    return requests.canary * slope * pull(canary, onLine) + requests.stable * pull(stable, share);
  };
  let low = stable;
  let high = inside((canary - intercept) / slope);
  for (let i = 0; i < BISECTIONS && high - low > 1e-10 * low * (1 - high); i += 1) {
    const middle = (low + high) / 2;
    if (slopeAt(middle) > 0) low = middle;
    else high = middle;
  }
  const nearest = low;
  return {
    alternative,
    allowed: { canary: inside(slope * nearest + intercept), stable: nearest },
  };
}

/** Log likelihood ratio of a tally, nats. */
export function logPairRatio({ alternative, allowed }: PairTest, { canary, stable }: Tally): number {
  return (
    logBinomialRatio(canary, alternative.canary, allowed.canary) +
    logBinomialRatio(stable, alternative.stable, allowed.stable)
  );
}

/** One version alone, nats: share `p` against share `q`. */
export function logBinomialRatio([trials, events]: readonly [number, number], p: number, q: number): number {
  return events * Math.log(p / q) + (trials - events) * Math.log((1 - p) / (1 - q));
}

function inside(share: number): number {
  return Math.min(1 - EDGE, Math.max(EDGE, share));
}
