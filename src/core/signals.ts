// What people and alarms can tell a rollout that runs: the wish to stop, which is latched, and the milder signals.
// Strength: abort > interrupt (alarm, guard) > pause > approve and promote. The canary is judged while anyone waits.
import * as z from 'zod';
import type { Reason } from './verdict.ts';

/** A latched wish to stop. Nothing clears it; only an abort may take the place of an alarm's or the guard's. */
export interface Interrupt {
  readonly kind: 'alarm' | 'abort' | 'guard';
  /** Name of the alarm, of the person, or of the process. */
  readonly source: string;
  readonly atMs: number;
  /** When what caused it happened, by its own clock; never before the start of the rollout. null: it has no own clock. */
  readonly causedAtMs: number | null;
  readonly reason: Reason;
}

export const SIGNALS = ['pause', 'resume', 'approve', 'promote'] as const;
export type SignalName = (typeof SIGNALS)[number];

/** Who said so, when, and why. */
const MarkSchema = z.strictObject({
  /** As the caller claims it. */
  actor: z.string().min(1).max(200),
  atMs: z.int(),
  message: z.string().max(300),
});
export type SignalMark = z.infer<typeof MarkSchema>;

/** What stands of the milder signals. */
export const SignalsSchema = z.strictObject({
  /** Until somebody resumes. */
  paused: MarkSchema.nullable(),
  /** Skip the rest of every bake; never a check that does not pass. */
  promoted: MarkSchema.nullable(),
  /** Each for one stage of this rollout. */
  approvals: z.array(MarkSchema.extend({ stageIndex: z.int().min(0) })).max(40),
});
export type Signals = z.infer<typeof SignalsSchema>;

export const NO_SIGNALS: Signals = { paused: null, promoted: null, approvals: [] };

/** A signal on its way into the record. */
export interface Signal extends SignalMark {
  readonly signal: SignalName;
  /** The stage that the person saw: what `approve` is good for. */
  readonly stageIndex: number;
}

/** What stands after a signal. Idempotent: the same signal again changes nothing. */
export function withSignal(standing: Signals, { signal, stageIndex, ...mark }: Signal): Signals {
  switch (signal) {
    case 'pause':
      return standing.paused === null ? { ...standing, paused: mark } : standing;
    case 'resume':
      return standing.paused === null ? standing : { ...standing, paused: null };
    case 'promote':
      return standing.promoted === null ? { ...standing, promoted: mark } : standing;
    case 'approve':
      // the newest counts: an inconclusive stage may be approved once more, by who knows of the doubt
      return {
        ...standing,
        approvals: [
          ...standing.approvals.filter((approval) => approval.stageIndex !== stageIndex),
          { ...mark, stageIndex },
        ],
      };
  }
}

/** Whether a new wish to stop takes the place of the one that stands. */
export function isStronger(wish: Interrupt, standing: Interrupt | null): boolean {
  return standing === null || (wish.kind === 'abort' && standing.kind !== 'abort');
}

/**
 * Whether a pause lets this shift through: before the first stage there is nothing to look at while a rollout waits, so
 * it waits there.
 */
export function leadsToFirstStage({ stageIndex }: { readonly stageIndex: number | null }): boolean {
  return stageIndex === 0;
}

export function pausedSentence(rolloutId: string, { actor }: SignalMark): string {
  return `${rolloutId} is paused by ${actor}`;
}
