// Counts of one measure as the tests take them: [requests, bad], clean and never negative.
import { ERRORS } from './measures.ts';
import type { Sample, Tally } from './state.ts';
import type { Counts, Period } from './types.ts';

/** CloudWatch says nothing about a version without requests; a zero means the same. */
export function reports(counts: Counts | null): counts is Counts {
  return counts !== null && counts.requests > 0;
}

/** null where there is nothing to learn. Late metrics may show more events than trials: cut. */
export function sampleOf(counts: Counts | null, measure: string): Sample | null {
  if (!reports(counts)) return null;
  const share = measure === ERRORS ? ([counts.requests, counts.errors] as const) : counts.shares[measure];
  if (share === undefined || share[0] <= 0) return null;
  const [trials, events] = share;
  return [trials, Math.min(events, trials)];
}

/**
 * A period teaches only when both versions report; without a control (weight 100) the canary alone does.
 * A measure that one of them lacks teaches nothing either.
 */
export function tallyOf(period: Period, measure: string): Tally | null {
  const canary = sampleOf(period.canary, measure);
  const stable = sampleOf(period.stable, measure);
  if (canary === null) return null;
  if (stable !== null) return { canary, stable };
  return hasControl(period.weightPercent) ? null : { canary, stable: [0, 0] };
}

export function hasControl(weightPercent: number): boolean {
  return weightPercent < 100;
}

/** Canary requests that the weights make likely in a period, from what stable got; null where stable is silent. */
export function dueRequests(period: Period): number | null {
  if (!reports(period.stable) || !hasControl(period.weightPercent)) return null;
  return (period.stable.requests * period.weightPercent) / (100 - period.weightPercent);
}

/** null where there were no requests. */
export function shareOf([requests, bad]: Sample): number | null {
  return requests > 0 ? bad / requests : null;
}
