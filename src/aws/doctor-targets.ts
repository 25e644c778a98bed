// What the doctor reads of targets, with the caller's own rights: an alias and the versions behind it, a listener rule.
import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetAliasCommand, type LambdaClient, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { parse } from 'yaml';
import * as z from 'zod';
import type { AliasReading, RetentionReading, RuleReading } from '../core/doctor-reader.ts';
import type { AlbRuleTarget } from '../core/targets/alb-rule.ts';
import { sharesOf } from '../core/targets/alb-rule-listener.ts';
import type { LambdaAliasTarget } from '../core/targets/lambda-alias.ts';
import { allPages, asked, unlessNamed } from './doctor-calls.ts';

/** null: no such function or alias. */
export async function readAlias(
  client: LambdaClient,
  { functionName, alias }: LambdaAliasTarget,
): Promise<AliasReading['alias']> {
  const command = new GetAliasCommand({ FunctionName: functionName, Name: alias });
  const found = await unlessNamed('ResourceNotFoundException', () =>
    asked('lambda:GetAlias', () => client.send(command)),
  );
  if (found === null) return null;
  const weights = Object.entries(found.RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    primaryVersion: found.FunctionVersion ?? '',
    additionalShares: Object.fromEntries(
      weights.map(([version, weight]) => [version, Math.round(weight * 10_000) / 100]),
    ),
  };
}

/** Numbers, without $LATEST; empty where there is no such function. */
export async function readVersions(client: LambdaClient, functionName: string): Promise<string[]> {
  const found = await unlessNamed('ResourceNotFoundException', () =>
    allPages(
      (Marker) =>
        asked('lambda:ListVersionsByFunction', () =>
          client.send(
            new ListVersionsByFunctionCommand({
              FunctionName: functionName,
              ...(Marker === undefined ? {} : { Marker }),
            }),
          ),
        ),
      (page) => page.Versions,
      (page) => page.NextMarker,
    ),
  );
  return (found ?? []).flatMap(({ Version = '$LATEST' }) => (Version === '$LATEST' ? [] : [Version]));
}

const TemplateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      DeletionPolicy: z.string().optional(),
      Properties: z.looseObject({ FunctionName: z.unknown(), Name: z.unknown() }).partial().optional(),
    }),
  ),
});
type Resource = z.infer<typeof TemplateSchema>['Resources'][string];

/** What deletes a version when the template has it no more; the default deletes (CloudFormation user guide, DeletionPolicy). */
const KEPT = ['Retain', 'RetainExceptOnCreate'];

/**
 * What a template does with the versions and the alias of one function.
 * @param logicalId of the function in this template
 * @param text JSON or YAML; short forms such as !Ref come out as their text, which is all that is looked for
 */
export function retentionIn(
  text: string,
  logicalId: string,
  { functionName, alias }: LambdaAliasTarget,
): Omit<NonNullable<RetentionReading['template']>, 'stack'> {
  const { Resources } = TemplateSchema.parse(parse(text, { logLevel: 'silent' }));
  const isOfFunction = ({ Properties }: Resource): boolean => {
    const named = JSON.stringify(Properties?.FunctionName ?? '');
    return named.includes(`"${logicalId}"`) || named === `"${functionName}"`;
  };
  const ofType = (type: string) =>
    Object.entries(Resources).filter(([, resource]) => resource.Type === type && isOfFunction(resource));
  return {
    deletedVersions: ofType('AWS::Lambda::Version')
      .filter(([, { DeletionPolicy = 'Delete' }]) => !KEPT.includes(DeletionPolicy))
      .map(([id]) => id),
    aliases: ofType('AWS::Lambda::Alias')
      .filter(([, { Properties }]) => Properties?.Name === alias)
      .map(([id]) => id),
  };
}

/** Without the owner, which is the engine's to know. */
export async function readRule(
  client: ElasticLoadBalancingV2Client,
  { listenerRuleArn, slots }: AlbRuleTarget,
): Promise<Omit<RuleReading, 'owner'>> {
  const arns = Object.values(slots);
  const [rules, ...groups] = await Promise.all([
    unlessNamed('RuleNotFoundException', () =>
      asked('elasticloadbalancing:DescribeRules', () =>
        client.send(new DescribeRulesCommand({ RuleArns: [listenerRuleArn] })),
      ),
    ),
    // one each: a single unknown one fails the whole call
    ...arns.map((arn) =>
      unlessNamed('TargetGroupNotFoundException', () =>
        asked('elasticloadbalancing:DescribeTargetGroups', () =>
          client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
        ),
      ),
    ),
  ]);
  const rule = rules?.Rules?.[0];
  return {
    shares: rule === undefined ? null : Object.fromEntries(sharesOf(rule)),
    missingSlots: arns.filter((_arn, index) => groups[index] === null),
  };
}
