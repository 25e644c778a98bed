// What a cautious account may ask for: a boundary on every role, and executions kept free for the way back.
import { PermissionsBoundary, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addStacks } from '../../lib/app.ts';
import { StepshiftService } from '../../lib/stepshift-service.ts';
import { STEPS } from '../../src/steps/index.ts';
import { ENGINE, offlineContext, quickApp, resources, serviceSpec, synthesize } from './synth.ts';

const BOUNDARY = 'arn:aws:iam::123456789012:policy/team/Boundary';

describe('the permissions boundary', () => {
  it('bounds every role of the engine and of the services', () => {
    const app = quickApp(offlineContext());
    const specs = [serviceSpec('checkout')];
    const { engine, services } = addStacks(app, { engineName: ENGINE, specs, permissionsBoundary: BOUNDARY });
    const roles = [engine, ...services]
      .map((stack) => Template.fromStack(stack))
      .flatMap((template) => Object.values(resources(template, 'AWS::IAM::Role')));
    expect(roles.length).toBeGreaterThan(Object.keys(STEPS).length);
    for (const { Properties } of roles) expect(Properties.PermissionsBoundary).toBe(BOUNDARY);
  });

  it('is not there unless it is asked for', () => {
    const { engine, services } = synthesize({ specs: [serviceSpec('checkout')] });
    for (const template of [engine, ...services]) {
      for (const { Properties } of Object.values(resources(template, 'AWS::IAM::Role'))) {
        expect(Properties.PermissionsBoundary).toBeUndefined();
      }
    }
  });

  it('is the one of the stack, where a team uses the construct in a stack of its own', () => {
    const stack = new Stack(quickApp(), 'Team', {
      permissionsBoundary: PermissionsBoundary.fromArn(BOUNDARY),
    });
    new StepshiftService(stack, 'Stepshift', { spec: serviceSpec('checkout') });
    const [role] = Object.values(resources(Template.fromStack(stack), 'AWS::IAM::Role'));
    expect(role?.Properties.PermissionsBoundary).toBe(BOUNDARY);
  });
});

describe('reserved concurrency', () => {
  const reserved = (engine: Template): readonly (readonly [string, number | undefined])[] =>
    Object.values(resources(engine, 'AWS::Lambda::Function'))
      .map(({ Properties }) => [Properties.Description, Properties.ReservedConcurrentExecutions] as const)
      .filter(([, executions]) => executions !== undefined);

  it('is not asked for by default: it fails the deployment of a small account and is a ceiling', () => {
    expect(reserved(synthesize().engine)).toEqual([]);
  });

  it('is kept for the way back, the guard and the sweeper, and for nothing else', () => {
    const { engine } = synthesize({ engine: { reservedConcurrency: 5 } });
    const wayBack = ['roll-back', 'guard-rollout', 'sweep-rollouts'] as const;
    expect(new Map(reserved(engine))).toEqual(new Map(wayBack.map((stem) => [STEPS[stem].does, 5])));
  });
});
