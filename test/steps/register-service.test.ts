// The custom resource behind a service stack.
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/core/errors.ts';
import { canonicalJson } from '../../src/core/service-spec.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { registerService } from '../../src/steps/register-service.ts';
import { SPEC, startedWorld, stepWorld } from '../support/step-world.ts';

const REQUEST = {
  RequestType: 'Create',
  ResourceProperties: {
    Spec: canonicalJson(SPEC),
    TargetRoleArn: 'arn:aws:iam::123456789012:role/stepshift-x-checkout',
  },
} as const;

describe('registering', () => {
  it('writes the record with its digest', async () => {
    const world = await stepWorld();
    const answer = await registerService.run(REQUEST, world.ports);
    expect(answer.PhysicalResourceId).toBe('checkout');
    const record = await world.ports.store.readService('checkout');
    expect(record).toEqual({
      spec: SPEC,
      specDigest: answer.Data?.SpecDigest,
      targetRoleArn: REQUEST.ResourceProperties.TargetRoleArn,
    });
    expect(answer.Data?.SpecDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not change a rollout that runs', async () => {
    const { world, rollout } = await startedWorld();
    await registerService.run({ ...REQUEST, RequestType: 'Update' }, world.ports);
    expect((await world.row()).rollout?.spec).toEqual(rollout.spec);
    expect((await world.row()).specDigest).toBe(rollout.specDigest);
  });

  it('refuses to remove a service whose way back is still needed', async () => {
    const { world } = await startedWorld();
    const request = { ...REQUEST, RequestType: 'Delete', PhysicalResourceId: 'checkout' } as const;
    await expect(registerService.run(request, world.ports)).rejects.toBeInstanceOf(InvalidInputError);
    expect(await world.ports.store.readService('checkout')).not.toBeNull();
  });

  const SECOND = {
    ...REQUEST,
    ResourceProperties: {
      ...REQUEST.ResourceProperties,
      Spec: canonicalJson({ ...SPEC, service: 'second' }),
      ServiceFile: 'services/second.yaml',
    },
  };

  it('refuses a second service on one target, with its file and the fix, and writes nothing', async () => {
    const world = await stepWorld();
    await registerService.run(REQUEST, world.ports);
    const refused = registerService.run(SECOND, world.ports);
    await expect(refused).rejects.toThrow(
      /checkout-api:live is the target of the service checkout already.*Fix: Give second a target of its own/s,
    );
    await expect(refused).rejects.toMatchObject({
      problems: [{ code: 'target-taken', where: 'services/second.yaml' }],
    });
    expect(await world.ports.store.readService('second')).toBeNull();
    // the first one is deployed again as before
    expect((await registerService.run(REQUEST, world.ports)).PhysicalResourceId).toBe('checkout');
  });

  it('lets a service take the target of one that was removed, or has moved to another', async () => {
    const world = await stepWorld();
    await registerService.run(REQUEST, world.ports);
    await world.ports.store.removeService('checkout');
    expect((await registerService.run(SECOND, world.ports)).PhysicalResourceId).toBe('second');

    const target = { ...SPEC.target, alias: 'blue' };
    const moved = canonicalJson({ ...SPEC, service: 'second', target });
    const ResourceProperties = { ...SECOND.ResourceProperties, Spec: moved };
    await registerService.run({ ...SECOND, ResourceProperties }, world.ports);
    expect((await registerService.run(REQUEST, world.ports)).PhysicalResourceId).toBe('checkout');
  });

  it('removes an idle one', async () => {
    const world = await stepWorld();
    await registerService.run(
      { ...REQUEST, RequestType: 'Delete', PhysicalResourceId: 'checkout' },
      world.ports,
    );
    expect(await world.ports.store.readService('checkout')).toBeNull();
  });

  it.each([
    ['another release wrote', canonicalJson({ ...SPEC, bogus: 1 })],
    ['is no JSON', 'service: checkout'],
  ])('refuses a spec that %s, with the file and the fix', async (_what, Spec) => {
    const world = await stepWorld();
    const before = await world.ports.store.readService('checkout');
    const ResourceProperties = { ...REQUEST.ResourceProperties, Spec, ServiceFile: 'services/checkout.yaml' };
    const refused = registerService.run({ ...REQUEST, ResourceProperties }, world.ports);
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    // CloudFormation shows the message and nothing else
    await expect(refused).rejects.toThrow(
      /^spec-invalid: .*\(services\/checkout\.yaml, Spec.*Fix: Deploy the service stack with the same release/,
    );
    expect(await world.ports.store.readService('checkout')).toEqual(before);
  });

  it('says the fix of a spec with a hundred mistakes before the message is cut', async () => {
    const world = await stepWorld();
    const stages = SPEC.stages.flatMap((stage) =>
      Array.from({ length: 30 }, () => ({ ...stage, weightPercent: 101, bakeSeconds: 0 })),
    );
    const Spec = canonicalJson({ ...SPEC, stages });
    const request = { ...REQUEST, ResourceProperties: { ...REQUEST.ResourceProperties, Spec } };
    const refused = runStep(registerService, world.ports, request);
    await expect(refused).rejects.toThrow(/Fix: Deploy the service stack with the same release/);
  });

  it('refuses another target while a rollout needs the role of the old one', async () => {
    const { world } = await startedWorld();
    const moved = { ...SPEC, target: { ...SPEC.target, functionName: 'checkout-api-2' } };
    const ResourceProperties = {
      ...REQUEST.ResourceProperties,
      Spec: canonicalJson(moved),
      ServiceFile: 'services/checkout.yaml',
    };
    const update = { ...REQUEST, RequestType: 'Update', ResourceProperties } as const;
    await expect(registerService.run(update, world.ports)).rejects.toThrow(
      /service-has-a-rollout: .*\(services\/checkout\.yaml\)\. Fix: Stop it first \(stepshift abort /,
    );
    expect((await world.ports.store.readService('checkout'))?.spec.target).toEqual(SPEC.target);
  });

  it('removes a service whose spec another release wrote', async () => {
    const world = await stepWorld();
    const ResourceProperties = { ...REQUEST.ResourceProperties, Spec: 'of an older release' };
    const request = { RequestType: 'Delete', PhysicalResourceId: 'checkout', ResourceProperties } as const;
    await registerService.run(request, world.ports);
    expect(await world.ports.store.readService('checkout')).toBeNull();
  });
});
