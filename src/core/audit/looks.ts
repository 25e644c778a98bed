// The looks of a record for people to read, those of an older release too.
import type { CheckReading } from '../verdict.ts';
import { type AuditEntry, factsOf, type JudgedFact } from './facts.ts';

/** The chain covers a fact as it was written, so what an older release did not write yet is filled in on reading only. */
export function looksOf(audit: readonly AuditEntry[]): readonly JudgedFact[] {
  return factsOf(audit, 'judged').map((fact) => {
    const { verdict } = fact;
    return { ...fact, verdict: { ...verdict, checks: verdict.checks.map(withInterval) } };
  });
}

/**
 * What the looks saw, the newest one with the periods that might still have changed: while it runs, people want to know what
 * is known, not what is settled; and once it has ended, no later look settles them.
 */
export function observationsOf(audit: readonly AuditEntry[]): readonly JudgedFact[] {
  const looks = looksOf(audit);
  return looks.map((look, index) =>
    index === looks.length - 1 ? { ...look, periods: [...look.periods, ...look.open] } : look,
  );
}

function withInterval(reading: CheckReading): CheckReading {
  return { ...reading, interval: reading.interval ?? null };
}
