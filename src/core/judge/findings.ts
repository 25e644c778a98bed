// What is found, in words and numbers, before it is known what follows from it: the parts of a reason.

import { formatCount, formatPercent, roundSignificant } from '../units.ts';
import { allowedPercent, comparison, percentOf, seenBy } from './clauses.ts';
import { type Evidence, errorsReading, type StreamReading } from './combine.ts';
import { dispersionIn } from './dispersion.ts';
import { ERRORS } from './measures.ts';
import type { JudgePolicy } from './policy.ts';
import { ERRORS_LIMIT, ERRORS_RATIO } from './policy-errors.ts';
import { requestsStillNeeded, requestsUntilDecided } from './power.ts';
import { scoreOfRun, startSecondsOfRun, tallyOfRun } from './run.ts';
import type { Safety } from './safety.ts';
import { shareOf } from './sample.ts';
import { meansOf, tallyOfStage } from './stage.ts';
import type { JudgeState, Tally } from './state.ts';
import { streamState } from './stream.ts';
import { isSharePolicy } from './stream-policy.ts';

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

function measured(
  { policy, state }: StreamReading,
  { canary, stable }: Tally,
  windowSeconds: number,
  clause: string,
): Finding {
  if (isSharePolicy(policy)) {
    return {
      check: policy.check,
      value: percentOf(canary),
      limit: allowedPercent(policy, state, stable),
      baseline: percentOf(stable),
      sample: canary[0],
      windowSeconds,
      clause,
    };
  }
  const [all, bad] = canary;
  // of a silent canary the requests that came, of those due; of a value the periods beyond the tolerance
  const [value, limit] = policy.kind === 'silence' ? [all - bad, all] : [bad, all];
  return { check: policy.check, value, limit, baseline: stable[0], sample: all, windowSeconds, clause };
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
  const chance = `less than 1 in ${formatCount(1 / policy.alpha)} chance of this if ${version} were within tolerance`;
  return sinceStart(policy, state, evidence.strongest, `; ${chance}`);
}

/** Harm is likely, not proven. */
export function suspicionFinding(policy: JudgePolicy, state: JudgeState, evidence: Evidence): Finding {
  const reading = evidence.strongest;
  const more = requestsUntilDecided(policy, reading, evidence.total);
  const decide = more === null ? 'more of them decide it' : `about ${about(more)} more requests decide it`;
  return sinceStart(policy, state, reading, `, which looks worse but could be chance; ${decide}`);
}

/** Counts since the most likely start of harm, behind the value that people know the check by. */
function sinceStart(
  policy: JudgePolicy,
  state: JudgeState,
  reading: StreamReading,
  conclusion: string,
): Finding {
  const { run } = reading.state;
  if (scoreOfRun(run) === 0) return sinceStage(policy, state, reading, conclusion);
  const fromMs = state.startMs + startSecondsOfRun(run) * 1000;
  const seconds = secondsOf(state, fromMs);
  const clause = `${valueClause(policy, state, reading.policy.check)}${seenBy(reading, seconds)}${conclusion}`;
  return measured(reading, tallyOfRun(run), seconds, clause);
}

/** The last period spoke for the canary, so no start of harm is likely now: the whole stage is told. */
function sinceStage(
  policy: JudgePolicy,
  state: JudgeState,
  reading: StreamReading,
  conclusion: string,
): Finding {
  const { check } = reading.policy;
  const measure = isSharePolicy(reading.policy) ? reading.policy.measure : check;
  const tally = tallyOfStage(state.stage, measure);
  const seen =
    isSharePolicy(reading.policy) && tally.canary[0] > 0
      ? comparison(reading.policy, reading.state, tally)
      : `${check} of the stage so far`;
  const clause = `${valueClause(policy, state, check)}${seen}${conclusion}`;
  return measured(reading, tally, secondsOf(state, state.stage.fromMs), clause);
}

/** «response time (p95) 208 ms against 108 ms on stable; », the means of the stage; empty where there is none. */
function valueClause({ values }: JudgePolicy, { stage }: JudgeState, check: string): string {
  const value = values.find((one) => one.check === check);
  const { canary, stable } = meansOf(stage, value?.measure ?? '');
  if (value === undefined || canary === null || stable === null) return '';
  const unit = value.unit === '' ? '' : ` ${value.unit}`;
  const [own, theirs] = [canary, stable].map((mean) => `${roundSignificant(mean, 3)}${unit}`);
  return `${value.label} ${own} against ${theirs} on stable; `;
}

/** Nothing speaks against the canary, and too little for it. */
export function thinFinding(policy: JudgePolicy, state: JudgeState, safety: Safety): Finding {
  const { borderShare = 0 } = streamState(state.streams, ERRORS_LIMIT);
  const dispersion = dispersionIn(streamState(state.streams, ERRORS_RATIO));
  const seen = state.total.errors;
  const { stable } = tallyOfStage(state.stage, ERRORS);
  const more = requestsStillNeeded({
    policy,
    seen,
    excludedShare: safety.excludedShare,
    expectedShare: shareOf(stable) ?? 0,
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
    baseline: percentOf(stable),
    sample: seen[0],
    windowSeconds: secondsOf(state, state.startMs),
    clause: `${served} an error rate above ${bound}${enough}`,
  };
}

/** What is shown, and by which requests where those of the stage alone do not show it. */
function excludedClause({ safety: rule }: JudgePolicy, { total }: JudgeState, safety: Safety): string {
  if (safety.shownBy === 'stable') {
    return `more than ${rule.stableRatio} times the errors of stable is excluded`;
  }
  const [requests, failed] = total.errors;
  const since = `, by ${formatCount(failed)} of ${formatCount(requests)} since the start`;
  const rate = formatPercent(safety.excludedShare * 100);
  return `an error rate above ${rate} is excluded${safety.shownBy === 'total' ? since : ''}`;
}

/** Safe as far as is known. */
export function safeFinding(
  policy: JudgePolicy,
  state: JudgeState,
  evidence: Evidence,
  safety: Safety,
): Finding {
  const tally = tallyOfStage(state.stage, ERRORS);
  const excluded = excludedClause(policy, state, safety);
  const reading = errorsReading(evidence, tally.stable[0] > 0);
  if (reading === undefined) return plainFinding('errors', excluded);
  const seen = comparison(reading.policy, reading.state, tally);
  return measured(reading, tally, secondsOf(state, state.stage.fromMs), `${seen}; ${excluded}`);
}

function about(count: number): string {
  return formatCount(roundSignificant(count, 2));
}
