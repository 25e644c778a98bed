// Turns what Lambda reports of one version into requests, errors and cold starts.
import type { Counts } from '../judge/types.ts';

/** Sums of one period; absent where nothing was reported. */
export interface LambdaSums {
  readonly invocations?: number | undefined;
  readonly errors?: number | undefined;
  /** Answers that the handler gave as HTTP 5xx, which Lambda counts as successes. */
  readonly http5xx?: number | undefined;
  readonly coldStarts?: number | undefined;
}

/** null: nothing was invoked. Late metrics may show more failures than invocations: cut. */
export function lambdaCounts({
  invocations: requests = 0,
  errors = 0,
  http5xx = 0,
  coldStarts,
}: LambdaSums): Pick<Counts, 'requests' | 'errors' | 'coldStarts'> | null {
  if (requests === 0) return null;
  return {
    requests,
    errors: Math.min(requests, errors + http5xx),
    coldStarts: coldStarts === undefined ? null : Math.min(requests, coldStarts),
  };
}
