// The history of an execution against what the engine reckons with.
import { EVENTS_PER_SHIFT, EVENTS_PER_START, EVENTS_PER_TICK } from '../../src/core/budget.ts';
import type { StateName } from '../../src/core/workflow.ts';
import type { HistoryEvent } from '../ports.ts';

export interface HistoryCount {
  /** Events before the way back or the end began. */
  readonly measured: number;
  /** What `src/core/budget.ts` reckons for the same start, shifts and bakes. */
  readonly reckoned: number;
  readonly shifts: number;
  readonly bakes: number;
  /** Attempts that failed: each adds events that the reckoning leaves to its reserve. */
  readonly retried: number;
}

const FORWARD_STATES: ReadonlySet<string> = new Set([
  'Start rollout',
  'Shift traffic',
  'Bake',
  'Bake slowly',
  'Judge canary',
  'What next?',
] satisfies StateName[]);
const FAILED_ATTEMPTS: ReadonlySet<string> = new Set([
  'LambdaFunctionFailed',
  'LambdaFunctionTimedOut',
  'LambdaFunctionScheduleFailed',
  'LambdaFunctionStartFailed',
]);

export function countHistory(history: readonly HistoryEvent[]): HistoryCount {
  const end = history.findIndex(({ entered }) => entered !== null && !FORWARD_STATES.has(entered));
  const forward = end < 0 ? history : history.slice(0, end);
  const visits = (name: StateName): number => forward.filter(({ entered }) => entered === name).length;
  const shifts = visits('Shift traffic');
  const bakes = visits('Bake') + visits('Bake slowly');
  return {
    measured: forward.length,
    reckoned: EVENTS_PER_START + shifts * EVENTS_PER_SHIFT + bakes * EVENTS_PER_TICK,
    shifts,
    bakes,
    retried: forward.filter(({ type }) => FAILED_ATTEMPTS.has(type)).length,
  };
}
