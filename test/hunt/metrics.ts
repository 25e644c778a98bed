// What CloudWatch shows of a run: requests by the shares that were really configured, failures by what each version is
// like, two minutes late, with holes while they stand.
import type { Counts } from '../../src/core/judge/types.ts';
import { targetId } from '../../src/core/targets/index.ts';
import type { MetricSource } from '../../src/ports.ts';
import type { Conditions } from './conditions.ts';
import { METRIC_VISIBILITY_MS, normalOf } from './delays.ts';
import { MINUTE_MS, type Plan } from './plan.ts';
import type { Recorder } from './recorder.ts';
import { draw } from './streams.ts';

/** The target's shares from an instant on. */
interface Spell {
  readonly fromMs: number;
  readonly shares: Readonly<Record<string, number>>;
}

export interface HuntMetrics extends MetricSource {
  /** The shares are others from now on. */
  shift(targetId: string, atMs: number, shares: Spell['shares']): void;
}

/** Minutes of a `metric-delay` are shown this much later. */
const EXTRA_DELAY_MS = 6 * MINUTE_MS;

export function huntMetrics(
  plan: Plan,
  startMs: number,
  nowMs: () => number,
  conditions: Conditions,
  recorder: Recorder,
): HuntMetrics {
  const spellsOf = new Map<string, Spell[]>();
  const minute = (spells: readonly Spell[], version: string, fromMs: number): Counts | null => {
    const requests = Math.round((plan.requestsPerMinute * meanShare(spells, version, fromMs)) / 100);
    if (requests === 0) return null;
    const mean = (requests * errorPercent(plan, version, fromMs - startMs)) / 100;
    const spread = Math.sqrt(mean) * normalOf(draw(plan.seed, `errors ${version} ${fromMs}`));
    const errors = Math.min(requests, Math.max(0, Math.round(mean + spread)));
    return { requests, errors, shares: {}, values: {}, coldStarts: null };
  };
  const isShown = (fromMs: number): boolean => {
    const isIn = ({
      fromMs: from,
      untilMs,
    }: {
      readonly fromMs: number;
      readonly untilMs: number;
    }): boolean => fromMs + MINUTE_MS > from && fromMs < untilMs;
    const gap = conditions.ever('metric-gap').find(isIn);
    if (gap !== undefined) recorder.fault(gap.kind, gap.id);
    const delay = conditions.ever('metric-delay').find(isIn);
    if (delay !== undefined) recorder.fault(delay.kind, delay.id);
    const extraMs = delay === undefined ? 0 : EXTRA_DELAY_MS;
    return gap === undefined && nowMs() >= fromMs + MINUTE_MS + METRIC_VISIBILITY_MS + extraMs;
  };
  return {
    shift: (id, fromMs, shares) => {
      spellsOf.set(id, [...(spellsOf.get(id) ?? []), { fromMs, shares }]);
    },
    read: async ({ target, stable, canary, fromMs, toMs, periodSeconds }) => {
      const spells = spellsOf.get(targetId(target)) ?? [];
      const isForbidden = conditions.standing('metric-forbidden') !== null;
      const isPartial = conditions.standing('metric-partial') !== null;
      const count = Math.max(0, Math.ceil((toMs - fromMs) / (periodSeconds * 1000)));
      const periods = Array.from({ length: count }, (_, index) => {
        const startedMs = fromMs + index * periodSeconds * 1000;
        const isThere = !isForbidden && isShown(startedMs) && !(isPartial && index % 2 === 1);
        return {
          startMs: startedMs,
          stable: isThere ? minute(spells, stable.version, startedMs) : null,
          canary: isThere && canary !== null ? minute(spells, canary.version, startedMs) : null,
        };
      });
      return {
        periods,
        problem: isForbidden ? 'Forbidden' : isPartial ? 'PartialData' : null,
        stableMaxSeconds: periods.some((period) => period.stable !== null) ? 1 : null,
        percentiles: null,
        isHttpStreamAlive: null,
      };
    },
  };
}

/** Of one minute, percent. */
function meanShare(spells: readonly Spell[], version: string, fromMs: number): number {
  const untilMs = fromMs + MINUTE_MS;
  let sum = 0;
  spells.forEach((spell, index) => {
    const share = spell.shares[version] ?? 0;
    // the first one has stood since long before
    const from = index === 0 ? fromMs : Math.max(fromMs, spell.fromMs);
    const until = Math.min(untilMs, spells[index + 1]?.fromMs ?? untilMs);
    if (until > from) sum += share * (until - from);
  });
  return sum / MINUTE_MS;
}

const USUAL_PERCENT = 0.05;

function errorPercent({ behaviours }: Plan, version: string, sinceStartMs: number): number {
  const behaviour = behaviours[version];
  if (behaviour === undefined) return USUAL_PERCENT;
  return sinceStartMs >= behaviour.laterFromMs ? behaviour.laterErrorPercent : behaviour.errorPercent;
}
