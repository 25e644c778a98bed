// People at their command line: they abort, pause, approve and promote, also too late, twice, or for a rollout that never was.
import type { RolloutEvent } from '../../src/core/events.ts';
import { invoke } from './invoke.ts';
import type { Act } from './plan.ts';
import type { Run } from './run.ts';
import { SECRET } from './secrets.ts';

interface Said {
  readonly rolloutId: string;
  readonly signal: 'abort' | 'pause' | 'resume' | 'approve' | 'promote';
  readonly stageIndex?: number;
}

/** What a refusal says is for the person; what the signal did is in the trace. */
function say(run: Run, said: Said, actor: string): void {
  invoke(run, said.rolloutId, 'signal-rollout', {
    ...said,
    actor,
    message: `by the hunt, password=${SECRET}`,
  }).catch(() => {});
}

function newest({ executions }: Run, uniform: number): string {
  const names = executions.names();
  return (uniform < 0.8 ? names.at(-1) : names[0]) ?? 'r1';
}

export function abort(run: Run, { dice }: Act): boolean {
  say(run, { rolloutId: newest(run, dice[0]), signal: 'abort' }, 'ann');
  return true;
}

/** Half of those who pause resume when they are done. */
export function pause(run: Run, { dice, durationMs }: Act): boolean {
  const rolloutId = newest(run, dice[0]);
  say(run, { rolloutId, signal: 'pause' }, 'ben');
  const { time, plan, endOfFaultsMs } = run;
  const untilMs = time.now() + durationMs;
  // in a run that heals nobody leaves a rollout paused for a day
  const resumesAtMs = plan.mode === 'liveness' ? Math.min(untilMs, endOfFaultsMs) : untilMs;
  if (plan.mode === 'liveness' || dice[1] < 0.5) {
    time.at(resumesAtMs, () => say(run, { rolloutId, signal: 'resume' }, 'ben'));
  }
  return true;
}

export function promote(run: Run, { dice }: Act): boolean {
  say(run, { rolloutId: newest(run, dice[0]), signal: 'promote' }, 'cleo');
  return true;
}

const STRANGE: readonly Said[] = [
  { rolloutId: 'r1', signal: 'approve', stageIndex: 7 },
  { rolloutId: 'r1', signal: 'approve', stageIndex: 0 },
  { rolloutId: 'r1', signal: 'approve' },
  { rolloutId: 'r1', signal: 'resume' },
  { rolloutId: 'nobody', signal: 'abort' },
  { rolloutId: 'r1', signal: 'promote' },
];

/** Said twice at once. */
export function strangeSignal(run: Run, { dice }: Act): boolean {
  const said = STRANGE[Math.floor(dice[0] * STRANGE.length)];
  if (said === undefined) return false;
  say(run, said, 'dora');
  say(run, said, 'dora');
  return true;
}

/** A person answers what is asked, in time or not at all; part of every run, not a fault. */
export function answerQuestion(run: Run, { event, rolloutId }: RolloutEvent): void {
  const { approvesAfterMs } = run.plan;
  if (event !== 'decision-needed' || approvesAfterMs === null) return;
  run.time.at(run.time.now() + approvesAfterMs, () => say(run, { rolloutId, signal: 'approve' }, 'emil'));
}
