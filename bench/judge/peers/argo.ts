// Argo Rollouts' background analysis: repeated measurements of the canary, and a limit of failures.
import type { LineJudge, Row } from '../../../src/replay/line-protocol.ts';
import { hasRequests, limitsOf, looksIn, mergeRows, minuteJudge } from './minute-judge.ts';

/** The CloudWatch provider asks for this much of the past. */
const LOOK_BACK_MINUTES = 5;
/** `consecutiveErrorLimit`, default. */
const CONSECUTIVE_ERROR_LIMIT = 4;

/**
 * Semantics of Argo Rollouts 1.8: an AnalysisRun beside the whole rollout with two metrics, error rate and p99, each
 * held to the operator's limit by a `successCondition`. A metric with more than `failureLimit` failed measurements fails
 * the run, and so the rollout; a measurement without a result is an error, and more than four in a row abort too. The
 * documentation measures each 5 minutes; here each minute, which finds harm sooner.
 * @param failureLimit 3 in the documentation's example; the default is 0
 */
export function argoRollouts(failureLimit = 3): LineJudge {
  return minuteJudge((start) => {
    const { errorRateMax, p99MaxMs } = limitsOf(start);
    const lookBack = looksIn(LOOK_BACK_MINUTES, start);
    let past: readonly (Row | null)[] = [];
    let errorsInARow = 0;
    let failedRates = 0;
    let failedLatencies = 0;
    return {
      look({ canary }) {
        past = [...past, canary].slice(-lookBack);
        const window = mergeRows(past, start.latencyEdgesMs);
        if (!hasRequests(window)) {
          errorsInARow += 1;
          return errorsInARow > CONSECUTIVE_ERROR_LIMIT ? `${errorsInARow} errors in a row` : null;
        }
        errorsInARow = 0;
        if (window.errors / window.requests > errorRateMax) failedRates += 1;
        if ((window.p99 ?? 0) > p99MaxMs) failedLatencies += 1;
        if (failedRates > failureLimit) return `error rate: ${failedRates} failed measurements`;
        return failedLatencies > failureLimit ? `p99: ${failedLatencies} failed measurements` : null;
      },
      end: () => null,
    };
  });
}
