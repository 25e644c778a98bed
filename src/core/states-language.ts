// The part of the Amazon States Language that our workflow uses, as types: a misspelt `Next` does not compile.

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

export interface Catcher<Name extends string> {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string | null;
  readonly Next: Name;
}

interface ChoiceTest {
  readonly Variable: string;
  readonly StringEquals?: string;
  readonly IsPresent?: boolean;
}

interface ChoiceRule<Name extends string> extends ChoiceTest {
  readonly Next: Name;
}

export interface TaskState<Name extends string = string> {
  readonly Type: 'Task';
  readonly Comment: string;
  readonly Resource: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: null;
  readonly TimeoutSeconds: number;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher<Name>[];
  readonly Next: Name;
}

interface ChoiceState<Name extends string> {
  readonly Type: 'Choice';
  readonly Comment: string;
  readonly Choices: readonly ChoiceRule<Name>[];
  readonly Default: Name;
}

interface SucceedState {
  readonly Type: 'Succeed';
  readonly Comment: string;
}

interface FailState {
  readonly Type: 'Fail';
  readonly Comment: string;
  readonly ErrorPath: string;
  readonly CausePath: string;
}

export type State<Name extends string = string> =
  | TaskState<Name>
  | ChoiceState<Name>
  | SucceedState
  | FailState;

export interface StateMachine<Name extends string> {
  readonly Comment: string;
  readonly StartAt: Name;
  readonly States: Readonly<Record<Name, State<Name>>>;
}
