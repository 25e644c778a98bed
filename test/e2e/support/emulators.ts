// The two emulators: MiniStack for everything but CloudWatch, moto for CloudWatch. Neither was written here.
import { mkdirSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { type FastTime, fastEnvironment } from './fast-time.ts';
import { freePort, mustRun, type Server, startServer } from './processes.ts';

export const REGION = 'eu-west-2';
export const ACCOUNT = '000000000000';

interface EmulatorStart {
  /** Folder of the programs of the virtual environment. */
  readonly bin: string;
  /** An empty folder of the suite's own. */
  readonly folder: string;
  readonly time: FastTime;
}

/** moto: CloudWatch's metrics and alarm states. It checks no permission, but holds a metric to its exact dimensions. */
export async function startMoto({ bin, folder, time }: EmulatorStart): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    command: join(bin, 'moto_server'),
    args: ['-H', '127.0.0.1', '-p', String(port)],
    env: {
      ...process.env,
      ...fastEnvironment(time),
      MOTO_RECORDER_FILEPATH: join(folder, 'moto-calls.jsonl'),
    },
    url,
    logFile: join(folder, 'moto.log'),
    isReady: async () => (await fetch(`${url}/moto-api/`)).ok,
  });
  await fetch(`${url}/moto-api/recorder/start-recording`, { method: 'POST' });
  return server;
}

/**
 * MiniStack, with signatures and IAM policies enforced (AUTH), over TLS since the templates refuse everything else, and
 * with its functions sent to moto for CloudWatch by the SDK's own variable. They run under the Node of this process.
 */
export async function startMiniStack(
  { bin, folder, time }: EmulatorStart,
  { caFile, keyFile }: Certificate,
  { awsUrl, cloudwatchUrl }: { readonly awsUrl: string; readonly cloudwatchUrl: string },
): Promise<Server> {
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const temporary = join(folder, 'tmp');
  for (const name of ['state', 's3', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  return startServer({
    command: join(bin, 'python'),
    args: ['-m', 'ministack'],
    env: {
      ...withoutAws(process.env),
      ...fastEnvironment(time),
      PATH: [join(process.execPath, '..'), process.env['PATH']].join(':'),
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: caFile,
      MINISTACK_SSL_KEY: keyFile,
      NODE_EXTRA_CA_CERTS: caFile,
      NODE_NO_WARNINGS: '1',
      AWS_ENDPOINT_URL: awsUrl,
      AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatchUrl,
      MINISTACK_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 's3'),
      TMPDIR: temporary,
      IOT_MTLS_ENABLED: '0',
      LAMBDA_WARM_TTL_SECONDS: '100000',
    },
    url,
    logFile: join(folder, 'ministack.log'),
    isReady: () => answers(`${url}/_ministack/health`),
  });
}

export interface Certificate {
  readonly caFile: string;
  readonly keyFile: string;
}

/** One that signs itself, for MiniStack and for the front before it. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [caFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  await mustRun('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', keyFile, '-out', caFile],
  ]);
  return { caFile, keyFile };
}

/** Nothing of the caller's own account may reach an emulator or a function. */
export function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

/** Who answers does not matter yet, and nothing secret is asked. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    request(url, { rejectUnauthorized: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}
