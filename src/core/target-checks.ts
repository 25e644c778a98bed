// What the checks of a service file mean on each kind of target: defaults that differ, and what a kind cannot tell.
import type { TargetKindName } from './targets/index.ts';

export interface TargetChecks {
  /** After a raise so long an extra share of slow requests is forgiven, unless the file says otherwise. */
  readonly warmUpSeconds: number;
  /** Lambda refuses requests over its concurrency and counts them; a load balancer knows no such thing. */
  readonly hasThrottles: boolean;
  readonly hasColdStarts: boolean;
  /** Of a custom series that names none; null: they have to be written. */
  readonly dimensions: Readonly<Record<string, string>> | null;
  /** What may stand in dimension values. */
  readonly placeholders: readonly string[];
  /** Those of them that differ from side to side. */
  readonly sidePlaceholders: readonly string[];
}

export const TARGET_CHECKS: Readonly<Record<TargetKindName, TargetChecks>> = {
  'lambda-alias': {
    warmUpSeconds: 300,
    hasThrottles: true,
    hasColdStarts: true,
    dimensions: { FunctionName: '{function}', Version: '{version}' },
    placeholders: ['{function}', '{alias}', '{version}'],
    sidePlaceholders: ['{version}'],
  },
  'alb-rule': {
    warmUpSeconds: 0,
    hasThrottles: false,
    hasColdStarts: false,
    dimensions: null,
    placeholders: ['{version}', '{targetGroup}'],
    sidePlaceholders: ['{version}', '{targetGroup}'],
  },
};
