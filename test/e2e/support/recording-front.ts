// Stands in front of MiniStack, passes every call on as it is, and counts them. It changes nothing: the calls are signed.
import { readFileSync } from 'node:fs';
import { Agent, createServer, request as httpsRequest } from 'node:https';
import * as lambdaModel from '@aws-sdk/client-lambda';
import type { Certificate } from './emulators.ts';
import { freePort } from './processes.ts';

export interface RecordingFront extends AsyncDisposable {
  readonly url: string;
  /** `lambda.UpdateAlias` → how often; the functions', the command lines' and the tests' own alike. */
  readonly calls: ReadonlyMap<string, number>;
  /** Where the calls go, as soon as it is known. */
  passTo(url: string): void;
}

export async function startRecordingFront({ caFile, keyFile }: Certificate): Promise<RecordingFront> {
  const calls = new Map<string, number>();
  const agent = new Agent({ ca: readFileSync(caFile), keepAlive: true });
  let target = '';
  const server = createServer({ cert: readFileSync(caFile), key: readFileSync(keyFile) }, (asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      const name = callName(asked.method ?? '', asked.url ?? '', asked.headers, body);
      if (name !== null) calls.set(name, (calls.get(name) ?? 0) + 1);
      const { method, headers } = asked;
      const passed = httpsRequest(
        new URL(asked.url ?? '/', target),
        { method, headers, agent },
        (answered) => {
          answer.writeHead(answered.statusCode ?? 502, answered.headers);
          answered.pipe(answer);
        },
      );
      passed.on('error', () => answer.destroy());
      passed.end(body);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${port}`,
    calls,
    passTo: (url) => {
      target = url;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** null for what is not signed: no call of AWS's. */
function callName(method: string, url: string, headers: Headers, body: Buffer): string | null {
  const [, service] = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(headers['authorization'])) ?? [];
  if (service === undefined) return null;
  const target = headers['x-amz-target'];
  if (target !== undefined) return `${service}.${String(target).split('.').at(-1)}`;
  const [, action] = /^(?:[^&]*&)*Action=(\w+)/.exec(body.subarray(0, 2000).toString()) ?? [];
  if (action !== undefined) return `${service}.${action}`;
  const path = url.split('?')[0] ?? '';
  if (service === 'lambda') return `lambda.${lambdaOperation(method, path) ?? method}`;
  return `${service}.${method} ${path.split('/').length > 2 ? 'object' : 'bucket'}`;
}

const LAMBDA_ROUTES = lambdaRoutes();

/** What the SDK knows of its own requests: each operation's method and path. */
function lambdaRoutes(): readonly {
  readonly method: string;
  readonly path: RegExp;
  readonly name: string;
}[] {
  return Object.values(lambdaModel as Record<string, unknown>).flatMap((schema) => {
    if (!Array.isArray(schema)) return [];
    const [, , name, traits] = schema;
    const [method, path] = (traits as { http?: [string, string] } | undefined)?.http ?? [];
    if (method === undefined || path === undefined) return [];
    const pattern = path.split('?')[0]?.replaceAll(/\{\w+\+?\}/g, '[^/]+') ?? '';
    return [{ method, path: new RegExp(`^${pattern}/?$`), name: String(name) }];
  });
}

function lambdaOperation(method: string, path: string): string | undefined {
  return LAMBDA_ROUTES.find((route) => route.method === method && route.path.test(path))?.name;
}
