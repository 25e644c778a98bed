// Whether the audit explains what a way back found on the target before it wrote. What it does not explain was written
// by an own try without a record, or by somebody else, and is marked in the audit as a gap.
import type { LiveTraffic } from '../live-traffic.ts';
import { tagText } from '../traffic-tag.ts';
import { type AuditEntry, factsOf, type IntentFact, type OutcomeFact } from './facts.ts';

/**
 * What about the target's state is not on record; null when everything is.
 * The intent of a way back explains nothing: all its tries share it, and those that could not reach the record too.
 * @param entries the audit as it stood before the outcome of that way back
 * @param found what the way back read before it wrote
 */
export function unexplained(entries: readonly AuditEntry[], found: LiveTraffic): string | null {
  const percents = explainedPercents(entries);
  if (!percents.includes(found.canaryPercent)) {
    const left = percents.map((percent) => `${percent} %`).join(' or ');
    return `the new version had ${found.canaryPercent} % where the record left ${left}: written by a try of the way back that could not record it, or by hand`;
  }
  const tag = found.writtenBy;
  const rolloutId = factsOf(entries, 'opened')[0]?.rolloutId;
  if (rolloutId === undefined || tag === null || !tag.startsWith(`${rolloutId}/`)) return null;
  const isOnRecord = writesOf(entries).some((write) => tagText({ ...write, rolloutId }) === tag);
  return isOnRecord ? null : `the target carries the write ${tag}, which could not be recorded`;
}

/** As the last outcome left it, or as a later intent wants it. */
function explainedPercents(entries: readonly AuditEntry[]): readonly number[] {
  let percents = [0];
  for (const write of writesOf(entries)) {
    if (write.kind === 'intent') percents.push(write.weightPercent);
    else if (write.live !== null) percents = [write.live.canaryPercent];
  }
  return [...new Set(percents)];
}

function writesOf(entries: readonly AuditEntry[]): readonly (IntentFact | OutcomeFact)[] {
  return entries.flatMap(({ fact }): (IntentFact | OutcomeFact)[] => {
    if (fact.kind === 'intent') return fact.action === 'restore' ? [] : [fact];
    return fact.kind === 'outcome' ? [fact] : [];
  });
}
