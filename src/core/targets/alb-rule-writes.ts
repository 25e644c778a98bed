// What a write to a rule of a load balancer may find before it and must find after it.
import { DriftError, SupersededError, TransientError } from '../errors.ts';
import type { LiveTraffic } from '../live-traffic.ts';

export interface ShareChange {
  readonly expectedPercent: number;
  readonly weightPercent: number;
}

/** The share before the write is the last one written, or the wanted one, which an earlier try of the order left. */
export function refuseDrift({ canaryPercent }: LiveTraffic, change: ShareChange): void {
  if (canaryPercent === change.expectedPercent || canaryPercent === change.weightPercent) return;
  throw new DriftError(
    `expected the new version at ${change.expectedPercent} %, found it at ${canaryPercent} %`,
    canaryPercent,
  );
}

/** The share after the write is the wanted one. */
export function requireWritten(after: LiveTraffic, change: ShareChange): LiveTraffic {
  if (after.canaryPercent === change.weightPercent) return after;
  if (after.canaryPercent === change.expectedPercent)
    throw new TransientError(`the write of ${change.weightPercent} % does not show yet`);
  throw new DriftError(
    `wrote ${change.weightPercent} %, read back ${after.canaryPercent} %`,
    after.canaryPercent,
  );
}

export function refuseStrangers(live: LiveTraffic): LiveTraffic {
  if (live.strangers.length > 0) throw superseded(live.strangers);
  return live;
}

export function superseded(strangers: readonly string[]): SupersededError {
  return new SupersededError(`somebody changed where the traffic goes: ${strangers.join(', ')}`, strangers);
}
