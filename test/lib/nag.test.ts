// cdk-nag over everything that is deployed: what it finds is fixed, or acknowledged where it stands with a reason.
import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { addStacks } from '../../lib/app.ts';
import { albAccess, BASE_RULE, ruleArn } from '../contracts/alb-driver.ts';
import {
  type Acknowledgement,
  albServiceAcknowledgements,
  engineAcknowledgements,
  lambdaServiceAcknowledgements,
} from './nag-acknowledgements.ts';
import { ENGINE, offlineContext, quickApp, serviceSpec } from './synth.ts';

interface Checked {
  readonly app: App;
  readonly acknowledgements: readonly Acknowledgement[];
}

/** The engine, a service on a Lambda alias and one on a load balancer, nothing acknowledged yet. */
function everything(): Checked {
  const app = quickApp(offlineContext());
  const alb = { ...serviceSpec('shop'), target: albAccess(BASE_RULE, 'rule-per-rollout').target };
  const { engine, services } = addStacks(app, { engineName: ENGINE, specs: [serviceSpec('checkout'), alb] });
  const [checkout, shop] = services as [Stack, Stack];
  return {
    app,
    acknowledgements: [
      ...engineAcknowledgements(engine),
      ...lambdaServiceAcknowledgements(checkout, 'checkout-api'),
      ...albServiceAcknowledgements(shop, ruleArn('*')),
    ],
  };
}

function packs(app: App): readonly NagPack[] {
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app)];
}

/** Every finding that nobody acknowledged, as `path id`. */
function findings(app: App): readonly string[] {
  return packs(app)
    .flatMap((pack) => pack.validateScope(app).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`),
    )
    .sort();
}

function acknowledge(app: App, acknowledgements: readonly Acknowledgement[]): void {
  for (const { at, id, reason } of acknowledgements) {
    const construct = at.split('/').reduce<IConstruct>((found, name) => found.node.findChild(name), app);
    Validations.of(construct).acknowledge({ id, reason });
  }
}

describe('cdk-nag, packs AwsSolutions and Serverless', () => {
  const { app, acknowledgements } = everything();

  it('finds what is acknowledged and nothing else, so that no acknowledgement outlives its finding', () => {
    const acknowledged = acknowledgements.map(({ at, id }) => `${at} ${id}`);
    expect(findings(app)).toEqual(acknowledged.toSorted());
  });

  it('lets the synthesis pass once all are acknowledged', () => {
    acknowledge(app, acknowledgements);
    Validations.of(app).addPlugins(...packs(app));
    expect(() => app.synth()).not.toThrow();
    expect(findings(app)).toEqual([]);
  });

  it('gives each acknowledgement a sentence', () => {
    for (const { reason } of acknowledgements) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });

  it('acknowledges at single resources, never for a stack or the app', () => {
    for (const { at } of acknowledgements) expect(at).toMatch(/^[\w-]+\/.+\/Resource$/);
  });
});

describe('a finding that nobody acknowledged', () => {
  it('stops a synthesis that asks cdk-nag', () => {
    const { app } = everything();
    Validations.of(app).addPlugins(...packs(app));
    expect(() => app.synth()).toThrow(/validation-report\.json/);
  });

  it.each(['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy'])('fails: %s', (missing) => {
    const { app, acknowledgements } = everything();
    acknowledge(
      app,
      acknowledgements.filter(({ id }) => id !== missing),
    );
    expect(findings(app)).toEqual([expect.stringContaining(missing)]);
  });

  it('fails when a resource is added that breaks a rule', () => {
    const { app, acknowledgements } = everything();
    acknowledge(app, acknowledgements);
    new Topic(app.node.findChild(ENGINE), 'Careless');
    expect(findings(app)).toEqual([`${ENGINE}/Careless/Resource AwsSolutions-SNS3`]);
  });
});
