// How a policy does over many recorded rollouts: false rollbacks, misses, time to detect and what the harm cost.

import { REPLAY_OUTCOMES, type ReplayOutcome } from '../core/report-document.ts';
import type { Recording } from './recording.ts';
import type { Replay } from './replay.ts';

/** What a replay is worth where the truth is known; `null`: it is not. */
export type Judged = 'right' | 'false rollback' | 'detected' | 'too early' | 'missed' | 'inconclusive' | null;

/** One rollout of a back-test. */
export interface BackTestRow {
  readonly name: string;
  readonly truth: 'good' | 'bad' | null;
  readonly outcome: ReplayOutcome;
  readonly judged: Judged;
  /** From the first canary traffic. */
  readonly elapsedSeconds: number;
  /** From the begin of the harm; null unless it was detected. */
  readonly detectSeconds: number | null;
  readonly canaryRequests: number;
  readonly badRequests: number;
}

/** By nearest rank. */
export interface Spread {
  readonly total: number;
  readonly median: number;
  readonly p95: number;
}

export interface BackTestScore {
  readonly rollouts: number;
  readonly good: {
    readonly rollouts: number;
    readonly falseRollbacks: number;
    readonly inconclusive: number;
  };
  readonly bad: {
    readonly rollouts: number;
    readonly detected: number;
    /** Rolled back before the harm began. */
    readonly tooEarly: number;
    /** Promoted, or passed to the end. */
    readonly missed: number;
    readonly inconclusive: number;
    /** Seconds from the begin of the harm; null when none was detected. */
    readonly detectSeconds: Spread | null;
    /** Of every bad rollout until it was decided, a missed one whole; null without bad rollouts. */
    readonly badRequests: Spread | null;
  };
  /** Nobody knows the truth of these. */
  readonly unknown: { readonly rollouts: number; readonly outcomes: Readonly<Record<ReplayOutcome, number>> };
}

export function backTestRow({ name, truth }: Recording, replay: Replay): BackTestRow {
  const { outcome, fromMs, endedAtMs, exposure } = replay;
  const onsetMs = truth?.onsetMs ?? fromMs;
  const judged = truth === null ? null : worthOf(truth.isBad, outcome, endedAtMs <= onsetMs);
  return {
    name,
    truth: truth === null ? null : truth.isBad ? 'bad' : 'good',
    outcome,
    judged,
    elapsedSeconds: (endedAtMs - fromMs) / 1000,
    detectSeconds: judged === 'detected' ? (endedAtMs - onsetMs) / 1000 : null,
    ...exposure,
  };
}

function worthOf(isBad: boolean, outcome: ReplayOutcome, isBeforeHarm: boolean): Judged {
  if (outcome === 'INCONCLUSIVE') return 'inconclusive';
  if (outcome !== 'ROLLED_BACK') return isBad ? 'missed' : 'right';
  if (!isBad) return 'false rollback';
  return isBeforeHarm ? 'too early' : 'detected';
}

export function backTestScore(rows: readonly BackTestRow[]): BackTestScore {
  const of = (truth: BackTestRow['truth']): readonly BackTestRow[] =>
    rows.filter((row) => row.truth === truth);
  const [good, bad, unknown] = [of('good'), of('bad'), of(null)];
  const count = (some: readonly BackTestRow[], judged: Judged): number =>
    some.filter((row) => row.judged === judged).length;
  return {
    rollouts: rows.length,
    good: {
      rollouts: good.length,
      falseRollbacks: count(good, 'false rollback'),
      inconclusive: count(good, 'inconclusive'),
    },
    bad: {
      rollouts: bad.length,
      detected: count(bad, 'detected'),
      tooEarly: count(bad, 'too early'),
      missed: count(bad, 'missed'),
      inconclusive: count(bad, 'inconclusive'),
      detectSeconds: spreadOf(bad.flatMap(({ detectSeconds }) => detectSeconds ?? [])),
      badRequests: spreadOf(bad.map(({ badRequests }) => badRequests)),
    },
    unknown: { rollouts: unknown.length, outcomes: outcomesOf(unknown) },
  };
}

function outcomesOf(rows: readonly BackTestRow[]): Readonly<Record<ReplayOutcome, number>> {
  const counts: Record<ReplayOutcome, number> = { PROMOTED: 0, PASSED: 0, ROLLED_BACK: 0, INCONCLUSIVE: 0 };
  for (const outcome of REPLAY_OUTCOMES) {
    counts[outcome] = rows.filter((row) => row.outcome === outcome).length;
  }
  return counts;
}

function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const at = (quantile: number): number => sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0;
  return { total: sorted.reduce((sum, value) => sum + value, 0), median: at(0.5), p95: at(0.95) };
}
