// Events as EventBridge would deliver them to the engine, as far as its handlers read them.
import type { AlarmTransition } from './memory-alarms.ts';
import type { WorkflowEnd } from './run-workflow.ts';

/** Source: CloudWatch user guide, «Alarm events and EventBridge». */
export function alarmEvent({ name, to, reason, atMs }: AlarmTransition) {
  return {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    detail: { alarmName: name, state: { value: to, reason, timestamp: new Date(atMs).toISOString() } },
  };
}

/** Source: Step Functions developer guide, «Execution Status Change» events. */
export function executionEvent(executionArn: string, status: WorkflowEnd['status']) {
  return {
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn, status },
  };
}
