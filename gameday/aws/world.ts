// The game day on AWS: one client a service, put together into what the day works with.
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as timer } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_CONFIG } from '../../src/aws/client-config.ts';
import { awsCall } from '../../src/aws/errors.ts';
import { openInstalledEngine } from '../../src/cli/engine.ts';
import { MissingRegionError } from '../../src/cli/failures.ts';
import type { Identity } from '../core/admission.ts';
import {
  BALANCER_STACK,
  BEATING_MACHINE,
  CALLER_ROLE,
  DAY_TAG,
  ENGINE,
  SAMPLE_STACK,
} from '../core/names.ts';
import type { Options } from '../core/options.ts';
import type { Clock, Ports } from '../ports.ts';
import { folderFiles } from '../run/files.ts';
import type { World } from '../run/game-day.ts';
import { engineRollouts } from '../run/rollouts.ts';
import { REDEPLOY_CONTEXT } from '../run/site.ts';
import { StoppedError } from '../run/stopped.ts';
import { constantTraffic } from '../run/traffic.ts';
import { BALANCER_OUTPUTS, TOUCH_PARAMETER } from '../stacks/outputs.ts';
import { type BalancerSite, elbv2Balancer } from './balancer.ts';
import { cloudwatchAlarms, cloudwatchMetrics } from './cloudwatch.ts';
import { cdkDeployer } from './deployer.ts';
import { aliasesUnder, lambdaAliases, lambdaFunctions } from './lambda.ts';
import { sfnMachines } from './machines.ts';
import { dynamodbRecorder } from './recorder.ts';
import { cloudformationEstate, readOutputs, updateParameter } from './stacks.ts';

/**
 * @param signal aborted when a person ends the day
 * @param remark for trouble that does not end the day
 */
export function awsWorld(options: Options, signal: AbortSignal, remark: (line: string) => void): World {
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new MissingRegionError('no AWS Region is known');
  // the engine's own clients and the CDK read it there
  process.env['AWS_REGION'] = region;
  const deployer = cdkDeployer();
  return {
    identify: () => identify(region),
    // the rule of the experiment with a muted alarm is in no stack
    estate: cloudformationEstate(() => cloudwatchAlarms(Date.now).unmute()),
    deployer,
    portsOf: (identity, day) => awsPorts(identity, day, { clock: stoppable(signal), deployer, remark }),
    files: folderFiles(options.folder),
    nowMs: () => Date.now(),
    areCredentialsFixed: process.env['AWS_SESSION_TOKEN'] !== undefined,
    newDay: () =>
      `${new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-')}-${suffix()}`,
    ask: process.stdin.isTTY === true ? (question) => askPerson(question, signal) : null,
  };
}

async function identify(region: string): Promise<Identity> {
  const client = new STSClient(CLIENT_CONFIG);
  const { Account = '', Arn = '' } = await awsCall('GetCallerIdentity', () =>
    client.send(new GetCallerIdentityCommand({})),
  );
  return { accountId: Account, arn: Arn, region };
}

function stoppable(signal: AbortSignal): Clock {
  return {
    nowMs: () => Date.now(),
    sleep: async (ms) => {
      if (signal.aborted) throw new StoppedError();
      try {
        await timer(ms, undefined, { signal });
      } catch {
        throw new StoppedError();
      }
    },
  };
}

/** Removing what was made is not stopped by whoever stopped the day. */
const UNSTOPPABLE: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms) => {
    await timer(ms);
  },
};

interface PortParts extends Pick<World, 'deployer'> {
  readonly clock: Clock;
  readonly remark: (line: string) => void;
}

function awsPorts(
  { accountId, region }: Identity,
  day: string,
  { clock, deployer, remark }: PortParts,
): Ports {
  const functions = lambdaFunctions();
  const ways = { open: openInstalledEngine, suffix, request: requestRollout };
  return {
    clock,
    functions,
    aliases: lambdaAliases(),
    aliasesAs: aliasesUnder(`arn:aws:iam::${accountId}:role/${CALLER_ROLE}`),
    metrics: cloudwatchMetrics(),
    alarms: cloudwatchAlarms(clock.nowMs),
    recorder: dynamodbRecorder(),
    machines: sfnMachines(`arn:aws:states:${region}:${accountId}:stateMachine:${BEATING_MACHINE}`),
    stacks: {
      touch: (value) => updateParameter(SAMPLE_STACK, { key: TOUCH_PARAMETER, value }),
      // without its tag it would not be found when everything is removed
      redeployEngine: () =>
        deployer.deploy({
          stacks: [ENGINE],
          tags: { [DAY_TAG]: day },
          context: { [REDEPLOY_CONTEXT]: 'true' },
        }),
    },
    balancer: elbv2Balancer(balancerSite()),
    rollouts: {
      ...engineRollouts({ ...ways, clock }),
      stopAll: engineRollouts({ ...ways, clock: UNSTOPPABLE }).stopAll,
    },
    traffic: constantTraffic(clock, functions, (error) => remark(`A request was not answered: ${error}`)),
  };
}

/** Read once, when the first rule is made. */
function balancerSite(): () => Promise<BalancerSite> {
  let site: Promise<BalancerSite> | null = null;
  const read = async (): Promise<BalancerSite> => {
    const outputs = await readOutputs(BALANCER_STACK);
    const named = (name: string): string => outputs[name] ?? '';
    return {
      host: named(BALANCER_OUTPUTS.host),
      listenerArn: named(BALANCER_OUTPUTS.listenerArn),
      groups: { blue: named(BALANCER_OUTPUTS.blue), green: named(BALANCER_OUTPUTS.green) },
    };
  };
  return () => {
    site ??= read();
    return site;
  };
}

async function requestRollout(detail: { readonly service: string; readonly version: string }): Promise<void> {
  const client = new EventBridgeClient(CLIENT_CONFIG);
  const { FailedEntryCount = 0 } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: ENGINE,
          Source: 'stepshift.gameday',
          DetailType: 'stepshift.rollout.requested',
          Detail: JSON.stringify(detail),
        },
      ],
    }),
  );
  if (FailedEntryCount > 0) throw new Error('EventBridge did not take the request to start');
}

async function askPerson(question: string, signal: AbortSignal): Promise<string> {
  // without a terminal of its own Ctrl-C reaches the process, which ends the day as always
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await lines.question(question, { signal });
  } catch (error) {
    throw signal.aborted ? new StoppedError() : error;
  } finally {
    lines.close();
  }
}

function suffix(): string {
  return randomBytes(3).toString('hex');
}
