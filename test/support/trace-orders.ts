// Small parts of hand-made traces: orders, splits, read-backs, verdicts.
import type { JudgedFact, WriteAction } from '../../src/core/audit/facts.ts';
import type { LiveTraffic } from '../../src/core/live-traffic.ts';
import { NO_SIGNALS } from '../../src/core/signals.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { judgedFact, START_MS } from './rollout-fixtures.ts';

export const STABLE = '41';
export const CANARY = '42';

export interface Order {
  readonly action: WriteAction;
  readonly weightPercent: number;
  readonly epoch?: number;
  readonly seq?: number;
  readonly stageIndex?: number | null;
}

export const RESTORE: Order = { action: 'restore', weightPercent: 0 };
export const PROMOTE: Order = { action: 'promote', weightPercent: 100 };
export const PREPARE: Order = { action: 'prepare', weightPercent: 0, seq: 0 };

export function sharesOf(canaryPercent: number): Readonly<Record<string, number>> {
  return { [STABLE]: 100 - canaryPercent, [CANARY]: canaryPercent };
}

export function liveAt(canaryPercent: number, more: Partial<LiveTraffic> = {}): LiveTraffic {
  return { canaryPercent, stablePercent: 100 - canaryPercent, strangers: [], writtenBy: null, ...more };
}

export function verdict(kind: Verdict['kind']): Verdict {
  return { ...judgedFact(START_MS).verdict, kind };
}

export function approvals(...stageIndices: readonly number[]): JudgedFact['signals'] {
  const mark = { actor: 'sam', atMs: START_MS, message: 'Fine by me.' };
  return { ...NO_SIGNALS, approvals: stageIndices.map((stageIndex) => ({ ...mark, stageIndex })) };
}
