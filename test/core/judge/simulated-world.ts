// What two versions of a service do in a minute, drawn at random: failures, latency by threshold, conversions, cold starts.
import {
  LATENCY_P50,
  LATENCY_P90,
  LATENCY_P99,
  LATENCY_TAIL,
  slowMeasures,
} from '../../../src/core/judge/measures.ts';
import type { Counts, Period } from '../../../src/core/judge/types.ts';
import type { Random } from '../../support/random.ts';
import { BASELINE, LATENCY } from './specs.ts';

type Shares = Readonly<Record<string, number>>;

/** One version, by the minute since the start (negative: history). */
export interface Behaviour {
  readonly errors: (minute: number) => number;
  /** Share of requests slower than each threshold, by measure; every request has one latency. */
  readonly slow?: (minute: number) => Shares;
  /** Share of requests that end in a purchase. */
  readonly conversion?: (minute: number) => number;
  /** Share of requests that wait for a new environment and are slower than any threshold. */
  readonly cold?: (minutesSinceRaise: number) => number;
  readonly isSilent?: (minute: number) => boolean;
  /** Requests of one client that all fail, beside all others. */
  readonly abuse?: (minute: number) => number;
}

export interface World {
  readonly requestsPerMinute: number;
  readonly stable: Behaviour;
  readonly canary: Behaviour;
  /** Whether cold starts are counted. */
  readonly countsColdStarts?: boolean;
}

const USUAL_ERRORS = 0.0005;
const USUAL_CONVERSION = 0.032;

/** Latency is log-logistic around its median: the share above x times the median is 1/(1 + x⁴). */
const SHAPE = 4;

/** Shares above the thresholds of BASELINE, which the tolerance raises for the canary, of a version so many times slower. */
export function slowShares(side: 'stable' | 'canary', factor = 1): Shares {
  return Object.fromEntries(
    slowMeasures(LATENCY, BASELINE).map(({ name, stableMs, canaryMs }) => {
      const multiple = (side === 'stable' ? stableMs : canaryMs) / (BASELINE.p50Ms * factor);
      return [name, 1 / (1 + multiple ** SHAPE)];
    }),
  );
}

/** The greatest shares that are within tolerance beside such a stable. */
export function borderShares(stable: Shares): Shares {
  const tenthMore = (name: string): number => 1.1 * (stable[name] ?? 0);
  return {
    [LATENCY_P50]: tenthMore(LATENCY_P50),
    [LATENCY_P90]: tenthMore(LATENCY_P90),
    [LATENCY_P99]: tenthMore(LATENCY_P99),
    [LATENCY_TAIL]: Math.max(0.003, tenthMore(LATENCY_TAIL)),
  };
}

/** Both versions as always, with everything measured that can be. */
export function worldWith(
  changes: {
    readonly requestsPerMinute?: number;
    readonly stable?: Partial<Behaviour>;
    readonly canary?: Partial<Behaviour>;
    readonly countsColdStarts?: boolean;
  } = {},
): World {
  const usual = (side: 'stable' | 'canary'): Behaviour => ({
    errors: () => USUAL_ERRORS,
    slow: () => slowShares(side),
    conversion: () => USUAL_CONVERSION,
    ...changes[side],
  });
  return {
    requestsPerMinute: changes.requestsPerMinute ?? 6000,
    stable: usual('stable'),
    canary: usual('canary'),
    countsColdStarts: changes.countsColdStarts ?? false,
  };
}

export interface Minute {
  readonly startMs: number;
  readonly minute: number;
  readonly weightPercent: number;
  readonly minutesSinceRaise: number;
}

export function drawPeriod(random: Random, world: World, at: Minute): Period {
  const canaryDue = (world.requestsPerMinute * at.weightPercent) / 100;
  return {
    startMs: at.startMs,
    seconds: 60,
    weightPercent: at.weightPercent,
    stable: drawCounts(random, world.stable, world.requestsPerMinute - canaryDue, at, false),
    canary:
      at.weightPercent === 0
        ? null
        : drawCounts(random, world.canary, canaryDue, at, world.countsColdStarts ?? false),
  };
}

function drawCounts(
  random: Random,
  behaviour: Behaviour,
  requestsDue: number,
  { minute, minutesSinceRaise }: Minute,
  countsColdStarts: boolean,
): Counts | null {
  const abusive = behaviour.abuse?.(minute) ?? 0;
  const own = random.poisson(requestsDue);
  const requests = own + abusive;
  if (requests === 0 || behaviour.isSilent?.(minute) === true) return null;
  const cold = random.binomial(own, behaviour.cold?.(minutesSinceRaise) ?? 0);
  const warm = requests - cold;
  const slow = Object.entries(behaviour.slow?.(minute) ?? {}).toSorted(([, a], [, b]) => b - a);
  const shares: Record<string, readonly [number, number]> = {};
  let slower = warm;
  let share = 1;
  for (const [name, next] of slow) {
    slower = random.binomial(slower, next / share);
    share = next;
    shares[name] = [requests, cold + slower];
  }
  const { conversion } = behaviour;
  if (conversion !== undefined) shares['conversion'] = [requests, random.binomial(own, conversion(minute))];
  const errors = abusive + random.binomial(own, behaviour.errors(minute));
  return { requests, errors, shares, values: {}, coldStarts: countsColdStarts ? cold : null };
}
