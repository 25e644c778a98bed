// Builds the order that a traffic router gets from a rollout document.

import type { Rollout } from '../core/rollout.ts';
import type { TrafficOrder } from '../ports.ts';

/** What every order needs; the lenient document of «Roll back» has it too. */
export interface OrderSource {
  readonly rolloutId: string;
  readonly spec: Pick<Rollout['spec'], 'target'>;
  readonly targetRoleArn: string | null;
  readonly stable: Rollout['stable'];
  readonly canary: Rollout['canary'];
  readonly handle: Rollout['handle'];
}

export function trafficOrder(source: OrderSource, epoch: number, seq: number): TrafficOrder {
  return {
    target: source.spec.target,
    targetRoleArn: source.targetRoleArn,
    stable: source.stable,
    canary: source.canary,
    handle: source.handle,
    tag: { rolloutId: source.rolloutId, epoch, seq },
  };
}
