// The gates of a start: what was found, what is shut, what the service file waives.
import { firingOf } from '../core/accepted-alarms.ts';
import type { Problem } from '../core/errors.ts';
import { type GateResult, openGate, shutGate } from '../core/gates.ts';
import type { AlarmReading } from '../core/judge/types.ts';
import type { AcceptedAlarm } from '../core/rollout.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { StartRequest } from '../core/targets/target.ts';
import type { MetricsAnswer } from '../ports.ts';

/**
 * An alarm that fires already would never send its event, and one that does not exist would never fire.
 * @param accepted alarms that may fire, because a person wants to release the fix for it
 */
export function alarmsGate(
  alarms: readonly AlarmReading[],
  { service, version }: Pick<StartRequest, 'service' | 'version'>,
  accepted: readonly AcceptedAlarm[] = [],
): GateResult {
  const gate = 'alarms-quiet';
  const missing = alarms.filter((alarm) => alarm.state === 'MISSING').map((alarm) => alarm.name);
  if (missing.length > 0) {
    return shutGate(gate, {
      code: 'alarm-missing',
      what: `no such alarm: ${missing.join(', ')}`,
      where: 'checks.alarms',
      got: missing.join(', '),
      allowed: 'names of alarms that exist in this account and Region',
      fix: 'Correct the name in the service file, or create the alarm',
    });
  }
  const firing = alarms.filter((alarm) => alarm.state === 'ALARM').map((alarm) => alarm.name);
  if (firing.length === 0) {
    return openGate(
      gate,
      alarms.length === 0 ? 'no alarms are configured' : `${alarms.length} alarms exist and are quiet`,
    );
  }
  const reasons = firingOf(accepted, alarms).map(({ name, reason }) => `${name}: ${reason}`);
  const shut = shutGate(gate, alarmFiring(firing, `stepshift start ${service} ${version}`));
  return reasons.length === firing.length ? { ...shut, waivedBecause: reasons.join('; ') } : shut;
}

function alarmFiring(firing: readonly string[], start: string): Problem {
  return {
    code: 'alarm-firing',
    what: `already in ALARM: ${firing.join(', ')}`,
    where: 'checks.alarms',
    got: 'ALARM',
    allowed: 'OK or INSUFFICIENT_DATA at the start',
    fix: `Wait until the alarm is OK; to release the fix for it: ${start} --accept-alarm "${firing[0]}" --reason "why"${firing.length > 1 ? ', and both again for each of the others' : ''}`,
  };
}

/** Shut: the lease of the target is somebody else's. */
export function noOtherRolloutGate(label: string, owner: string): GateResult {
  return shutGate('no-other-rollout', {
    code: 'target-has-a-rollout',
    what: `${label} already has a rollout: ${owner}`,
    where: label,
    got: owner,
    allowed: 'one rollout per target',
    fix: `Watch it (stepshift status ${owner}) or stop it (stepshift abort ${owner} -m "why"), then start again`,
  });
}

/**
 * A source that refuses to answer before the start would refuse to answer during it.
 * @param warnings what the answer leaves unjudged, for people; the gate stays open
 */
export function metricsGate(answer: MetricsAnswer, warnings: readonly string[]): GateResult {
  if (answer.problem === null) {
    const finding = ['the metrics of the last hour are readable', ...warnings].join('; ');
    return openGate('metrics-readable', finding);
  }
  return shutGate('metrics-readable', {
    code: 'metrics-unreadable',
    what: `the metrics of the stable version cannot be read: ${answer.problem}`,
    where: 'CloudWatch GetMetricData',
    got: answer.problem,
    allowed: 'complete answers for the last hour',
    fix: 'Check the metrics and statistics that the service file names, the permissions of the engine and the state of CloudWatch, then start again',
  });
}

/** A metric that is named and never arrives would let every answer of 500 pass for a success. */
export function httpStreamGate({ isHttpStreamAlive }: MetricsAnswer): GateResult {
  const gate = 'http-stream-reports';
  if (isHttpStreamAlive === null) {
    return openGate(gate, 'no HTTP-status stream to look at: none is configured, or nothing was answered');
  }
  if (isHttpStreamAlive) return openGate(gate, 'the HTTP-status stream of the stable version reports');
  return shutGate(gate, {
    code: 'http-stream-silent',
    what: 'the HTTP-status stream reported nothing in the last hour, though the stable version answered requests',
    where: 'checks.errors.http5xx',
    got: 'no data',
    allowed: 'a value for every minute with requests, 0 where no answer was a 5xx',
    fix: 'Wrap the handler of the live version with countHttpStatus, or correct the namespace, the name and the dimensions (FunctionName and Version) of the metric, or waive it with a reason: waivers: { http-stream-reports: "…" }',
  });
}

/** Waives the shut gates that the service file names with a reason. */
export function applyWaivers(results: readonly GateResult[], waivers: ServiceSpec['waivers']): GateResult[] {
  return results.map((result) => {
    const reason = waivers[result.gate];
    return result.open || reason === undefined ? result : { ...result, waivedBecause: reason };
  });
}

export function refusals(results: readonly GateResult[]): Problem[] {
  return results.flatMap((result) =>
    result.problem !== null && result.waivedBecause === null ? [result.problem] : [],
  );
}
