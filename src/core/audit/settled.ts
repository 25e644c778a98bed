// What the liveness invariants share: the rollouts of a run that healed, and how long a healed world may take to react.
import { albQuarantineSeconds, WRITER_LIFE_SECONDS } from '../targets/alb-rule-modes.ts';
import type { RolloutStory, Story } from './story.ts';
import type { Settled } from './trace.ts';

const MINUTE_MS = 60_000;
/** A state's time-out: what was called while something failed is given up by then. */
const STATE_TIMEOUT_MS = 120_000;
/** The longest wait between two tries on the way to an end (*Settle* and *Finish promotion*). */
const LONGEST_BACKOFF_MS = 300_000;
/** A sweep begins every minute and may take as long as its function lives. */
export const SWEEP_MS = MINUTE_MS + WRITER_LIFE_SECONDS * 1000;
/** A slow bake is woken by a token; where that was lost before the world healed it goes on to its own end. */
export const SLOW_TICK_MS = 15 * MINUTE_MS;

/**
 * The longest way from a healed world to a try that succeeds: a call that hangs, the wait before the next try, a tick, a
 * sweep. That a rollback without any fault takes a minute at most (99th percentile) is a statistic of the hunt over many
 * runs, not a bound of one.
 */
export const REACTION_MS = STATE_TIMEOUT_MS + LONGEST_BACKOFF_MS + MINUTE_MS + SWEEP_MS;

export const needsSettled = 'a watched run that healed and came to its end';

type Ends = Pick<Settled['rollouts'][number], 'outcome' | 'deadlineAtMs' | 'executionEndedAtMs'>;

/** A rollout on record, how it stood at the end, and how long its target needs to make an end final. */
export interface Last {
  readonly rollout: RolloutStory;
  readonly end: Ends;
  readonly settled: Settled;
  readonly quarantineMs: number;
}

export function lasts({ trace, rollouts }: Story): readonly Last[] {
  const { settled } = trace;
  if (settled === null) return [];
  return settled.rollouts.flatMap((end) => {
    const rollout = rollouts.find(({ rolloutId }) => rolloutId === end.rolloutId);
    if (rollout === undefined || rollout.opened === null) return [];
    const lateMs = trace.lateWrites?.[rollout.opened.fact.targetId];
    return [{ rollout, end, settled, quarantineMs: quarantineOf(lateMs, end) }];
  });
}

/** Who leaves a third version alone has deleted nothing, so a late write may come in either mode. */
function quarantineOf(lateMs: number | undefined, { outcome }: Ends): number {
  if (lateMs === undefined) return 0;
  return outcome === 'SUPERSEDED' ? albQuarantineSeconds('rule-per-rollout', 'untouched') * 1000 : lateMs;
}
