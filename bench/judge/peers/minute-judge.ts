// What all peers have in common: they look once a minute at metrics of whole minutes, and know no third answer.
import type { Answer, LineJudge, Row, StartMessage } from '../../../src/replay/line-protocol.ts';
import { addHistograms, quantilesOf } from '../histogram.ts';

/** Both versions in one minute, or in one period where periods are longer; null: no data. */
export interface Look {
  readonly stable: Row | null;
  readonly canary: Row | null;
  /** Minutes since the start of the rollout, at the end of the look. */
  readonly minute: number;
}

/** A rule of one rollout. Each question is answered with a reason to roll back, or null. */
export interface MinuteRule {
  look(look: Look): string | null;
  /** Asked once, when the plan is through. */
  end(): string | null;
}

/** Limits that an operator sets; the documented examples where he sets none. */
export interface Limits {
  readonly errorRateMax: number;
  readonly p99MaxMs: number;
}

const MINUTE_SEC = 60;
/** Success of at least 99 % and a p99 of at most 500 ms: the examples of Flagger's documentation. */
const EXAMPLE: Limits = { errorRateMax: 0.01, p99MaxMs: 500 };

export function limitsOf({ policy }: StartMessage): Limits {
  return {
    errorRateMax: policy.errorRateMax ?? EXAMPLE.errorRateMax,
    p99MaxMs: policy.p99MaxMs ?? EXAMPLE.p99MaxMs,
  };
}

/** Looks that lie within so many minutes; one look may be longer than that. */
export function looksIn(minutes: number, { periodSec }: StartMessage): number {
  return Math.max(1, Math.round((minutes * MINUTE_SEC) / Math.max(MINUTE_SEC, periodSec)));
}

export function hasRequests(row: Row | null): row is Row {
  return row !== null && row.requests > 0;
}

/** Several periods of one version as one row; null where none of them has data. */
export function mergeRows(rows: readonly (Row | null)[], edges: readonly number[]): Row | null {
  const known = rows.filter((row) => row !== null);
  if (known.length === 0) return null;
  if (known.length === 1) return known[0] ?? null;
  const sum = (count: (row: Row) => number | undefined): number =>
    known.reduce((total, row) => total + (count(row) ?? 0), 0);
  const merged = { requests: sum((row) => row.requests), errors: sum((row) => row.errors) };
  const conversions = known.some((row) => row.conversions !== undefined)
    ? { conversions: sum((row) => row.conversions) }
    : {};
  const hist = addHistograms(known.flatMap((row) => (row.hist === undefined ? [] : [row.hist])));
  const [p50, p95, p99] = quantilesOf(hist, edges, [0.5, 0.95, 0.99]);
  return p50 === undefined || p95 === undefined || p99 === undefined
    ? { ...merged, ...conversions }
    : { ...merged, ...conversions, hist, p50, p95, p99 };
}

/** A judge of the line protocol that asks a rule once a minute. */
export function minuteJudge(ruleFor: (start: StartMessage) => MinuteRule): LineJudge {
  let current: StartMessage | null = null;
  let rule: MinuteRule | null = null;
  let waiting: { stable: Row | null; canary: Row | null }[] = [];
  const started = (): { start: StartMessage; rule: MinuteRule } => {
    if (current === null || rule === null) throw new Error('a period came before the start of its rollout');
    return { start: current, rule };
  };
  return {
    start(message) {
      current = message;
      rule = ruleFor(message);
      waiting = [];
    },
    period({ id, t, stable, canary }) {
      const { start, rule } = started();
      waiting.push({ stable, canary });
      const endSec = t + start.periodSec;
      if (endSec % MINUTE_SEC !== 0) return goOn(id);
      const rows = waiting;
      waiting = [];
      const merged = (side: 'stable' | 'canary'): Row | null =>
        mergeRows(
          rows.map((row) => row[side]),
          start.latencyEdgesMs,
        );
      const reason = rule.look({
        stable: merged('stable'),
        canary: merged('canary'),
        minute: endSec / MINUTE_SEC,
      });
      return reason === null ? goOn(id) : { id, verdict: 'rollback', reason };
    },
    end({ id }) {
      const reason = started().rule.end();
      return reason === null ? { id, verdict: 'pass', reason: '' } : { id, verdict: 'rollback', reason };
    },
  };
}

function goOn(id: string): Answer {
  return { id, verdict: 'continue', reason: '' };
}
