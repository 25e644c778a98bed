// A service is registered once, and a target belongs to one service: among the files of a folder, and within one app.
import { Stack, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { InvalidInputError, type Problem } from '../src/core/errors.ts';
import type { ServiceSpec } from '../src/core/service-spec.ts';
import { targetId, targetLabel } from '../src/core/targets/index.ts';

export interface TargetClaim {
  readonly spec: ServiceSpec;
  /** Where the service is written down. */
  readonly serviceFile: string;
}

/** By stage, because two stages may hold the same stacks; then by engine and environment. */
const CLAIMS = new WeakMap<IConstruct, Map<string, TargetClaim[]>>();

/**
 * Keeps the claim; throws InvalidInputError (`duplicate-service`, `shared-target`) when another construct has it already.
 * Stacks whose environment is known only when they are deployed count as the same one.
 */
export function claimTarget(construct: IConstruct, engineName: string, claim: TargetClaim): void {
  const stage = Stage.of(construct) ?? construct.node.root;
  const places = CLAIMS.get(stage) ?? new Map<string, TargetClaim[]>();
  CLAIMS.set(stage, places);
  const place = JSON.stringify([engineName, ...environmentOf(construct)]);
  const claims = places.get(place) ?? [];
  const conflict = conflictOf(claim, claims);
  if (conflict !== null) throw new InvalidInputError([conflict]);
  places.set(place, [...claims, claim]);
}

/** Null where the claim stands beside the others. */
export function conflictOf(claim: TargetClaim, others: readonly TargetClaim[]): Problem | null {
  const { spec, serviceFile } = claim;
  const sameName = others.find((other) => other.spec.service === spec.service);
  if (sameName !== undefined) {
    return {
      code: 'duplicate-service',
      what: `${sameName.serviceFile} registers ${spec.service} already`,
      where: serviceFile,
      got: spec.service,
      allowed: 'one registration a service',
      fix: `Give the service of ${serviceFile} or ${sameName.serviceFile} another name, or remove one of them`,
    };
  }
  const id = targetId(spec.target);
  const sameTarget = others.find((other) => targetId(other.spec.target) === id);
  if (sameTarget === undefined) return null;
  const label = targetLabel(spec.target);
  return {
    code: 'shared-target',
    what: `${sameTarget.spec.service} (${sameTarget.serviceFile}) moves the traffic of ${label} already`,
    where: serviceFile,
    got: label,
    allowed: 'one service a target',
    fix: `Name another target in ${serviceFile} or ${sameTarget.serviceFile}, or remove one of them`,
  };
}

function environmentOf(construct: IConstruct): readonly string[] {
  const { account, region } = Stack.of(construct);
  return [account, region].map((value) => (Token.isUnresolved(value) ? '' : value));
}
