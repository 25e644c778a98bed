// Takes all traffic back to stable with intent and outcome on record: what «Roll back» and «Abandon rollout» share.
import type { AuditEntry } from '../core/audit/facts.ts';
import { unexplained } from '../core/audit/unrecorded.ts';
import { FencedError, SupersededError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { targetId } from '../core/targets/index.ts';
import type { Ports } from '../ports.ts';
import type { LenientRollout } from './lenient-rollout.ts';
import { trafficOrder } from './traffic-order.ts';
import { writeNumber } from './write-number.ts';

type WayBack = Awaited<ReturnType<Ports['store']['beginRevert']>>;

/** The way back was opened a moment ago, so the record can be had; longer than this it keeps no traffic waiting. */
const FENCE_PATIENCE_MS = 2000;

/** The fence lets nobody forward any more, and the write that follows is announced. */
export interface OpenWayBack extends Extract<WayBack, { readonly state: 'reverting' }> {
  readonly seq: number;
}

/** `live` null: a third version is live, so nothing was written. */
export interface Restored {
  readonly found: LiveTraffic | null;
  readonly live: LiveTraffic | null;
  /** What is live instead. */
  readonly strangers: readonly string[];
}

/** Which write it is. */
export interface WriteNumber {
  readonly epoch: number;
  readonly seq: number;
}

/** Fence and intent, both durable before the write. Throws FencedError when the lease is somebody else's. */
export async function openWayBack(
  rollout: LenientRollout,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<OpenWayBack | Exclude<WayBack, { readonly state: 'reverting' }>> {
  const wayBack = await store.beginRevert(rollout.rolloutId);
  if (wayBack.state !== 'reverting') return wayBack;
  // the first try needs no look at the record, so that nothing but the fence keeps traffic waiting
  const seq = wayBack.isFirst
    ? rollout.writes + 1
    : writeNumber(await store.readAudit(rollout.rolloutId), {
        action: 'restore',
        epoch: wayBack.epoch,
        writes: rollout.writes,
      });
  const intent = { ...restoreFact({ epoch: wayBack.epoch, seq }), kind: 'intent' as const, stageIndex: null };
  await store.recordFact(rollout.rolloutId, { ...intent, atMs: clock.now() });
  return { ...wayBack, seq };
}

export async function restore(
  rollout: LenientRollout,
  { epoch, seq }: WriteNumber,
  authorise: () => Promise<void>,
  { routers }: Pick<Ports, 'routers'>,
): Promise<Restored> {
  try {
    const router = routers[rollout.spec.target.kind];
    return { ...(await router.restore(trafficOrder(rollout, epoch, seq), authorise)), strangers: [] };
  } catch (error) {
    if (error instanceof SupersededError) return { found: null, live: null, strangers: error.strangers };
    throw error;
  }
}

/**
 * The lease is still this rollout's. Guard, sweeper and workflow may take the same rollout back at once; when one of them
 * has ended it, the next rollout may be on the target already. A record that does not answer in time forbids nothing:
 * traffic comes first.
 * @throws FencedError when the lease is nobody's or somebody else's
 */
export async function requireOwnTarget(
  { rolloutId, spec }: LenientRollout,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<void> {
  const outOfTime = clock.sleep(FENCE_PATIENCE_MS).then(() => null);
  const fence = await Promise.race([store.readFence(targetId(spec.target)).catch(() => null), outOfTime]);
  if (fence === null || fence.owner === rolloutId) return;
  throw new FencedError(`the lease is ${fence.owner ?? 'nobody'}'s, no longer ${rolloutId}'s`);
}

/**
 * Records what came of the write, and a gap where it met something that is not on record. Traffic is safe by then.
 * @returns the audit as it stood before
 */
export async function recordRestored(
  { rolloutId }: LenientRollout,
  number: WriteNumber,
  { found, live, strangers }: Restored,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<readonly AuditEntry[]> {
  const audit = await store.readAudit(rolloutId);
  const atMs = clock.now();
  const why = found === null ? null : unexplained(audit, found);
  if (why !== null) await store.recordFact(rolloutId, { kind: 'gap', atMs, why });
  const outcome = { ...restoreFact(number), kind: 'outcome' as const, atMs, found, live };
  await store.recordFact(rolloutId, strangers.length === 0 ? outcome : { ...outcome, strangers });
  return audit;
}

function restoreFact({ epoch, seq }: WriteNumber) {
  return { epoch, seq, action: 'restore' as const, weightPercent: 0 };
}
