// What must hold of the workflow object, as a function, so that a broken workflow can be shown to be refused.
import * as errors from '../../src/core/errors.ts';
import type { State, TaskState } from '../../src/core/states-language.ts';
import {
  NEXT_AFTER_JUDGEMENT,
  NEXT_AFTER_SETTLEMENT,
  PLATFORM_CRASHES,
  PLATFORM_TRANSIENT_ERRORS,
  type Workflow,
} from '../../src/core/workflow.ts';
import type { Trigger } from '../../src/steps/step.ts';

const SERVICE_ERRORS: readonly string[] = [
  'States.ALL',
  'States.Timeout',
  ...PLATFORM_TRANSIENT_ERRORS,
  ...PLATFORM_CRASHES,
];

/** States whose task is never given up, so that nothing is left to catch. */
const NEVER_GIVEN_UP: readonly string[] = [
  'Abandon rollout',
  'Settle promotion',
  'Finish promotion',
  'Roll back',
];

export interface StepRow {
  readonly name: string;
  readonly trigger: Trigger;
}

export function workflowProblems(workflow: Workflow, steps: readonly StepRow[]): string[] {
  const states = Object.entries(workflow.States);
  return [
    ...states.flatMap(([name, state]) => danglingTargets(workflow, name, state)),
    ...states.flatMap(([name, state]) => (state.Type === 'Task' ? taskProblems(name, state, steps) : [])),
    ...states.flatMap(([name, state]) => choiceProblems(name, state)),
    ...unreachable(workflow),
  ];
}

function targetsOf(state: State): string[] {
  switch (state.Type) {
    case 'Task':
      return [state.Next, ...(state.Catch ?? []).map((catcher) => catcher.Next)];
    case 'Choice':
      return [...state.Choices.map((choice) => choice.Next), state.Default];
    case 'Succeed':
    case 'Fail':
      return [];
  }
}

function danglingTargets(workflow: Workflow, name: string, state: State): string[] {
  return targetsOf(state)
    .filter((target) => !(target in workflow.States))
    .map((target) => `${name} leads to ${target}, which does not exist`);
}

function taskProblems(name: string, state: TaskState, steps: readonly StepRow[]): string[] {
  const problems: string[] = [];
  const owners = steps.filter(
    ({ trigger }) => trigger.kind === 'state' && trigger.states.some((s) => s === name),
  );
  if (owners.length !== 1) problems.push(`${name} has ${owners.length} steps instead of one`);
  if (!(state.TimeoutSeconds > 0)) problems.push(`${name} has no time-out`);
  const catchesAll = (state.Catch ?? []).some((catcher) => catcher.ErrorEquals.includes('States.ALL'));
  const retriesAlways = (state.Retry ?? []).some(
    (retrier) => retrier.ErrorEquals.includes('States.ALL') && retrier.MaxAttempts === 99_999_999,
  );
  if (NEVER_GIVEN_UP.includes(name) ? !retriesAlways || catchesAll : !catchesAll) {
    problems.push(
      NEVER_GIVEN_UP.includes(name) ? `${name} can be given up` : `${name} lacks a Catch for everything`,
    );
  }
  for (const rule of [...(state.Retry ?? []), ...(state.Catch ?? [])]) {
    for (const error of rule.ErrorEquals) {
      if (!SERVICE_ERRORS.includes(error) && !isOurError(error)) {
        problems.push(`${name} waits for ${error}, which nobody throws`);
      }
    }
  }
  return problems;
}

function isOurError(name: string): boolean {
  const exported = (errors as Record<string, unknown>)[name];
  return typeof exported === 'function' && exported.prototype instanceof Error;
}

/** A missing path ends an execution uncatchably, so presence is asked first and the default is the way back. */
function choiceProblems(name: string, state: State): string[] {
  if (state.Type !== 'Choice') return [];
  const problems: string[] = [];
  const [first] = state.Choices;
  if (first?.IsPresent !== false || first.Next !== 'Roll back') {
    problems.push(`${name} does not ask first whether its path is present`);
  }
  if (state.Default !== 'Roll back') problems.push(`${name} does not roll back by default`);
  const words: readonly string[] = name === 'What next?' ? NEXT_AFTER_JUDGEMENT : NEXT_AFTER_SETTLEMENT;
  for (const { StringEquals } of state.Choices) {
    if (StringEquals !== undefined && !words.includes(StringEquals)) {
      problems.push(`${name} branches on ${StringEquals}, which no step says`);
    }
  }
  return problems;
}

function unreachable(workflow: Workflow): string[] {
  const seen = new Set<string>();
  const open: string[] = [workflow.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = (workflow.States as Record<string, State>)[name];
    if (seen.has(name) || state === undefined) continue;
    seen.add(name);
    open.push(...targetsOf(state));
  }
  return Object.keys(workflow.States)
    .filter((name) => !seen.has(name))
    .map((name) => `${name} cannot be reached`);
}
