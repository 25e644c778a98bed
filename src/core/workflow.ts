// The state machine as typed data: deployed by the CDK app, run in virtual time by the simulator, drawn in the README.
// It reads top to bottom; a misspelt `Next` does not compile. Why JSONPath and no variables: docs/decisions.
import type { Catcher, Retrier, StateMachine, TaskState } from './states-language.ts';

export type StateName =
  | 'Start rollout'
  | 'Abandon rollout'
  | 'Shift traffic'
  | 'Bake'
  | 'Bake slowly'
  | 'Judge canary'
  | 'What next?'
  | 'Commit promotion'
  | 'Settle promotion'
  | 'Was it committed?'
  | 'Finish promotion'
  | 'Roll back'
  | 'Promoted'
  | 'Rolled back'
  | 'Not started';

export type Workflow = StateMachine<StateName>;

/** What «Judge canary» may ask for next; each word is a branch of «What next?». */
export const NEXT_AFTER_JUDGEMENT = [
  'bake',
  'bake-slowly',
  'shift-traffic',
  'commit-promotion',
  'roll-back',
] as const;

/** What «Settle promotion» may ask for next; each word is a branch of «Was it committed?». */
export const NEXT_AFTER_SETTLEMENT = ['finish-promotion', 'roll-back'] as const;

/** A slow bake lasts this many ticks: 15 minutes at the production tick of one minute. */
export const SLOW_BAKE_TICKS = 15;

/** Names that Lambda and Step Functions themselves give to trouble that passes. Source: Step Functions developer
 * guide, «Handling errors», and the Lambda service exceptions that CDK's LambdaInvoke retries by default. */
export const PLATFORM_TRANSIENT_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
] as const;

/** What Lambda calls a function that was killed or crashed. Tried a little: a real time-out costs its whole length. */
export const PLATFORM_CRASHES = ['Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError'] as const;

/**
 * Forwards we give up early and fail safe: the waits add up to half a minute. A function that hangs costs its own time-out
 * each time on top; a wish to stop ends that at the next try, since every step asks for it before it goes on.
 */
const RETRY_FORWARD: readonly Retrier[] = [
  {
    ErrorEquals: ['TransientError', ...PLATFORM_TRANSIENT_ERRORS],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 4,
    MaxDelaySeconds: 15,
    JitterStrategy: 'FULL',
  },
  {
    ErrorEquals: PLATFORM_CRASHES,
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxAttempts: 2,
    MaxDelaySeconds: 5,
    JitterStrategy: 'FULL',
  },
];

/** The way back, and the way to the end after the point of no return, are never given up:
 * 99,999,999 attempts is the service's maximum, and the history ends long before (the sweeper then carries on). */
function retryAlways(maxDelaySeconds: number): readonly Retrier[] {
  return [
    {
      ErrorEquals: ['States.ALL'],
      IntervalSeconds: 1,
      BackoffRate: 2,
      MaxAttempts: 99_999_999,
      MaxDelaySeconds: maxDelaySeconds,
      JitterStrategy: 'FULL',
    },
  ];
}

/** For what asking again would not change. */
function neverRetry(error: string): Retrier {
  return {
    ErrorEquals: [error],
    IntervalSeconds: 1,
    BackoffRate: 1,
    MaxAttempts: 0,
    MaxDelaySeconds: 2,
    JitterStrategy: 'FULL',
  };
}

/** A document that cannot be read stays so; once the execution has failed, guard and sweeper go by the record. */
const LEAVE_TO_THE_GUARD = neverRetry('InvalidDocumentError');

const ROLL_BACK_ON_ANYTHING: Catcher<StateName> = {
  ErrorEquals: ['States.ALL'],
  ResultPath: '$.failure',
  Next: 'Roll back',
};

/** Nothing was done. It waits a tick first, so that no loop is without a wait; the look after it finds the pause. */
const WAIT_WHEN_PAUSED: Catcher<StateName> = { ErrorEquals: ['Paused'], ResultPath: null, Next: 'Bake' };

/** Every function times out well before its state does, so that a time-out has the function's own name first. */
const TASK_TIMEOUT_SECONDS = 120;

function bake(functionArn: string, seconds: number): TaskState<StateName> {
  return {
    Type: 'Task',
    Comment: 'Waits for a wake-up; the time-out is the normal path and leads to a judgement, never to a pass',
    Resource: 'arn:${AWS::Partition}:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: functionArn,
      Payload: { 'rollout.$': '$', 'token.$': '$$.Task.Token' },
    },
    // null keeps the rollout document as it is, whatever the wake-up brings
    ResultPath: null,
    TimeoutSeconds: seconds,
    Retry: RETRY_FORWARD,
    Catch: [
      { ErrorEquals: ['States.Timeout'], ResultPath: null, Next: 'Judge canary' },
      { ErrorEquals: ['Interrupted'], ResultPath: '$.failure', Next: 'Roll back' },
      ROLL_BACK_ON_ANYTHING,
    ],
    Next: 'Judge canary',
  };
}

/**
 * The rollout workflow. `${…FunctionArn}` and `${AWS::Partition}` are filled in at deploy time.
 * @param tickSeconds length of one turn of the bake loop: 60 in production, 1 or 2 in emulator tests
 */
