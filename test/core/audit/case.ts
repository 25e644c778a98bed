// A trace made by hand for one invariant: one in which it holds, or one that breaks it, and where.
import type { Trace } from '../../../src/core/audit/trace.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

export interface Case {
  readonly id: string;
  readonly name: string;
  readonly trace: Trace;
  /** Index of the moment that breaks it, null: the end does; left out: it holds, and not for lack of anything to check. */
  readonly brokenAt?: number | null;
}

export function holds(id: string, name: string, tell: (world: TraceBuilder) => Trace): Case {
  return { id, name, trace: tell(new TraceBuilder()) };
}

/** @param tell answers the trace and the index of the moment that breaks the invariant */
export function breaks(
  id: string,
  name: string,
  tell: (world: TraceBuilder) => readonly [Trace, number | null],
): Case {
  const [trace, brokenAt] = tell(new TraceBuilder());
  return { id, name, trace, brokenAt };
}
