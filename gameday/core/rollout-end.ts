// How a rollout of the game day ended, as one sample; and what was to be expected.
import * as z from 'zod';
import type { RolloutReport } from '../../src/core/report.ts';
import type { Finding } from './experiment.ts';

export const RolloutEnd = z.object({
  rolloutId: z.string(),
  /** null: it had not ended when it was given up. `NOT_STARTED`: what asked for it brought nothing about. */
  outcome: z.string().nullable(),
  check: z.string().nullable(),
  sentence: z.string(),
  peakWeightPercent: z.number(),
  finalWeightPercent: z.number(),
  /** From the start. */
  seconds: z.number().nullable(),
  /** From the first shift of traffic to the moment when trouble was known. */
  detectedSeconds: z.number().nullable(),
  /** From there to all traffic on stable, read back. */
  safeSeconds: z.number().nullable(),
  canaryRequests: z.number(),
  badRequests: z.number(),
  /** Events of its story, in order. */
  events: z.array(z.string()),
  /** From the act of the experiment (an alarm, a stop) to weight 0 as the alias shows it; null without one. */
  zeroSeconds: z.number().nullable(),
  /** From the act to the last answer of the canary; null without one. */
  lastAnswerSeconds: z.number().nullable(),
});
export type RolloutEnd = z.infer<typeof RolloutEnd>;

export interface ExpectedEnd {
  readonly outcome: string;
  /** Events that the story must hold. */
  readonly events?: readonly string[];
  /** The longest time from the act to weight 0. */
  readonly zeroWithinSeconds?: number;
}

export interface Measured {
  readonly zeroSeconds: number | null;
  readonly lastAnswerSeconds: number | null;
}

export const WITHOUT_ACT: Measured = { zeroSeconds: null, lastAnswerSeconds: null };

export function rolloutEnd(report: RolloutReport, measured: Measured): RolloutEnd {
  const shifted = report.timeline.find(({ event }) => event === 'traffic-shifted')?.at ?? null;
  return {
    rolloutId: report.rolloutId,
    outcome: report.outcome,
    check: report.reason.check,
    sentence: report.reason.sentence,
    peakWeightPercent: report.peakWeightPercent,
    finalWeightPercent: report.finalWeightPercent,
    seconds: secondsBetween(report.startedAt, report.endedAt),
    detectedSeconds: secondsBetween(shifted, report.detectedAt),
    safeSeconds: secondsBetween(report.detectedAt, report.safeAt),
    canaryRequests: report.exposure.canaryRequests,
    badRequests: report.exposure.badRequests,
    events: report.timeline.map(({ event }) => event),
    ...measured,
  };
}

/** A start that was refused before it had a record, or that nothing followed. */
export function startEnd(outcome: 'REJECTED' | 'NOT_STARTED', rolloutId: string, cause: string): RolloutEnd {
  return {
    rolloutId,
    outcome,
    check: null,
    sentence: cause,
    peakWeightPercent: 0,
    finalWeightPercent: 0,
    seconds: null,
    detectedSeconds: null,
    safeSeconds: null,
    canaryRequests: 0,
    badRequests: 0,
    events: [],
    ...WITHOUT_ACT,
  };
}

function secondsBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}

/** A refused start says nothing about how a rollout ends. */
export function judgeEnd(ends: readonly RolloutEnd[], expected: ExpectedEnd): Finding {
  const end = ends.at(-1);
  if (end === undefined) return { verdict: 'unknown', measured: 'no rollout was started', values: {} };
  const missing = (expected.events ?? []).filter((event) => !end.events.includes(event));
  const isLate =
    expected.zeroWithinSeconds !== undefined &&
    (end.zeroSeconds === null || end.zeroSeconds > expected.zeroWithinSeconds);
  const isAsExpected = end.outcome === expected.outcome && missing.length === 0 && !isLate;
  return {
    verdict: isAsExpected ? 'agrees' : end.outcome === 'REJECTED' ? 'unknown' : 'disagrees',
    measured: [
      end.outcome ?? 'had not ended',
      ...(end.seconds === null ? [] : [`after ${Math.round(end.seconds)} s`]),
      ...(end.detectedSeconds === null
        ? []
        : [`known ${Math.round(end.detectedSeconds)} s after the first shift`]),
      ...(end.zeroSeconds === null ? [] : [`weight 0 in ${end.zeroSeconds.toFixed(1)} s`]),
      ...(end.lastAnswerSeconds === null ? [] : [`last answer after ${end.lastAnswerSeconds.toFixed(1)} s`]),
      ...(missing.length === 0 ? [] : [`without ${missing.join(', ')}`]),
      `${end.badRequests} bad requests`,
      end.sentence,
    ].join('; '),
    values: {
      outcome: end.outcome,
      check: end.check,
      seconds: end.seconds,
      detectedSeconds: end.detectedSeconds,
      safeSeconds: end.safeSeconds,
      zeroSeconds: end.zeroSeconds,
      lastAnswerSeconds: end.lastAnswerSeconds,
      badRequests: end.badRequests,
    },
  };
}
