// Flagger's canary analysis: checks of the canary against fixed ranges, and a counter of failed checks.
import type { LineJudge } from '../../../src/replay/line-protocol.ts';
import { hasRequests, limitsOf, minuteJudge } from './minute-judge.ts';

/**
 * Semantics of Flagger 1.4x: one check an `interval` (60 s, the default) over metrics of the last minute; the built-in
 * metrics `request-success-rate` and `request-duration` (p99) with a range each. The first metric outside its range, or
 * without values, fails the check. Failed checks add up over the whole run and nothing takes them off; once there are
 * `threshold` of them, the next tick rolls back. A failed check also stops the raise of the weight, which a recorded
 * trace cannot show.
 * @param threshold 5 in the documentation's examples
 */
export function flagger(threshold = 5): LineJudge {
  return minuteJudge((start) => {
    const { errorRateMax, p99MaxMs } = limitsOf(start);
    let failedChecks = 0;
    const verdict = (): string | null =>
      failedChecks >= threshold ? `${failedChecks} failed checks reached the threshold` : null;
    return {
      look({ canary }) {
        const reason = verdict();
        if (reason !== null) return reason;
        const isPassed =
          hasRequests(canary) &&
          1 - canary.errors / canary.requests >= 1 - errorRateMax &&
          (canary.p99 ?? Number.POSITIVE_INFINITY) <= p99MaxMs;
        if (!isPassed) failedChecks += 1;
        return null;
      },
      end: verdict,
    };
  });
}
