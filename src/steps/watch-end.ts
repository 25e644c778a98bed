// For half an hour after its end the sweeper looks whether a rollout's target is still as it was left. Nothing is written.
import { rolloutEvent } from '../core/events.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { targetLabel } from '../core/targets/index.ts';
import { formatPercent } from '../core/units.ts';
import type { Fence, Ports, RolloutRow } from '../ports.ts';
import { type LenientRollout, storedRollout } from './lenient-rollout.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

const WATCH_SECONDS = 30 * 60;

/** Share of the new version that an end declares, percent; where none is declared there is nothing to watch. */
const DECLARED_PERCENT: Readonly<Record<string, number>> = {
  PROMOTED: 100,
  ROLLED_BACK: 0,
  ABORTED: 0,
  REJECTED: 0,
};

/** One look; true: the watch is over. A difference is told once, since with it the watch is over too. */
export async function watchEnd(row: RolloutRow, ports: Used): Promise<boolean> {
  const isOver = ports.clock.now() - (row.endedAtMs ?? 0) > WATCH_SECONDS * 1000;
  // first of all: a document that cannot be read would otherwise be complained of for ever
  const rollout = isOver ? null : storedRollout(row);
  const declaredPercent = DECLARED_PERCENT[row.phase];
  if (rollout !== null && declaredPercent !== undefined) {
    const isAsLeft = await isStillAsLeft(row, rollout, declaredPercent, ports);
    if (isAsLeft) return false;
  }
  await ports.store.endWatch(row.rolloutId);
  return true;
}

async function isStillAsLeft(
  row: RolloutRow,
  rollout: LenientRollout,
  declaredPercent: number,
  { clock, store, routers, events }: Used,
): Promise<boolean> {
  const { target } = rollout.spec;
  const live = await routers[target.kind].verify(trafficOrder(rollout, rollout.epoch, rollout.writes));
  if (live.canaryPercent === declaredPercent && live.strangers.length === 0) return true;
  // the fence is read after the target: a newer rollout takes the lease before it changes anything
  if (isLastOwner(row, rollout, await store.readFence(row.targetId))) {
    const sentence = driftSentence(row, rollout, declaredPercent, live);
    const data = { expectedPercent: declaredPercent, foundPercent: live.canaryPercent };
    await events.publish([rolloutEvent(rollout, 'drift-after-end', clock.now(), sentence, data)]);
  }
  return false;
}

/** A way back raises the epoch once; a higher one, or an owner, is a newer rollout's. */
function isLastOwner({ phase }: RolloutRow, rollout: LenientRollout, { owner, epoch }: Fence): boolean {
  return owner === null && epoch <= (phase === 'PROMOTED' ? rollout.epoch : rollout.epoch + 1);
}

function driftSentence(
  { rolloutId, phase }: RolloutRow,
  { spec, canary }: LenientRollout,
  declaredPercent: number,
  { canaryPercent, strangers }: LiveTraffic,
): string {
  const third = strangers.length === 0 ? '' : ` and ${strangers.join(', ')} is live`;
  return `${targetLabel(spec.target)} is no longer as rollout ${rolloutId} left it (${phase}): version ${canary.version} has ${formatPercent(canaryPercent)} instead of ${formatPercent(declaredPercent)}${third}. Nothing was written, since it may be intended.`;
}
