// Why a start is refused, beside its gates.
import type { Problem } from '../core/errors.ts';

export function unknownService(service: string): Problem {
  return {
    code: 'service-unknown',
    what: `no service named ${service} is registered with this engine`,
    where: 'request.service',
    got: service,
    allowed: 'the name of a registered service',
    fix: 'Deploy its service stack first: cdk deploy Stepshift-Service-NAME',
  };
}

export function nameUsed(rolloutId: string): Problem {
  return {
    code: 'rollout-id-used',
    what: `an older rollout has the name ${rolloutId} already`,
    where: 'execution name',
    got: rolloutId,
    allowed: 'a name that no rollout had before',
    fix: 'Start the execution under another name',
  };
}

/** @param was and `is`: stable and canary as this start recorded them before, and as it finds them now */
export function targetChanged(label: string, was: string, is: string): Problem {
  return {
    code: 'target-changed',
    what: `somebody changed ${label} while the rollout was being started`,
    where: label,
    got: is,
    allowed: was,
    fix: 'Start again when nobody else works on the target',
  };
}
