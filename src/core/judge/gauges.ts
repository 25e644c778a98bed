// Values that are watched, not tested: how far stable's band reaches, and for how many periods in a row one was left.
import { ERRORS } from './measures.ts';
import type { JudgePolicy } from './policy.ts';
import type { GaugePolicy } from './policy-gauges.ts';
import { reports } from './sample.ts';
import type { JudgeState } from './state.ts';
import type { Counts, Moment, Period } from './types.ts';

/** A value behind fewer requests says little about the version. */
const LEAST_REQUESTS = 20;
/** Off the band: beyond stable's usual by three standard deviations, and a quarter above stable right now. */
const BAND_SIGMAS = 3;
export const BAND_RATIO = 1.25;
/** Periods in a row, after which a gauge holds the canary. */
export const HOLD_AFTER_PERIODS = 2;
/** … and after which people are told of a value over its alert limit. */
export const ALERT_AFTER_PERIODS = 3;

type Band = readonly [number, number];

/** [mean, standard deviation] of stable's gauges, by measure. */
export function bandsOf(policy: JudgePolicy, history: readonly Period[]): JudgeState['bands'] {
  return Object.fromEntries(
    policy.gauges.flatMap(({ measure }) => {
      const values = history.flatMap(({ stable }) => stable?.values[measure] ?? []);
      if (values.length < 2) return [];
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      return [[measure, [round(mean), round(Math.sqrt(variance))]]];
    }),
  );
}

/** What a gauge must stay below; null where there is no limit, and no stable version to hold it to. */
export function gaugeLimit(gauge: GaugePolicy, band: Band | undefined, stable: number | null): number | null {
  if (gauge.limit !== null) return gauge.limit;
  if (stable === null || stable <= 0) return null;
  const [mean, deviation] = band ?? [stable, 0];
  return Math.max(mean + BAND_SIGMAS * deviation, stable * BAND_RATIO);
}

/** Periods in a row beyond the limit, by `gauge:NAME` and `alert:NAME`; a period of few requests changes nothing. */
export function countBeyond(
  policy: JudgePolicy,
  state: JudgeState,
  { period, secondsSinceRaise }: Moment,
): JudgeState['beyond'] {
  const { canary, stable } = period;
  if (!reports(canary) || canary.requests < LEAST_REQUESTS) return state.beyond;
  const next = { ...state.beyond };
  const note = (key: string, isBeyond: boolean | null): void => {
    if (isBeyond === true) next[key] = (next[key] ?? 0) + 1;
    // a row of periods ends with one in which nobody tells the value
    else delete next[key];
  };
  for (const gauge of policy.gauges) {
    const limit = gaugeLimit(gauge, state.bands[gauge.measure], stable?.values[gauge.measure] ?? null);
    note(gaugeKey(gauge), isOver(canary.values[gauge.measure], limit));
  }
  for (const alert of policy.alerts) {
    if (secondsSinceRaise < alert.warmUpSeconds) continue;
    note(alertKey(alert), isOver(readingOf(canary, alert.measure), alert.limit));
  }
  return next;
}

export function gaugeKey({ check }: { readonly check: string }): string {
  return `gauge:${check}`;
}

export function alertKey({ check }: { readonly check: string }): string {
  return `alert:${check}`;
}

/** Error rate in percent, or the value itself. */
function readingOf(counts: Counts, measure: string): number | undefined {
  return measure === ERRORS ? (100 * counts.errors) / counts.requests : counts.values[measure];
}

function isOver(value: number | undefined, limit: number | null): boolean | null {
  return value === undefined || limit === null ? null : value > limit;
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
