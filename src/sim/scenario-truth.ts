// Turns a scenario's durations and texts into the instants and numbers that the simulated world runs on.
import type { ServiceSpec } from '../core/service-spec.ts';
import type { EventFault } from './event-delivery.ts';
import type { Scenario } from './scenario.ts';
import { DEFAULT_P50_MS, DEFAULT_P95_MS } from './scenario-limits.ts';
import type { WrittenVersion } from './scenario-version.ts';
import type { MetricWays } from './sim-metrics.ts';
import type { Behaviour, VersionTruth } from './traffic-behaviour.ts';
import { constantLoad, diurnalLoad, type Load, type LoadSample, seriesLoad } from './traffic-load.ts';
import { floorToMinute, MINUTE_MS, type TrafficTruth } from './traffic-model.ts';
import type { ApiFault } from './world-faults.ts';

/** The judge looks at the hour before the start; a little more, for the lateness of metrics. */
const HISTORY_MINUTES = 90;

export interface Instants {
  readonly startMs: number;
  readonly horizonMs: number;
  /** An instant given as seconds since the start. */
  at(seconds: number): number;
  window(window: { readonly from: number; readonly for?: number | undefined }): {
    readonly fromMs: number;
    readonly untilMs: number;
  };
}

export function instantsOf(scenario: Scenario): Instants {
  const startMs = Date.parse(scenario.start);
  const at = (seconds: number): number => startMs + seconds * 1000;
  return {
    startMs,
    horizonMs: at(scenario.horizon),
    at,
    window: ({ from, for: seconds }) => ({
      fromMs: at(from),
      untilMs: seconds === undefined ? Number.POSITIVE_INFINITY : at(from + seconds),
    }),
  };
}

/** @throws TypeError when the scenario's traffic is a series and its samples are not given */
export function trafficTruth(
  scenario: Scenario,
  spec: ServiceSpec,
  seed: number,
  samples: readonly LoadSample[] | undefined,
): TrafficTruth {
  const instants = instantsOf(scenario);
  const { latency } = spec.checks;
  const stable = behaviourOf(scenario.stable, STANDARD);
  return {
    load: loadOf(scenario, instants.startMs, samples),
    versions: {
      stable: versionTruth(scenario.stable, stable, instants),
      canary: versionTruth(scenario.canary, behaviourOf(scenario.canary, stable), instants),
    },
    incidents: scenario.incidents.map((incident) => ({
      ...instants.window(incident),
      addedErrorPercent: incident.errors,
      slowerRatio: incident.slower,
    })),
    // a limit that only alerts does not make a request bad
    badAboveMs: latency?.onLimit === 'rollback' ? latency.limitMs : null,
    seed,
    fromMs: floorToMinute(instants.startMs) - HISTORY_MINUTES * MINUTE_MS,
  };
}

export function metricWays(scenario: Scenario): Omit<MetricWays, 'visibleErrors' | 'httpStream'> {
  const { window } = instantsOf(scenario);
  return {
    latenessSeconds: scenario.metrics.lateness,
    timeoutSeconds: scenario.world.timeout,
    delays: scenario.metrics.delays.map((delay) => ({ ...window(delay), latenessSeconds: delay.lateness })),
    gaps: scenario.metrics.gaps.map((gap) => ({ ...window(gap), of: gap.of })),
    problems: scenario.metrics.problems.map((problem) => ({ ...window(problem), status: problem.status })),
  };
}

export function apiFaultsOf(scenario: Scenario): readonly ApiFault[] {
  const { window } = instantsOf(scenario);
  return scenario.faults.apis.map((fault) => ({ ...window(fault), api: fault.api, kind: fault.kind }));
}

export function eventFaultsOf(scenario: Scenario): readonly EventFault[] {
  const { window } = instantsOf(scenario);
  return scenario.faults.events.map((fault) => ({ ...window(fault), of: fault.of, does: fault.does }));
}

const STANDARD: Behaviour = {
  errorPercent: 0,
  http500Percent: 0,
  hangPercent: 0,
  p50Ms: DEFAULT_P50_MS,
  p95Ms: DEFAULT_P95_MS,
  tailPercent: 0,
  tailSlowerMs: 0,
  throttledPercent: 0,
  ratePercents: {},
  levels: {},
};

type Written = Omit<WrittenVersion, 'leak' | 'coldStarts' | 'changes'>;

function behaviourOf(written: Written, base: Behaviour): Behaviour {
  const failures = written.crash
    ? { errorPercent: 100, http500Percent: 0, hangPercent: 0 }
    : {
        errorPercent: written.errors ?? base.errorPercent,
        http500Percent: written.http500 ?? base.http500Percent,
        hangPercent: written.hang ?? base.hangPercent,
      };
  return {
    ...failures,
    p50Ms: written.p50 ?? base.p50Ms,
    p95Ms: written.p95 ?? base.p95Ms,
    tailPercent: written.tail?.share ?? base.tailPercent,
    tailSlowerMs: written.tail?.slower ?? base.tailSlowerMs,
    throttledPercent: written.throttles ?? base.throttledPercent,
    ...metricsOf(written.metrics ?? {}, base),
  };
}

function metricsOf(
  written: NonNullable<WrittenVersion['metrics']>,
  base: Behaviour,
): Pick<Behaviour, 'ratePercents' | 'levels'> {
  const ratePercents = { ...base.ratePercents };
  const levels = { ...base.levels };
  for (const [name, metric] of Object.entries(written)) {
    if (typeof metric === 'number') levels[name] = metric;
    else ratePercents[name] = metric.percent;
  }
  return { ratePercents, levels };
}

function versionTruth(written: WrittenVersion, behaviour: Behaviour, { window }: Instants): VersionTruth {
  return {
    behaviour,
    changes: written.changes.map((change) => ({
      ...window(change),
      behaviour: behaviourOf(change, behaviour),
    })),
    leak:
      written.leak === undefined
        ? null
        : {
            errorPercentPerHour: written.leak.errorsPerHour,
            slowerPerHourRatio: written.leak.slowerPerHour,
          },
    coldStarts:
      written.coldStarts === undefined
        ? null
        : {
            percent: written.coldStarts.share,
            slowerMs: written.coldStarts.slower,
            forMs: written.coldStarts.for * 1000,
          },
  };
}

function loadOf({ traffic }: Scenario, startMs: number, samples: readonly LoadSample[] | undefined): Load {
  const { constant, diurnal, series } = traffic;
  if (diurnal !== undefined) {
    return diurnalLoad({
      meanPerMinute: diurnal.mean,
      peakHour: diurnal.peakHour,
      swingRatio: diurnal.swing / 100,
    });
  }
  if (series !== undefined) {
    if (samples === undefined) throw new TypeError(`the samples of ${series.file} were not given`);
    return seriesLoad({ samples, meanPerMinute: series.mean, offsetMs: series.offset * 1000, startMs });
  }
  return constantLoad(constant ?? 0);
}
