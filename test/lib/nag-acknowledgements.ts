// Every finding of cdk-nag that stands, at the narrowest place, with the reason why it stands.
// A table for tests only: nobody who synthesizes Stepshift needs cdk-nag, and nobody's own check of it is silenced.
import type { CfnElement, Stack } from 'aws-cdk-lib';
import { StepFunction, type StepMetadata } from '../../lib/step-function.ts';

export interface Acknowledgement {
  /** Rule, and in brackets the one finding of a rule that has many. */
  readonly id: string;
  /** Path of the one resource. */
  readonly at: string;
  readonly reason: string;
}

const ASYNCHRONOUS: readonly StepMetadata['trigger']['kind'][] = [
  'alarm-event',
  'execution-event',
  'schedule',
  'rollout-event',
];

const REASONS = {
  deadLetters:
    'This is the queue of what could not be delivered: it is where messages end, and an alarm reads its length.',
  noResource:
    'X-Ray, GetMetricData and DescribeAlarms authorise no resource. A test lists every action that has this resource.',
  targetRoles:
    'Services come and go without a change of the engine, so that it names their roles by its own prefix. Each role trusts this engine alone.',
  executions:
    'Executions get their names when they are started. The pattern is bound to the one machine of this engine.',
  versions:
    'A rollout that runs keeps the code it began with, so the machine must be able to call versions of before the last deployment.',
  logDelivery:
    'Step Functions needs the actions of log delivery and of X-Ray to be allowed on any resource; AWS defines no other.',
  synchronous:
    'Called synchronously: the caller gets the error and tries again. A dead-letter queue is for asynchronous calls and would stay empty.',
  onFailureDestination:
    'Events that fail go to the queue of undelivered events as on-failure destination, which tells the cause too. With both they would come twice.',
  sweeperTracing:
    'X-Ray would record every run, one a minute, for a sixth of what the engine costs at rest. Its log, its metrics and two alarms tell the same.',
  frameworkTracing:
    'The helper of the CDK runs when a service stack is deployed, beside no rollout. CloudFormation keeps what it answered, and its log the rest.',
  publishedVersions:
    'The next canary is a version that has no number yet. Read-only: GetFunctionConfiguration.',
  albReads: 'Describe* of Elastic Load Balancing authorise no resource. Read-only.',
  rolloutRules:
    'A rollout makes its own listener rule, whose id is not known before. Bound to this listener, and by tags to rules made for this one.',
  userPools:
    'A rule that signs in at Cognito may be copied only by who may look up the pool, and which pool it names is in the rule. Read-only.',
} as const;

export function engineAcknowledgements(engine: Stack): readonly Acknowledgement[] {
  const steps = engine.node.findAll().filter((construct) => construct instanceof StepFunction);
  return [
    ...at(`${engine}/Undelivered/Resource`, REASONS.deadLetters, [
      'AwsSolutions-SQS3',
      'Serverless-SQSRedrivePolicy',
    ]),
    ...steps.flatMap((step) => stepAcknowledgements(engine, step)),
    ...at(`${engine}/Machine/Role/DefaultPolicy/Resource`, REASONS.logDelivery, [wildcard('*')]),
    ...at(
      `${engine}/Machine/Role/DefaultPolicy/Resource`,
      REASONS.versions,
      steps
        .filter(({ step }) => step.trigger.kind === 'state')
        .map((step) => wildcard(`<${logicalId(engine, step)}.Arn>:*`)),
    ),
    ...at(`${engine}/Registrar/Provider/framework-onEvent/Resource`, REASONS.synchronous, [
      'Serverless-LambdaDLQ',
    ]),
    ...at(`${engine}/Registrar/Provider/framework-onEvent/Resource`, REASONS.frameworkTracing, [
      'Serverless-LambdaTracing',
    ]),
  ];
}

function stepAcknowledgements(engine: Stack, { node, step }: StepFunction): readonly Acknowledgement[] {
  const policy = `${node.path}/Role/DefaultPolicy/Resource`;
  const arn = 'arn:<AWS::Partition>';
  const isAsynchronous = ASYNCHRONOUS.includes(step.trigger.kind);
  const isTraced = step.trigger.kind !== 'schedule';
  return [
    ...at(
      `${node.path}/Resource/Resource`,
      isAsynchronous ? REASONS.onFailureDestination : REASONS.synchronous,
      ['Serverless-LambdaDLQ'],
    ),
    ...(isTraced
      ? at(policy, REASONS.noResource, [wildcard('*')])
      : at(`${node.path}/Resource/Resource`, REASONS.sweeperTracing, ['Serverless-LambdaTracing'])),
    ...(step.uses.includes('routers')
      ? at(policy, REASONS.targetRoles, [
          wildcard(`${arn}:iam::<AWS::AccountId>:role/stepshift-${engine.stackName}-*`),
        ])
      : []),
    ...(step.uses.includes('executions')
      ? at(policy, REASONS.executions, [
          wildcard(`${arn}:states:<AWS::Region>:<AWS::AccountId>:execution:${engine.stackName}:*`),
        ])
      : []),
  ];
}

export function lambdaServiceAcknowledgements(service: Stack, functionName: string): Acknowledgement[] {
  return at(`${service}/Service/TargetRole/DefaultPolicy/Resource`, REASONS.publishedVersions, [
    wildcard(`arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:${functionName}:*`),
  ]);
}

/** @param rules pattern of all rules of the listener */
export function albServiceAcknowledgements(service: Stack, rules: string): Acknowledgement[] {
  const policy = `${service}/Service/TargetRole/DefaultPolicy/Resource`;
  const [, , , region, account] = rules.split(':');
  return [
    ...at(policy, REASONS.albReads, [wildcard('*')]),
    ...at(policy, REASONS.rolloutRules, [wildcard(rules)]),
    ...at(policy, REASONS.userPools, [wildcard(`arn:aws:cognito-idp:${region}:${account}:userpool/*`)]),
  ];
}

function at(path: string, reason: string, ids: readonly string[]): Acknowledgement[] {
  return ids.map((id) => ({ id, at: path, reason }));
}

function wildcard(resource: string): string {
  return `AwsSolutions-IAM5[Resource::${resource}]`;
}

function logicalId(engine: Stack, step: StepFunction): string {
  return engine.getLogicalId(step.function.node.defaultChild as CfnElement);
}
