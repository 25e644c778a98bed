// The engine watches itself: its alarms, each with an article of the runbook, on the topics that people subscribe.
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { runbookArticle } from '../src/core/runbook.ts';
import { type AlarmShape, alarmShapes, type WatchedEngine } from './alarm-shapes.ts';

export interface EngineAlarmsProps extends WatchedEngine {
  readonly engineName: string;
  /** Told when an alarm fires, by its severity. */
  readonly topics: Readonly<Record<AlarmShape['severity'], ITopic>>;
}

/** Each metric of an alarm costs 0.10 USD a month at list price; docs/install.md says what that makes. */
export class EngineAlarms extends Construct {
  constructor(scope: Construct, id: string, props: EngineAlarmsProps) {
    super(scope, id);
    for (const shape of alarmShapes(props)) this.#alarm(shape, props);
  }

  #alarm(shape: AlarmShape, { engineName, topics }: EngineAlarmsProps): void {
    const { name, severity, says, metric, threshold } = shape;
    const [datapointsToAlarm, evaluationPeriods] = shape.breaching ?? [1, 1];
    const alarm = new Alarm(this, name, {
      alarmName: `stepshift-${engineName}-${name}`,
      alarmDescription: `Severity ${severity}. ${says} Runbook: ${runbookArticle(name)}`,
      metric,
      threshold,
      comparisonOperator:
        shape.fires === 'below'
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm,
      evaluationPeriods,
      treatMissingData:
        shape.missingIs === 'breaching' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topics[severity]));
  }
}
