// Rollouts made of random counts, judged every minute as in production: what the simulations of the judge share.
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { foldPeriod, initialJudgeState, type Judgement, judge } from '../../../src/core/judge/judge.ts';
import { type JudgePolicy, judgePolicy } from '../../../src/core/judge/policy.ts';
import type { JudgeState } from '../../../src/core/judge/state.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import type { ServiceSpec } from '../../../src/core/service-spec.ts';
import type { Random } from '../../support/random.ts';
import { drawPeriod, type World } from './simulated-world.ts';
import { BASELINE, specWith } from './specs.ts';

export const START_MS = Date.UTC(2026, 10, 21, 12, 0);
export const MINUTE_MS = 60_000;

/** A period can no longer change so long after its end; a pass leans on those a little younger. */
const TIMING = { commitAfterSeconds: 180, passAfterSeconds: 120 };

interface Slot {
  readonly minute: number;
  readonly weightPercent: number;
  readonly bakeSeconds: number;
  readonly minutesSinceRaise: number;
}

/** Minute by minute, the weight rises by the plan whatever the verdict. */
function slotsOf({ stages }: ServiceSpec): readonly Slot[] {
  const slots = stages.flatMap(({ weightPercent, bakeSeconds }) =>
    Array.from({ length: bakeSeconds / 60 }, (_, minutesSinceRaise) => ({
      weightPercent,
      bakeSeconds,
      minutesSinceRaise,
    })),
  );
  return slots.map((slot, minute) => ({ ...slot, minute }));
}

function periodOf(random: Random, world: World, slot: Omit<Slot, 'bakeSeconds'>): Period {
  return drawPeriod(random, world, { ...slot, startMs: START_MS + slot.minute * MINUTE_MS });
}

function started(
  random: Random,
  world: World,
  spec: ServiceSpec,
): { policy: JudgePolicy; state: JudgeState } {
  const latency = spec.checks.latency === null ? null : BASELINE;
  const policy = judgePolicy(spec, latency);
  const history = Array.from({ length: 60 }, (_, i) =>
    periodOf(random, world, { minute: i - 60, weightPercent: 0, minutesSinceRaise: 0 }),
  );
  return { policy, state: initialJudgeState(policy, { history, latency }, START_MS) };
}

/** The greatest evidence at the end of any minute; the whole judge with all its windows is some ten times slower. */
export function peakEvidence(random: Random, world: World, spec: ServiceSpec = specWith()): number {
  const start = started(random, world, spec);
  let { state } = start;
  let peak = 0;
  for (const slot of slotsOf(spec)) {
    state = foldPeriod(start.policy, state, periodOf(random, world, slot));
    peak = Math.max(peak, evidenceOf(start.policy, state).total);
  }
  return peak;
}

export interface Story {
  /** Minutes from the start to the verdict of rollback; null where there was none. */
  readonly rolledBackAfter: number | null;
  /** Kinds of all verdicts, one a minute. */
  readonly kinds: readonly Judgement['verdict']['kind'][];
  readonly last: Judgement;
  /** What the canary did until then. */
  readonly canary: readonly Period['canary'][];
}

/** Judged at the end of each minute, until it is rolled back. */
export function playRollout(
  random: Random,
  world: World,
  spec: ServiceSpec = specWith(),
  timing: typeof TIMING = TIMING,
): Story {
  const start = started(random, world, spec);
  let { state } = start;
  let window: readonly Period[] = [];
  const kinds: Judgement['verdict']['kind'][] = [];
  const canary: Period['canary'][] = [];
  let last: Judgement | undefined;
  for (const slot of slotsOf(spec)) {
    const { minute, weightPercent, bakeSeconds } = slot;
    const period = periodOf(random, world, slot);
    canary.push(period.canary);
    window = [...window, period].filter(({ startMs }) => startMs >= state.committedUntilMs);
    last = judge({
      policy: start.policy,
      state,
      window,
      alarms: [],
      metricsProblem: null,
      nowMs: START_MS + (minute + 1) * MINUTE_MS,
      stage: {
        enteredAtMs: START_MS + (minute - slot.minutesSinceRaise) * MINUTE_MS,
        bakeSeconds,
        maxHoldSeconds: spec.maxHoldSeconds,
      },
      timing,
      names: { service: spec.service, canaryVersion: '42', weightPercent, startedAtMs: START_MS },
    });
    state = last.state;
    kinds.push(last.verdict.kind);
    if (last.verdict.kind === 'rollback') return { rolledBackAfter: minute + 1, kinds, last, canary };
  }
  if (last === undefined) throw new Error('a rollout without a stage');
  return { rolledBackAfter: null, kinds, last, canary };
}
