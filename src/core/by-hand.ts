// A canary whose weight somebody lowered behind the rollout's back: that is an abort, by hand instead of by signal.
import type { Interrupt } from './signals.ts';
import { formatPercent } from './units.ts';
import { plainReason } from './verdict.ts';

export function loweredByHand(
  label: string,
  foundPercent: number,
  leftPercent: number,
  atMs: number,
): Interrupt {
  const sentence = `Somebody lowered the new version on ${label} by hand, from ${formatPercent(leftPercent)} to ${formatPercent(foundPercent)}; that is taken for an abort.`;
  // whoever changed the target left no time
  return { kind: 'abort', source: 'by hand', atMs, causedAtMs: null, reason: plainReason(sentence) };
}
