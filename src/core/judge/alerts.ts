// What people are told of although it moves no traffic: a limit passed for some periods in a row, never one blip.
import type { Alert } from '../verdict.ts';
import { ALERT_AFTER_PERIODS, alertKey, gaugeKey, HOLD_AFTER_PERIODS } from './gauges.ts';
import type { JudgePolicy } from './policy.ts';
import { versionName } from './reason.ts';
import type { JudgeState } from './state.ts';
import type { RolloutNames } from './types.ts';

export function alertsOf(policy: JudgePolicy, state: JudgeState, names: RolloutNames): Alert[] {
  const subject = `${names.service} ${versionName(names.canaryVersion)} at ${names.weightPercent} %`;
  const over = policy.alerts.flatMap((alert): Alert[] => {
    const periods = state.beyond[alertKey(alert)] ?? 0;
    if (periods < ALERT_AFTER_PERIODS) return [];
    const { check, label, limit, unit } = alert;
    return [
      { check, sentence: `${subject}: ${label} above ${limit} ${unit} for ${periods} periods in a row.` },
    ];
  });
  const gauges = policy.gauges.flatMap((gauge): Alert[] => {
    const periods = state.beyond[gaugeKey(gauge)] ?? 0;
    if (periods < HOLD_AFTER_PERIODS) return [];
    const bound =
      gauge.limit === null ? "off stable's usual band" : `above ${gauge.limit} ${gauge.unit}`.trim();
    return [
      {
        check: gauge.check,
        sentence: `${subject}: ${gauge.label} ${bound} for ${periods} periods in a row.`,
      },
    ];
  });
  return [...over, ...gauges];
}
