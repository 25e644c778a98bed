// What the examination of a record says: whether its chain is whole, and what each invariant finds in it.

interface Breach {
  /** Place of the entry; null where it is about an event or about the end. */
  readonly entry: number | null;
  readonly sentence: string;
}

export interface InvariantResult {
  readonly id: string;
  readonly says: string;
  readonly state: 'held' | 'violated' | 'not evaluated';
  /** How often there was something to check. */
  readonly evaluations: number;
  /** What a record must have in it for this to be checked. */
  readonly needs: string;
  readonly breaches: readonly Breach[];
}

export interface Examination {
  readonly rolloutId: string;
  readonly entries: number;
  /** null: it had not ended, as far as the record can be trusted. */
  readonly outcome: string | null;
  /** The first entry that is not as it was written; null when all are. Invariants are checked on those before it. */
  readonly firstBad: { readonly entry: number; readonly why: string } | null;
  readonly invariants: readonly InvariantResult[];
}
