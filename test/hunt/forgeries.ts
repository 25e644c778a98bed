// Events and calls that should have no effect: too old, about somebody else, or not what they claim to be.

import { executionArn } from './executions.ts';
import { invoke } from './invoke.ts';
import type { Act, StepName } from './plan.ts';
import { ALARMS } from './plan-service.ts';
import type { Run } from './run.ts';

interface Forgery {
  readonly step: StepName;
  input(run: Run): unknown;
}

/** Source of the shapes: CloudWatch and Step Functions guides, as the real events of this run have them. */
export function alarmEvent(name: string, value: string, reason: string, atMs: number): unknown {
  return { detail: { alarmName: name, state: { value, reason, timestamp: new Date(atMs).toISOString() } } };
}

export function executionEvent(name: string, status: string): unknown {
  return { detail: { executionArn: executionArn(name), status } };
}

const HOUR_MS = 3_600_000;
const ELEVEN_MINUTES_MS = 660_000;

const FORGERIES: readonly Forgery[] = [
  // too old to be believed without a look at the alarm itself
  {
    step: 'handle-alarm-event',
    input: ({ time }) => alarmEvent(ALARMS[0], 'ALARM', '', time.now() - ELEVEN_MINUTES_MS),
  },
  {
    step: 'handle-alarm-event',
    input: ({ startMs }) => alarmEvent(ALARMS[0], 'ALARM', 'old', startMs - HOUR_MS),
  },
  { step: 'handle-alarm-event', input: ({ time }) => alarmEvent('SomebodyElses', 'ALARM', '', time.now()) },
  { step: 'handle-alarm-event', input: ({ time }) => alarmEvent(ALARMS[1], 'OK', '', time.now()) },
  { step: 'handle-alarm-event', input: () => ({ detail: { alarmName: ALARMS[0] } }) },
  {
    step: 'handle-alarm-event',
    input: () => ({ detail: { alarmName: ALARMS[0], state: { value: 'ALARM', timestamp: 'soon' } } }),
  },
  { step: 'guard-rollout', input: () => executionEvent('r1', 'ABORTED') },
  { step: 'guard-rollout', input: () => executionEvent('nobody', 'FAILED') },
  { step: 'guard-rollout', input: () => ({ detail: { executionArn: 'r1' } }) },
  {
    step: 'guard-rollout',
    input: () => ({
      detail: { executionArn: 'arn:aws:states:eu-west-2:210987654321:execution:other:r1', status: 'FAILED' },
    }),
  },
  { step: 'notify-people', input: () => ({ detail: { event: 'rollout-finished', atMs: 'now' } }) },
  { step: 'sweep-rollouts', input: () => ({ unexpected: true }) },
];

/** An alarm event that is old belongs to an earlier rollout; what the guard is told it asks the execution itself. */
export function forge(run: Run, { dice }: Act): boolean {
  const forgery = FORGERIES[Math.floor(dice[0] * FORGERIES.length)];
  if (forgery === undefined) return false;
  // a refusal is what is wanted; what it did all the same is in the trace
  invoke(run, null, forgery.step, forgery.input(run)).catch(() => {});
  return true;
}
