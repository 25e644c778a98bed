// What a version truly does to requests at an instant: the simulator's hidden truth, which the judge must find out.

/** A version's steady behaviour. */
export interface Behaviour {
  /** Requests that end in an exception (counted by Lambda's Errors), percent. */
  readonly errorPercent: number;
  /** Requests that the handler answers with HTTP 500 (not in Lambda's Errors), percent. */
  readonly http500Percent: number;
  /** Requests that never end until the function times out, percent. */
  readonly hangPercent: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Requests that take `tailSlowerMs` longer than the percentiles say, percent. */
  readonly tailPercent: number;
  readonly tailSlowerMs: number;
  /** Attempts that are turned away before they reach the version, percent; they are no requests of it. */
  readonly throttledPercent: number;
  /** Events of custom rate checks by name, percent of the requests that are answered well. */
  readonly ratePercents: Readonly<Record<string, number>>;
  /** Custom values and gauges by name, each in its own unit. */
  readonly levels: Readonly<Record<string, number>>;
}

/** From `fromMs` until `untilMs` the version behaves differently. */
interface BehaviourChange {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly behaviour: Partial<Behaviour>;
}

/** Grows with the time since the version's first request. */
interface Leak {
  readonly errorPercentPerHour: number;
  /** Latencies are multiplied by this once an hour. */
  readonly slowerPerHourRatio: number;
}

/** After every raise of the version's share its new environments are slow to begin. */
export interface ColdStarts {
  /** Right after the raise; falls linearly to 0, percent of the requests. */
  readonly percent: number;
  readonly slowerMs: number;
  readonly forMs: number;
}

/** Something outside that hits both versions alike. */
export interface Incident {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly addedErrorPercent: number;
  readonly slowerRatio: number;
}

export interface VersionTruth {
  readonly behaviour: Behaviour;
  readonly changes: readonly BehaviourChange[];
  readonly leak: Leak | null;
  readonly coldStarts: ColdStarts | null;
}

/** Behaviour of a version at an instant. `firstRequestMs` null: it has not had a request yet. */
export function behaviourAt(
  truth: VersionTruth,
  incidents: readonly Incident[],
  atMs: number,
  firstRequestMs: number | null,
): Behaviour {
  let now: Behaviour = truth.behaviour;
  for (const change of truth.changes) {
    if (atMs >= change.fromMs && atMs < change.untilMs) now = { ...now, ...change.behaviour };
  }
  if (truth.leak !== null && firstRequestMs !== null) {
    const hours = Math.max(0, atMs - firstRequestMs) / 3_600_000;
    now = worse(now, truth.leak.errorPercentPerHour * hours, truth.leak.slowerPerHourRatio ** hours);
  }
  for (const incident of incidents) {
    if (atMs >= incident.fromMs && atMs < incident.untilMs) {
      now = worse(now, incident.addedErrorPercent, incident.slowerRatio);
    }
  }
  return now;
}

/** Share of requests that wait for a new environment, percent. `raisedMs` null: the share was never raised. */
export function coldStartPercent(
  coldStarts: ColdStarts | null,
  atMs: number,
  raisedMs: number | null,
): number {
  if (coldStarts === null || raisedMs === null) return 0;
  return coldStarts.percent * Math.max(0, 1 - (atMs - raisedMs) / coldStarts.forMs);
}

function worse(behaviour: Behaviour, addedErrorPercent: number, slowerRatio: number): Behaviour {
  return {
    ...behaviour,
    errorPercent: Math.min(100, behaviour.errorPercent + addedErrorPercent),
    p50Ms: behaviour.p50Ms * slowerRatio,
    p95Ms: behaviour.p95Ms * slowerRatio,
  };
}

/** z of the 95th percentile of the standard normal. */
const Z95 = 1.6448536;

/** Share of requests slower than a limit when durations are lognormal with these two percentiles. */
export function shareSlowerThan(behaviour: Pick<Behaviour, 'p50Ms' | 'p95Ms'>, limitMs: number): number {
  const spread = (Math.log(behaviour.p95Ms) - Math.log(behaviour.p50Ms)) / Z95;
  if (spread <= 0) return behaviour.p50Ms > limitMs ? 1 : 0;
  return 1 - normalCdf((Math.log(limitMs) - Math.log(behaviour.p50Ms)) / spread);
}

/** Duration that about one request in `requests` passes, seconds; an upper estimate, from the normal tail bound. */
export function longestSeconds(
  behaviour: Pick<Behaviour, 'p50Ms' | 'p95Ms' | 'tailPercent' | 'tailSlowerMs'>,
  requests: number,
): number {
  const spread = (Math.log(behaviour.p95Ms) - Math.log(behaviour.p50Ms)) / Z95;
  const z = Math.sqrt(2 * Math.log(Math.max(2, requests)));
  const addedMs = behaviour.tailPercent > 0 ? behaviour.tailSlowerMs : 0;
  return (addedMs + behaviour.p50Ms * Math.exp(spread * z)) / 1000;
}

/** Abramowitz and Stegun, 7.1.26: error below 1.5e-7. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (poly * Math.exp(-x * x)) / 2;
  return z >= 0 ? 1 - tail : tail;
}
