// From what is known to a verdict, in this order: proven harm, a firing alarm, any doubt, and only then a pass.
import type { Evidence } from './combine.ts';
import {
  type Finding,
  harmFinding,
  plainFinding,
  safeFinding,
  suspicionFinding,
  thinFinding,
} from './findings.ts';
import { alarmFinding, gaugeFinding } from './findings-holds.ts';
import type { JudgePolicy } from './policy.ts';
import { versionName } from './reason.ts';
import { hasLatency, safetyOf } from './safety.ts';
import type { JudgeState } from './state.ts';
import type { AlarmReading, RolloutNames, StageClock } from './types.ts';

/** Everything a decision rests on. */
export interface View {
  readonly policy: JudgePolicy;
  /** Everything seen, open periods too: good for a rollback. */
  readonly current: JudgeState;
  /** Only periods old enough to be whole: good for a pass. */
  readonly settled: JudgeState;
  /** Of each of the two. */
  readonly evidence: Evidence;
  readonly settledEvidence: Evidence;
  /** No period before this instant can still be late. */
  readonly settledUntilMs: number;
  readonly periodSeconds: number;
  readonly alarms: readonly AlarmReading[];
  readonly metricsProblem: string | null;
  readonly nowMs: number;
  readonly stage: StageClock;
  readonly names: RolloutNames;
}

export interface Conclusion {
  readonly kind: 'pass' | 'hold' | 'rollback' | 'inconclusive';
  readonly finding: Finding;
}

export function conclude(view: View): Conclusion {
  const { policy, current, settled, evidence, settledEvidence } = view;
  if (evidence.total >= 1 / policy.alpha) {
    const version = versionName(view.names.canaryVersion);
    return { kind: 'rollback', finding: harmFinding(policy, current, evidence, version) };
  }
  const firing = alarmFinding(view.alarms, true);
  if (firing !== null) return { kind: 'rollback', finding: firing };
  const forbidden = gaugeFinding(policy, settled, 'rollback');
  if (forbidden !== null) return { kind: 'rollback', finding: forbidden };

  const doubt = firstDoubt(view);
  if (doubt !== null) return { kind: isHoldOver(view) ? 'inconclusive' : 'hold', finding: doubt };
  const safety = safetyOf(policy, settled, view.names.weightPercent);
  if (safety.isShown) {
    return { kind: 'pass', finding: safeFinding(policy, settled, settledEvidence, safety) };
  }
  const thin = thinFinding(policy, settled, safety);
  return { kind: isHoldOver(view) ? 'inconclusive' : 'hold', finding: thin };
}

/** Why one may not go on although nothing is proven; null where nothing speaks against it. */
function firstDoubt(view: View): Finding | null {
  const { policy, current, settled, evidence, settledEvidence } = view;
  if (evidence.total >= policy.suspiciousEvidence) return suspicionFinding(policy, current, evidence);
  if (settledEvidence.total >= policy.suspiciousEvidence) {
    return suspicionFinding(policy, settled, settledEvidence);
  }
  if (view.metricsProblem !== null) {
    return plainFinding(null, `the metrics are not complete (${view.metricsProblem.slice(0, 200)})`);
  }
  const unknownAlarm = alarmFinding(view.alarms, false);
  if (unknownAlarm !== null) return unknownAlarm;
  const missingSeconds = (view.settledUntilMs - settled.reportedUntilMs) / 1000;
  if (missingSeconds >= policy.missingPeriods * view.periodSeconds) {
    const minutes = Math.floor(missingSeconds / 60);
    const time = minutes > 0 ? `${minutes} min` : `${Math.floor(missingSeconds)} s`;
    return plainFinding(null, `no report of both versions for ${time}, and no data is never success`);
  }
  const gauge = gaugeFinding(policy, settled, 'hold');
  if (gauge !== null) return gauge;
  if (!hasLatency(policy, settled)) {
    return plainFinding('latency', 'latency is to be judged and most canary requests have no latency metric');
  }
  return null;
}

function isHoldOver({ nowMs, stage }: View): boolean {
  return nowMs >= stage.enteredAtMs + (stage.bakeSeconds + stage.maxHoldSeconds) * 1000;
}
