// Which states a rollout enters and which functions it calls, counted along the workflow object.
import type { TaskState } from './states-language.ts';
import { type StateName, workflow } from './workflow.ts';

/** How often each state is entered; one that is missing is not entered. */
export type StateCounts = Readonly<Partial<Record<StateName, number>>>;

/** `settled`: promoted, after the answer of the commit was lost. */
export type PlannedEnd = 'promoted' | 'settled' | 'rolled-back';

const STATES_TO_END: Readonly<Record<PlannedEnd, readonly StateName[]>> = {
  promoted: ['Commit promotion', 'Finish promotion', 'Promoted'],
  settled: ['Commit promotion', 'Settle promotion', 'Was it committed?', 'Finish promotion', 'Promoted'],
  'rolled-back': ['Roll back', 'Rolled back'],
};

/**
 * Start; one shift for each stage; bake, judgement and choice for each tick; the end. A slow bake counts as a bake: it
 * calls the same function. Retries, which Step Functions bills like states, come on top.
 */
export function statesEntered(stages: number, ticks: number, end: PlannedEnd): StateCounts {
  return {
    'Start rollout': 1,
    'Shift traffic': stages,
    Bake: ticks,
    'Judge canary': ticks,
    'What next?': ticks,
    ...Object.fromEntries(STATES_TO_END[end].map((state) => [state, 1])),
  };
}

export function sumOfStates(entered: StateCounts): number {
  return Object.values(entered).reduce((sum, count) => sum + count, 0);
}

const { States } = workflow({ tickSeconds: 60 });

/** Invocations by the name of the function, which is the name of its step. */
export function functionsCalled(entered: StateCounts): Readonly<Record<string, number>> {
  const calls: Record<string, number> = {};
  for (const [name, count] of Object.entries(entered)) {
    const state = States[name as StateName];
    if (state.Type !== 'Task') continue;
    const called = functionOf(state);
    calls[called] = (calls[called] ?? 0) + count;
  }
  return calls;
}

/** The stem of the placeholder that the deployment fills with the function's ARN: `ShiftTraffic` is `shift-traffic`. */
export function functionOf({ Resource, Parameters }: TaskState<StateName>): string {
  const [, stem = ''] = /\$\{(\w+)FunctionArn\}/.exec(JSON.stringify([Resource, Parameters])) ?? [];
  return stem.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
