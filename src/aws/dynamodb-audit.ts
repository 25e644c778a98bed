// The audit of a rollout in the table. The chain's head is a small item of its own, so that a fact can be appended
// without touching the row, which is large. An entry's sort key is the key of its fact: a second fact of that key is
// refused by the table itself. Its place is an attribute, and entries are put in order when they are read.
import { type ChainHead, headAfter, NO_CHAIN, nextEntry } from '../audit-chain.ts';
import { type AuditEntry, type AuditFact, factKey } from '../core/audit/facts.ts';
import { FencedError, TransientError } from '../core/errors.ts';
import { isTerminal } from '../core/phase.ts';
import type { RolloutStore } from '../ports.ts';
import { IS_OPEN, requireRow } from './dynamodb-row.ts';
import {
  type Change,
  type Item,
  KEYS,
  type Key,
  type RolloutTable,
  readItem,
  readItems,
  transact,
} from './dynamodb-table.ts';

type AuditMethods = Pick<RolloutStore, 'recordFact' | 'readAudit' | 'readAuditHead'>;

/** Every try that finds the head moved means that another fact got its place, so this many others were quicker. */
const MAX_TRIES = 12;

export function auditMethods(table: RolloutTable): AuditMethods {
  return {
    recordFact: async (rolloutId, fact) => {
      const isIntent = fact.kind === 'intent';
      const checks: Change[] = isIntent ? [{ key: KEYS.row(rolloutId), condition: IS_OPEN }] : [];
      if ((await append(table, rolloutId, fact, checks)) === 'appended' || !isIntent) return;
      const { phase } = await requireRow(table, rolloutId);
      if (!isTerminal(phase)) return;
      throw new FencedError(`${rolloutId} has ended (${phase}) and announces no more writes`);
    },
    readAudit: (rolloutId) => readAudit(table, rolloutId),
    readAuditHead: (rolloutId) => readHead(table, rolloutId),
  };
}

/**
 * Appends a fact and makes the changes that it tells of, all in one transaction.
 * `repeated`: a fact of that key stands already and nothing was changed, be it that an earlier try of our own got through
 * and its answer was lost. `refused`: one of the conditions does not hold. Throws TransientError when others kept
 * appending.
 */
export async function append(
  table: RolloutTable,
  rolloutId: string,
  fact: AuditFact,
  changes: readonly Change[] = [],
): Promise<'appended' | 'repeated' | 'refused'> {
  let head = await readHead(table, rolloutId);
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    // a chain that nobody began: a row of the release before, or no such rollout at all
    if (head.n === 0 && changes.length === 0) await requireRow(table, rolloutId);
    const { moved, entry } = appending(rolloutId, head, fact);
    if (await transact(table, [...changes, moved], [entry])) return 'appended';
    if ((await readItem(table, entryKey(rolloutId, fact))) !== undefined) return 'repeated';
    const now = await readHead(table, rolloutId);
    if (now.n === head.n) return 'refused';
    head = now;
  }
  throw new TransientError(`audit of ${rolloutId}: others kept appending to it`);
}

/** What appends a fact to a chain that stands at `head`. */
export function appending(
  rolloutId: string,
  head: ChainHead,
  fact: AuditFact,
): { readonly moved: Change; readonly entry: Key & Item } {
  const { n, previous, hash } = nextEntry(head, fact);
  const after = headAfter({ n, previous, hash, fact });
  const isFirst = head.n === 0;
  return {
    moved: {
      key: KEYS.auditHead(rolloutId),
      set: 'SET #n = :n, #hash = :hash',
      condition: isFirst ? 'attribute_not_exists(pk)' : '#n = :before AND #hash = :previous',
      values: {
        ':n': after.n,
        ':hash': after.hash,
        ...(isFirst ? {} : { ':before': n, ':previous': previous }),
      },
    },
    entry: { ...entryKey(rolloutId, fact), n, previous, hash, fact: JSON.stringify(fact) },
  };
}

async function readHead(table: RolloutTable, rolloutId: string): Promise<ChainHead> {
  const item = await readItem(table, KEYS.auditHead(rolloutId));
  return item === undefined ? NO_CHAIN : { n: Number(item['n']), hash: String(item['hash']) };
}

/** Head first: what it counts was written in whole transactions before, so no page can be read too early for it. */
async function readAudit(table: RolloutTable, rolloutId: string): Promise<AuditEntry[]> {
  const head = await readHead(table, rolloutId);
  const items = await readItems(table, KEYS.evidence(rolloutId, ENTRY));
  return items
    .map(entryOf)
    .filter(({ n }) => n < head.n)
    .sort((a, b) => a.n - b.n);
}

const ENTRY = 'audit#';

function entryKey(rolloutId: string, fact: AuditFact): Key {
  return KEYS.evidence(rolloutId, `${ENTRY}${factKey(fact)}`);
}

function entryOf({ n, previous, hash, fact }: Item): AuditEntry {
  return { n: Number(n), previous: String(previous), hash: String(hash), fact: factOf(String(fact)) };
}

/** Text that is no JSON any more stays text: the hash tells on it, and whoever checks the chain can name its place. */
function factOf(json: string): AuditFact {
  try {
    return JSON.parse(json);
  } catch {
    return json as unknown as AuditFact;
  }
}
