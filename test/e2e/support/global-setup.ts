// Starts the emulators, bootstraps, deploys engine and services, and stops everything at the end, whatever happened.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { TestProject } from 'vitest/node';
import { DEFAULT_ENGINE_NAME } from '../../../lib/names.ts';
import { type Aws, awsClients, type Places } from './aws.ts';
import { callsText, motoCalls } from './calls.ts';
import { type Cdk, cdkOf, TREE } from './cdk.ts';
import { makeCertificate, startMiniStack, startMoto } from './emulators.ts';
import { startFastTime } from './fast-time.ts';
import { pythonHome } from './python.ts';
import { startRecordingFront } from './recording-front.ts';
import { createSample, SERVICES, writeServiceFiles } from './sample-services.ts';
import type { Deployed } from './stage.ts';

/** Answers what vitest calls when all tests are over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const startedMs = Date.now();
  const home = await pythonHome();
  if ('missing' in home) return skipped(project, home.missing);

  const resources = new AsyncDisposableStack();
  try {
    const folder = mkdtempSync(join(tmpdir(), 'stepshift-e2e-'));
    resources.defer(() => {
      if (process.env['STEPSHIFT_E2E_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
    });
    const time = startFastTime();
    const moto = resources.use(await startMoto({ bin: home.bin, folder, time }));
    const certificate = await makeCertificate(folder);
    const front = resources.use(await startRecordingFront(certificate));
    const urls = { awsUrl: front.url, cloudwatchUrl: moto.url };
    const ministack = resources.use(await startMiniStack({ bin: home.bin, folder, time }, certificate, urls));
    front.passTo(ministack.url);
    const places: Places = { ...urls, caFile: certificate.caFile, time };
    const aws = awsClients(places);
    say(`emulators run after ${seconds(startedMs)} s; their logs: ${folder}`);
    const deployed = await deploy({ places, aws, cdk: cdkOf(places), folder });
    say(`deployed after ${seconds(startedMs)} s`);
    project.provide('deployed', deployed);
    return async () => {
      try {
        say(`AWS calls made:\n${callsText(front.calls, await motoCalls(moto.url))}`);
        say(`took ${seconds(startedMs)} s, deployment included`);
      } finally {
        await resources.disposeAsync();
      }
    };
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

function skipped(project: TestProject, why: string): () => Promise<void> {
  const isRequired = [process.env['CI'], process.env['STEPSHIFT_E2E_REQUIRED']].some((set) => set);
  if (isRequired) throw new Error(`the end-to-end suite cannot run: ${why}`);
  say(`SKIPPED: ${why}. Nothing was shown about AWS. What it needs: docs/testing.md`);
  project.provide('deployed', null);
  return async () => {};
}

interface Deployment {
  readonly places: Places;
  readonly aws: Aws;
  readonly cdk: Cdk;
  readonly folder: string;
}

async function deploy({ places, aws, cdk, folder }: Deployment): Promise<Deployed> {
  const services = writeServiceFiles(join(folder, 'services'));
  const assembly = join(folder, 'assembly');
  await Promise.all([cdk.bootstrap(), cdk.synth(TREE, assembly, services)]);
  await cdk.deploy(assembly, DEFAULT_ENGINE_NAME);
  await Promise.all([
    cdk.deploy(assembly, 'Stepshift-Service-*'),
    ...SERVICES.map((service) => createSample(aws, service)),
  ]);
  const command = new DescribeStacksCommand({ StackName: DEFAULT_ENGINE_NAME });
  const { Stacks } = await aws.cloudformation.send(command);
  const output = (key: string): string =>
    Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
  return {
    ...places,
    folder,
    assembly,
    services,
    machineArn: output('RolloutMachineArn'),
    signalFunction: output('SignalFunctionName'),
  };
}

function seconds(sinceMs: number): string {
  return ((Date.now() - sinceMs) / 1000).toFixed(0);
}

/** Past vitest's reporter, so that it is seen whatever reporter is asked for. */
function say(text: string): void {
  process.stderr.write(`end-to-end: ${text}\n`);
}
