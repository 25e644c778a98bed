// One look at a rollout: what its document says to the judge, the same in the workflow and on recorded traffic.
import { InvalidDocumentError } from './errors.ts';
import { type Judgement, judge } from './judge/judge.ts';
import { judgePolicy } from './judge/policy.ts';
import type { AlarmReading, Period, StageClock } from './judge/types.ts';
import { type Rollout, weightAt } from './rollout.ts';
import { plainReason } from './verdict.ts';

/** What was seen at this instant. */
export interface Seen {
  readonly window: readonly Period[];
  readonly alarms: readonly AlarmReading[];
  /** Why the answer of the metrics source is not whole; null when it is. */
  readonly metricsProblem: string | null;
  /** Why the canary cannot serve, by its target's own health checks; null or left out: it can, or nobody knows. */
  readonly unhealthy?: string | null;
  readonly nowMs: number;
}

/** Throws InvalidDocumentError before the first shift. */
export function judgeRollout(rollout: Rollout, { unhealthy = null, ...seen }: Seen): Judgement {
  const judgement = judge({
    ...seen,
    policy: judgePolicy(rollout.spec, rollout.judge.latency),
    state: rollout.judge,
    stage: stageClock(rollout),
    timing: rollout.window,
    names: {
      service: rollout.spec.service,
      canaryVersion: rollout.canary.version,
      weightPercent: rollout.stage.weightPercent,
      startedAtMs: rollout.startedAtMs,
    },
  });
  const { verdict } = judgement;
  if (unhealthy === null || verdict.kind === 'rollback') return judgement;
  // proven harm has the better reason; who cannot serve at all needs no proof by requests
  return {
    ...judgement,
    verdict: { ...verdict, kind: 'rollback', reason: plainReason(unhealthy, 'health') },
  };
}

function stageClock({ spec, stage }: Rollout): StageClock {
  const planned = spec.stages[stage.index];
  if (planned === undefined || stage.enteredAtMs === null) {
    throw new InvalidDocumentError('judged before any traffic was shifted');
  }
  return {
    enteredAtMs: stage.enteredAtMs,
    bakeSeconds: planned.bakeSeconds,
    maxHoldSeconds: spec.maxHoldSeconds,
  };
}

/** What both versions did in a period, with the weights at its start and, where a shift fell into it, at its end. */
export function weightedPeriod(
  shifts: Rollout['shifts'],
  seconds: number,
  { startMs, stable, canary }: Pick<Period, 'startMs' | 'stable' | 'canary'>,
): Period {
  const weightPercent = weightAt(shifts, startMs);
  const endWeightPercent = weightAt(shifts, startMs + seconds * 1000 - 1);
  const shifted = endWeightPercent === weightPercent ? {} : { endWeightPercent };
  return { startMs, seconds, weightPercent, ...shifted, stable, canary };
}
