// What guard and sweeper do with a rollout whose execution is over but whose record is open: the row's phase decides.
import { type AuditEntry, factsOf } from '../core/audit/facts.ts';
import { QuarantineError, StableUnhealthyError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { plainReason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { finishCommitted } from './finish-promotion.ts';
import { storedRollout } from './lenient-rollout.ts';
import { rollBack } from './roll-back.ts';
import { tellEnd } from './tell-end.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

/**
 * PROMOTING is finished, anything earlier is taken back, a start that prepared nothing is closed. Idempotent.
 * False: it has to wait, for time to pass or for a stable version that can serve; people know.
 */
export async function settleRow(row: RolloutRow, why: string, ports: Used): Promise<boolean> {
  const { clock, store, events } = ports;
  const { rolloutId } = row;
  const stored = storedRollout(row);
  if (stored === null) {
    await store.close(rolloutId, {
      outcome: 'REJECTED',
      reason: plainReason(`Not started: ${why}`),
      atMs: clock.now(),
    });
    await tellEnd(rolloutId, ports);
    return true;
  }
  const isCommitted = row.phase === 'PROMOTING';
  const action = isCommitted ? 'finish the promotion' : 'take traffic back';
  const sentence = `${why}; left to do: ${action}.`;
  await events.publish([rolloutEvent(stored, 'taken-over', clock.now(), sentence)]);
  // the row keeps the document as prepared; the audit knows how many writes followed
  const rollout = { ...stored, writes: writesOn(await store.readAudit(rolloutId)) };
  return unlessItHasToWait(() =>
    isCommitted
      ? finishCommitted(rollout, null, ports)
      : rollBack.run({ ...rollout, reason: plainReason(why) }, ports),
  );
}

async function unlessItHasToWait(settle: () => Promise<unknown>): Promise<boolean> {
  try {
    await settle();
    return true;
  } catch (error) {
    if (error instanceof QuarantineError || error instanceof StableUnhealthyError) return false;
    throw error;
  }
}

/** The last number that a write has taken. A way back or to the end without an outcome is repeated under its own. */
function writesOn(audit: readonly AuditEntry[]): number {
  const taken = [
    ...factsOf(audit, 'outcome'),
    ...factsOf(audit, 'intent').filter(({ action }) => action === 'prepare' || action === 'shift'),
  ];
  return Math.max(0, ...taken.map(({ seq }) => seq));
}
