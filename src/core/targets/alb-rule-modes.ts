// The two ways to move traffic on an ALB rule, and what the weaker one can promise.
import { formatDuration } from '../units.ts';
import type { LeftBy } from './target.ts';

export const ALB_MODES = ['rule-per-rollout', 'in-place'] as const;
export type AlbMode = (typeof ALB_MODES)[number];

/** Longest life of a process that may write: the time-out of every function of the engine. */
export const WRITER_LIFE_SECONDS = 100;

/** How long a request that was sent may take to show on the load balancer. An assumption: AWS states no bound. */
export const LANDING_SECONDS = 60;

/**
 * How long after the first write of a way back another write may still land. Where a rollout has a rule of its own,
 * deleting it ends that at once. In place, and where a third version was left alone, nothing refuses a late write, so the wait must be longer than the life of a
 * writer and the landing of its last request together; one second less and an interleaving exists in which it lands after
 * the last look.
 */
export function albQuarantineSeconds(mode: AlbMode, left: LeftBy): number {
  const isDeleted = mode === 'rule-per-rollout' && left === 'restored';
  return isDeleted ? 0 : WRITER_LIFE_SECONDS + LANDING_SECONDS + 1;
}

/** What a person should know before choosing the mode, a sentence each. */
export function albPromises(mode: AlbMode): readonly string[] {
  if (mode !== 'in-place') return [];
  const wait = formatDuration(albQuarantineSeconds(mode, 'restored'));
  return [
    'mode: in-place promises less than a rule per rollout. A load balancer cannot refuse a write that comes too late, so one that was on its way when traffic was taken back may send some to the new version again.',
    `A rollback therefore waits ${wait} after its first write, reads again, writes again where it must, and ends after three clean reads in a row.`,
    `That covers every late write only if a request takes effect within ${LANDING_SECONDS}s of being sent. AWS states no such bound; it is an assumption.`,
  ];
}