export function workflow({ tickSeconds }: { readonly tickSeconds: number }): Workflow {
  return {
    Comment: 'Stepshift: one execution is one rollout',
    StartAt: 'Start rollout',
    States: {
      'Start rollout': {
        Type: 'Task',
        Comment: 'Takes the lease, runs the gates, prepares the target at weight 0',
        Resource: '${StartRolloutFunctionArn}',
        Parameters: {
          'request.$': '$',
          'execution.$': '$$.Execution.Id',
          'startedAt.$': '$$.Execution.StartTime',
        },
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: RETRY_FORWARD,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Abandon rollout' }],
        Next: 'Shift traffic',
      },
      'Abandon rollout': {
        Type: 'Task',
        Comment: 'Nothing was shifted: cleans up lease and target, says why',
        Resource: '${AbandonRolloutFunctionArn}',
        Parameters: {
          'request.$': '$',
          'execution.$': '$$.Execution.Id',
          'startedAt.$': '$$.Execution.StartTime',
        },
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: retryAlways(60),
        Next: 'Not started',
      },
      'Shift traffic': {
        Type: 'Task',
        Comment: 'Moves the canary to the weight of the next stage and reads it back',
        Resource: '${ShiftTrafficFunctionArn}',
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: RETRY_FORWARD,
        Catch: [WAIT_WHEN_PAUSED, ROLL_BACK_ON_ANYTHING],
        Next: 'Bake',
      },
      Bake: bake('${BakeFunctionArn}', tickSeconds),
      'Bake slowly': bake('${BakeFunctionArn}', tickSeconds * SLOW_BAKE_TICKS),
      'Judge canary': {
        Type: 'Task',
        Comment: 'Reads latch, alarms and the metrics of both versions; decides',
        Resource: '${JudgeCanaryFunctionArn}',
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: RETRY_FORWARD,
        Catch: [ROLL_BACK_ON_ANYTHING],
        Next: 'What next?',
      },
      'What next?': {
        Type: 'Choice',
        Comment: 'A missing path would kill the execution past every Catch, so presence is asked first',
        Choices: [
          { Variable: '$.next', IsPresent: false, Next: 'Roll back' },
          { Variable: '$.next', StringEquals: 'bake', Next: 'Bake' },
          { Variable: '$.next', StringEquals: 'bake-slowly', Next: 'Bake slowly' },
          { Variable: '$.next', StringEquals: 'shift-traffic', Next: 'Shift traffic' },
          { Variable: '$.next', StringEquals: 'commit-promotion', Next: 'Commit promotion' },
        ],
        Default: 'Roll back',
      },
      'Commit promotion': {
        Type: 'Task',
        Comment: 'The point of no return, written durably unless an interrupt or a pause came first',
        Resource: '${CommitPromotionFunctionArn}',
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: RETRY_FORWARD,
        Catch: [
          WAIT_WHEN_PAUSED,
          { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Settle promotion' },
        ],
        Next: 'Finish promotion',
      },
      'Settle promotion': {
        Type: 'Task',
        Comment: 'The answer of the commit was lost: the record decides; while it is unreadable, stay',
        Resource: '${SettlePromotionFunctionArn}',
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: [LEAVE_TO_THE_GUARD, ...retryAlways(300)],
        Next: 'Was it committed?',
      },
      'Was it committed?': {
        Type: 'Choice',
        Comment: 'Only this state leads from an open question to the end of a promotion',
        Choices: [
          { Variable: '$.next', IsPresent: false, Next: 'Roll back' },
          { Variable: '$.next', StringEquals: 'finish-promotion', Next: 'Finish promotion' },
        ],
        Default: 'Roll back',
      },
      'Finish promotion': {
        Type: 'Task',
        Comment:
          'Moves the last pointer, reads it back, closes; never undone, but it gives way to a third version',
        Resource: '${FinishPromotionFunctionArn}',
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        // a third version stays live until somebody takes it away
        Retry: [neverRetry('SupersededError'), LEAVE_TO_THE_GUARD, ...retryAlways(300)],
        Catch: [{ ErrorEquals: ['SupersededError'], ResultPath: '$.failure', Next: 'Roll back' }],
        Next: 'Promoted',
      },
      'Roll back': {
        Type: 'Task',
        Comment: 'Needs only the target; always writes, verifies by reading, retries until it works',
        Resource: '${RollBackFunctionArn}',
        TimeoutSeconds: TASK_TIMEOUT_SECONDS,
        Retry: [LEAVE_TO_THE_GUARD, ...retryAlways(30)],
        Next: 'Rolled back',
      },
      Promoted: { Type: 'Succeed', Comment: 'All traffic is on the new version' },
      'Rolled back': {
        Type: 'Fail',
        Comment: 'All traffic is on the stable version, or on the version of whoever superseded us',
        ErrorPath: '$.outcome',
        CausePath: '$.reason.sentence',
      },
      'Not started': {
        Type: 'Fail',
        Comment: 'A gate refused or the start failed: nothing was shifted',
        ErrorPath: '$.outcome',
        CausePath: '$.reason.sentence',
      },
    },
  };
}
