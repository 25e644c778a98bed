// Another release of the engine is installed while rollouts run: its guard, sweeper and handlers meet documents that the
// release before wrote, without the newest fields, and with one that a later release would add.
import type { RolloutRow } from '../../src/ports.ts';
import type { StepName } from './plan.ts';
import type { Run } from './run.ts';

/** What is not pinned to an execution. */
const UNPINNED: readonly StepName[] = [
  'guard-rollout',
  'sweep-rollouts',
  'handle-alarm-event',
  'signal-rollout',
  'notify-people',
];

/** What such a caller reads from the table. */
export function asOfAnotherRelease<T>({ conditions }: Run, step: StepName, answer: T): T {
  if (!UNPINNED.includes(step) || !hasRows(answer)) return answer;
  return conditions.standing('code-swap') === null ? answer : (rewritten(answer) as T);
}

function hasRows(answer: unknown): boolean {
  return Array.isArray(answer) ? answer.some(isRow) : isRow(answer) || isRow(rowOf(answer));
}

function rewritten(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(rewritten);
  if (isRow(answer)) return { ...answer, rollout: asBefore(answer.rollout) };
  const row = rowOf(answer);
  return isRow(row) ? { ...(answer as object), row: rewritten(row) } : answer;
}

function asBefore(rollout: RolloutRow['rollout']): unknown {
  if (rollout === null) return null;
  const { acceptedAlarms: _newer, ...rest } = rollout;
  return { ...rest, addedLater: { by: 'another release' } };
}

function isRow(value: unknown): value is RolloutRow {
  return value !== null && typeof value === 'object' && 'rollout' in value && 'phase' in value;
}

function rowOf(value: unknown): unknown {
  return value !== null && typeof value === 'object' && 'row' in value ? value.row : null;
}
