// What a scenario is made of: a service, a plan, its load and noise, and what goes wrong.
import type { LoadSample } from '../../../src/sim/traffic-load.ts';
import type { LatencyMode } from './latency.ts';

export interface ServiceProfile {
  readonly name: string;
  readonly requestsPerMinute: number;
  /** Share of requests that fail although nothing is wrong. */
  readonly errorShare: number;
  readonly latency: readonly LatencyMode[];
  /** Share of answered requests that end in a sale, a sign-up…; null where the service has no KPI. */
  readonly conversionShare: number | null;
}

export type LoadShape =
  | { readonly kind: 'constant' }
  /** A cosine over the day, seen at a random hour. */
  | { readonly kind: 'daily'; readonly swingRatio: number }
  /** Grows by this factor from the first period of the history to the last of the rollout (Monday morning). */
  | { readonly kind: 'ramp'; readonly factor: number }
  /** The logarithm walks; standard deviation per square root of a minute. */
  | { readonly kind: 'walk'; readonly logSdPerMinute: number }
  /** A random stretch of a recorded series. */
  | { readonly kind: 'recorded'; readonly samples: readonly LoadSample[] };

/** Standard deviations are those of logarithms. */
export interface Noise {
  readonly loadSd: number;
  /** Of the error rate from period to period, the same for both versions. */
  readonly errorSd: number;
  /** Of the slow common drift of latency, per period. */
  readonly latencyDriftSd: number;
  /** Of the error rate of each version for itself. */
  readonly privateErrorSd: number;
  /** Of the latency of each version for itself. */
  readonly privateLatencySd: number;
  /** Mean number of errors that come together; 1: independent. */
  readonly clusterSize: number;
}

/** Least and most; a rollout draws its own value between them. */
type Range = readonly [least: number, most: number];

/** Something that hits both versions alike. */
export interface Incident {
  readonly minutes: Range;
  /** When it begins, as a part of the rollout. */
  readonly startPart: Range;
  /** Share of requests that fail meanwhile. */
  readonly errorShare: number | null;
  readonly latencyFactor: number | null;
}

/** New execution environments after each raise of the weight. */
export interface WarmUp {
  /** Share of canary requests that wait for one right after the raise; it falls to 0 within `minutes`. */
  readonly share: number;
  readonly minutes: number;
  readonly addedMs: number;
  /** Whether the rows say how many there were. */
  readonly isCounted: boolean;
}

/** When harm acts. Everything that is given must hold. */
export interface When {
  /** Minute of the rollout in which it begins. */
  readonly fromMinute?: Range;
  /** Only at this canary share or more, percent. */
  readonly fromWeightPercent?: number;
  /** Minutes until it has grown to its full size. */
  readonly rampMinutes?: number;
  /** Only in one minute of so many. */
  readonly everyMinutes?: number;
}

export type Harm = When &
  (
    | { readonly kind: 'errors'; readonly toShare: number }
    /** `ofShare` of the requests take `factor` times as long. */
    | { readonly kind: 'latency'; readonly factor: number; readonly ofShare: number }
    /** `ofShare` of the requests wait `addedMs` longer than the median. */
    | { readonly kind: 'tail'; readonly addedMs: number; readonly ofShare: number }
    | { readonly kind: 'kpi'; readonly lostShare: number }
    /** The canary gets requests and neither answers nor reports. */
    | { readonly kind: 'silence' }
  );

/**
 * `healthy`: nothing is wrong with the canary. `harm`: it is outside its tolerances. `border`: exactly on them.
 * `weakness`: healthy, and Stepshift is known to take it back.
 */
export type ScenarioClass = 'healthy' | 'harm' | 'border' | 'weakness';

export interface Scenario {
  /** Slug, unique; the random streams derive from it. */
  readonly name: string;
  readonly class: ScenarioClass;
  /** Scenarios of a group are shown and summed together. */
  readonly group: string;
  /** What happens, a few words. */
  readonly says: string;
  /** Rollouts at full size. */
  readonly rollouts: number;
  readonly service: ServiceProfile;
  /** Name of a preset. */
  readonly plan: string;
  readonly periodSec: number;
  readonly load: LoadShape;
  readonly noise: Noise;
  /** Chance of each version in each period to have no data. */
  readonly missingShare: number;
  readonly incident: Incident | null;
  readonly warmUp: WarmUp | null;
  /** Bad requests that one client sends to the canary within one period. */
  readonly client: Range | null;
  readonly harm: readonly Harm[];
}

export const USUAL_NOISE: Noise = {
  loadSd: 0.05,
  errorSd: 0.1,
  latencyDriftSd: 0.02,
  privateErrorSd: 0,
  privateLatencySd: 0.01,
  clusterSize: 1,
};

/** What a scenario does not say. */
export const USUAL: Omit<Scenario, 'name' | 'class' | 'group' | 'says' | 'rollouts' | 'service'> = {
  plan: 'standard',
  periodSec: 60,
  load: { kind: 'constant' },
  noise: USUAL_NOISE,
  missingShare: 0,
  incident: null,
  warmUp: null,
  client: null,
  harm: [],
};
