// Some targets cannot refuse a write that was sent before the way back began. There a rollback is final only once none can
// be under way any more, and then a few reads have to agree.
import { type AuditEntry, factsOf } from '../core/audit/facts.ts';
import { IncompleteError, QuarantineError } from '../core/errors.ts';
import { kindOf } from '../core/targets/index.ts';
import type { Ports } from '../ports.ts';
import type { LenientRollout } from './lenient-rollout.ts';
import type { OpenWayBack } from './take-back.ts';
import { trafficOrder } from './traffic-order.ts';

const CLEAN_READS = 3;

/**
 * Returns once nothing can come any more; every try before that has read and written the target anew.
 * @param audit as it stood before the outcome of this try
 * @throws QuarantineError while a late write could still take effect, IncompleteError when one did
 */
export async function outlastLateWrites(
  rollout: LenientRollout,
  { epoch, seq, row }: OpenWayBack,
  audit: readonly AuditEntry[],
  { clock, routers }: Pick<Ports, 'clock' | 'routers'>,
): Promise<void> {
  const { target } = rollout.spec;
  const quarantineMs: number = kindOf(target).quarantineSeconds(target) * 1000;
  // only a write that was authorised can be under way
  if (quarantineMs === 0 || row.authorisedWeightPercent === 0) return;

  const restoredAtMs = factsOf(audit, 'outcome').find(
    (write) => write.action === 'restore' && write.epoch === epoch && write.live !== null,
  )?.atMs;
  const nowMs = clock.now();
  const leftMs = (restoredAtMs ?? nowMs) + quarantineMs - nowMs;
  if (leftMs >= 0) {
    throw new QuarantineError(
      `traffic is back on stable; for ${Math.ceil(leftMs / 1000)} s more a write that was under way could still take effect`,
    );
  }
  for (let read = 0; read < CLEAN_READS; read += 1) {
    const live = await routers[target.kind].verify(trafficOrder(rollout, epoch, seq));
    if (live.canaryPercent > 0 || live.strangers.length > 0) {
      throw new IncompleteError(`read ${live.canaryPercent} % on the new version after it was taken back`);
    }
  }
}
