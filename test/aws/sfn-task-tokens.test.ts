// Task tokens under their contract, on a mocked client that answers as Step Functions does.
import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { sfnTaskTokens } from '../../src/aws/sfn-task-tokens.ts';
import { type Settled, type TokenDriver, taskTokensContract } from '../contracts/task-tokens.contract.ts';

function driver(): TokenDriver {
  const client = new SFNClient({ region: 'eu-west-2' });
  const waits = new Map<string, Settled | 'expired'>();
  let isBroken = false;
  const settle = (token: string, settled: Settled): object => {
    if (isBroken) {
      isBroken = false;
      throw Object.assign(new Error('Invalid token'), { name: 'InvalidToken' });
    }
    const wait = waits.get(token);
    if (wait === undefined) throw new TaskDoesNotExist({ message: 'no such task', $metadata: {} });
    if (wait === 'expired' || wait.state !== 'waiting') {
      throw new TaskTimedOut({ message: 'Task Timed Out', $metadata: {} });
    }
    waits.set(token, settled);
    return {};
  };
  const mock = mockClient(client);
  mock.on(SendTaskSuccessCommand).callsFake(({ taskToken }) => settle(taskToken, { state: 'woken' }));
  mock
    .on(SendTaskFailureCommand)
    .callsFake(({ taskToken, error, cause }) => settle(taskToken, { state: 'failed', error, cause }));
  return {
    tokens: sfnTaskTokens(client),
    open: async () => {
      const token = `token-${waits.size}`;
      waits.set(token, { state: 'waiting' });
      return token;
    },
    expire: async (token) => {
      waits.set(token, 'expired');
    },
    settled: async (token) => {
      const wait = waits.get(token);
      if (wait === undefined || wait === 'expired') throw new Error(`${token} is over`);
      return wait;
    },
    breakNext: () => {
      isBroken = true;
    },
  };
}

taskTokensContract('sfnTaskTokens', async () => driver());

describe('sfnTaskTokens', () => {
  it('wakes with an empty JSON object, which the workflow throws away', async () => {
    const client = new SFNClient({ region: 'eu-west-2' });
    const mock = mockClient(client);
    mock.on(SendTaskSuccessCommand).resolves({});
    await sfnTaskTokens(client).wake('t');
    expect(mock.call(0).args[0].input).toEqual({ taskToken: 't', output: '{}' });
  });
});
