// What `stepshift init` asks of an account, with the caller's own credentials: aliases, who calls them, rules, alarms.
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFunctionUrlConfigCommand, LambdaClient, ListAliasesCommand } from '@aws-sdk/client-lambda';
import type { AlarmNames, AlarmSubject, InitReader } from '../core/init-reader.ts';
import { sharesOf } from '../core/targets/alb-rule-listener.ts';
import { allPages, DOCTOR_CLIENT_CONFIG, unlessNamed } from './doctor-calls.ts';
import { awsCall } from './errors.ts';
import { readHttpFront } from './lambda-alias-facts.ts';
import { pageToken } from './page-token.ts';

export function awsInitReader(): InitReader {
  const lambda = new LambdaClient(DOCTOR_CLIENT_CONFIG);
  return {
    aliases: (functionName) => readAliases(lambda, functionName),
    isHttp: async (functionName, alias) => {
      const [isFronted, hasUrl] = await Promise.all([
        readHttpFront(lambda, { functionName, alias }),
        readHasUrl(lambda, functionName, alias),
      ]);
      return isFronted || hasUrl;
    },
    targetGroups: (arn) => readTargetGroups(new ElasticLoadBalancingV2Client(DOCTOR_CLIENT_CONFIG), arn),
    alarms: (subject) => readAlarmNames(new CloudWatchClient(DOCTOR_CLIENT_CONFIG), subject),
  };
}

async function readAliases(client: LambdaClient, FunctionName: string): Promise<string[] | null> {
  const found = await unlessNamed('ResourceNotFoundException', () =>
    allPages(
      (Marker) =>
        awsCall(`ListAliases ${FunctionName}`, () =>
          client.send(new ListAliasesCommand({ FunctionName, ...(Marker === undefined ? {} : { Marker }) })),
        ),
      (page) => page.Aliases,
      (page) => page.NextMarker,
    ),
  );
  return found?.flatMap(({ Name }) => Name ?? []) ?? null;
}

/** One that asks for IAM may be called without any statement in the policy of the alias. */
async function readHasUrl(client: LambdaClient, FunctionName: string, Qualifier: string): Promise<boolean> {
  const command = new GetFunctionUrlConfigCommand({ FunctionName, Qualifier });
  const found = await unlessNamed('ResourceNotFoundException', () =>
    awsCall(`GetFunctionUrlConfig ${FunctionName}:${Qualifier}`, () => client.send(command)),
  );
  return found !== null;
}

async function readTargetGroups(
  client: ElasticLoadBalancingV2Client,
  ruleArn: string,
): Promise<string[] | null> {
  const command = new DescribeRulesCommand({ RuleArns: [ruleArn] });
  const found = await unlessNamed('RuleNotFoundException', () =>
    awsCall(`DescribeRules ${ruleArn}`, () => client.send(command)),
  );
  const rule = found?.Rules?.[0];
  return rule === undefined ? null : [...sharesOf(rule).keys()];
}

/** Somebody waits: an account may have tens of thousands of alarms. */
const MAX_PAGES = 20;
/** Most alarms that one DescribeAlarms answers (CloudWatch API reference). */
const ALARMS_PER_PAGE = 100;

/** CloudWatch finds alarms by the dimensions of one named metric only, so all are read and looked through. */
async function readAlarmNames(client: CloudWatchClient, subject: AlarmSubject): Promise<AlarmNames> {
  const names: string[] = [];
  let token: string | undefined;
  let pages = 0;
  do {
    const command = new DescribeAlarmsCommand({
      AlarmTypes: ['MetricAlarm'],
      MaxRecords: ALARMS_PER_PAGE,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await awsCall('DescribeAlarms', () => client.send(command));
    const own = (page.MetricAlarms ?? []).filter((alarm) => watches(alarm, subject));
    names.push(...own.flatMap(({ AlarmName }) => AlarmName ?? []));
    token = pageToken(page.NextToken);
    pages += 1;
  } while (token !== undefined && pages < MAX_PAGES);
  return { names: names.sort(), isComplete: token === undefined };
}

/** By the dimensions of its metric, or of one of the metrics of its formula. */
function watches({ Dimensions = [], Metrics = [] }: MetricAlarm, subject: AlarmSubject): boolean {
  const all = [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? [])];
  const names = (dimension: string, values: readonly string[]): boolean =>
    all.some(({ Name, Value = '' }) => Name === dimension && values.includes(Value));
  return subject.kind === 'function'
    ? names('FunctionName', [subject.functionName])
    : names('LoadBalancer', [subject.loadBalancerId]) || names('TargetGroup', subject.groupIds);
}
