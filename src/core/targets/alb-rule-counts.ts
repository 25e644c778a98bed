// Turns what a load balancer reports of one slot into requests, errors and slow requests.
import type { Counts } from '../judge/types.ts';

/** Sums of one period. Source of the meanings: Elastic Load Balancing guide, CloudWatch metrics of an ALB. */
export interface AlbSums {
  /** RequestCount: requests for which a target was chosen, answered or not. */
  readonly requests: number;
  /** HTTPCode_Target_2XX, 3XX and 4XX: answers that are not the service's failure. */
  readonly answered: number;
  /** TargetConnectionErrorCount: connections that a target refused. */
  readonly connectionErrors: number;
  /** TargetResponseTime over the limit; null where nobody asks. Requests without an answer have no time. */
  readonly slow: number | null;
}

/**
 * What was not answered below 500 is an error: HTTP 5xx, refused connections and requests that hang until the idle
 * time-out, which the load balancer answers with a 5xx of its own that no target group is charged for.
 * null: nothing was asked of the slot. Answers of requests that came in the period before may outnumber the requests.
 * WebSocket upgrades (101) count as errors.
 */
export function albCounts({ requests, answered, connectionErrors, slow }: AlbSums): Counts | null {
  const asked = Math.max(requests, connectionErrors);
  if (asked === 0) return null;
  const errors = Math.min(asked, Math.max(0, requests - answered, connectionErrors));
  return { requests: asked, errors, slow: slow === null ? null : Math.min(asked, Math.max(0, slow)) };
}
