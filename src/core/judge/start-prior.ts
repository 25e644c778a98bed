// When harm may begin: prior mass over the starts, total 1, so that the level holds for the whole rollout
// (the mixture over change points of Shin, Ramdas & Rinaldo, «E-detectors», 2022).
import type { JudgePolicy } from './policy.ts';
import type { JudgeState } from './state.ts';
import type { Period } from './types.ts';

const MASS_AT_START = 0.55;
const MASS_AT_RAISES = 0.3;
const MASS_ANY_TIME = 0.15;
/** Of the any-time mass, the part spent evenly over the planned bakes; the rest thins out over holds and waits. */
const PLANNED_PART = 0.8;

/** Share of the any-time mass given out until `seconds` after the start. Rises towards 1 and never reaches it. */
function givenUntil(seconds: number, plannedSeconds: number): number {
  if (seconds <= 0) return 0;
  return seconds <= plannedSeconds
    ? (PLANNED_PART * seconds) / plannedSeconds
    : 1 - ((1 - PLANNED_PART) * plannedSeconds) / seconds;
}

/** Whether this period is the first at a higher weight than the one before. */
export function isRaise(state: JudgeState, period: Period): boolean {
  return state.weightPercent > 0 && period.weightPercent > state.weightPercent;
}

/** Share of the canary's traffic that is new since the raise in this period, or just before it. */
export function newShareOf(state: JudgeState, period: Period): number {
  const { weightPercent, endWeightPercent = weightPercent } = period;
  const before = endWeightPercent > weightPercent ? weightPercent : state.weightPercent;
  return endWeightPercent > before ? Number((1 - before / endWeightPercent).toPrecision(4)) : 1;
}

/** Prior mass of harm that starts with this period, also standing for the periods left out before it. */
export function massOf(policy: JudgePolicy, state: JudgeState, period: Period): number {
  const secondsAt = (ms: number): number => (ms - state.startMs) / 1000;
  const endMs = period.startMs + period.seconds * 1000;
  const anyTime =
    MASS_ANY_TIME *
    (givenUntil(secondsAt(endMs), policy.plannedSeconds) -
      givenUntil(secondsAt(state.committedUntilMs), policy.plannedSeconds));
  const raises = policy.stageWeightsPercent.length - 1;
  const isFirst = state.massLeft === 1;
  const atStart = isFirst ? MASS_AT_START + (raises === 0 ? MASS_AT_RAISES : 0) : 0;
  const atRaise = !isFirst && isRaise(state, period) && state.raises < raises ? MASS_AT_RAISES / raises : 0;
  return Math.min(state.massLeft, anyTime + atStart + atRaise);
}
