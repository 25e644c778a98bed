// What a kind of target needs in the simulated world. A new kind is a new file beside world-lambda.ts and one row here.

import type { ServiceSpec } from '../core/service-spec.ts';
import type { TargetKindName } from '../core/targets/index.ts';
import type { TrafficRouter } from '../ports.ts';
import type { Scenario } from './scenario.ts';
import type { Shares } from './traffic-model.ts';
import type { Tally } from './traffic-tally.ts';
import { albWorld } from './world-alb.ts';
import type { ApiFaults } from './world-faults.ts';
import { lambdaWorld } from './world-lambda.ts';

export interface TargetWorld {
  readonly router: TrafficRouter;
  /** Failed requests that the target's metrics know of, without the hung ones: those are failures once they end. */
  visibleErrors(tally: Tally): number;
  /** Whether the metric that the service file names for HTTP 5xx answers arrives; null: none is named, or needed. */
  readonly httpStream: 'reports' | 'silent' | null;
  /** The truth, past all faults. */
  shares(): Shares;
  /** Hears every change of what the target is configured to do, at the moment it takes effect. */
  onChange(listener: () => void): void;
  /** A person changes the canary's share by hand. */
  setWeight(percent: number): void;
  /** A person puts a third version live. */
  hotfix(version: string): void;
}

export type MakeTargetWorld = (spec: ServiceSpec, scenario: Scenario, faults: ApiFaults) => TargetWorld;

export const TARGET_WORLDS: Readonly<Record<TargetKindName, MakeTargetWorld>> = {
  'lambda-alias': lambdaWorld,
  'alb-rule': albWorld,
};
