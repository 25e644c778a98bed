// What an examination of a record finds: whether its chain is whole, and what each invariant says to what stands there.
import { firstBroken } from '../audit-chain.ts';
import type { Examination, InvariantResult } from '../core/audit/examination.ts';
import { factsOf } from '../core/audit/facts.ts';
import type { StatedInvariant } from '../core/audit/invariant.ts';
import { invariantsWith } from '../core/audit/invariants.ts';
import { type AuditRecord, traceOf } from '../core/audit/record.ts';
import type { Trace } from '../core/audit/trace.ts';
import { RejectedError } from '../core/errors.ts';
import { assertKnownFacts } from './audit-record.ts';

/**
 * Throws RejectedError where there is nothing to check, InvalidInputError for facts that this release does not know.
 * @param source how problems name where the record comes from
 */
export function examine(record: AuditRecord, source: string): Examination {
  const { rolloutId, entries, head } = record;
  if (entries.length === 0 && head.n === 0) throw nothingToCheck(rolloutId, source);
  const broken = firstBad(record);
  const trusted = broken === null ? entries : entries.filter(({ n }, i) => i < broken.n && n < broken.n);
  assertKnownFacts(trusted, source);
  const trace = traceOf({ ...record, entries: trusted });
  return {
    rolloutId,
    entries: entries.length,
    outcome: factsOf(trusted, 'ended')[0]?.outcome ?? null,
    firstBad: broken === null ? null : { entry: broken.n, why: broken.why },
    invariants: invariantsWith(() => broken).map((invariant) => resultOf(invariant, trace, trusted)),
  };
}

/** The first entry that is not as it was written; null: the record is whole. */
export function firstBad(record: AuditRecord): ReturnType<typeof firstBroken> {
  return firstBroken(record.entries, record.head) ?? firstOfAnother(record);
}

/** A chain does not say whose it is; its first fact does. */
function firstOfAnother({
  rolloutId,
  entries,
}: AuditRecord): { readonly n: number; readonly why: string } | null {
  const fact = entries[0]?.fact;
  if (fact?.kind === 'opened' && fact.rolloutId === rolloutId) return null;
  const got = fact?.kind === 'opened' ? `that of ${fact.rolloutId}` : 'no opening';
  return { n: 0, why: `it should be the opening of ${rolloutId}, and is ${got}` };
}

function resultOf(
  invariant: StatedInvariant,
  trace: Trace,
  entries: AuditRecord['entries'],
): InvariantResult {
  const { id, says, needs } = invariant;
  const { evaluations, violations } = invariant.check(trace);
  const breaches = violations.map(({ momentIndex, sentence }) => ({
    entry: momentIndex === null ? null : (entries[momentIndex]?.n ?? null),
    sentence,
  }));
  const held = evaluations === 0 ? 'not evaluated' : 'held';
  return { id, says, needs, evaluations, breaches, state: breaches.length > 0 ? 'violated' : held };
}

function nothingToCheck(rolloutId: string, source: string): RejectedError {
  return new RejectedError([
    {
      code: 'record-empty',
      what: `nothing was ever recorded for ${rolloutId}`,
      where: source,
      got: 'no entry',
      allowed: 'a rollout that this release of the engine has run',
      fix: 'Choose a rollout that began after the engine was deployed with records',
    },
  ]);
}
