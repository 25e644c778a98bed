// Turns what a load balancer reports of one slot into requests, errors and slow requests.
import type { Counts } from '../judge/types.ts';

/** Sums of one period. Source of the meanings: Elastic Load Balancing guide, CloudWatch metrics of an ALB. */
export interface AlbSums {
  /** RequestCount: requests for which a target was chosen, answered or not. */
  readonly requests: number;
  /** HTTPCode_Target_2XX, 3XX and 4XX: answers that are not the service's failure. */
  readonly answered: number;
  /** TargetConnectionErrorCount: connections that a target refused. */
  readonly refused: number;
  /** TargetResponseTime up to the limit, a count that may be interpolated; null where unknown or not asked. */
  readonly inTime: number | null;
}

/**
 * What was not answered below 500 is an error: HTTP 5xx, refused connections and requests that hang until the idle
 * time-out, which the load balancer answers with a 5xx of its own that no target group is charged for.
 * What was not answered in time is slow, also when it was never answered. null: nothing was asked of the slot.
 * WebSocket upgrades (101) count as errors.
 */
export function albCounts({ requests, answered, refused, inTime }: AlbSums): Counts | null {
  const asked = Math.max(requests, refused);
  if (asked === 0) return null;
  // an answer may fall into a later period than its request, so there may be more answers than requests
  const errors = Math.min(asked, Math.max(0, requests - answered, refused));
  return {
    requests: asked,
    errors,
    slow: inTime === null ? null : asked - Math.min(asked, Math.max(0, Math.round(inTime))),
  };
}
