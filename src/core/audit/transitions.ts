// The facts that the store's own transitions leave, made of what the transition was given.
import type { GateResult } from '../gates.ts';
import type { Rollout } from '../rollout.ts';
import type { AuditFact } from './facts.ts';

type FactOf<Kind extends AuditFact['kind']> = Extract<AuditFact, { readonly kind: Kind }>;
type Opened = FactOf<'opened'>;

/** `row`: as the store opens it; what else it carries is left out. */
export function openedFact(row: Omit<Opened, 'kind' | 'atMs'> & { readonly startedAtMs: number }): Opened {
  const { rolloutId, executionArn, service, version, specDigest, targetId, deadlineAtMs } = row;
  return {
    kind: 'opened',
    atMs: row.startedAtMs,
    rolloutId,
    executionArn,
    service,
    version,
    specDigest,
    targetId,
    deadlineAtMs,
  };
}

export function gatedFact(gates: readonly GateResult[]): FactOf<'gated'> {
  return {
    kind: 'gated',
    gates: gates.map(({ gate, open, waivedBecause }) => ({ gate, open, waivedBecause })),
  };
}

export function preparedFact({ epoch, stable, canary, spec, acceptedAlarms }: Rollout): FactOf<'prepared'> {
  return {
    kind: 'prepared',
    epoch,
    stableVersion: stable.version,
    canaryVersion: canary.version,
    stages: spec.stages.map(({ weightPercent, approval = false }) => ({ weightPercent, approval })),
    onInconclusive: spec.onInconclusive,
    acceptedAlarms: acceptedAlarms.map(({ name }) => name),
  };
}
