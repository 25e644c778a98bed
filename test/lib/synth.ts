// Synthesizes the app for the tests of this folder, without bundling and with the flags of cdk.json.
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addStacks, type StepshiftAppProps } from '../../lib/app.ts';
import type { EngineResources } from '../../lib/grants.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';

export const ENGINE = 'StepshiftEngine';

export function serviceSpec(service: string): ServiceSpec {
  return {
    service,
    target: { kind: 'lambda-alias', functionName: `${service}-api`, alias: 'live', interface: 'http' },
    stages: [{ weightPercent: 10, bakeSeconds: 300 }],
    checks: {
      errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null },
      latency: null,
      throttlesLimitPercent: null,
      custom: [],
      alarms: [],
    },
    maxHoldSeconds: 1200,
    sensitivity: 'normal',
    onInconclusive: 'ask',
    notify: null,
    waivers: {},
  };
}

/** Stands for the resources of an engine where only the rows of the grants matter. */
export const SAMPLE_ENGINE: EngineResources = {
  tableArn: 'table',
  tableName: 'table',
  activeIndexArn: 'table/index/active',
  eventBusArn: 'bus',
  eventBusName: 'bus',
  topicArns: { 1: 't1', 2: 't2', 3: 't3', 4: 't4' },
  machineArn: 'machine',
  executionArns: 'executions',
  targetRoleArns: 'target-roles',
};

export interface CfnResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is foreign JSON; the assertions give it its shape
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** An app without CDK's own template rules, which take seconds to load; `npm run synth` runs them. */
export function quickApp(context: Record<string, unknown> = {}): App {
  return new App({ context, builtinCloudFormationValidation: false, treeMetadata: false });
}

/** The flags of cdk.json, and no bundling. */
export function offlineContext(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  return { ...context, 'aws:cdk:bundling-stacks': [] };
}

/** The template of each stack as it is uploaded, by the name of the stack. */
export function templateTexts(specs: readonly ServiceSpec[]): ReadonlyMap<string, string> {
  const app = quickApp(offlineContext());
  addStacks(app, { engineName: ENGINE, specs });
  return new Map(
    app
      .synth()
      .stacks.map(({ stackName, templateFullPath }) => [stackName, readFileSync(templateFullPath, 'utf8')]),
  );
}

export interface Synthesized {
  readonly engine: Template;
  readonly services: readonly Template[];
}

export function synthesize(
  options: Partial<Pick<StepshiftAppProps, 'specs' | 'serviceFiles' | 'engine'>> = {},
): Synthesized {
  const app = quickApp(offlineContext());
  const stacks = addStacks(app, { engineName: ENGINE, specs: [], ...options });
  return {
    engine: Template.fromStack(stacks.engine),
    services: stacks.services.map((stack) => Template.fromStack(stack)),
  };
}

/** Every resource of one type, by logical id. */
export function resources(template: Template, type: string): Readonly<Record<string, CfnResource>> {
  return template.findResources(type) as Record<string, CfnResource>;
}

/** Every output, by its name. */
// biome-ignore lint/suspicious/noExplicitAny: a template is foreign JSON; the assertions give it its shape
export function outputs(template: Template): Readonly<Record<string, any>> {
  return template.findOutputs('*');
}

/** One statement of a policy, with actions and resources as lists. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
}

/** What the policies attached to a role allow. */
export function allowedBy(template: Template, roleLogicalId: string): readonly Statement[] {
  return Object.values(resources(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some((role: { Ref?: string }) => role.Ref === roleLogicalId))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter((statement) => statement.Effect === 'Allow')
    .map((statement) => ({ actions: asList(statement.Action), resources: asList(statement.Resource) }));
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** Resolves a `Fn::Join` of literals and references into text; a reference becomes `${LogicalId}`. */
export function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::Join': join, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `\${${Ref}}`;
  if (Array.isArray(attribute)) return `\${${attribute.join('.')}}`;
  const [separator, parts] = join as [string, unknown[]];
  return parts.map(joined).join(separator);
}
