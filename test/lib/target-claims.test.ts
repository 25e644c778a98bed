// Two constructs of one app that want the same service or target: an error at synth that names both and the fix.
import { App, Stack, Stage } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { StepshiftService } from '../../lib/stepshift-service.ts';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import { offlineContext, quickApp, serviceSpec } from './synth.ts';

const checkout = serviceSpec('checkout');
const sameTarget = { ...checkout, service: 'till' };
const london = { env: { account: '123456789012', region: 'eu-west-2' } };
const paris = { env: { account: '123456789012', region: 'eu-west-3' } };

function register(stack: Stack, spec = checkout, props: { serviceFile?: string; engineName?: string } = {}) {
  return new StepshiftService(stack, spec.service, { spec, ...props });
}

function problemOf(run: () => unknown): Problem | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems[0];
    throw error;
  }
  return undefined;
}

describe('one target', () => {
  it('belongs to one service of an app, whatever stacks they are in', () => {
    const app = quickApp();
    register(new Stack(app, 'One'), checkout, { serviceFile: 'services/checkout.yaml' });
    const problem = problemOf(() => register(new Stack(app, 'Two'), sameTarget));
    expect(problem).toEqual({
      code: 'shared-target',
      what: 'checkout (services/checkout.yaml) moves the traffic of checkout-api:live already',
      where: 'Two/till',
      got: 'checkout-api:live',
      allowed: 'one service a target',
      fix: 'Name another target in Two/till or services/checkout.yaml, or remove one of them',
    });
  });

  it('may be named again for another Region, another engine or another stage', () => {
    const app = quickApp(offlineContext());
    register(new Stack(app, 'London', london));
    expect(() => register(new Stack(app, 'Paris', paris), sameTarget)).not.toThrow();
    expect(() =>
      register(new Stack(app, 'Other', london), sameTarget, { engineName: 'Other' }),
    ).not.toThrow();
    const stage = new Stage(app, 'Production', london);
    expect(() => register(new Stack(stage, 'London'))).not.toThrow();
    expect(problemOf(() => register(new Stack(stage, 'More'), sameTarget))?.code).toBe('shared-target');
  });

  it('may be named in another app', () => {
    for (const app of [new App(), new App()]) expect(() => register(new Stack(app, 'One'))).not.toThrow();
  });
});

describe('one service', () => {
  it('is registered once in an app', () => {
    const app = quickApp();
    register(new Stack(app, 'One'));
    expect(problemOf(() => register(new Stack(app, 'Two')))).toMatchObject({
      code: 'duplicate-service',
      where: 'Two/checkout',
      fix: expect.stringContaining('One/checkout'),
    });
  });
});
