// The services that the suite rolls out: one Lambda function each, with two published versions, an alias and an alarm.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from './aws.ts';
import { ACCOUNT, REGION } from './emulators.ts';
import { zipOf } from './zip.ts';

export const ALIAS = 'live';
export const STABLE = '1';
export const CANARY = '2';

/** One rollout each, so that they can run side by side. */
export const SERVICES = [
  'good',
  'bad',
  'alarmed',
  'aborted',
  'stopped',
  'repeated',
  'upgraded',
  'misnamed',
  'broken',
] as const;
export type ServiceName = (typeof SERVICES)[number];

export function functionName(service: ServiceName): string {
  return `e2e-${service}`;
}

export function alarmName(service: ServiceName): string {
  return `e2e-${service}-errors`;
}

/** Latency is left out: moto knows neither `TC(:x)` nor percentiles in GetMetricData. */
export function serviceFile(service: ServiceName): string {
  return [
    `service: ${service}`,
    'target:',
    `  lambdaAlias: { function: ${functionName(service)}, alias: ${ALIAS}, interface: event }`,
    'stages: quick',
    'checks:',
    '  latency: false',
    `  alarms: [${alarmName(service)}]`,
    'maxHold: 10m',
    'onInconclusive: rollback',
    '',
  ].join('\n');
}

export function writeServiceFiles(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const service of SERVICES) writeFileSync(join(folder, `${service}.yaml`), serviceFile(service));
  return folder;
}

/** Publishes both versions; the alias is on the first one. */
export async function createSample({ lambda, cloudwatch }: Aws, service: ServiceName): Promise<void> {
  const FunctionName = functionName(service);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      // any role will do, it is never assumed: the emulator only asks that it exists
      Role: `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-lookup-role-${ACCOUNT}-${REGION}`,
      Code: { ZipFile: codeOf('first') },
    }),
  );
  const first = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: codeOf('second') }));
  const second = await lambda.send(new PublishVersionCommand({ FunctionName }));
  if (first.Version !== STABLE || second.Version !== CANARY) throw new Error('two versions were expected');
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: ALIAS, FunctionVersion: STABLE }));
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: alarmName(service),
      Namespace: 'E2E',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await setAlarm({ cloudwatch }, service, 'OK');
}

async function setAlarm(
  { cloudwatch }: Pick<Aws, 'cloudwatch'>,
  service: ServiceName,
  StateValue: 'OK' | 'ALARM',
): Promise<void> {
  const command = { AlarmName: alarmName(service), StateValue, StateReason: 'set by the suite' };
  await cloudwatch.send(new SetAlarmStateCommand(command));
}

/** Percent of the canary, by what the alias says. */
export async function canaryPercent({ lambda }: Pick<Aws, 'lambda'>, service: ServiceName): Promise<number> {
  const command = new GetAliasCommand({ FunctionName: functionName(service), Name: ALIAS });
  const { FunctionVersion, RoutingConfig } = await lambda.send(command);
  if (FunctionVersion === CANARY) return 100;
  return Math.round((RoutingConfig?.AdditionalVersionWeights?.[CANARY] ?? 0) * 100);
}

function codeOf(answer: string): Uint8Array {
  return zipOf('index.mjs', `export const handler = async () => '${answer}';\n`);
}
