// Which number a write takes: the one it was announced under, as long as nobody recorded its outcome, else a new one.
import { type AuditEntry, factsOf, type WriteAction } from '../core/audit/facts.ts';

export interface Write {
  readonly action: WriteAction;
  readonly epoch: number;
  /** Writes before it by the document, which may be older than the record: an execution can be driven again. */
  readonly writes: number;
}

type Counted = (write: Pick<Write, 'action' | 'epoch'>) => boolean;

/** One more than every earlier write of the rollout, as document and record know them. */
export function writeNumber(audit: readonly AuditEntry[], { action, epoch, writes }: Write): number {
  const highest = (kind: 'intent' | 'outcome', isCounted: Counted): number =>
    Math.max(0, ...factsOf(audit, kind).flatMap((write) => (isCounted(write) ? [write.seq] : [])));
  const isSame: Counted = (write) => write.action === action && write.epoch === epoch;
  const announced = highest('intent', isSame);
  if (announced > highest('outcome', isSame)) return announced;
  return (
    Math.max(
      writes,
      highest('intent', (write) => write.epoch <= epoch),
    ) + 1
  );
}
