// Custom resource: writes or removes the service record that rollouts start from.
import * as z from 'zod';
import { InvalidInputError, type Problem } from '../core/errors.ts';
import { type ServiceSpec, ServiceSpecSchema } from '../core/service-spec.ts';
import { targetId, targetLabel } from '../core/targets/index.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { specDigest } from '../spec-digest.ts';
import { defineStep } from './step.ts';

/** What CDK's provider framework hands over (CloudFormation custom resource request). */
const CustomResourceSchema = z.looseObject({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.looseObject({
    /** The canonical spec as JSON text: CloudFormation would turn its numbers into strings. */
    Spec: z.string(),
    TargetRoleArn: z.string(),
    /** Where the service is written down; service stacks of older releases do not say. */
    ServiceFile: z.string().optional(),
  }),
});

export interface Registration {
  readonly PhysicalResourceId: string;
  readonly Data?: { readonly SpecDigest: string };
}

export const registerService = defineStep({
  name: 'register-service',
  does: 'Writes the versioned record of a service, or removes it',
  trigger: { kind: 'custom-resource' },
  uses: ['store'],
  input: CustomResourceSchema,
  run: async ({ RequestType, PhysicalResourceId, ResourceProperties }, { store }): Promise<Registration> => {
    const { ServiceFile } = ResourceProperties;
    const active = await store.listActive();
    if (RequestType === 'Delete') {
      // nothing is parsed: the stack of an older release must be deletable
      const service = PhysicalResourceId ?? 'unknown';
      refuseWhile(
        active.find((row) => row.service === service),
        ServiceFile,
      );
      await store.removeService(service);
      return { PhysicalResourceId: service };
    }
    const spec = parseSpec(ResourceProperties.Spec, ServiceFile);
    // the role is about to be narrowed to the new target, and a running rollout needs the old one for its way back
    const id = targetId(spec.target);
    refuseWhile(
      active.find((row) => row.service === spec.service && row.targetId !== id),
      ServiceFile,
    );
    await claim(spec, ServiceFile, store);
    const digest = specDigest(spec);
    await store.putService({ spec, specDigest: digest, targetRoleArn: ResourceProperties.TargetRoleArn });
    // another service name is another physical resource: CloudFormation then deletes the old one
    return { PhysicalResourceId: spec.service, Data: { SpecDigest: digest } };
  },
});

/** Two services on one target would each take the other's canary for a stranger. Throws InvalidInputError. */
async function claim(
  { service, target }: ServiceSpec,
  serviceFile: string | undefined,
  store: Ports['store'],
): Promise<void> {
  const id = targetId(target);
  const owner = await store.claimTarget(id, service, null);
  if (owner === service) return;
  const record = await store.readService(owner);
  const hasLeft = record === null || targetId(record.spec.target) !== id;
  if (hasLeft && (await store.claimTarget(id, service, owner)) === service) return;
  throw refusal([
    {
      code: 'target-taken',
      what: `${targetLabel(target)} is the target of the service ${owner} already`,
      where: serviceFile ?? service,
      got: `a second service, ${service}`,
      allowed: 'one service a target',
      fix: `Give ${service} a target of its own, or remove the service stack of ${owner} first`,
    },
  ]);
}

/** More say nothing new, and would push the fix out of a message that is cut to 1,000 characters. */
const MAX_ISSUES_TOLD = 5;

function parseSpec(text: string, serviceFile: string | undefined): ServiceSpec {
  const parsed = ServiceSpecSchema.safeParse(jsonIn(text));
  if (parsed.success) return parsed.data;
  throw refusal(
    parsed.error.issues.slice(0, MAX_ISSUES_TOLD).map((issue) => ({
      code: 'spec-invalid',
      what: `the registered spec is not valid: ${issue.message}`,
      where: [serviceFile, ['Spec', ...issue.path].join('.')].filter(Boolean).join(', '),
      got: 'the Spec property of the custom resource',
      allowed: 'a canonical spec as the construct writes it',
      fix: 'Deploy the service stack with the same release of Stepshift as the engine',
    })),
  );
}

/** null where it is no JSON, which no spec is. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuseWhile(running: RolloutRow | undefined, serviceFile: string | undefined): void {
  if (running === undefined) return;
  const { service, rolloutId } = running;
  throw refusal([
    {
      code: 'service-has-a-rollout',
      what: `${service} has a running rollout, ${rolloutId}, and its target role is needed for the way back`,
      where: serviceFile ?? service,
      got: rolloutId,
      allowed: 'no running rollout on the target that is given up',
      fix: `Stop it first (stepshift abort ${rolloutId} -m "why"), then deploy again`,
    },
  ]);
}

/** CloudFormation shows people the message alone, so that it has to carry the fixes too. */
function refusal(problems: readonly Problem[]): InvalidInputError {
  const error = new InvalidInputError(problems);
  const fixes = [...new Set(problems.map(({ fix }) => fix))];
  error.message = `${error.message}. Fix: ${fixes.join('; ')}`;
  return error;
}
