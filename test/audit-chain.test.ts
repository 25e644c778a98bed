// A chain of hashes notices whatever is done to an audit afterwards, and names the first entry that is not as written.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainHead, firstBroken, headAfter, NO_CHAIN, nextEntry } from '../src/audit-chain.ts';
import type { AuditEntry, AuditFact } from '../src/core/audit/facts.ts';

function chainOf(facts: readonly AuditFact[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const fact of facts) entries.push(nextEntry(headOf(entries), fact));
  return entries;
}

function headOf(entries: readonly AuditEntry[]): ChainHead {
  const last = entries.at(-1);
  return last === undefined ? NO_CHAIN : headAfter(last);
}

const anyFact: fc.Arbitrary<AuditFact> = fc.oneof(
  fc.record({ kind: fc.constant('gap' as const), atMs: fc.nat(), why: fc.string() }),
  fc.record({ kind: fc.constant('leased' as const), epoch: fc.nat() }),
  fc.record({
    kind: fc.constant('intent' as const),
    atMs: fc.nat(),
    epoch: fc.nat(),
    seq: fc.nat(),
    action: fc.constant('shift' as const),
    weightPercent: fc.double({ min: 0, max: 100, noNaN: true }),
    stageIndex: fc.option(fc.nat()),
  }),
);
const anyChain = fc.array(anyFact, { minLength: 1, maxLength: 12 }).map(chainOf);
/** A chain and the place of one of its entries. */
const chainAndPlace = anyChain.chain((entries) =>
  fc.record({ entries: fc.constant(entries), at: fc.nat({ max: entries.length - 1 }) }),
);

/** What a table or a file gives back. */
function copied(entry: AuditEntry): AuditEntry {
  return JSON.parse(JSON.stringify(entry));
}

describe('the chain of an audit', () => {
  it('is whole as it was written, also after it was stored as text', () => {
    fc.assert(
      fc.property(anyChain, (entries) => {
        expect(firstBroken(entries)).toBeNull();
        expect(firstBroken(entries.map(copied), headOf(entries))).toBeNull();
      }),
    );
    expect(firstBroken([])).toBeNull();
  });

  it('does not depend on the order in which the keys of a fact were written', () => {
    const [entry] = chainOf([{ kind: 'gap', atMs: 1, why: 'away' }]);
    const turned = { ...entry, fact: { why: 'away', atMs: 1, kind: 'gap' } } as AuditEntry;
    expect(firstBroken([turned])).toBeNull();
  });

  it('names the entry in which a byte was flipped', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(), fc.integer({ min: 0, max: 7 }), ({ entries, at }, byte, bit) => {
        const flipped = withFlippedBit(entries[at] as AuditEntry, byte, bit);
        fc.pre(flipped !== null);
        const found = firstBroken(entries.with(at, flipped as AuditEntry));
        expect(found?.n).toBe(at);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['place', (entry: AuditEntry) => ({ ...entry, n: entry.n + 1 })],
    ['hash', (entry: AuditEntry) => ({ ...entry, hash: `${entry.hash.slice(0, -1)}x` })],
    ['hash before', (entry: AuditEntry) => ({ ...entry, previous: `${entry.previous}0` })],
  ])('names the entry whose %s was changed', (_what, change) => {
    fc.assert(
      fc.property(chainAndPlace, ({ entries, at }) => {
        const changed = change(entries[at] as AuditEntry);
        expect(firstBroken(entries.with(at, changed))?.n).toBe(at);
      }),
    );
  });

  it('names the first entry that was dropped, also when the newest ones were', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.integer({ min: 1, max: 5 }), ({ entries, at }, count) => {
        const rest = entries.toSpliced(at, count);
        expect(firstBroken(rest, headOf(entries))?.n).toBe(at);
      }),
    );
  });

  it('names the earlier of two entries that were swapped', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(), ({ entries, at }, other) => {
        const to = other % entries.length;
        fc.pre(to !== at);
        const swapped = entries.with(at, entries[to] as AuditEntry).with(to, entries[at] as AuditEntry);
        expect(firstBroken(swapped)?.n).toBe(Math.min(at, to));
      }),
    );
  });

  it('names the place at which an entry was put in, even one that follows the entry before it', () => {
    fc.assert(
      fc.property(chainAndPlace, anyFact, ({ entries, at }, fact) => {
        const forged = nextEntry(headOf(entries.slice(0, at)), fact);
        const inserted = entries.toSpliced(at, 0, forged);
        expect(firstBroken(inserted)?.n).toBe(at);
      }),
    );
  });

  it('names the entry in which a history was rewritten, when the record knows how the old one ended', () => {
    fc.assert(
      fc.property(chainAndPlace, anyFact, ({ entries, at }, fact) => {
        const facts = entries.map((entry) => entry.fact).with(at, fact);
        fc.pre(chainOf(facts).at(-1)?.hash !== entries.at(-1)?.hash);
        expect(firstBroken(chainOf(facts), headOf(entries))?.n).toBe(entries.length - 1);
      }),
    );
  });

  it('goes on whole when more was appended since its head was asked for', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ entries, at }) => {
        expect(firstBroken(entries, headOf(entries.slice(0, at)))).toBeNull();
      }),
    );
  });
});

/** null: the text is no JSON any more, or says the same. */
function withFlippedBit(entry: AuditEntry, byte: number, bit: number): AuditEntry | null {
  const bytes = Buffer.from(JSON.stringify(entry.fact));
  const at = byte % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  try {
    const fact = JSON.parse(bytes.toString());
    const isSame = JSON.stringify(fact) === JSON.stringify(entry.fact);
    return isSame ? null : { ...entry, fact };
  } catch {
    return null;
  }
}
