// The alarms of a simulated world: scheduled changes, and thresholds evaluated every minute on the true traffic.
import type { ServiceSpec } from '../core/service-spec.ts';
import { type MemoryAlarms, memoryAlarms } from './memory-alarms.ts';
import type { Scenario } from './scenario.ts';
import { instantsOf } from './scenario-truth.ts';
import { floorToMinute, MINUTE_MS, type TrafficModel } from './traffic-model.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { TargetWorld } from './world-target.ts';

type WrittenAlarm = Scenario['alarms'][number];
type Threshold = NonNullable<WrittenAlarm['when']>;

export function worldAlarms(
  spec: ServiceSpec,
  scenario: Scenario,
  traffic: TrafficModel,
  visibleErrors: TargetWorld['visibleErrors'],
  time: VirtualTime,
): MemoryAlarms {
  const alarms = memoryAlarms();
  const { startMs, at } = instantsOf(scenario);
  const longAgoMs = startMs - 24 * 3_600_000;
  const described = new Set(scenario.alarms.map(({ name }) => name));
  for (const name of spec.checks.alarms) {
    if (!described.has(name)) alarms.set(name, 'OK', 'as it was', longAgoMs);
  }
  for (const alarm of scenario.alarms) {
    change(alarms, alarm.name, alarm.starts, 'as it was', longAgoMs);
    for (const { at: seconds, to } of alarm.changes) {
      time.at(at(seconds), () => change(alarms, alarm.name, to, `changed to ${to}`, at(seconds)));
    }
    if (alarm.when !== undefined) evaluateEveryMinute(alarm.name, alarm.when);
  }
  return alarms;

  function evaluateEveryMinute(name: string, threshold: Threshold): void {
    let breachesInARow = 0;
    const firstMs = floorToMinute(startMs) + MINUTE_MS + scenario.metrics.lateness * 1000;
    time.every(firstMs, MINUTE_MS, () => {
      const minuteMs = floorToMinute(time.now() - scenario.metrics.lateness * 1000) - MINUTE_MS;
      const percent = errorPercent(traffic, visibleErrors, threshold.of, minuteMs);
      breachesInARow = percent > threshold.errorsAbove ? breachesInARow + 1 : 0;
      const shown = `${Math.round(percent * 100) / 100} % of requests failed, the threshold is ${threshold.errorsAbove} %`;
      const state = breachesInARow >= threshold.periods ? 'ALARM' : 'OK';
      alarms.set(name, state, shown, time.now());
    });
  }
}

function change(
  alarms: MemoryAlarms,
  name: string,
  state: WrittenAlarm['starts'],
  reason: string,
  atMs: number,
): void {
  if (state === 'MISSING') alarms.remove(name);
  else alarms.set(name, state, reason, atMs);
}

function errorPercent(
  traffic: TrafficModel,
  visibleErrors: TargetWorld['visibleErrors'],
  of: Threshold['of'],
  minuteMs: number,
): number {
  const sides = of === 'all' ? (['stable', 'canary'] as const) : ([of] as const);
  const tallies = sides.map((side) => traffic.minute(side, minuteMs));
  const failed = tallies.reduce((sum, tally) => sum + visibleErrors(tally) + tally.hung, 0);
  const requests = tallies.reduce((sum, tally) => sum + tally.requests, 0);
  return requests === 0 ? 0 : (100 * failed) / requests;
}
