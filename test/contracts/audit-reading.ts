// What the promises of a rollout store look at in an audit.
import type { AuditFact, IntentFact, OutcomeFact } from '../../src/core/audit/facts.ts';
import type { RolloutStore } from '../../src/ports.ts';

export async function writesOf(
  store: RolloutStore,
  rolloutId: string,
): Promise<readonly (IntentFact | OutcomeFact)[]> {
  return (await store.readAudit(rolloutId)).flatMap(({ fact }) =>
    fact.kind === 'intent' || fact.kind === 'outcome' ? [fact] : [],
  );
}

export async function kindsOf(store: RolloutStore, rolloutId: string): Promise<readonly AuditFact['kind'][]> {
  return (await store.readAudit(rolloutId)).map(({ fact }) => fact.kind);
}
