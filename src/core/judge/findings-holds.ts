// Findings that rest on no count of requests: alarms, gauges, missing reports.
import { type Finding, plainFinding } from './findings.ts';
import { gaugeKey, gaugeLimit, HOLD_AFTER_PERIODS } from './gauges.ts';
import type { JudgePolicy } from './policy.ts';
import { meansOf } from './stage.ts';
import type { JudgeState } from './state.ts';
import type { AlarmReading } from './types.ts';

/** One clause for all alarms in question; null where there are none. */
export function alarmFinding(alarms: readonly AlarmReading[], isFiring: boolean): Finding | null {
  const named = alarms.filter((alarm) =>
    isFiring ? alarm.state === 'ALARM' : alarm.state === 'INSUFFICIENT_DATA' || alarm.state === 'MISSING',
  );
  const [first] = named;
  if (first === undefined) return null;
  const others = named.length > 1 ? ` and ${named.length - 1} more` : '';
  const says = {
    OK: '',
    ALARM: `fires${first.reason === '' ? '' : `: ${first.reason.slice(0, 200)}`}`,
    INSUFFICIENT_DATA: 'has insufficient data',
    MISSING: 'does not exist',
  }[first.state];
  return plainFinding('alarms', `alarm ${first.name}${others} ${says}`);
}

/** The first gauge over its limit for some periods in a row; null where there is none. */
export function gaugeFinding(
  policy: JudgePolicy,
  state: JudgeState,
  onLimit: 'hold' | 'rollback',
): Finding | null {
  for (const gauge of policy.gauges) {
    const periods = state.beyond[gaugeKey(gauge)] ?? 0;
    if (gauge.onLimit !== onLimit || periods < HOLD_AFTER_PERIODS) continue;
    const { stable, canary, requests } = meansOf(state.stage, gauge.measure);
    const limit = gaugeLimit(gauge, state.bands[gauge.measure], stable);
    const unit = gauge.unit === '' ? '' : ` ${gauge.unit}`;
    const bound = gauge.limit === null ? "stable's usual band" : `${gauge.limit}${unit}`;
    const means =
      canary === null ? '' : ` (on average ${canary}${unit} against ${stable ?? 'none'} on stable)`;
    return {
      check: gauge.check,
      value: canary,
      limit,
      baseline: stable,
      sample: requests,
      windowSeconds: null,
      clause: `${gauge.label} was above ${bound} for ${periods} periods in a row${means}`,
    };
  }
  return null;
}
