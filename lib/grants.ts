// What each port needs on AWS: one row a port, with the permissions and the environment variables of its adapter.
// A step's role and environment are the rows of the ports it uses, nothing else.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Severity } from '../src/core/events.ts';
import type { Ports } from '../src/ports.ts';

/** The engine's own resources, by the names that grants and adapters need. */
export interface EngineResources {
  readonly tableArn: string;
  readonly tableName: string;
  readonly activeIndexArn: string;
  readonly eventBusArn: string;
  readonly eventBusName: string;
  readonly topicArns: Readonly<Record<Severity, string>>;
  readonly machineArn: string;
  /** Pattern for every execution of the machine. */
  readonly executionArns: string;
  /** Pattern for every target role of this engine. */
  readonly targetRoleArns: string;
}

export interface PortNeeds {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
}

export type PortName = keyof Ports;

const NOTHING: PortNeeds = { environment: {}, statements: [] };

/** The two `*` resources are AWS's: these reads know no resource, and a narrower DescribeAlarms hides composite alarms. */
export const PORT_GRANTS: Readonly<Record<PortName, (engine: EngineResources) => PortNeeds>> = {
  clock: () => NOTHING,
  store: (engine) => ({
    environment: { STEPSHIFT_TABLE: engine.tableName },
    statements: [
      allow(
        [
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:ConditionCheckItem',
        ],
        [engine.tableArn],
      ),
      allow(['dynamodb:Query'], [engine.tableArn, engine.activeIndexArn]),
    ],
  }),
  routers: (engine) => ({
    environment: {},
    statements: [allow(['sts:AssumeRole'], [engine.targetRoleArns])],
  }),
  metrics: () => ({ environment: {}, statements: [allow(['cloudwatch:GetMetricData'], ['*'])] }),
  alarms: () => ({ environment: {}, statements: [allow(['cloudwatch:DescribeAlarms'], ['*'])] }),
  events: (engine) => ({
    environment: { STEPSHIFT_EVENT_BUS: engine.eventBusName },
    statements: [allow(['events:PutEvents'], [engine.eventBusArn])],
  }),
  tokens: (engine) => ({
    environment: {},
    statements: [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], [engine.machineArn])],
  }),
  executions: (engine) => ({
    environment: {},
    statements: [
      allow(
        ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:StopExecution'],
        [engine.executionArns],
      ),
    ],
  }),
  notifier: (engine) => ({
    environment: Object.fromEntries(
      Object.entries(engine.topicArns).map(([severity, arn]) => [`STEPSHIFT_TOPIC_SEV${severity}`, arn]),
    ),
    statements: [allow(['sns:Publish'], Object.values(engine.topicArns))],
  }),
};

/** Everything that a step with these ports needs. */
export function needsOf(uses: readonly PortName[], engine: EngineResources): PortNeeds {
  const needs = uses.map((port) => PORT_GRANTS[port](engine));
  return {
    environment: Object.assign({}, ...needs.map((need) => need.environment)),
    statements: needs.flatMap((need) => need.statements),
  };
}

function allow(actions: string[], resources: string[]): PolicyStatement {
  return new PolicyStatement({ actions, resources });
}
