// Tiny traces made by hand, for the peers' rules: one period a minute, a row per version.
import type { LineJudge, Row, StartMessage } from '../../src/replay/line-protocol.ts';

const EDGES = [100, 200, 400, 800];

const FAST = [0, 1, 0, 0, 0];

export function row(requests: number, errors: number, given: Partial<Row> = {}): Row {
  if (requests === 0) return { requests, errors };
  return {
    requests,
    errors,
    hist: FAST.map((part) => part * requests),
    p50: 140,
    p95: 190,
    p99: 198,
    ...given,
  };
}

export const START: StartMessage = {
  type: 'start',
  id: 'by-hand#0',
  periodSec: 60,
  plan: [{ weight: 0.1, minutes: 60 }],
  latencyEdgesMs: EDGES,
  history: [],
  policy: { errorRateMax: 0.01, p99MaxMs: 500 },
};

export interface Pair {
  readonly canary: Row | null;
  readonly stable?: Row | null;
}

/** The period (from 1) after which the judge rolled back, «end» when only the end did, null when it let the canary pass. */
export function rollbackAt(
  judge: LineJudge,
  pairs: readonly Pair[],
  start: Partial<StartMessage> = {},
): number | 'end' | null {
  const message = { ...START, ...start };
  judge.start(message);
  for (const [i, { canary, stable = row(1000, 0) }] of pairs.entries()) {
    const answer = judge.period({
      type: 'period',
      id: message.id,
      t: i * message.periodSec,
      step: 0,
      weight: 0.1,
      stable,
      canary,
    });
    if (answer.verdict === 'rollback') return i + 1;
  }
  return judge.end({ type: 'end', id: message.id }).verdict === 'rollback' ? 'end' : null;
}

/** Canary rows, one per letter. */
export function canaries(letters: string, rows: Readonly<Record<string, Row | null>>): readonly Pair[] {
  return [...letters].map((letter) => ({ canary: rows[letter] ?? null }));
}
