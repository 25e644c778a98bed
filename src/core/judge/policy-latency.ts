// The check «latency» as streams: four thresholds where requests can be counted, the sign of a percentile where not.
import type { ServiceSpec } from '../service-spec.ts';
import {
  LATENCY_P50,
  LATENCY_P90,
  LATENCY_P99,
  LATENCY_PERCENTILE,
  LATENCY_TAIL,
  type LatencyBaseline,
  percentileName,
  slowMeasures,
} from './measures.ts';
import type { LimitStreamPolicy, PairStreamPolicy, StreamPolicy } from './stream-policy.ts';

type Latency = NonNullable<ServiceSpec['checks']['latency']>;

/** The tolerance is in the threshold; beyond that the share may differ by a tenth. */
const SHARE_RATIO = 1.1;
const MAX_DISPERSION = 2;
/** A far tail thinner than this hurts nobody. */
const TAIL_FLOOR_SHARE = 0.003;
const LIMIT_USUAL_FACTOR = 1.5;
const LATENCY_BESIDE_LIMIT = 'latency-beside-limit';

interface Depth {
  readonly weight: number;
  /** Stable's share above the threshold, by its definition. */
  readonly expectedShare: number;
  readonly floorShare: number | null;
  /** Cold starts forgiven right after a raise where nobody counts them, share of the requests. */
  readonly warmUpShare: number;
  /** How much of the warm-up it lasts. */
  readonly warmUpPart: number;
}

const WARM_UP = { warmUpShare: 0.3, warmUpPart: 1 } as const;
/** The median's own margin absorbs half of the cold starts, and those of the later minutes. */
const BRIEF_WARM_UP = { warmUpShare: 0.1, warmUpPart: 0.25 } as const;

const DEPTHS: Readonly<Record<string, Depth>> = {
  [LATENCY_P50]: { weight: 0.08, expectedShare: 0.5, floorShare: null, ...BRIEF_WARM_UP },
  [LATENCY_P90]: { weight: 0.1, expectedShare: 0.1, floorShare: null, ...WARM_UP },
  [LATENCY_P99]: { weight: 0.06, expectedShare: 0.01, floorShare: null, ...WARM_UP },
  [LATENCY_TAIL]: { weight: 0.06, expectedShare: 0.001, floorShare: TAIL_FLOOR_SHARE, ...WARM_UP },
};

export function latencyStreams(
  latency: Latency | null,
  baseline: LatencyBaseline | null,
): readonly StreamPolicy[] {
  if (latency === null) return [];
  // without a baseline the limit may still be counted, and nothing else
  const measures = baseline?.isCounted === false ? [] : slowMeasures(latency, baseline);
  const percentile = baseline?.isCounted === true ? [] : [percentileStream(latency)];
  const counted = measures.flatMap(({ name, canaryMs, stableMs }): StreamPolicy[] => {
    const common = {
      name,
      check: 'latency',
      measure: name,
      words: {
        verb: `took longer than ${formatMs(canaryMs)}`,
        label: `share of requests over ${formatMs(canaryMs)}`,
        beside: canaryMs === stableMs ? 'on stable' : `of stable longer than ${formatMs(stableMs)}`,
      },
      maxDispersion: MAX_DISPERSION,
    };
    const depth = DEPTHS[name];
    if (depth !== undefined) return [pairStream(latency, common, depth)];
    return [besideLimit(latency, common), limitStream(latency, common)];
  });
  return [...percentile, ...counted];
}

/** Both versions at the limit: whether the canary is above it more often than stable is. */
function besideLimit(latency: Latency, common: Common): PairStreamPolicy {
  const limitShare = limitShareOf(latency);
  const depth = { weight: 0.1, expectedShare: limitShare, floorShare: limitShare, ...WARM_UP };
  return pairStream(latency, { ...common, name: LATENCY_BESIDE_LIMIT }, depth);
}

type Common = Pick<PairStreamPolicy, 'name' | 'check' | 'measure' | 'words' | 'maxDispersion'>;

function pairStream({ warmUpSeconds }: Latency, common: Common, depth: Depth): PairStreamPolicy {
  const { warmUpShare, warmUpPart, ...shares } = depth;
  return {
    ...common,
    ...shares,
    kind: 'pair',
    better: 'lower',
    toleranceRatio: SHARE_RATIO,
    lagSeconds: null,
    warmUp: { seconds: warmUpSeconds * warmUpPart, extraShare: warmUpShare },
  };
}

function limitStream(latency: Latency, common: Common): LimitStreamPolicy {
  return {
    ...common,
    kind: 'limit',
    weight: 0.12,
    limitShare: limitShareOf(latency),
    usualFactor: LIMIT_USUAL_FACTOR,
    usualSigmas: 0,
    fromWeightPercent: 0,
    witness: { stream: LATENCY_BESIDE_LIMIT, evidence: 5 },
  };
}

function limitShareOf({ quantile }: Latency): number {
  return Number((1 - quantile).toPrecision(6));
}

function percentileStream({ quantile, toleranceRatio, warmUpSeconds }: Latency): StreamPolicy {
  return {
    kind: 'sign',
    name: LATENCY_PERCENTILE,
    check: 'latency',
    weight: 0.3,
    measure: LATENCY_PERCENTILE,
    label: percentileName(quantile),
    unit: 'ms',
    better: 'lower',
    toleranceRatio,
    warmUpSeconds,
  };
}

function formatMs(ms: number): string {
  return `${Number(ms.toPrecision(3))} ms`;
}
