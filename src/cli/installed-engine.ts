// An installed engine, found by the name of its stack and used with the caller's own credentials.
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_CONFIG, type ClientConfig } from '../aws/client-config.ts';
import { dynamodbRolloutStore } from '../aws/dynamodb-rollout-store.ts';
import { rolloutTable } from '../aws/dynamodb-table.ts';
import { awsCall, isNamed } from '../aws/errors.ts';
import { pageToken } from '../aws/page-token.ts';
import { PermissionError, RejectedError } from '../core/errors.ts';
import type { EndedExecution, OpenEngine, SignalWish } from './engine.ts';
import { isRegionMissing, MissingRegionError } from './failures.ts';
import { readSignalAnswer, type SignalAnswer } from './signal-answer.ts';

interface Outputs {
  readonly RolloutMachineArn: string;
  readonly TableName: string;
  readonly SignalFunctionName: string;
}

/** Throws RejectedError (`engine-missing`) and PermissionError. */
export const findEngine: OpenEngine = async (stackName) => {
  const outputs = await readOutputs(stackName);
  const states = new SFNClient(CLIENT_CONFIG);
  return {
    store: dynamodbRolloutStore(rolloutTable(outputs.TableName, new DynamoDBClient(CLIENT_CONFIG))),
    async start(rolloutId, request) {
      const command = new StartExecutionCommand({
        stateMachineArn: outputs.RolloutMachineArn,
        name: rolloutId,
        input: JSON.stringify(request),
      });
      return (await awsCall('StartExecution', () => states.send(command))).executionArn ?? '';
    },
    async readExecution(executionArn) {
      const command = new DescribeExecutionCommand({ executionArn });
      const { status, cause = null } = await awsCall('DescribeExecution', () => states.send(command));
      return { isRunning: isStillRunning(status), cause };
    },
    endedExecutions: () => listEnded(states, outputs.RolloutMachineArn),
    signal: async (wish) => signal(outputs.SignalFunctionName, wish, await actorOf(wish)),
  };
};

/** A redrive that is about to begin runs again. */
function isStillRunning(status: string | undefined): boolean {
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}

/** The newest first (Step Functions API reference, ListExecutions). */
async function* listEnded(states: SFNClient, startArn: string): AsyncGenerator<EndedExecution> {
  // of the machine itself: its alias lists only what was started by it
  const stateMachineArn = startArn.split(':').slice(0, 7).join(':');
  let nextToken: string | undefined;
  do {
    const command = new ListExecutionsCommand({
      stateMachineArn,
      maxResults: 100,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const page = await awsCall('ListExecutions', () => states.send(command));
    yield* (page.executions ?? []).flatMap(endedExecution);
    nextToken = pageToken(page.nextToken);
  } while (nextToken !== undefined);
}

function endedExecution({ name, status, startDate, stopDate }: ExecutionListItem): EndedExecution[] {
  if (name === undefined || startDate === undefined || isStillRunning(status)) return [];
  const endedAtMs = stopDate?.getTime() ?? null;
  return [{ rolloutId: name, startedAtMs: startDate.getTime(), endedAtMs }];
}

async function readOutputs(stackName: string): Promise<Outputs> {
  const found = await findStack(stackName);
  const outputs: Record<string, string | undefined> = Object.fromEntries(
    (found?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]),
  );
  const { RolloutMachineArn, TableName, SignalFunctionName } = outputs as Partial<Outputs>;
  if (RolloutMachineArn === undefined || TableName === undefined || SignalFunctionName === undefined) {
    throw noEngine(
      stackName,
      found === undefined ? 'no such stack' : 'a stack without the outputs of an engine',
    );
  }
  return { RolloutMachineArn, TableName, SignalFunctionName };
}

async function findStack(stackName: string) {
  const client = new CloudFormationClient(CLIENT_CONFIG);
  const command = new DescribeStacksCommand({ StackName: stackName });
  try {
    return (await awsCall(`DescribeStacks ${stackName}`, () => client.send(command))).Stacks?.[0];
  } catch (error) {
    // CloudFormation has no name of its own for this
    if (isNamed(error, 'ValidationError') && /does not exist/.test(String(error))) return undefined;
    if (isRegionMissing(error)) throw new MissingRegionError('no AWS Region is known', error);
    throw error;
  }
}

function noEngine(stackName: string, got: string): RejectedError {
  return new RejectedError([
    {
      code: 'engine-missing',
      what: `there is no engine ${stackName} in this account and Region`,
      where: `CloudFormation stack ${stackName}`,
      got,
      allowed: 'the stack of an installed engine',
      fix: 'Install it (npx cdk deploy StepshiftEngine), choose its account and Region, or name its stack with --engine',
    },
  ]);
}

/** An abort asks once, and does not fail for want of a name; whatever lets a rollout go on must be somebody's. */
async function actorOf({ signal }: SignalWish): Promise<string> {
  if (signal !== 'abort') return readActor(CLIENT_CONFIG);
  try {
    return await readActor({ ...CLIENT_CONFIG, maxAttempts: 1 });
  } catch (error) {
    if (error instanceof PermissionError) throw error;
    return 'somebody whose name AWS did not tell';
  }
}

/** Who asks, as AWS knows the caller. */
async function readActor(config: ClientConfig): Promise<string> {
  const client = new STSClient(config);
  const { Arn } = await awsCall('GetCallerIdentity', () => client.send(new GetCallerIdentityCommand({})));
  return (Arn ?? 'unknown').slice(0, 200);
}

async function signal(functionName: string, wish: SignalWish, actor: string): Promise<SignalAnswer> {
  const client = new LambdaClient(CLIENT_CONFIG);
  const Payload = JSON.stringify({ ...wish, actor });
  const command = new InvokeCommand({ FunctionName: functionName, Payload });
  const answer = await awsCall(`Invoke ${functionName}`, () => client.send(command));
  return readSignalAnswer(answer.FunctionError, new TextDecoder().decode(answer.Payload), wish);
}
