// Chains the audit of a rollout by hashes, so that an entry cannot be changed, dropped or put in without being noticed.
import { createHash } from 'node:crypto';
import type { AuditEntry, AuditFact } from './core/audit/facts.ts';
import { canonicalJson } from './core/service-spec.ts';

/** Where a chain stands. */
export interface ChainHead {
  /** Entries so far. */
  readonly n: number;
  /** Of the last entry; the empty string before the first. */
  readonly hash: string;
}

export const NO_CHAIN: ChainHead = { n: 0, hash: '' };

export function nextEntry({ n, hash: previous }: ChainHead, fact: AuditFact): AuditEntry {
  return { n, previous, hash: hashOf(n, previous, fact), fact };
}

export function headAfter({ n, hash }: AuditEntry): ChainHead {
  return { n: n + 1, hash };
}

/**
 * The first entry that breaks the chain, and how; null when the chain is whole. `atLeast`: where the chain stood before
 * the entries were read. Without it nobody can tell that the newest entries were cut off.
 */
export function firstBroken(
  entries: readonly AuditEntry[],
  atLeast: ChainHead = NO_CHAIN,
): { readonly n: number; readonly why: string } | null {
  let head = NO_CHAIN;
  for (const entry of entries) {
    if (entry.n < head.n) return { n: entry.n, why: 'another entry has its place' };
    if (entry.n !== head.n) {
      return { n: head.n, why: `entry ${head.n} is missing: the next one is ${entry.n}` };
    }
    if (entry.previous !== head.hash) return { n: entry.n, why: 'it does not follow the entry before it' };
    if (entry.hash !== hashOf(entry.n, entry.previous, entry.fact)) {
      return { n: entry.n, why: 'its content is not what was written' };
    }
    head = headAfter(entry);
    if (head.n === atLeast.n && head.hash !== atLeast.hash) {
      return { n: entry.n, why: 'it is not the one that the record counted last' };
    }
  }
  return head.n < atLeast.n
    ? { n: head.n, why: `entry ${head.n} is missing: the record counts ${atLeast.n}` }
    : null;
}

function hashOf(n: number, previous: string, fact: AuditFact): string {
  return createHash('sha256')
    .update(`${n}\n${previous}\n${canonicalJson(fact)}`)
    .digest('hex');
}
