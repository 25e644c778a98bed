// SDK clients give up in time: on a connection that never answers, and on an answer that breaks off in its middle.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_CONFIG,
  type ClientConfig,
  RECORD_CLIENT_CONFIG,
  TARGET_CLIENT_CONFIG,
} from '../../src/aws/client-config.ts';
import { awsCall } from '../../src/aws/errors.ts';
import { TransientError } from '../../src/core/errors.ts';

const CONFIGS: Readonly<Record<string, ClientConfig>> = {
  CLIENT_CONFIG,
  TARGET_CLIENT_CONFIG,
  RECORD_CLIENT_CONFIG,
};

const SILENT: RequestListener = () => {};
const BREAKS_OFF: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': '1000' });
  response.write('{');
};
const ANSWERS: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.end('{"TableNames":[]}');
};

/** A client that waits for what this one waits for, but not as long, before a service that answers each request in turn. */
async function callTo(
  config: ClientConfig,
  shorter: Partial<ClientConfig['requestHandler']>,
  answers: readonly RequestListener[],
) {
  let requests = 0;
  const server = createServer((request, response) => {
    answers[Math.min(requests, answers.length - 1)]?.(request, response);
    requests += 1;
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { requestHandler, maxAttempts } = config;
  const client = new DynamoDBClient({
    region: 'eu-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: `http://127.0.0.1:${port}`,
    maxAttempts,
    requestHandler: { ...requestHandler, ...shorter },
  });
  const answer = awsCall('ListTables', () => client.send(new ListTablesCommand({})));
  return {
    answer,
    [Symbol.dispose]: () => {
      client.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

// they wait most of the time: beside each other they wait once
describe.concurrent.each(Object.entries(CONFIGS))('%s', (_name, config) => {
  it.each([
    ['never answers', SILENT, { requestTimeout: 20 }],
    ['breaks off in its answer', BREAKS_OFF, { socketTimeout: 20 }],
  ])('gives up on a service that %s, as on trouble that passes', async (_how, listener, shorter) => {
    using call = await callTo(config, shorter, [listener]);
    const error: unknown = await call.answer.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransientError);
    expect((error as TransientError).cause).toMatchObject({
      name: 'TimeoutError',
      $metadata: { attempts: config.maxAttempts },
    });
  });

  it('asks again when one connection hangs', async () => {
    using call = await callTo(config, { requestTimeout: 250, socketTimeout: 250 }, [
      SILENT,
      BREAKS_OFF,
      ANSWERS,
    ]);
    await expect(call.answer).resolves.toMatchObject({ TableNames: [] });
  });
});

describe('the waits of one call', () => {
  /** Seconds until the last try was given up, without the short pauses between tries. */
  const longestSeconds = ({ maxAttempts, requestHandler }: ClientConfig): number =>
    (maxAttempts * Math.max(requestHandler.connectionTimeout, requestHandler.requestTimeout)) / 1000;

  // «Roll back»: 10 s for the record, 2 s for the fence, then role, read, write and read back
  it('leave a roll-back time to fail by itself, with a call that hangs at each of its turns', () => {
    expect(10 + 2 + 4 * longestSeconds(TARGET_CLIENT_CONFIG)).toBeLessThan(100);
  });

  it('let a record that hangs at first still answer before the way back goes on without it', () => {
    expect((2 * RECORD_CLIENT_CONFIG.requestHandler.requestTimeout) / 1000).toBeLessThan(10 / 2);
    expect(longestSeconds(RECORD_CLIENT_CONFIG)).toBeLessThan(10);
  });

  it('end every call in a third of the time of a function, whether its answer never begins or never ends', () => {
    for (const config of Object.values(CONFIGS)) {
      const { requestTimeout, socketTimeout } = config.requestHandler;
      expect(longestSeconds(config)).toBeLessThan(100 / 3);
      expect(socketTimeout).toBeGreaterThan(0);
      expect(socketTimeout).toBeLessThanOrEqual(requestTimeout);
    }
  });
});
