// The way back while the record cannot be reached: traffic first. What the target tells of its last writer stands in for
// the fence. It is never the end of a rollout; that needs the record.
import { FencedError, IncompleteError } from '../core/errors.ts';
import { tagOf } from '../core/traffic-tag.ts';
import type { Ports } from '../ports.ts';
import type { LenientRollout } from './lenient-rollout.ts';
import { restore } from './take-back.ts';
import { trafficOrder } from './traffic-order.ts';

type Writer = NonNullable<ReturnType<typeof tagOf>>;

/** There is no record to be asked; the tag of the last writer was looked at instead. */
const WITHOUT_ASKING = async (): Promise<void> => {};

/**
 * Always throws: IncompleteError once traffic is on stable, or on a third version;
 * FencedError when a newer rollout wrote last, so that this one must have ended.
 */
export async function takeBackUnrecorded(
  rollout: LenientRollout,
  ports: Pick<Ports, 'routers'>,
): Promise<never> {
  // as the record would have numbered it, had it been there
  const write = { epoch: rollout.epoch + 1, seq: rollout.writes + 1 };
  const order = trafficOrder(rollout, write.epoch, write.seq);
  const live = await ports.routers[order.target.kind].verify(order);
  const writer = tagOf(live.writtenBy);
  if (writer !== null && isNewer(writer, rollout, write.epoch)) {
    throw new FencedError(`rollout ${writer.rolloutId} wrote later: the target is no longer ours`);
  }
  const isBack = live.canaryPercent === 0 && live.strangers.length === 0;
  const isOurs = writer?.rolloutId === rollout.rolloutId && writer.epoch >= write.epoch;
  // an earlier try was here; that rollout may even have ended since, and its target is not to be touched again
  if (!(isBack && isOurs)) await restoreNow(rollout, write, ports);
  throw new IncompleteError('traffic is back on stable, but the record could not be written');
}

/**
 * The epoch of our own way back can be another's: after a promotion, which raises none, it is the next rollout's. Of a document
 * that lost its epoch (0) everybody else is newer: where somebody else wrote last, nothing of ours is live.
 */
function isNewer(writer: Writer, { rolloutId }: LenientRollout, epoch: number): boolean {
  return writer.rolloutId !== rolloutId && writer.epoch >= epoch;
}

async function restoreNow(
  rollout: LenientRollout,
  write: { readonly epoch: number; readonly seq: number },
  ports: Pick<Ports, 'routers'>,
): Promise<void> {
  const { live } = await restore(rollout, write, WITHOUT_ASKING, ports);
  if (live === null) {
    throw new IncompleteError('a third version is live, and the record could not be written');
  }
  const left = live.canaryPercent;
  if (left !== 0) throw new IncompleteError(`read back ${left} % on the new version`);
}
