// What is found, in words and numbers, before it is known what follows from it: the parts of a reason.
import { formatCount, formatPercent, roundSignificant } from '../units.ts';
import { type Evidence, type StreamReading, shownReading, streamState } from './combine.ts';
import { ERRORS_LIMIT, type JudgePolicy, type SharePolicy } from './policy.ts';
import { requestsStillNeeded, requestsUntilDecided } from './power.ts';
import { allowedShareOf } from './ratio-stream.ts';
import type { Safety } from './safety.ts';
import { shareOf } from './sample.ts';
import type { JudgeState, Sample, StreamState, Tally } from './state.ts';
import type { AlarmReading } from './types.ts';

export interface Finding {
  readonly check: string | null;
  /** Percent of requests. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly baseline: number | null;
  readonly sample: number | null;
  readonly windowSeconds: number | null;
  /** A clause that follows «checkout v42 at 5 % after 7 min:». */
  readonly clause: string;
}

export function plainFinding(check: string | null, clause: string): Finding {
  return {
    check,
    value: null,
    limit: null,
    baseline: null,
    sample: null,
    windowSeconds: null,
    clause,
  };
}

export function percentOf(sample: Sample): number | null {
  const share = shareOf(sample);
  return share === null ? null : roundSignificant(share * 100, 6);
}

/** What the canary may have, percent: the tolerance beside this stable, or the limit. */
export function allowedPercent(policy: SharePolicy, state: StreamState, stable: Sample): number {
  const share = policy.kind === 'ratio' ? allowedShareOf(policy, stable) : state.borderShare;
  return roundSignificant(share * 100, 6);
}

/** «31 of 2,140 canary requests failed (1.4 %) against 0.05 % on stable (allowed: 0.1 %)» */
function comparison(policy: SharePolicy, state: StreamState, { canary, stable }: Tally): string {
  const own = percentOf(canary);
  const theirs = percentOf(stable);
  const allowed = `${policy.kind === 'ratio' ? 'allowed' : 'limit'}: ${formatPercent(allowedPercent(policy, state, stable))}`;
  const seen = `${formatCount(canary[1])} of ${formatCount(canary[0])} canary requests ${policy.words.verb}`;
  if (own === null) return seen;
  return theirs === null
    ? `${seen} (${formatPercent(own)}, ${allowed})`
    : `${seen} (${formatPercent(own)}) against ${formatPercent(theirs)} on stable (${allowed})`;
}

function measured(reading: StreamReading, tally: Tally, windowSeconds: number, clause: string): Finding {
  const { policy, state } = reading;
  return {
    check: policy.check,
    value: policy.kind === 'silence' ? tally.canary[0] - tally.canary[1] : percentOf(tally.canary),
    limit: policy.kind === 'silence' ? tally.canary[0] : allowedPercent(policy, state, tally.stable),
    baseline: policy.kind === 'silence' ? tally.stable[0] : percentOf(tally.stable),
    sample: tally.canary[0],
    windowSeconds,
    clause,
  };
}

function silenceClause({ canary, stable }: Tally): string {
  return `stable served ${formatCount(stable[0])} requests and the canary, which was due about ${formatCount(canary[0])}, reported none`;
}

function secondsOf(state: JudgeState, fromMs: number): number {
  return Math.max(0, (state.committedUntilMs - fromMs) / 1000);
}

/** Harm is proven at the level of the rollout. */
export function harmFinding(
  policy: JudgePolicy,
  state: JudgeState,
  evidence: Evidence,
  version: string,
): Finding {
  const reading = evidence.strongest;
  const { tally, fromMs } = reading.state.run;
  const chance = `less than 1 in ${formatCount(1 / policy.alpha)} chance of this if ${version} were within tolerance`;
  const seen =
    reading.policy.kind === 'silence'
      ? silenceClause(tally)
      : comparison(reading.policy, reading.state, tally);
  return measured(reading, tally, secondsOf(state, fromMs), `${seen}; ${chance}`);
}

/** Harm is likely, not proven. */
export function suspicionFinding(policy: JudgePolicy, state: JudgeState, evidence: Evidence): Finding {
  const reading = evidence.strongest;
  const { tally, fromMs } = reading.state.run;
  const seen =
    reading.policy.kind === 'silence'
      ? silenceClause(tally)
      : comparison(reading.policy, reading.state, tally);
  const more = requestsUntilDecided(policy, reading, evidence.total);
  const decide = more === null ? 'more of them decide it' : `about ${about(more)} more requests decide it`;
  return measured(
    reading,
    tally,
    secondsOf(state, fromMs),
    `${seen}, which looks worse but could be chance; ${decide}`,
  );
}

/** Nothing speaks against the canary, and too little for it. */
export function thinFinding(policy: JudgePolicy, state: JudgeState, safety: Safety): Finding {
  const { borderShare, dispersion } = streamState(state, ERRORS_LIMIT);
  const seen = state.total.errors;
  const more = requestsStillNeeded({
    policy,
    seen,
    excludedShare: safety.excludedShare,
    expectedShare: shareOf(state.stage.errors.stable) ?? 0,
    dispersion,
  });
  const served =
    seen[1] > 0
      ? `${formatCount(seen[1])} of ${formatCount(seen[0])} canary requests failed, which does not exclude`
      : `${formatCount(seen[0])} canary requests, too few to exclude`;
  const enough = more === null ? '' : `; about ${about(more)} more decide it`;
  const bound = formatPercent(safety.excludedShare * 100);
  return {
    check: 'errors',
    value: percentOf(seen),
    limit: roundSignificant(Math.max(borderShare, safety.excludedShare) * 100, 6),
    baseline: percentOf(state.stage.errors.stable),
    sample: seen[0],
    windowSeconds: secondsOf(state, state.startMs),
    clause: `${served} an error rate above ${bound}${enough}`,
  };
}

/** Safe as far as is known. */
export function safeFinding(
  policy: JudgePolicy,
  state: JudgeState,
  evidence: Evidence,
  safety: Safety,
): Finding {
  const tally = state.stage.errors;
  const excluded =
    safety.shownBy === 'stable'
      ? `more than ${policy.safety.stableRatio} times the errors of stable is excluded`
      : `an error rate above ${formatPercent(safety.excludedShare * 100)} is excluded`;
  const reading = shownReading(evidence, 'errors', tally.stable[0] > 0);
  if (reading === undefined) return plainFinding('errors', excluded);
  const seen = comparison(reading.policy, reading.state, tally);
  return measured(reading, tally, secondsOf(state, state.stage.fromMs), `${seen}; ${excluded}`);
}

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

function about(count: number): string {
  return formatCount(roundSignificant(count, 2));
}
