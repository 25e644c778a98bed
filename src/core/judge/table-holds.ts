// Rows of the side-by-side table that prove nothing by themselves: gauges, a silent canary, alarms.
import { roundSignificant } from '../units.ts';
import type { CheckReading } from '../verdict.ts';
import { checkEvidence } from './combine.ts';
import { BAND_RATIO, gaugeKey, gaugeLimit, HOLD_AFTER_PERIODS } from './gauges.ts';
import { valueInterval } from './intervals.ts';
import type { GaugePolicy } from './policy-gauges.ts';
import { tallyOfRun } from './run.ts';
import { meansOf } from './stage.ts';
import { compareValues } from './standing.ts';
import type { TableView } from './table.ts';
import { rounded, standingAction, varianceOf } from './table-rows.ts';
import type { AlarmReading } from './types.ts';

/** A gauge that nobody reports has no row: throttles are reported only when there are some. */
export function gaugeRow(view: TableView, gauge: GaugePolicy): CheckReading[] {
  const { state } = view;
  const { stable, canary, requests, pairs } = meansOf(state.stage, gauge.measure);
  if (canary === null) return [];
  const isHeld = (state.beyond[gaugeKey(gauge)] ?? 0) >= HOLD_AFTER_PERIODS;
  const compared = compareValues(pairs, { better: 'lower', toleranceRatio: BAND_RATIO }, requests);
  const limit = gaugeLimit(gauge, state.bands[gauge.measure], stable);
  return [
    {
      check: gauge.check,
      label: gauge.label,
      unit: gauge.unit,
      stable,
      canary,
      limit: limit === null ? null : roundSignificant(limit, 4),
      better: 'lower',
      variancePercent: varianceOf(canary, stable),
      sample: requests,
      interval: rounded(valueInterval(canary, pairs, requests)),
      evidence: null,
      streams: {},
      stillNeeded: compared.stillNeeded,
      action: isHeld ? 'investigate' : standingAction(compared, false, 'investigate'),
    },
  ];
}

/** Shown only while there is something to show: a canary that reports is no row. */
export function silenceRows({ policy, evidence }: TableView): CheckReading[] {
  return evidence.streams.flatMap(({ policy: stream, state, contribution }): CheckReading[] => {
    if (stream.kind !== 'silence') return [];
    const own = checkEvidence(evidence, stream.check);
    if (own < policy.suspiciousEvidence) return [];
    const { canary, stable } = tallyOfRun(state.run);
    const [due, missing] = canary;
    return [
      {
        check: stream.check,
        label: 'canary requests reported of those due',
        unit: 'requests',
        stable: stable[0],
        canary: due - missing,
        limit: due,
        better: 'higher',
        variancePercent: null,
        sample: due,
        interval: null,
        evidence: roundSignificant(own, 3),
        streams: { [stream.name]: roundSignificant(contribution / stream.weight, 3) },
        stillNeeded: null,
        action: own >= 1 / policy.alpha ? 'consider rollback' : 'investigate',
      },
    ];
  });
}

export function alarmRows(alarms: readonly AlarmReading[]): CheckReading[] {
  if (alarms.length === 0) return [];
  const firing = alarms.filter((alarm) => alarm.state === 'ALARM').length;
  const unknown = alarms.filter((alarm) => alarm.state !== 'OK' && alarm.state !== 'ALARM').length;
  return [
    {
      check: 'alarms',
      label: unknown > 0 ? `alarms firing (${unknown} unknown)` : 'alarms firing',
      unit: `of ${alarms.length}`,
      stable: null,
      canary: firing,
      limit: 0,
      better: 'lower',
      variancePercent: null,
      sample: null,
      interval: null,
      evidence: null,
      streams: {},
      stillNeeded: null,
      action: firing > 0 ? 'consider rollback' : unknown > 0 ? 'investigate' : 'acceptable',
    },
  ];
}
