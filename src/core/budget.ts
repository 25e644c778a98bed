// What one execution may use: Step Functions ends an execution at 25,000 history events, uncatchably, so we count our own.

/** A task by function ARN: TaskStateEntered, LambdaFunctionScheduled, -Started, -Succeeded, TaskStateExited. */
const EVENTS_PER_TASK = 5;
/** A token task that times out: TaskStateEntered, TaskScheduled, TaskStarted, TaskSubmitted, TaskTimedOut, TaskStateExited. */
const EVENTS_PER_BAKE = 6;
/** ChoiceStateEntered, ChoiceStateExited. */
const EVENTS_PER_CHOICE = 2;

/** Bake, judge, choose. */
export const EVENTS_PER_TICK = EVENTS_PER_BAKE + EVENTS_PER_TASK + EVENTS_PER_CHOICE;
/** What a tick still adds once «Judge canary» runs: LambdaFunctionSucceeded, TaskStateExited, and the choice. */
export const EVENTS_AFTER_LOOK = 2 + EVENTS_PER_CHOICE;
export const EVENTS_PER_SHIFT = EVENTS_PER_TASK;
/** ExecutionStarted and the start itself. */
export const EVENTS_PER_START = 1 + EVENTS_PER_TASK;
/** The longest way to the end: commit, settle, choice, finish, then SucceedStateEntered, -Exited and ExecutionSucceeded. */
export const EVENTS_TO_END = 3 * EVENTS_PER_TASK + EVENTS_PER_CHOICE + 3;

/** From here on the bake ticks slowly, whoever is awaited. */
export const SLOW_BAKE_AT_EVENTS = 12_000;
/** No more than this before the way back: the rest is kept for a rollback that has to be tried many times. */
export const MAX_HISTORY_EVENTS = 18_000;
/**
 * From one look to the next at the most, with every retry that the workflow allows: choice 2, a shift 2 + 7 · 3, a bake
 * 2 + 7 · 4, the next look 2 + 7 · 3.
 */
const MOST_EVENTS_BETWEEN_LOOKS = 100;
/** At this many the rollout is taken back, so that the next look does not come too late. */
export const TURN_BACK_AT_EVENTS = MAX_HISTORY_EVENTS - MOST_EVENTS_BETWEEN_LOOKS;

/** An unanswered question, or a pause that nobody ends, is answered by rolling back after this long. */
export const ASK_SECONDS = 24 * 3600;
/** While a person is awaited for longer than this, the bake ticks slowly. */
export const SLOW_BAKE_AFTER_ASKED_SECONDS = 2 * 3600;
