// Finding an installed engine by its stack and talking to it, on mocked clients; and what people read when that fails.
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findEngine } from '../../src/cli/installed-engine.ts';
import type { SignalAnswer } from '../../src/steps/signal-rollout.ts';
import { runInMemory } from '../support/run-cli.ts';

const stacks = mockClient(CloudFormationClient);
const states = mockClient(SFNClient);
const lambda = mockClient(LambdaClient);
const sts = mockClient(STSClient);

// modules are shared with the tests that follow in this worker
afterAll(() => {
  for (const mock of [stacks, states, lambda, sts]) mock.restore();
});
const MOCKS = [stacks, states, lambda, sts];

const OUTPUTS = [
  { OutputKey: 'RolloutMachineArn', OutputValue: 'machine-arn' },
  { OutputKey: 'TableName', OutputValue: 'rollouts' },
  { OutputKey: 'SignalFunctionName', OutputValue: 'signal' },
  { OutputKey: 'EventBusName', OutputValue: 'StepshiftEngine' },
];
const STACK = {
  StackName: 'StepshiftEngine',
  CreationTime: new Date(0),
  StackStatus: 'UPDATE_COMPLETE' as const,
};

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-2');
  for (const mock of MOCKS) mock.reset();
  stacks
    .on(DescribeStacksCommand, { StackName: 'StepshiftEngine' })
    .resolves({ Stacks: [{ ...STACK, Outputs: OUTPUTS }] });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** As the SDK reads it from the wire. */
function payload(value: unknown) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return Object.assign(bytes, { transformToString: () => JSON.stringify(value) }) as never;
}

