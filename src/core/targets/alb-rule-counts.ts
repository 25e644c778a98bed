// Turns what a load balancer reports of one slot into requests and errors.
import type { Counts } from '../judge/types.ts';

/** Sums of one period. Source of the meanings: Elastic Load Balancing guide, CloudWatch metrics of an ALB. */
export interface AlbSums {
  /** RequestCount: requests for which a target was chosen, answered or not. */
  readonly requests: number;
  /** HTTPCode_Target_2XX, 3XX and 4XX: answers that are not the service's failure. */
  readonly answered: number;
  /** TargetConnectionErrorCount: connections that a target refused. */
  readonly refused: number;
}

/**
 * What was not answered below 500 is an error: HTTP 5xx, refused connections and requests that hang until the idle
 * time-out, which the load balancer answers with a 5xx of its own that no target group is charged for.
 * null: nothing was asked of the slot. WebSocket upgrades (101) count as errors.
 */
export function albCounts({
  requests,
  answered,
  refused,
}: AlbSums): Pick<Counts, 'requests' | 'errors'> | null {
  const asked = Math.max(requests, refused);
  if (asked === 0) return null;
  // an answer may fall into a later period than its request, so there may be more answers than requests
  return { requests: asked, errors: Math.min(asked, Math.max(0, requests - answered, refused)) };
}
