// Least privilege, read off the template: each role holds the rows of its step's ports and nothing else.
import { describe, expect, it } from 'vitest';
import { needsOf, PORT_GRANTS, type PortName } from '../../lib/grants.ts';
import { targetCallerPath } from '../../lib/names.ts';
import type { StepMetadata } from '../../lib/step-function.ts';
import { STEPS } from '../../src/steps/index.ts';
import { allowedBy, ENGINE, joined, resources, SAMPLE_ENGINE, synthesize } from './synth.ts';

const { engine } = synthesize();
const steps = Object.values(STEPS) as readonly StepMetadata[];

/** What the construct adds to every function, or to those that are called asynchronously. */
const HOUSEKEEPING = new Set([
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
  'sqs:SendMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
]);

function functionOf(step: StepMetadata) {
  const found = Object.values(resources(engine, 'AWS::Lambda::Function')).find(
    ({ Properties }) => Properties.Description === step.does,
  );
  if (found === undefined) throw new Error(`no function for ${step.name}`);
  return found;
}

function roleIdOf(step: StepMetadata): string {
  return functionOf(step).Properties.Role['Fn::GetAtt'][0];
}

function actionsOf(uses: readonly PortName[]): string[] {
  return needsOf(uses, SAMPLE_ENGINE).statements.flatMap((statement) => statement.actions);
}

describe('the role of each step', () => {
  it.each(steps.map((step) => [step.name, step] as const))('%s holds exactly its rows', (_name, step) => {
    const granted = allowedBy(engine, roleIdOf(step))
      .flatMap(({ actions }) => actions)
      .filter((action) => !HOUSEKEEPING.has(action));
    expect(new Set(granted)).toEqual(new Set(actionsOf(step.uses)));
  });

  it('has the path that target roles trust if and only if the step uses routers', () => {
    for (const step of steps) {
      const path = resources(engine, 'AWS::IAM::Role')[roleIdOf(step)]?.Properties.Path;
      expect([step.name, path]).toEqual([
        step.name,
        (step.uses as readonly string[]).includes('routers') ? targetCallerPath(ENGINE) : undefined,
      ]);
    }
  });

  it('gets the environment of its rows and no other', () => {
    for (const step of steps) {
      const names = Object.keys(functionOf(step).Properties.Environment.Variables);
      const expected = Object.keys(needsOf(step.uses, SAMPLE_ENGINE).environment);
      expect([step.name, names.sort()]).toEqual([step.name, [...expected, 'POWERTOOLS_SERVICE_NAME'].sort()]);
    }
  });
});

describe('the role of the helper of the custom resource', () => {
  it('may call the function that the helper is told to call, and write its log', () => {
    const helper = Object.values(resources(engine, 'AWS::Lambda::Function')).find(
      ({ Properties }) => Properties.Environment.Variables.USER_ON_EVENT_FUNCTION_ARN !== undefined,
    )?.Properties;
    const allowed = allowedBy(engine, helper.Role['Fn::GetAtt'][0]);
    expect(allowed).toEqual([
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [{ 'Fn::GetAtt': [helper.LoggingConfig.LogGroup.Ref, 'Arn'] }],
      },
      {
        actions: ['lambda:GetFunction', 'lambda:InvokeFunction'],
        resources: [helper.Environment.Variables.USER_ON_EVENT_FUNCTION_ARN],
      },
    ]);
  });
});

describe('the engine as a whole', () => {
  const statements = Object.values(resources(engine, 'AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const actions: string[] = statements.flatMap(({ Action }) => Action);

  it('holds no permission on any target', () => {
    const onTargets = actions.filter(
      (action) =>
        action.startsWith('elasticloadbalancing:') ||
        (action.startsWith('lambda:') && !['lambda:InvokeFunction', 'lambda:GetFunction'].includes(action)),
    );
    expect(onTargets).toEqual([]);
    const functionIds = Object.keys(resources(engine, 'AWS::Lambda::Function'));
    const invoked = statements
      .filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('lambda:')))
      .flatMap(({ Resource }) => [Resource].flat().map(joined));
    for (const arn of invoked) {
      expect(functionIds.some((id) => arn.startsWith(`\${${id}.Arn}`))).toBe(true);
    }
  });

  it('assumes only roles with its own prefix', () => {
    const assumed = statements.filter(({ Action }) => Action === 'sts:AssumeRole');
    expect(assumed.length).toBeGreaterThan(0);
    for (const { Resource } of assumed) {
      expect(joined(Resource)).toMatch(/:role\/stepshift-StepshiftEngine-\*$/);
    }
  });

  it('has a row for every port that a step uses', () => {
    for (const { uses } of steps) for (const port of uses) expect(PORT_GRANTS).toHaveProperty(port);
  });
});
