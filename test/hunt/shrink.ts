// Makes a failing run small: the fewest faults with which the same invariant still fails (delta debugging: Zeller and
// Hildebrandt, «Simplifying and isolating failure-inducing input», 2002).

/** What a shrinking may cost: runs, and seconds of the clock on the wall. */
const MAX_RUNS = 250;
const MAX_SECONDS = 15;

/**
 * The smallest part of `all` that was found for which `fails` still holds.
 * @param fails plays the run with these faults only; holds for `all`
 */
export async function smallest(
  all: readonly string[],
  fails: (some: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let kept = all;
  let parts = 2;
  let runs = 0;
  const endMs = performance.now() + MAX_SECONDS * 1000;
  const mayGoOn = (): boolean => runs < MAX_RUNS && performance.now() < endMs;
  while (kept.length > 0 && mayGoOn()) {
    const size = Math.ceil(kept.length / parts);
    let isSmaller = false;
    for (let start = 0; start < kept.length && mayGoOn(); start += size) {
      const rest = [...kept.slice(0, start), ...kept.slice(start + size)];
      runs += 1;
      if (!(await fails(rest))) continue;
      kept = rest;
      parts = Math.max(2, parts - 1);
      isSmaller = true;
      break;
    }
    if (isSmaller) continue;
    if (size === 1) return kept;
    parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}
