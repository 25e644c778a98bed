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
  /**
   * Where an answer may be counted in a later period than its request. Absent: all answers fall into the period of their
   * request, or nobody counted the 5xx apart, so that nothing tells them from requests in flight.
   */
  readonly crossing?: AlbCrossing;
}

interface AlbCrossing {
  /** HTTPCode_Target_5XX. */
  readonly answered5xx: number;
  /** An upper bound of the usual response time, seconds; null: unknown. */
  readonly responseSeconds: number | null;
  readonly periodSeconds: number;
}

const UNKNOWN_RESPONSE_SECONDS = 1;
/** A canary that hangs has a long percentile too, and must not hide behind it. */
const MOST_RESPONSE_SECONDS = 5;
const STANDARD_DEVIATIONS = 3;

/**
 * What was not answered below 500 is an error: HTTP 5xx, refused connections and requests that hang until the idle
 * time-out, which the load balancer answers with a 5xx of its own that no target group is charged for. 5xx and refused
 * connections count exactly, what hangs only beyond the requests that may be in flight at the period's end.
 * null: nothing was asked of the slot. WebSocket upgrades (101) are among no answers: they count like what hangs.
 */
export function albCounts(sums: AlbSums): Pick<Counts, 'requests' | 'errors'> | null {
  const asked = Math.max(sums.requests, sums.refused);
  if (asked === 0) return null;
  return { requests: asked, errors: Math.min(asked, (sums.crossing?.answered5xx ?? 0) + lostOf(sums)) };
}

/**
 * Requests whose time is known: the answers that the period got, earlier requests' among them, and what was lost, which
 * is slow for good.
 */
export function albTimed(sums: AlbSums): number {
  return sums.answered + (sums.crossing?.answered5xx ?? 0) + lostOf(sums);
}

/** A refused connection is among the unanswered; where no request was charged for it, it counts all the same. */
function lostOf(sums: AlbSums): number {
  const { requests, answered, refused, crossing } = sums;
  const unanswered = requests - answered - (crossing?.answered5xx ?? 0);
  return Math.max(refused, unanswered - inFlightSlack(sums), 0);
}

/**
 * Whole requests that may be unanswered at the end of the period and are no failure. In flight are about as many as come
 * in a response time (Little's law). The period also gets the answers of what was in flight at its start: the
 * difference of two Poisson counts of mean f has variance 2f, and right after a raise the first of them is missing.
 */
function inFlightSlack({ requests, crossing }: AlbSums): number {
  if (crossing === undefined) return 0;
  const { responseSeconds, periodSeconds } = crossing;
  const seconds = Math.min(responseSeconds ?? UNKNOWN_RESPONSE_SECONDS, MOST_RESPONSE_SECONDS);
  const inFlight = (requests / periodSeconds) * seconds;
  return Math.ceil(inFlight + STANDARD_DEVIATIONS * Math.sqrt(2 * inFlight));
}
