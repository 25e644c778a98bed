// Step «Roll back»: takes all traffic back to stable. Needs only the target's API to make traffic safe; the record follows.
import { type AuditEntry, factsOf } from '../core/audit/facts.ts';
import {
  FencedError,
  IncompleteError,
  InvalidDocumentError,
  messageOf,
  QuarantineError,
  StableUnhealthyError,
  TransientError,
} from '../core/errors.ts';
import { type EventName, rolloutEvent } from '../core/events.ts';
import { type End, isTerminal } from '../core/phase.ts';
import { targetLabel } from '../core/targets/index.ts';
import type { Reason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { type LenientRollout, LenientRolloutSchema, reasonOf, supersededReason } from './lenient-rollout.ts';
import { outlastLateWrites } from './outlast-late-writes.ts';
import { requireServingStable } from './require-serving-stable.ts';
import { defineStep } from './step.ts';
import {
  type OpenWayBack,
  openWayBack,
  type Restored,
  recordRestored,
  requireOwnTarget,
  restore,
} from './take-back.ts';
import { takeBackUnrecorded } from './take-back-unrecorded.ts';
import { tellEnd, tellRowEnd } from './tell-end.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

/** The record gets this long before traffic is taken back without it. */
const STORE_PATIENCE_MS = 10_000;

/** What is left to be said; the document is not passed on, so that its size cannot keep a rollback from ending. */
export interface RolledBack {
  readonly rolloutId: string;
  readonly outcome: End;
  readonly reason: Reason;
}

export const rollBack = defineStep({
  name: 'roll-back',
  does: 'Takes all traffic back to stable, reads it back, closes the rollout',
  trigger: { kind: 'state', states: ['Roll back'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: LenientRolloutSchema,
  takesAnySize: true,
  run: async (rollout, ports): Promise<RolledBack> => {
    try {
      return await takeBack(rollout, ports);
    } catch (error) {
      await tellFailure(ports, rollout, error);
      throw error;
    }
  },
});

async function takeBack(rollout: LenientRollout, ports: Used): Promise<RolledBack> {
  await requireServingStable(rollout, ports);
  const wayBack = await openInTime(rollout, ports);
  if (wayBack === null) return takeBackUnrecorded(rollout, ports);
  if (wayBack.state === 'closed') return alreadyEnded(wayBack.row, ports);
  if (wayBack.state === 'promoting') {
    throw new IncompleteError('the promotion was committed and is being finished');
  }
  const restored = await restoreUnlessEnded(rollout, wayBack, ports);
  if (restored === 'ended') return takeBack(rollout, ports);
  const left = restored.live?.canaryPercent ?? 0;
  if (left !== 0) throw new IncompleteError(`read back ${left} % on the new version`);
  // traffic is safe; what is left is the record, without which the way forward would still look open
  const audit = await recordRestored(rollout, wayBack, restored, ports);
  const isBack = restored.live !== null && !wasRestored(audit);
  if (isBack && isStopForStranger(rollout)) tellBegin(rollout, ports);
  await outlastLateWrites(
    rollout,
    wayBack,
    { audit, left: restored.live === null ? 'untouched' : 'restored' },
    ports,
  );
  return end(rollout, wayBack, restored, ports);
}

/** `ended`: somebody else who took the same rollout back was faster; the record knows by now. */
async function restoreUnlessEnded(
  rollout: LenientRollout,
  wayBack: OpenWayBack,
  ports: Used,
): Promise<Restored | 'ended'> {
  try {
    return await restore(rollout, wayBack, () => requireOwnTarget(rollout, ports), ports);
  } catch (error) {
    if (!(error instanceof FencedError)) throw error;
    const row = await ports.store.readRow(rollout.rolloutId);
    if (row === null || !isTerminal(row.phase)) throw error;
    return 'ended';
  }
}

/** null when the store cannot be reached in time: the way back then goes on without the record, which no writer on the
 * way forward can do, and the next try completes it. */
async function openInTime(
  rollout: LenientRollout,
  ports: Used,
): Promise<Awaited<ReturnType<typeof openWayBack>> | null> {
  try {
    const outOfTime = ports.clock.sleep(STORE_PATIENCE_MS).then(() => {
      throw new TransientError(`no answer within ${STORE_PATIENCE_MS / 1000} s`);
    });
    return await Promise.race([openAndTell(rollout, ports), outOfTime]);
  } catch (error) {
    // the lease is somebody else's, or there is no such rollout: whatever is live now is not ours to change
    if (error instanceof FencedError || error instanceof InvalidDocumentError) throw error;
    const why = messageOf(error);
    const sentence = `The record is unreachable (${why}); traffic is taken back without it.`;
    void tell(ports, rollout, 'rollback-delayed', sentence);
    return null;
  }
}

async function openAndTell(rollout: LenientRollout, ports: Used): ReturnType<typeof openWayBack> {
  const wayBack = await openWayBack(rollout, ports);
  if (wayBack.state === 'reverting' && wayBack.isFirst && !isStopForStranger(rollout)) {
    tellBegin(rollout, ports);
  }
  return wayBack;
}

/** Most likely a third version is still live, and nothing will be taken back: that is not told beforehand. */
function isStopForStranger({ failure }: LenientRollout): boolean {
  return failure?.Error === 'SupersededError';
}

/** By an earlier try, or by somebody else who takes the same rollout back: it was told then. */
function wasRestored(audit: readonly AuditEntry[]): boolean {
  return factsOf(audit, 'outcome').some(({ action, live }) => action === 'restore' && live !== null);
}

/** Not awaited: a slow event bus must not delay what it tells of; publishing never throws. */
function tellBegin(rollout: LenientRollout, ports: Used): void {
  const label = targetLabel(rollout.spec.target);
  const sentence = `Taking all traffic of ${label} back to version ${rollout.stable.version}.`;
  void tell(ports, rollout, 'rollback-started', sentence);
}

async function end(
  rollout: LenientRollout,
  { row }: OpenWayBack,
  { live, strangers }: Restored,
  ports: Used,
): Promise<RolledBack> {
  const { rolloutId } = rollout;
  const isSuperseded = live === null;
  const why = reasonOf(rollout, row.interrupt);
  const reason = isSuperseded ? supersededReason(rollout, strangers, why) : why;
  const back = row.interrupt?.kind === 'abort' ? 'ABORTED' : 'ROLLED_BACK';
  const outcome = isSuperseded ? 'SUPERSEDED' : back;
  await ports.store.close(rolloutId, { outcome, reason, atMs: ports.clock.now() });
  const ended = await tellEnd(rolloutId, ports);
  return { rolloutId, ...(ended ?? { outcome, reason }) };
}

/** Told again: the try that closed it may have died before it told anybody. The same event is kept once. */
async function alreadyEnded(row: RolloutRow, ports: Used): Promise<RolledBack> {
  const ended = await tellRowEnd(row, ports);
  if (ended === null) throw new IncompleteError('the rollout has ended, and its end cannot be read yet');
  return { rolloutId: row.rolloutId, ...ended };
}

/** Waiting out a quarantine is no failure: traffic is safe, and nobody has to do anything. */
async function tellFailure(ports: Used, rollout: LenientRollout, error: unknown): Promise<void> {
  if (error instanceof QuarantineError) return;
  const why = messageOf(error);
  if (error instanceof StableUnhealthyError) return tell(ports, rollout, 'stable-unhealthy', why);
  const label = targetLabel(rollout.spec.target);
  const sentence = `Traffic of ${label} could not be confirmed safe yet: ${why}. It is tried again.`;
  return tell(ports, rollout, 'rollback-delayed', sentence);
}

function tell(
  { clock, events }: Used,
  rollout: LenientRollout,
  event: EventName,
  sentence: string,
): Promise<void> {
  return events.publish([rolloutEvent(rollout, event, clock.now(), sentence)]);
}
