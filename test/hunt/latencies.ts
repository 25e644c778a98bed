// How long the way back takes: from an alarm that fires while the canary has traffic to none on it, in modelled time.
import type { Trace } from '../../src/core/audit/trace.ts';
import { CANARY, type Plan, type Profile } from './plan.ts';

export interface Latency {
  readonly profile: Profile;
  readonly ms: number;
}

/** Only of runs in which nothing else goes wrong; @param firedAtMs when alarms went to ALARM */
export function latenciesOf(
  { profile }: Plan,
  { moments }: Trace,
  firedAtMs: readonly number[],
): readonly Latency[] {
  if (profile === 'swarm') return [];
  const changes = moments.flatMap((moment) => (moment.kind === 'changed' ? [moment] : []));
  return firedAtMs.flatMap((atMs) => {
    const before = changes.findLast((change) => change.atMs <= atMs);
    // all on the new version is a promotion that is over, and past stopping
    const share = before?.shares[CANARY] ?? 0;
    if (share === 0 || share === 100) return [];
    const safe = changes.find((change) => change.atMs > atMs && (change.shares[CANARY] ?? 0) === 0);
    return safe === undefined ? [] : [{ profile, ms: safe.atMs - atMs }];
  });
}
