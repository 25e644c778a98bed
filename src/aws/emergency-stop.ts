// What a laptop may do to a target when there is no engine to ask: the one write that takes traffic back, and the reads
// that make it safer where they are allowed. Nothing is retried forward; every call is one call of the target's own API.
import {
  type Action,
  ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  type AliasConfiguration,
  GetAliasCommand,
  LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AlbTags } from '../core/targets/alb-rule-listener.ts';
import { TARGET_CLIENT_CONFIG } from './client-config.ts';
import { deleteRule, modifyListener, modifyRule, readRules, readTags } from './elbv2-rules.ts';
import { awsCall } from './errors.ts';

/** Somebody waits for the write: it is tried for about a minute. */
const WRITE_CONFIG = { ...TARGET_CLIENT_CONFIG, maxAttempts: 10 };

/** What only makes the answer nicer must not hold the write up: one try of at most 3 s. */
const GLANCE_CONFIG = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
};

/** An alias: version → share, percent. */
type AliasShares = Readonly<Record<string, number>>;

export interface AliasEmergency {
  read(functionName: string, alias: string): Promise<AliasShares>;
  /** One UpdateAlias without a precondition: the newest wish of a person wins. Answers what Lambda made of it. */
  clearWeights(functionName: string, alias: string, description: string): Promise<AliasShares>;
}

export function aliasEmergency(): AliasEmergency {
  return {
    async read(functionName, alias) {
      const client = new LambdaClient(GLANCE_CONFIG);
      const command = new GetAliasCommand({ FunctionName: functionName, Name: alias });
      return sharesOf(await awsCall(`GetAlias ${functionName}:${alias}`, () => client.send(command)));
    },
    async clearWeights(functionName, alias, description) {
      const client = new LambdaClient(WRITE_CONFIG);
      const command = new UpdateAliasCommand({
        FunctionName: functionName,
        Name: alias,
        // left out, Lambda would keep the weights as they are
        RoutingConfig: { AdditionalVersionWeights: {} },
        Description: description,
      });
      return sharesOf(await awsCall(`UpdateAlias ${functionName}:${alias}`, () => client.send(command)));
    },
  };
}

function sharesOf({ FunctionVersion = '', RoutingConfig }: AliasConfiguration): AliasShares {
  const additional = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {}).map(
    ([version, weight]) => [version, Math.round(weight * 10_000) / 100] as const,
  );
  const rest = additional.reduce((left, [, percent]) => left - percent, 100);
  return { [FunctionVersion]: Math.round(rest * 100) / 100, ...Object.fromEntries(additional) };
}

/** The rules of one listener and the tags of those that are no default rule. */
export interface ListenerGlance {
  readonly rules: readonly Rule[];
  readonly tags: AlbTags;
}

export interface ListenerEmergency {
  read(listenerArn: string): Promise<ListenerGlance>;
  /** The same in one quick try. */
  glance(listenerArn: string): Promise<ListenerGlance>;
  readTags(arns: readonly string[]): Promise<AlbTags>;
  /** A rule that is gone already is fine. */
  deleteRule(ruleArn: string): Promise<void>;
  modifyRule(ruleArn: string, actions: Action[]): Promise<void>;
  modifyListener(listenerArn: string, actions: Action[]): Promise<void>;
}

/** @param region of the load balancer: its ARNs say it, so the caller's own does not matter */
export function listenerEmergency(region: string): ListenerEmergency {
  const client = new ElasticLoadBalancingV2Client({ ...WRITE_CONFIG, region });
  const quick = new ElasticLoadBalancingV2Client({ ...GLANCE_CONFIG, region });
  return {
    read: (listenerArn) => readListener(client, listenerArn),
    glance: (listenerArn) => readListener(quick, listenerArn),
    readTags: (arns) => readTags(quick, [...arns]),
    deleteRule: (ruleArn) => deleteRule(client, ruleArn),
    modifyRule: (ruleArn, actions) => modifyRule(client, ruleArn, actions),
    modifyListener: (listenerArn, actions) => modifyListener(client, listenerArn, actions),
  };
}

async function readListener(
  client: ElasticLoadBalancingV2Client,
  listenerArn: string,
): Promise<ListenerGlance> {
  const rules = await readRules(client, listenerArn);
  const arns = rules.flatMap(({ RuleArn, IsDefault }) =>
    RuleArn === undefined || IsDefault === true ? [] : [RuleArn],
  );
  return { rules, tags: await readTags(client, arns) };
}

/** Who acts, as AWS knows the caller; needs no permission. */
export async function readCaller(): Promise<string> {
  const client = new STSClient(GLANCE_CONFIG);
  const { Arn } = await awsCall('GetCallerIdentity', () => client.send(new GetCallerIdentityCommand({})));
  return Arn ?? 'unknown';
}
