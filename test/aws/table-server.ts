// A DynamoDB on a loopback port for tests: dynalite, with transactions put in front of it, which it does not know.
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type Answer, type Call, runTransaction } from './transactions.ts';

export interface TableServer {
  /** A client that talks to this server over HTTP, as the real one does. */
  readonly client: DynamoDBClient;
  /** Carries out the next write and drops the connection instead of answering. */
  readonly loseNextAnswer: () => void;
  readonly createTable: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startTableServer(): Promise<TableServer> {
  const table = dynalite({ createTableMs: 0 });
  let isAnswerLost = false;
  // One request at a time: that is what makes a transaction of several requests atomic.
  let queue: Promise<unknown> = Promise.resolve();
  const answered = new Map<string, Answer>();
  const front = createServer((request, response) => {
    queue = queue.then(() => serve(request, response)).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = String(request.headers['x-amz-target']);
    const body = await readBody(request);
    const call: Call = (operation, input) => callTable(table, request, operation, input);
    const operation = target.split('.')[1] ?? '';
    const input = JSON.parse(body) as Record<string, unknown>;
    const answer =
      operation === 'TransactWriteItems'
        ? await once(answered, String(input['ClientRequestToken']), () => runTransaction(input, call))
        : await call(operation, input);
    if (isAnswerLost && /Write|Put|Update|Delete/.test(operation)) {
      isAnswerLost = false;
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer.body));
  }

  const client = new DynamoDBClient({
    endpoint: await listen(front),
    region: 'eu-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    // nobody checks signatures here, and making them is a good part of the time of a request
    signer: { sign: async (request) => request },
  });
  return {
    client,
    loseNextAnswer: () => {
      isAnswerLost = true;
    },
    createTable: (name) => createTable(client, name),
    close: async () => {
      client.destroy();
      await stop(front);
    },
  };
}

/** DynamoDB remembers the token of a transaction for ten minutes and answers a repeated one without running it again. */
async function once(
  answered: Map<string, Answer>,
  token: string,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const before = answered.get(token);
  if (before !== undefined) return before;
  const answer = await run();
  if (answer.status === 200) answered.set(token, answer);
  return answer;
}

/** The keys and the index of the engine's table. Ready for writes, which it is not at once. */
async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const key = (attribute: string, type: 'HASH' | 'RANGE') => ({ AttributeName: attribute, KeyType: type });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'active'].map((attribute) => ({
        AttributeName: attribute,
        AttributeType: 'S' as const,
      })),
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'active',
          KeySchema: [key('active', 'HASH'), key('pk', 'RANGE')],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  while ((await statusOf(client, name)) !== 'ACTIVE') await nextTurn();
}

async function statusOf(client: DynamoDBClient, name: string): Promise<string | undefined> {
  return (await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus;
}

/** The emulator wants to see that a request is signed, and looks no closer. */
const SIGNED = {
  authorization: 'AWS4-HMAC-SHA256 Credential=test, SignedHeaders=host, Signature=test',
  'x-amz-date': '20261121T000000Z',
};

/** Hands the emulator a request as its own server would: a transaction is a dozen of these, and sockets are slow. */
function callTable(
  table: Server,
  original: IncomingMessage,
  operation: string,
  input: unknown,
): Promise<Answer> {
  const request = Object.assign(new EventEmitter(), {
    method: 'POST',
    url: '/',
    headers: { ...original.headers, ...SIGNED, 'x-amz-target': `DynamoDB_20120810.${operation}` },
  });
  return new Promise((resolve) => {
    const response = {
      statusCode: 200,
      setHeader: () => {},
      end: (body: string) => resolve({ status: response.statusCode, body: JSON.parse(body) }),
    };
    table.emit('request', request, response);
    request.emit('data', Buffer.from(JSON.stringify(input)));
    request.emit('end');
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
