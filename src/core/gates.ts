// Gates: conditions that must hold before traffic moves at all. A shut gate is a Problem with its fix.
import type { Problem } from './errors.ts';

export interface GateResult {
  /** Slug, for example `versions-published`. */
  readonly gate: string;
  readonly open: boolean;
  /** What was found, one sentence, shown whether open or shut. */
  readonly finding: string;
  /** Set when shut. */
  readonly problem: Problem | null;
  /** A shut gate that the service file waived with a reason. */
  readonly waivedBecause: string | null;
}

export function openGate(gate: string, finding: string): GateResult {
  return { gate, open: true, finding, problem: null, waivedBecause: null };
}

export function shutGate(gate: string, problem: Problem): GateResult {
  return { gate, open: false, finding: problem.what, problem, waivedBecause: null };
}
