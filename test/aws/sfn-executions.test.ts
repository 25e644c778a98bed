// Executions: what AWS says of them, and that stopping an ended one is fine.
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { sfnExecutions } from '../../src/aws/sfn-executions.ts';
import { TransientError } from '../../src/core/errors.ts';

const ARN = 'arn:aws:states:eu-west-2:123456789012:execution:StepshiftEngine:r1';
const GONE = new ExecutionDoesNotExist({ message: 'Execution Does Not Exist', $metadata: {} });

function setUp() {
  const client = new SFNClient({ region: 'eu-west-2' });
  return { mock: mockClient(client), executions: sfnExecutions(client) };
}

describe('sfnExecutions', () => {
  it.each([
    ['RUNNING', 'RUNNING'],
    ['PENDING_REDRIVE', 'RUNNING'],
    ['SUCCEEDED', 'SUCCEEDED'],
    ['FAILED', 'FAILED'],
    ['TIMED_OUT', 'TIMED_OUT'],
    ['ABORTED', 'ABORTED'],
  ] as const)('takes %s for %s', async (status, expected) => {
    const { mock, executions } = setUp();
    mock.on(DescribeExecutionCommand, { executionArn: ARN }).resolves({ status });
    expect(await executions.status(ARN)).toBe(expected);
  });

  it('says MISSING of an execution that nobody knows, and only then', async () => {
    const { mock, executions } = setUp();
    mock.on(DescribeExecutionCommand).rejectsOnce(GONE).rejectsOnce({ name: 'ThrottlingException' });
    expect(await executions.status(ARN)).toBe('MISSING');
    await expect(executions.status(ARN)).rejects.toThrow(TransientError);
  });

  it('stops an execution with the cause, and does not mind that it is gone', async () => {
    const { mock, executions } = setUp();
    mock.on(StopExecutionCommand).resolvesOnce({}).rejectsOnce(GONE);
    await executions.stop(ARN, 'past its deadline');
    await executions.stop(ARN, 'past its deadline');
    expect(mock.call(0).args[0].input).toMatchObject({ executionArn: ARN, cause: 'past its deadline' });
  });

  it('takes the id of the newest event for the length of the history, and 0 for what nobody knows', async () => {
    const { mock, executions } = setUp();
    const newest = { id: 4711, timestamp: new Date(0), type: 'TaskStateEntered' } as const;
    mock
      .on(GetExecutionHistoryCommand, { executionArn: ARN, reverseOrder: true, maxResults: 1 })
      .resolvesOnce({ events: [newest] })
      .rejectsOnce(GONE)
      .rejectsOnce({ name: 'ThrottlingException' });
    expect(await executions.historyEvents(ARN)).toBe(4711);
    expect(await executions.historyEvents(ARN)).toBe(0);
    await expect(executions.historyEvents(ARN)).rejects.toThrow(TransientError);
  });
});
