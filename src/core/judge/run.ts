// The most likely start of harm and the counts since, for sentences: Page's cumulative sum test (1954) at twice the
// border, which rises after any harm beyond about 1.4 times the border and falls to 0 while there is none.
import type { Run, Tally } from './state.ts';
import { addTallies, fromKept, keep } from './tally.ts';

/** The alternative that the cumulative sum looks for. */
export const RUN_STEP = 2;
const MOST = 1e6;
const DIGITS = 4;

export const FRESH_RUN: Run = [0, 0, 0, 0, 0, 0];

/**
 * @param atSeconds start of the period, since the start of the rollout
 * @param logRatio of this period at RUN_STEP, nats, already divided by the dispersion
 */
export function extendRun(run: Run, atSeconds: number, tally: Tally, logRatio: number): Run {
  const [begun, score] = run;
  const goesOn = score > 0;
  const next = Math.min(Math.max(0, score + logRatio), MOST);
  if (next === 0) return FRESH_RUN;
  return [
    goesOn ? begun : atSeconds,
    Number(next.toPrecision(DIGITS)),
    ...keep(goesOn ? addTallies(tallyOfRun(run), tally) : tally),
  ];
}

export function tallyOfRun([, , ...counts]: Run): Tally {
  return fromKept(counts);
}

/** Evidence since then at RUN_STEP, nats. */
export function scoreOfRun([, score]: Run): number {
  return score;
}

/** Since the start of the rollout. */
export function startSecondsOfRun([atSeconds]: Run): number {
  return atSeconds;
}
