// The most likely start of harm and the counts since, for sentences: Page's cumulative sum test (1954) at twice the
// border, which rises after any harm beyond about 1.4 times the border and falls to 0 while there is none.
import { addTallies, NO_TALLY } from './sample.ts';
import type { Run, Tally } from './state.ts';

/** The alternative that the cumulative sum looks for. */
export const RUN_STEP = 2;

export function freshRun(fromMs: number): Run {
  return { fromMs, score: 0, tally: NO_TALLY };
}

/** @param logRatio of this period at RUN_STEP, nats, already divided by the dispersion */
export function extendRun(run: Run, startMs: number, tally: Tally, logRatio: number): Run {
  const begun = run.score > 0 ? run : freshRun(startMs);
  const score = Math.max(0, begun.score + logRatio);
  return {
    fromMs: begun.fromMs,
    score: Number(Math.min(score, 1e6).toPrecision(5)),
    tally: addTallies(begun.tally, tally),
  };
}
