// The doctor's reader on an AWS account, with the caller's own credentials. Every answer is asked for once; nothing is written.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { NothingToRead } from '../core/doctor.ts';
import type { DoctorReader, SweepReading, Toolchain } from '../core/doctor-reader.ts';
import type { Severity } from '../core/events.ts';
import { type Target, targetId } from '../core/targets/index.ts';
import type { LambdaAliasTarget } from '../core/targets/lambda-alias.ts';
import type { RolloutStore } from '../ports.ts';
import { cloudwatchAlarmSource } from './cloudwatch-alarm-source.ts';
import { readConcurrency, readIdentity, readSubscriptions, readTrails } from './doctor-account.ts';
import { asked, DOCTOR_CLIENT_CONFIG, once, oncePer, unlessNamed } from './doctor-calls.ts';
import {
  readChats,
  readMaker,
  readRegionsWithStack,
  readResources,
  readServiceNames,
  readStack,
} from './doctor-stacks.ts';
import { readAlias, readRule, readVersions, retentionIn } from './doctor-targets.ts';
import { dynamodbRolloutStore } from './dynamodb-rollout-store.ts';
import { rolloutTable } from './dynamodb-table.ts';

const SEVERITIES: readonly Severity[] = [1, 2, 3, 4];

export interface DoctorReaderOptions {
  readonly engineName: string;
  readonly readToolchain: () => Promise<Toolchain>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function awsDoctorReader({ engineName, readToolchain, now }: DoctorReaderOptions): DoctorReader {
  const sts = new STSClient(DOCTOR_CLIENT_CONFIG);
  const stacks = new CloudFormationClient(DOCTOR_CLIENT_CONFIG);
  const lambda = new LambdaClient(DOCTOR_CLIENT_CONFIG);
  const alarmSource = cloudwatchAlarmSource(new CloudWatchClient(DOCTOR_CLIENT_CONFIG));
  const region = once(() => sts.config.region());
  const stack = oncePer((name) => readStack(stacks, name));
  const resources = once(async () => {
    await engineOutput('TableName');
    return readResources(stacks, engineName);
  });

  async function engineOutput(output: string): Promise<string> {
    const value = (await stack(engineName))?.outputs[output];
    if (value === undefined) throw new NothingToRead(`there is no engine ${engineName} here`);
    return value;
  }

  const store = once(async () =>
    dynamodbRolloutStore(
      rolloutTable(await engineOutput('TableName'), new DynamoDBClient(DOCTOR_CLIENT_CONFIG)),
    ),
  );
  const fromStore = async <T>(read: (from: RolloutStore) => Promise<T>): Promise<T> => {
    const from = await store();
    return asked('dynamodb:GetItem', () => read(from));
  };
  /** null also where there is no engine that could own it. */
  const ownerOf = async (target: Target): Promise<string | null> => {
    if ((await stack(engineName))?.outputs['TableName'] === undefined) return null;
    return (await fromStore((from) => from.readFence(targetId(target)))).owner;
  };
  const alarms: DoctorReader['alarms'] = (names) =>
    asked('cloudwatch:DescribeAlarms', () => alarmSource.read(names));
  const alias = async (target: LambdaAliasTarget) => readAlias(lambda, target);

  return {
    toolchain: once(readToolchain),
    region,
    identity: once(() => readIdentity(sts)),
    stack,
    regionsWithStack: async (name) => readRegionsWithStack(name, await region()),
    definition: async () => readDefinition(await engineOutput('RolloutMachineArn')),
    lastSweep: () => readSweep(fromStore, now),
    engineAlarms: async () => {
      const made = (await resources()).filter(
        ({ ResourceType }) => ResourceType === 'AWS::CloudWatch::Alarm',
      );
      return alarms(made.flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []));
    },
    subscriptions: once(async () => {
      await engineOutput('TopicSeverity1');
      const outputs = (await stack(engineName))?.outputs ?? {};
      const topics = SEVERITIES.flatMap((severity) => {
        const arn = outputs[`TopicSeverity${severity}`];
        return arn === undefined ? [] : [[severity, arn] as const];
      });
      return readSubscriptions(new SNSClient(DOCTOR_CLIENT_CONFIG), new Map(topics));
    }),
    chats: () => readChats(stacks, engineName),
    concurrency: async () => readConcurrency(lambda, await wayBackFunction(resources)),
    trails: async () => readTrails(await region()),
    services: once(async () => {
      await engineOutput('TableName');
      return readServiceNames(stacks, engineName);
    }),
    service: oncePer((name) => fromStore((from) => from.readService(name))),
    alarms,
    alias: async (target) => {
      const [found, owner] = await Promise.all([alias(target), ownerOf(target)]);
      return { alias: found, owner };
    },
    retention: async (target) => {
      const [found, publishedVersions, maker] = await Promise.all([
        alias(target),
        readVersions(lambda, target.functionName),
        readMaker(stacks, target.functionName),
      ]);
      const template =
        maker === null
          ? null
          : { stack: maker.stack, ...retentionIn(maker.template, maker.logicalId, target) };
      return { alias: found, publishedVersions, template };
    },
    rule: async (target) => {
      const [found, owner] = await Promise.all([
        readRule(new ElasticLoadBalancingV2Client(DOCTOR_CLIENT_CONFIG), target),
        ownerOf(target),
      ]);
      return { ...found, owner };
    },
  };
}

/** Of the machine itself: the output may name its alias, and the newest revision is what a deployment left. */
async function readDefinition(startArn: string): Promise<string | null> {
  const stateMachineArn = startArn.split(':').slice(0, 7).join(':');
  const client = new SFNClient(DOCTOR_CLIENT_CONFIG);
  const command = new DescribeStateMachineCommand({ stateMachineArn });
  const found = await unlessNamed('StateMachineDoesNotExist', () =>
    asked('states:DescribeStateMachine', () => client.send(command)),
  );
  return found === null ? null : (found.definition ?? '');
}

async function readSweep(
  fromStore: (read: (from: RolloutStore) => Promise<{ readonly atMs: number | null }>) => Promise<{
    readonly atMs: number | null;
  }>,
  now: () => number,
): Promise<SweepReading> {
  const found = await unlessNamed('ResourceNotFoundException', () =>
    fromStore(async (from) => ({ atMs: await from.readLastSweep() })),
  );
  return { hasTable: found !== null, atMs: found?.atMs ?? null, nowMs: now() };
}

type Resources = Awaited<ReturnType<typeof readResources>>;

/** null: there is no engine. */
async function wayBackFunction(resources: () => Promise<Resources>): Promise<string | null> {
  try {
    const found = (await resources()).find(
      ({ ResourceType, LogicalResourceId = '' }) =>
        ResourceType === 'AWS::Lambda::Function' && LogicalResourceId.startsWith('RollBack'),
    );
    return found?.PhysicalResourceId ?? null;
  } catch (error) {
    if (error instanceof NothingToRead) return null;
    throw error;
  }
}
