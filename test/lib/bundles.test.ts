// The Lambda bundles as they are deployed: small, loadable as ES modules, one for each step.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleStep, MAX_BUNDLE_BYTES, stepCode } from '../../lib/bundling.ts';
import { STEPS } from '../../src/steps/index.ts';
import { quickApp, resources } from './synth.ts';

const stems = Object.keys(STEPS);
const folder = mkdtempSync(join(tmpdir(), 'stepshift-bundles-'));
const outfile = (stem: string) => join(folder, `${stem}.mjs`);

const LAMBDA_ENV = {
  AWS_REGION: 'eu-west-2',
  STEPSHIFT_TABLE: 'table',
  STEPSHIFT_EVENT_BUS: 'bus',
  ...Object.fromEntries([1, 2, 3, 4].map((severity) => [`STEPSHIFT_TOPIC_SEV${severity}`, 'topic'])),
};

beforeAll(() => {
  for (const stem of stems) bundleStep(stem, outfile(stem));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe('the bundle of each step', () => {
  it.each(stems)('%s is not above 700 KB', (stem) => {
    expect(statSync(outfile(stem)).size).toBeLessThanOrEqual(MAX_BUNDLE_BYTES);
  });

  it('loads on Node 24 with nothing beside it, and exports a handler', () => {
    const urls = stems.map((stem) => pathToFileURL(outfile(stem)).href);
    const program = `
      const kinds = [];
      for (const url of ${JSON.stringify(urls)}) kinds.push(typeof (await import(url)).handler);
      process.stdout.write(JSON.stringify(kinds));`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      encoding: 'utf8',
      env: LAMBDA_ENV,
    });
    expect(JSON.parse(printed)).toEqual(stems.map(() => 'function'));
  });

  it('signs its calls with the credentials of its environment', async () => {
    // the bundle leaves out the rest of the SDK's credential chain, so this must be shown on the bundle itself
    const heard = Promise.withResolvers<string | undefined>();
    const server = createServer((request, response) => {
      heard.resolve(request.headers.authorization);
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const program = `
      const { handler } = await import(${JSON.stringify(pathToFileURL(outfile('sweep-rollouts')).href)});
      await handler({}, { awsRequestId: '1' }).catch(() => {});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: {
        ...LAMBDA_ENV,
        AWS_ACCESS_KEY_ID: 'AKIDSTEPSHIFT',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      },
    });
    expect(await heard.promise).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDSTEPSHIFT\//);
    child.kill();
    server.close();
  });

  it('is an asset of its own, although CDK shares assets with equal options', () => {
    const stack = new Stack(quickApp(), 'Bundled');
    for (const stem of ['bake', 'roll-back']) {
      new LambdaFunction(stack, stem, {
        code: stepCode(stem),
        handler: 'index.handler',
        runtime: Runtime.NODEJS_24_X,
      });
    }
    const keys = Object.values(resources(Template.fromStack(stack), 'AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Code.S3Key,
    );
    expect(new Set(keys).size).toBe(2);
  });
});
