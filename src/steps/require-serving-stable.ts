// Traffic is not taken back to a stable version of which nothing could serve it: that would turn a bad release into an outage.
import { StableUnhealthyError } from '../core/errors.ts';
import { isDown, type TargetHealth } from '../core/live-traffic.ts';
import { isTerminal } from '../core/phase.ts';
import { targetLabel } from '../core/targets/index.ts';
import type { Ports, RolloutRow, TrafficOrder } from '../ports.ts';
import type { LenientRollout } from './lenient-rollout.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers'>;

/** Longer than this the way back does not wait for a look that it can do without. */
const HEALTH_PATIENCE_MS = 3000;

/**
 * Asked before the way back is opened, because until then a person's abort can take the place of an alarm's wish: who
 * aborts has decided to take traffic back all the same.
 * @throws StableUnhealthyError while stable has no healthy instance, the new version has one and carries traffic
 */
export async function requireServingStable(rollout: LenientRollout, ports: Used): Promise<void> {
  const order = trafficOrder(rollout, rollout.epoch, rollout.writes);
  const health = await readHealth(order, ports);
  if (health === null || !isDown(health.stable) || health.canary.healthy === 0) return;
  const row = await readRow(rollout.rolloutId, ports);
  if (row !== null && (isDecided(row) || row.authorisedWeightPercent === 0)) return;
  const live = await ports.routers[order.target.kind].verify(order);
  if (live.canaryPercent === 0 || live.strangers.length > 0) return;

  const label = targetLabel(order.target);
  const { stable, canary } = order;
  throw new StableUnhealthyError(
    `${live.canaryPercent} % of ${label} should go back from version ${canary.version}, but version ${stable.version} has no healthy instance. Nothing is moved until it has one; to take traffic back all the same, abort the rollout: stepshift abort ${rollout.rolloutId} -m "why"`,
  );
}

/** Nothing is to be moved any more, or a person wants it moved whatever the health checks say. */
function isDecided({ phase, interrupt }: RolloutRow): boolean {
  return isTerminal(phase) || phase === 'PROMOTING' || interrupt?.kind === 'abort';
}

/** Best effort: what cannot be known keeps nobody from the way back. */
async function readHealth(order: TrafficOrder, { clock, routers }: Used): Promise<TargetHealth | null> {
  try {
    const outOfTime = clock.sleep(HEALTH_PATIENCE_MS).then(() => null);
    return await Promise.race([routers[order.target.kind].health(order), outOfTime]);
  } catch {
    return null;
  }
}

/** null: not to be had now; then nobody is known to have decided anything. */
async function readRow(rolloutId: string, { store }: Used): Promise<RolloutRow | null> {
  try {
    return await store.readRow(rolloutId);
  } catch {
    return null;
  }
}
