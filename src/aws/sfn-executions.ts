// Asks after executions of the workflow, and stops them.
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionStatus, Executions } from '../ports.ts';
import { CLIENT_CONFIG } from './client-config.ts';
import { awsCall, isNamed } from './errors.ts';

export function sfnExecutions(client = new SFNClient(CLIENT_CONFIG)): Executions {
  return {
    async status(executionArn) {
      const command = new DescribeExecutionCommand({ executionArn });
      const found = await unlessMissing('DescribeExecution', () => client.send(command));
      return found === null ? 'MISSING' : statusOf(found.status);
    },
    async stop(executionArn, cause) {
      const command = new StopExecutionCommand({
        executionArn,
        error: 'Stopped',
        cause: cause.slice(0, 1000),
      });
      await unlessMissing('StopExecution', () => client.send(command));
    },
    async historyEvents(executionArn) {
      // ids run from 1 without holes (Step Functions API reference, HistoryEvent), so the newest one is the count
      const command = new GetExecutionHistoryCommand({
        executionArn,
        reverseOrder: true,
        maxResults: 1,
        includeExecutionData: false,
      });
      const found = await unlessMissing('GetExecutionHistory', () => client.send(command));
      return found?.events?.[0]?.id ?? 0;
    },
  };
}

/** A redrive that is about to begin runs again. */
function statusOf(status: string | undefined): ExecutionStatus {
  switch (status) {
    case 'SUCCEEDED':
    case 'FAILED':
    case 'TIMED_OUT':
    case 'ABORTED':
      return status;
    default:
      return 'RUNNING';
  }
}

async function unlessMissing<T>(doing: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await awsCall(doing, call);
  } catch (error) {
    if (isNamed(error, 'ExecutionDoesNotExist')) return null;
    throw error;
  }
}
