// What each step is told and where it may act, name by name: the adapters read other files than the template is made from,
// no compiler sees the two together, and the emulators of test/e2e check no permissions.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StepMetadata } from '../../lib/step-function.ts';
import { STEPS } from '../../src/steps/index.ts';
import { ROOT } from '../docs/markdown.ts';
import { allowedBy, type CfnResource, joined, outputs, resources, synthesize } from './synth.ts';

const { engine } = synthesize();
const only = (type: string): string => {
  const [id = '', ...more] = Object.keys(resources(engine, type));
  expect(more).toEqual([]);
  return id;
};
const TABLE = only('AWS::DynamoDB::Table');
const BUS = only('AWS::Events::EventBus');
/** By what their subscribers read. */
const topicOf = (severity: number): string => {
  const found = Object.entries(resources(engine, 'AWS::SNS::Topic')).find(([, { Properties }]) =>
    Properties.DisplayName.startsWith(`Stepshift severity ${severity}:`),
  );
  if (found === undefined) throw new Error(`no topic of severity ${severity}`);
  return found[0];
};
const TOPICS = [1, 2, 3, 4].map(topicOf);

const VALUES: Readonly<Record<string, unknown>> = {
  POWERTOOLS_SERVICE_NAME: 'stepshift',
  STEPSHIFT_TABLE: { Ref: TABLE },
  STEPSHIFT_EVENT_BUS: { Ref: BUS },
  ...Object.fromEntries(TOPICS.map((id, index) => [`STEPSHIFT_TOPIC_SEV${index + 1}`, { Ref: id }])),
};

const ours = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
const RECORD = [`\${${TABLE}.Arn}`];
const MACHINE = [ours('states', 'stateMachine:StepshiftEngine')];
const EXECUTIONS = [ours('states', 'execution:StepshiftEngine:*')];

const MAY_ACT_ON: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:GetItem': RECORD,
  'dynamodb:PutItem': RECORD,
  'dynamodb:UpdateItem': RECORD,
  'dynamodb:DeleteItem': RECORD,
  'dynamodb:ConditionCheckItem': RECORD,
  'dynamodb:Query': [...RECORD, `\${${TABLE}.Arn}/index/active`],
  'events:PutEvents': [`\${${BUS}.Arn}`],
  'sns:Publish': TOPICS.map((id) => `\${${id}}`),
  'states:SendTaskSuccess': MACHINE,
  'states:SendTaskFailure': MACHINE,
  'states:DescribeExecution': EXECUTIONS,
  'states:GetExecutionHistory': EXECUTIONS,
  'states:StopExecution': EXECUTIONS,
  'sts:AssumeRole': [`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/stepshift-StepshiftEngine-*`],
  'cloudwatch:GetMetricData': ['*'],
  'cloudwatch:DescribeAlarms': ['*'],
};
/** Traces, the function's own log and its destination have their tests in wildcards.test.ts and engine-stack.test.ts. */
const HOUSEKEEPING = /^(logs|xray|sqs):/;

const steps = (Object.values(STEPS) as readonly StepMetadata[]).map((step) => [step.name, step] as const);

function functionOf(step: StepMetadata): CfnResource {
  const found = Object.values(resources(engine, 'AWS::Lambda::Function')).find(
    ({ Properties }) => Properties.Description === step.does,
  );
  if (found === undefined) throw new Error(`no function for ${step.name}`);
  return found;
}

describe('what a step is told', () => {
  it.each(steps)('is the name of the resource itself: %s', (_name, step) => {
    const { Variables } = functionOf(step).Properties.Environment;
    expect(Variables).toEqual(
      Object.fromEntries(Object.keys(Variables).map((name) => [name, VALUES[name] ?? 'nobody reads this'])),
    );
  });

  it('has the names that the adapters ask for', () => {
    const folder = join(ROOT, 'src/aws');
    const asked = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/requireEnv\(\s*['`](\w+?)(?:['`]|\$\{)/g)].map(
        ([, name = '']) => name,
      ),
    );
    const told = Object.keys(VALUES).filter((name) => name !== 'POWERTOOLS_SERVICE_NAME');
    expect(new Set(told.map((name) => name.replace(/(?<=_SEV)\d$/, '')))).toEqual(new Set(asked));
  });
});

describe('what a step may do', () => {
  it.each(steps)('is bound to the resource it is meant for: %s', (_name, step) => {
    const [roleId] = functionOf(step).Properties.Role['Fn::GetAtt'];
    const granted = allowedBy(engine, roleId).flatMap(({ actions, resources: on }) =>
      actions
        .filter((action) => !HOUSEKEEPING.test(action))
        .map((action) => [action, on.map(joined)] as const),
    );
    for (const [action, on] of granted) expect([action, on]).toEqual([action, MAY_ACT_ON[action]]);
  });
});

describe('a request to start', () => {
  it('may start this machine, by its own ARN and by the one that is started, and do nothing else', () => {
    const [start] = Object.values(resources(engine, 'AWS::Events::Rule')).filter(
      ({ Properties }) => Properties.EventPattern?.['detail-type']?.[0] === 'stepshift.rollout.requested',
    );
    const [target] = start?.Properties.Targets ?? [];
    const [statement, ...more] = allowedBy(engine, target.RoleArn['Fn::GetAtt'][0]);
    expect(more).toEqual([]);
    expect(statement?.actions).toEqual(['states:StartExecution']);
    // Step Functions authorises a start of the alias by the ARN of the machine
    const started = joined(outputs(engine)['RolloutMachineArn'].Value);
    expect(new Set(statement?.resources.map(joined))).toEqual(new Set([...MACHINE, started]));
  });
});
