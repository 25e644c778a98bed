// What the engine's alarms look at: one row for each way in which the way back could be late.
import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { albQuarantineSeconds } from '../src/core/targets/alb-rule-modes.ts';
import type { STEPS } from '../src/steps/index.ts';
import type { StepFunction } from './step-function.ts';

/** What is watched. */
export interface WatchedEngine {
  readonly functions: readonly StepFunction[];
  readonly machineArn: string;
  readonly undelivered: IQueue;
}

export interface AlarmShape {
  /** Also its heading in the runbook. */
  readonly name: string;
  readonly severity: 1 | 2;
  /** What is wrong, one sentence. */
  readonly says: string;
  readonly metric: IMetric;
  /** Fires at this value and above; `below`: under it. */
  readonly threshold: number;
  readonly fires?: 'at-least' | 'below';
  /** In so many of so many periods. */
  readonly breaching?: readonly [datapoints: number, periods: number];
  /** Silence of these metrics is health, but for the sweeper's. */
  readonly missingIs?: 'fine' | 'breaching';
}

const MINUTE = Duration.minutes(1);

/** The workflow's longest pause between two tries of «Roll back». */
const LONGEST_PAUSE_SECONDS = 30;

/**
 * A normal way back in place fails for the length of its quarantine, on purpose, and such a stretch touches two of these
 * periods at the most. What is broken fails in each of them, even where every try takes its whole time-out.
 */
const LONGER_THAN_A_QUARANTINE = Duration.minutes(
  Math.ceil((albQuarantineSeconds('in-place', 'restored') + LONGEST_PAUSE_SECONDS) / 60),
);

/** Of its time-out: a roll-back that takes this long will soon be cut off before it has read back. */
const SLOW_SHARE = 0.8;

export function alarmShapes(engine: WatchedEngine): readonly AlarmShape[] {
  return [
    ...sweeperAlarms(engine),
    ...wayBackAlarms(engine),
    ...promotionAlarms(engine),
    ...eventAlarms(engine),
    ...executionAlarms(engine),
  ];
}

/**
 * The missing one is looked at by the minute: CloudWatch fills gaps only when it finds too few values, and goes back for
 * them further than the periods that were asked for (user guide, «Configuring how CloudWatch alarms treat missing data»).
 * Of one period of five minutes it would find an old value for another ten.
 * A throttled invocation counts neither as an invocation nor as an error (Lambda developer guide, «Types of metrics for
 * Lambda functions»), so a throttled sweeper is a missing one and needs no alarm of its own.
 */
function sweeperAlarms(engine: WatchedEngine): readonly AlarmShape[] {
  const sweeper = functionOf(engine, 'sweep-rollouts');
  return [
    {
      name: 'sweeper-missing',
      severity: 1,
      says: 'The sweeper was not invoked for five minutes: nothing finishes what a broken rollout left open.',
      metric: sweeper.metricInvocations({ period: MINUTE, statistic: Stats.SUM }),
      threshold: 1,
      fires: 'below',
      breaching: [5, 5],
      missingIs: 'breaching',
    },
    {
      name: 'sweeper-failing',
      severity: 1,
      says: 'The sweeper failed in three of five minutes.',
      metric: errorsOf(sweeper),
      threshold: 1,
      breaching: [3, 5],
    },
  ];
}

function wayBackAlarms(engine: WatchedEngine): readonly AlarmShape[] {
  const rollBack = functionOf(engine, 'roll-back');
  const timeoutMs = rollBack.timeout?.toMilliseconds() ?? 0;
  return [
    {
      name: 'roll-back-failing',
      severity: 1,
      says: 'Taking traffic back has failed for longer than any quarantine lasts; it is tried again without limit.',
      metric: rollBack.metricErrors({ period: LONGER_THAN_A_QUARANTINE, statistic: Stats.SUM }),
      threshold: 1,
      breaching: [3, 3],
    },
    {
      name: 'roll-back-throttled',
      severity: 1,
      says: 'Lambda turned away the function that takes traffic back: the account has no concurrency left.',
      metric: rollBack.metricThrottles({ period: MINUTE, statistic: Stats.SUM }),
      threshold: 1,
    },
    {
      name: 'roll-back-slow',
      severity: 2,
      says: `Taking traffic back took ${SLOW_SHARE * 100} % of the time that its function has.`,
      metric: rollBack.metricDuration({ period: MINUTE, statistic: Stats.MAXIMUM }),
      threshold: timeoutMs * SLOW_SHARE,
    },
    {
      name: 'guard-failing',
      severity: 2,
      says: 'The guard failed on the end of an execution; the sweeper takes its place within two minutes.',
      metric: errorsOf(functionOf(engine, 'guard-rollout')),
      threshold: 1,
    },
  ];
}

/** Two alarms and no sum: what CloudWatch makes of a sum with a silent metric in it is not worth relying on. */
function promotionAlarms(engine: WatchedEngine): readonly AlarmShape[] {
  return [
    {
      name: 'finish-promotion-failing',
      severity: 1,
      says: 'A committed promotion could not be finished yet; it is tried again without limit.',
      metric: errorsOf(functionOf(engine, 'finish-promotion')),
      threshold: 1,
    },
    {
      name: 'settle-promotion-failing',
      severity: 1,
      says: 'Whether a promotion was committed could not be read yet; it is tried again without limit.',
      metric: errorsOf(functionOf(engine, 'settle-promotion')),
      threshold: 1,
    },
  ];
}

function eventAlarms(engine: WatchedEngine): readonly AlarmShape[] {
  return [
    {
      name: 'alarm-handler-failing',
      severity: 2,
      says: 'An alarm of a service could not be handed to its rollouts; the next tick reads its state all the same.',
      metric: errorsOf(functionOf(engine, 'handle-alarm-event')),
      threshold: 1,
    },
    {
      name: 'undelivered-events',
      severity: 2,
      says: 'An event could not be delivered or handled after all tries; people may have missed a message.',
      metric: engine.undelivered.metricApproximateNumberOfMessagesVisible({
        period: MINUTE,
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
    },
  ];
}

/**
 * ExecutionsFailed is not among them: a rollout that was rolled back ends as failed. Nor is ExecutionsTimedOut: the
 * machine has no time-out.
 */
function executionAlarms({ machineArn }: WatchedEngine): readonly AlarmShape[] {
  const metric = (metricName: string): Metric =>
    new Metric({
      namespace: 'AWS/States',
      metricName,
      dimensionsMap: { StateMachineArn: machineArn },
      period: MINUTE,
      statistic: Stats.SUM,
    });
  return [
    {
      name: 'executions-throttled',
      severity: 2,
      says: 'Step Functions slows rollouts down: the account makes more state transitions than it may.',
      metric: metric('ExecutionThrottled'),
      threshold: 1,
    },
    {
      name: 'executions-stopped',
      severity: 2,
      says: 'The execution of a rollout was stopped from outside; guard and sweeper finish the rollout.',
      metric: metric('ExecutionsAborted'),
      threshold: 1,
    },
  ];
}

function functionOf({ functions }: WatchedEngine, step: keyof typeof STEPS): StepFunction['function'] {
  const found = functions.find((candidate) => candidate.step.name === step);
  if (found === undefined) throw new TypeError(`the engine has no function for ${step}`);
  return found.function;
}

function errorsOf(watched: IFunction): Metric {
  return watched.metricErrors({ period: MINUTE, statistic: Stats.SUM });
}