describe('an installed engine', () => {
  it('starts the workflow under the given name with the request as input', async () => {
    states.on(StartExecutionCommand).resolves({ executionArn: 'execution-arn', startDate: new Date(0) });
    const engine = await findEngine('StepshiftEngine');
    expect(await engine.start('r1', { service: 'checkout', version: '42' })).toBe('execution-arn');
    expect(states.call(0).args[0].input).toEqual({
      stateMachineArn: 'machine-arn',
      name: 'r1',
      input: '{"service":"checkout","version":"42"}',
    });
  });

  it('reads whether an execution runs, and why it ended', async () => {
    states
      .on(DescribeExecutionCommand)
      .resolvesOnce({ status: 'RUNNING' } as never)
      .resolvesOnce({ status: 'FAILED', cause: 'Not started: …' } as never);
    const engine = await findEngine('StepshiftEngine');
    expect(await engine.readExecution('execution-arn')).toEqual({ isRunning: true, cause: null });
    expect(await engine.readExecution('execution-arn')).toEqual({
      isRunning: false,
      cause: 'Not started: …',
    });
  });

  it('lists the executions that have ended, page by page, of the machine and not of its alias', async () => {
    const machine = 'arn:aws:states:eu-west-2:123456789012:stateMachine:StepshiftEngine';
    stacks.on(DescribeStacksCommand).resolves({
      Stacks: [
        {
          ...STACK,
          Outputs: [{ OutputKey: 'RolloutMachineArn', OutputValue: `${machine}:live` }, ...OUTPUTS.slice(1)],
        },
      ],
    });
    const one = (name: string, status: string, stopDate?: Date) =>
      ({ name, status, startDate: new Date(1000), stopDate }) as never;
    states
      .on(ListExecutionsCommand, { stateMachineArn: machine })
      .resolves({
        executions: [one('r4', 'RUNNING'), one('r3', 'FAILED', new Date(5000))],
        nextToken: 'more',
      })
      .on(ListExecutionsCommand, { stateMachineArn: machine, nextToken: 'more' })
      .resolves({ executions: [one('r2', 'PENDING_REDRIVE'), one('r1', 'SUCCEEDED')] });
    const engine = await findEngine('StepshiftEngine');
    const ended = [];
    for await (const execution of engine.endedExecutions()) ended.push(execution);
    expect(ended).toEqual([
      { rolloutId: 'r3', startedAtMs: 1000, endedAtMs: 5000 },
      { rolloutId: 'r1', startedAtMs: 1000, endedAtMs: null },
    ]);
  });

  it('asks for no further page of executions than is taken', async () => {
    const execution = { name: 'r1', status: 'FAILED', startDate: new Date(1000) } as never;
    states.on(ListExecutionsCommand).resolves({ executions: [execution], nextToken: 'more' });
    const engine = await findEngine('StepshiftEngine');
    for await (const { rolloutId } of engine.endedExecutions()) {
      expect(rolloutId).toBe('r1');
      break;
    }
    expect(states.calls()).toHaveLength(1);
  });

  it('asks for an abort in the name that AWS knows the caller by', async () => {
    const answer: SignalAnswer = {
      rolloutId: 'r1',
      state: 'latched',
      sentence: 'Traffic is being taken back.',
    };
    sts.on(GetCallerIdentityCommand).resolves({ Arn: 'arn:aws:sts::123456789012:assumed-role/dev/ana' });
    lambda.on(InvokeCommand).resolves({ Payload: payload(answer) });
    const engine = await findEngine('StepshiftEngine');
    expect(await engine.signal({ rolloutId: 'r1', signal: 'abort', message: 'wrong totals' })).toEqual(
      answer,
    );
    const { FunctionName, Payload } = lambda.call(0).args[0].input as {
      FunctionName: string;
      Payload: string;
    };
    expect(FunctionName).toBe('signal');
    expect(JSON.parse(Payload)).toEqual({
      rolloutId: 'r1',
      signal: 'abort',
      actor: 'arn:aws:sts::123456789012:assumed-role/dev/ana',
      message: 'wrong totals',
    });
  });

  it('aborts although AWS does not say who asks, and lets nothing else pass without a name', async () => {
    const answer: SignalAnswer = {
      rolloutId: 'r1',
      state: 'latched',
      sentence: 'Traffic is being taken back.',
    };
    sts.on(GetCallerIdentityCommand).rejects(Object.assign(new Error('gone'), { name: 'TimeoutError' }));
    lambda.on(InvokeCommand).resolves({ Payload: payload(answer) });
    const engine = await findEngine('StepshiftEngine');
    await expect(engine.signal({ rolloutId: 'r1', signal: 'approve', message: '' })).rejects.toThrow('gone');
    expect(lambda.calls()).toHaveLength(0);
    expect(await engine.signal({ rolloutId: 'r1', signal: 'abort', message: 'why' })).toEqual(answer);
    const { Payload } = lambda.call(0).args[0].input as { Payload: string };
    expect(JSON.parse(Payload)).toMatchObject({ signal: 'abort', actor: expect.stringMatching(/^somebody/) });
  });

  it('passes on what the signal function failed with', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Arn: 'ana' });
    lambda.on(InvokeCommand).resolves({
      FunctionError: 'Unhandled',
      Payload: payload({ errorType: 'TransientError', errorMessage: 'the table is throttled', trace: [] }),
    });
    const engine = await findEngine('StepshiftEngine');
    await expect(engine.signal({ rolloutId: 'r1', signal: 'pause', message: '' })).rejects.toThrow(
      'TransientError: the table is throttled',
    );
  });

  it('tells a signal that the engine refuses as a mistake of the caller, exit 2', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Arn: 'ana' });
    lambda.on(InvokeCommand).resolves({
      FunctionError: 'Unhandled',
      Payload: payload({ errorType: 'InvalidInputError', errorMessage: 'wrong-stage: it is at stage 2' }),
    });
    const { code, out, err } = await runInMemory(['approve', 'r1', '--stage', '3']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('signal-refused  wrong-stage: it is at stage 2');
    expect(err).toContain('stepshift status r1');
    const { Payload } = lambda.call(0).args[0].input as { Payload: string };
    expect(JSON.parse(Payload)).toEqual({
      rolloutId: 'r1',
      signal: 'approve',
      actor: 'ana',
      message: '',
      stageIndex: 2,
    });
  });

  it('passes on an answer of a newer engine, whose words it does not know', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Arn: 'ana' });
    const answer = { rolloutId: 'r1', state: 'something-new', sentence: 'All is well.', more: 1 };
    lambda.on(InvokeCommand).resolves({ Payload: payload(answer) });
    expect(await runInMemory(['resume', 'r1'])).toEqual({ code: 0, out: 'All is well.\n', err: '' });
  });
});

describe('what a person reads when the engine is out of reach', () => {
  async function statusFails(error: { name: string; message: string }) {
    stacks.reset();
    stacks.on(DescribeStacksCommand).rejects(error);
    const { code, out, err } = await runInMemory(['status']);
    expect(out).toBe('');
    expect(err).not.toMatch(/\n\s+at /);
    return { code, err };
  }

  it('is that there is no such engine, exit 5', async () => {
    const { code, err } = await statusFails({
      name: 'ValidationError',
      message: 'Stack with id StepshiftEngine does not exist',
    });
    expect(code).toBe(5);
    expect(err).toContain('engine-missing');
    expect(err).toContain('cdk deploy StepshiftEngine');
  });

  it('is that the stack is none of an engine, exit 5', async () => {
    stacks.reset();
    stacks.on(DescribeStacksCommand).resolves({ Stacks: [STACK] });
    const { code, err } = await runInMemory(['status']);
    expect(code).toBe(5);
    expect(err).toContain('a stack without the outputs of an engine');
  });

  it.each([
    { name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' },
    { name: 'ExpiredTokenException', message: 'The security token included in the request is expired' },
    { name: 'AccessDenied', message: 'not authorized to perform: cloudformation:DescribeStacks' },
    { name: 'Error', message: 'Region is missing' },
  ])('is that credentials or permission are missing, exit 9: $name $message', async (error) => {
    const { code, err } = await statusFails(error);
    expect(code).toBe(9);
    expect(err).toContain('Fix:');
  });
});
