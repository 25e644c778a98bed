// What guard and sweeper do with a rollout whose execution is over but whose record is open: the row's phase decides.
import { rolloutEvent } from '../core/events.ts';
import { plainReason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { finishPromotion } from './finish-promotion.ts';
import { rollBack } from './roll-back.ts';

/** PROMOTING is finished, anything earlier is taken back, a start that prepared nothing is closed. Idempotent. */
export async function settleRow(
  row: RolloutRow,
  why: string,
  ports: Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>,
): Promise<void> {
  const nowMs = ports.clock.now();
  if (row.rollout === null) {
    const reason = plainReason(`Not started: ${why}`);
    await ports.store.close(row.rolloutId, { outcome: 'REJECTED', reason, atMs: nowMs });
    return;
  }
  // the row keeps the document as prepared; the audit knows how many writes followed
  const writes = Math.max(0, ...(await ports.store.readWrites(row.rolloutId)).map((write) => write.seq));
  const rollout = { ...row.rollout, writes };
  const action = row.phase === 'PROMOTING' ? 'finish the promotion' : 'take traffic back';
  await ports.events.publish([rolloutEvent(rollout, 'taken-over', nowMs, `${why}; left to do: ${action}.`)]);
  if (row.phase === 'PROMOTING') {
    await finishPromotion.run(rollout, ports);
    return;
  }
  await rollBack.run({ ...rollout, reason: plainReason(why) }, ports);
}
