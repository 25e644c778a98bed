// What the dashboard shows of the engine itself, row by row: rollouts, the way back, the sweeper, what got lost.
import { Duration } from 'aws-cdk-lib';
import { GraphWidget, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { WatchedEngine } from './alarm-shapes.ts';
import type { StepFunction } from './step-function.ts';
import { type StepName, WAY_BACK } from './way-back.ts';

const MINUTE = Duration.minutes(1);
/** Rollouts are few: by the minute their outcomes would be dots. */
const COARSE = Duration.minutes(5);

export function engineRows(engine: WatchedEngine): GraphWidget[][] {
  return [
    [outcomes(engine), running(engine), alarmToSafe(engine)],
    [
      wayBack(engine, 'Errors', 'Way back: failed tries'),
      wayBack(engine, 'Throttles', 'Way back: turned away'),
      durations(engine),
    ],
    [heartbeat(engine), undelivered(engine)],
  ];
}

/** Rolled back and not started end as failed alike; the ways back and the refused starts tell them apart. */
function outcomes(engine: WatchedEngine): GraphWidget {
  return new GraphWidget({
    title: 'Rollouts by outcome',
    width: 8,
    left: [
      executions(engine, 'ExecutionsStarted', 'started'),
      executions(engine, 'ExecutionsSucceeded', 'promoted'),
      executions(engine, 'ExecutionsFailed', 'rolled back or not started'),
      executions(engine, 'ExecutionsAborted', 'stopped from outside'),
      ofStep(engine, 'roll-back', 'Invocations', 'tries to take back', COARSE),
      ofStep(engine, 'abandon-rollout', 'Invocations', 'starts refused (tries)', COARSE),
    ],
  });
}

/** CloudWatch has no count of the open executions of one machine. */
function running(engine: WatchedEngine): GraphWidget {
  const ended = ['ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsAborted'] as const;
  return new GraphWidget({
    title: 'Rollouts running, beyond those at the left edge',
    width: 8,
    left: [
      new MathExpression({
        expression: 'RUNNING_SUM(FILL(started, 0) - FILL(promoted, 0) - FILL(failed, 0) - FILL(stopped, 0))',
        label: 'running',
        period: COARSE,
        usingMetrics: {
          started: executions(engine, 'ExecutionsStarted', 'started'),
          promoted: executions(engine, ended[0], 'promoted'),
          failed: executions(engine, ended[1], 'failed'),
          stopped: executions(engine, ended[2], 'stopped'),
        },
      }),
    ],
  });
}

/** The parts that AWS measures; what Step Functions needs between them is in no metric. */
function alarmToSafe(engine: WatchedEngine): GraphWidget {
  return new GraphWidget({
    title: 'From an alarm to safe: its longest parts, ms',
    width: 8,
    left: [
      longest(engine, 'handle-alarm-event', 'AsyncEventAge', 'the event waits'),
      longest(engine, 'handle-alarm-event', 'Duration', 'the alarm is handled'),
      longest(engine, 'roll-back', 'Duration', 'traffic is taken back'),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function wayBack(engine: WatchedEngine, metricName: 'Errors' | 'Throttles', title: string): GraphWidget {
  return new GraphWidget({
    title,
    width: 8,
    left: WAY_BACK.map((step) => ofStep(engine, step, metricName, step, MINUTE)),
    leftYAxis: { min: 0, showUnits: false },
  });
}

function durations(engine: WatchedEngine): GraphWidget {
  return new GraphWidget({
    title: 'Way back: longest try, ms',
    width: 8,
    left: WAY_BACK.map((step) => longest(engine, step, 'Duration', step)),
    leftYAxis: { min: 0, showUnits: false },
  });
}

function heartbeat(engine: WatchedEngine): GraphWidget {
  return new GraphWidget({
    title: 'Sweeper: one invocation a minute',
    width: 12,
    left: [
      ofStep(engine, 'sweep-rollouts', 'Invocations', 'invocations', MINUTE),
      ofStep(engine, 'sweep-rollouts', 'Errors', 'errors', MINUTE),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function undelivered({ undelivered: queue }: WatchedEngine): GraphWidget {
  return new GraphWidget({
    title: 'Events that were not delivered or not handled',
    width: 12,
    left: [
      queue.metricApproximateNumberOfMessagesVisible({
        period: MINUTE,
        statistic: Stats.MAXIMUM,
        label: 'waiting',
      }),
    ],
    right: [
      queue.metricApproximateAgeOfOldestMessage({
        period: MINUTE,
        statistic: Stats.MAXIMUM,
        label: 'age of the oldest, s',
      }),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function executions({ machineArn }: WatchedEngine, metricName: string, label: string): Metric {
  return new Metric({
    namespace: 'AWS/States',
    metricName,
    dimensionsMap: { StateMachineArn: machineArn },
    statistic: Stats.SUM,
    period: COARSE,
    label,
  });
}

function ofStep(
  engine: WatchedEngine,
  step: StepName,
  metricName: string,
  label: string,
  period: Duration,
): IMetric {
  return functionOf(engine, step).metric(metricName, { statistic: Stats.SUM, period, label });
}

function longest(engine: WatchedEngine, step: StepName, metricName: string, label: string): IMetric {
  return functionOf(engine, step).metric(metricName, { statistic: Stats.MAXIMUM, period: MINUTE, label });
}

function functionOf({ functions }: WatchedEngine, step: StepName): StepFunction['function'] {
  const found = functions.find((candidate) => candidate.step.name === step);
  if (found === undefined) throw new TypeError(`the engine has no function for ${step}`);
  return found.function;
}
