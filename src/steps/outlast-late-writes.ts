// Some targets cannot refuse a write that was sent before the way back began. There a rollback is final only once none can
// be under way any more, and then a few reads have to agree.
import { type AuditEntry, factsOf } from '../core/audit/facts.ts';
import { IncompleteError, QuarantineError } from '../core/errors.ts';
import { quarantineSeconds, type Target } from '../core/targets/index.ts';
import type { LeftBy } from '../core/targets/target.ts';
import type { Ports } from '../ports.ts';
import type { LenientRollout } from './lenient-rollout.ts';
import type { OpenWayBack } from './take-back.ts';
import { trafficOrder } from './traffic-order.ts';

const CLEAN_READS = 3;

interface Tried {
  /** The audit as it stood before the outcome of this try. */
  readonly audit: readonly AuditEntry[];
  readonly left: LeftBy;
}

/**
 * Returns once nothing can come any more; every try before that has read the target anew, and written it unless a third
 * version was there. One that is gone by the next try was overwritten by a late write, which is then taken back.
 * @throws QuarantineError while a late write could still take effect, IncompleteError when one did
 */
export async function outlastLateWrites(
  rollout: LenientRollout,
  { epoch, seq, row }: OpenWayBack,
  { audit, left }: Tried,
  { clock, routers }: Pick<Ports, 'clock' | 'routers'>,
): Promise<void> {
  const { target } = rollout.spec;
  // only a write that was authorised can be under way
  if (quarantineSeconds(target, left) === 0 || row.authorisedWeightPercent === 0) return;

  const what = left === 'restored' ? 'traffic is back on stable' : 'a third version is left alone';
  requireQuarantineOver(target, { audit, left, action: 'restore', what }, clock.now());
  // who keeps hands off has just read a third version there
  if (left === 'untouched') return;
  for (let read = 0; read < CLEAN_READS; read += 1) {
    const live = await routers[target.kind].verify(trafficOrder(rollout, epoch, seq));
    if (live.canaryPercent > 0 || live.strangers.length > 0) {
      throw new IncompleteError(`read ${live.canaryPercent} % on the new version after it was taken back`);
    }
  }
}

/**
 * Counted from the first try that left the target so.
 * @throws QuarantineError while a late write could still take effect
 */
export function requireQuarantineOver(
  target: Target,
  { audit, left, action, what }: Tried & { readonly action: 'restore' | 'promote'; readonly what: string },
  nowMs: number,
): void {
  const quarantineMs = quarantineSeconds(target, left) * 1000;
  const leftAtMs = factsOf(audit, 'outcome').find(
    (write) => write.action === action && (write.live === null) === (left === 'untouched'),
  )?.atMs;
  const restMs = (leftAtMs ?? nowMs) + quarantineMs - nowMs;
  if (quarantineMs === 0 || restMs < 0) return;
  throw new QuarantineError(
    `${what}; for ${Math.ceil(restMs / 1000)} s more a write that was under way could still take effect`,
  );
}
