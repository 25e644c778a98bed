// How an invariant is written: a look at the story of a trace that answers what was checked and how it came out.
import { type Story, storyOf } from './story.ts';
import type { Finding, Invariant } from './trace.ts';

/** One thing that was checked. */
export interface Checked {
  /** Index of the moment it is about; null where it is about the end. */
  readonly at: number | null;
  /** What is wrong with it; null: nothing. */
  readonly wrong: string | null;
}

export interface StatedInvariant extends Invariant {
  /** What a trace must have in it, or else the invariant is not evaluated. */
  readonly needs: string;
}

export function invariant(
  id: string,
  { says, needs }: { readonly says: string; readonly needs: string },
  look: (story: Story) => readonly Checked[],
): StatedInvariant {
  return {
    id,
    says,
    needs,
    check: (trace): Finding => {
      const all = look(storyOf(trace));
      const violations = all.flatMap(({ at, wrong }) =>
        wrong === null ? [] : [{ invariant: id, momentIndex: at, sentence: wrong }],
      );
      return { evaluations: all.length, violations };
    },
  };
}

export function checked(at: number | null, holds: boolean, otherwise: () => string): Checked {
  return { at, wrong: holds ? null : otherwise() };
}
