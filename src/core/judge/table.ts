// The side-by-side table: one row a check, both versions over the present stage, and what a person should do about it.
import { roundSignificant } from '../units.ts';
import type { ACTIONS, CheckReading } from '../verdict.ts';
import { checkEvidence, type Evidence, type StreamReading, shownReading } from './combine.ts';
import { allowedPercent, percentOf } from './findings.ts';
import type { JudgePolicy, SharePolicy } from './policy.ts';
import type { JudgeState, Tally } from './state.ts';
import type { AlarmReading } from './types.ts';

type Action = (typeof ACTIONS)[number];

/** A difference beyond this many standard deviations is no chance (one-sided 1 %). */
const CERTAIN_SIGMAS = 2.33;
/** A smaller increase is not worth a person's attention, however certain it is. */
const NOTABLE_INCREASE_PERCENT = 10;

/** Rows of everything that was judged, in the order of the policy. */
export function checkTable(
  policy: JudgePolicy,
  state: JudgeState,
  evidence: Evidence,
  alarms: readonly AlarmReading[],
): readonly CheckReading[] {
  const checks = [...new Set(policy.streams.map((stream) => stream.check))];
  const rows = checks.flatMap((check): CheckReading[] => {
    const reading = shownReading(evidence, check, state.stage.errors.stable[0] > 0);
    if (reading === undefined) return silenceRows(policy, evidence, check);
    return [shareRow(policy, evidence, reading, state.stage[reading.policy.measure])];
  });
  return [...rows, ...alarmRows(alarms)];
}

function shareRow(
  policy: JudgePolicy,
  evidence: Evidence,
  reading: StreamReading<SharePolicy>,
  tally: Tally,
): CheckReading {
  const canary = percentOf(tally.canary);
  const stable = percentOf(tally.stable);
  const own = checkEvidence(evidence, reading.policy.check);
  const variancePercent =
    canary === null || stable === null || stable === 0
      ? null
      : roundSignificant(((canary - stable) / stable) * 100, 4);
  return {
    check: reading.policy.check,
    label: reading.policy.words.label,
    unit: '%',
    stable,
    canary,
    limit: allowedPercent(reading.policy, reading.state, tally.stable),
    variancePercent,
    sample: tally.canary[0],
    evidence: roundSignificant(own, 3),
    // no data is never success: a row without a request asks for a look
    action:
      tally.canary[0] === 0
        ? 'investigate'
        : actionFor(policy, own, isCertainlyWorse(tally, reading.state.dispersion)),
  };
}

function actionFor(policy: JudgePolicy, evidence: number, isWorse: boolean): Action {
  if (evidence >= 1 / policy.alpha) return 'consider rollback';
  if (evidence >= policy.suspiciousEvidence) return 'investigate';
  return isWorse ? 'monitor closely' : 'acceptable';
}

/** Notably more bad requests than stable has, and not by chance; within tolerance or not. */
function isCertainlyWorse({ canary, stable }: Tally, dispersion: number): boolean {
  const all = canary[1] + stable[1];
  if (all === 0 || canary[0] === 0 || stable[0] === 0) return false;
  const due = canary[0] / (canary[0] + stable[0]);
  const sigmas = (canary[1] - all * due) / Math.sqrt(all * due * (1 - due) * dispersion);
  const factor = 1 + NOTABLE_INCREASE_PERCENT / 100;
  return sigmas >= CERTAIN_SIGMAS && canary[1] / canary[0] >= (factor * stable[1]) / stable[0];
}

/** Shown only while there is something to show: a canary that reports is no row. */
function silenceRows(policy: JudgePolicy, evidence: Evidence, check: string): CheckReading[] {
  const own = checkEvidence(evidence, check);
  const reading = evidence.streams.find((stream) => stream.policy.check === check);
  if (reading === undefined || own < policy.suspiciousEvidence) return [];
  const { canary, stable } = reading.state.run.tally;
  const [due, missing] = canary;
  return [
    {
      check,
      label: 'canary requests reported of those due',
      unit: 'requests',
      stable: stable[0],
      canary: due - missing,
      limit: due,
      variancePercent: null,
      sample: due,
      evidence: roundSignificant(own, 3),
      action: actionFor(policy, own, true),
    },
  ];
}

function alarmRows(alarms: readonly AlarmReading[]): CheckReading[] {
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
      variancePercent: null,
      sample: null,
      evidence: null,
      action: firing > 0 ? 'consider rollback' : unknown > 0 ? 'investigate' : 'acceptable',
    },
  ];
}
