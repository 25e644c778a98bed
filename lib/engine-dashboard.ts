// One CloudWatch dashboard for an engine and all of its services: a stack of its own, so that the engine goes without.
import { ArnFormat, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  DashboardVariable,
  DefaultValue,
  type IAlarm,
  Values,
  VariableInputType,
  VariableType,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmShapes, type WatchedEngine } from './alarm-shapes.ts';
import { engineRows } from './dashboard-engine-rows.ts';
import { CHOSEN_BALANCER, CHOSEN_FUNCTION, serviceRows } from './dashboard-service-rows.ts';
import type { EngineStack } from './engine-stack.ts';
import { StepFunction } from './step-function.ts';

export interface EngineDashboardStackProps extends StackProps {
  readonly engine: EngineStack;
}

/** CloudWatch bills each dashboard beyond three at 3 USD a month; docs/doctor.md says so. */
export class EngineDashboardStack extends Stack {
  constructor(scope: Construct, { engine, ...props }: EngineDashboardStackProps) {
    super(scope, `${engine.stackName}-Dashboard`, {
      description: `Stepshift: dashboard of the engine ${engine.stackName}`,
      ...props,
    });
    const watched = watchedIn(engine);
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: `stepshift-${engine.stackName}`,
      defaultInterval: Duration.hours(12),
      variables: [functionVariable(), balancerVariable()],
    });
    dashboard.addWidgets(
      new AlarmStatusWidget({
        title: 'Alarms of the engine',
        alarms: this.#alarms(engine.stackName, watched),
        width: 24,
        height: 4,
      }),
    );
    for (const widgets of [...engineRows(watched), ...serviceRows()]) dashboard.addWidgets(...widgets);
  }

  /** By name: the ARN of an alarm holds nothing that CloudFormation makes up. */
  #alarms(engineName: string, watched: WatchedEngine): IAlarm[] {
    return alarmShapes(watched).map(({ name }) =>
      Alarm.fromAlarmArn(
        this,
        name,
        this.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: `stepshift-${engineName}-${name}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    );
  }
}

/** What the engine's own alarms look at, found in its stack. */
function watchedIn(engine: EngineStack): WatchedEngine {
  const all = engine.node.findAll();
  const undelivered = all.find((construct) => construct instanceof Queue);
  if (undelivered === undefined) throw new TypeError('the engine has no queue of undelivered events');
  return {
    functions: all.filter((construct) => construct instanceof StepFunction),
    machineArn: engine.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: engine.stackName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
    undelivered,
  };
}

/** Functions whose alias had weights in the last two weeks: those have series by version. */
function functionVariable(): DashboardVariable {
  return new DashboardVariable({
    id: 'function',
    label: 'Function',
    type: VariableType.PATTERN,
    value: CHOSEN_FUNCTION,
    inputType: VariableInputType.SELECT,
    values: Values.fromSearchComponents({
      namespace: 'AWS/Lambda',
      dimensions: ['ExecutedVersion', 'FunctionName', 'Resource'],
      metricName: 'Invocations',
      populateFrom: 'FunctionName',
    }),
    defaultValue: DefaultValue.FIRST,
  });
}

function balancerVariable(): DashboardVariable {
  return new DashboardVariable({
    id: 'loadBalancer',
    label: 'Load balancer',
    type: VariableType.PATTERN,
    value: CHOSEN_BALANCER,
    inputType: VariableInputType.SELECT,
    values: Values.fromSearchComponents({
      namespace: 'AWS/ApplicationELB',
      dimensions: ['LoadBalancer', 'TargetGroup'],
      metricName: 'RequestCount',
      populateFrom: 'LoadBalancer',
    }),
    defaultValue: DefaultValue.FIRST,
  });
}
