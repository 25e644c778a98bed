// What a run is to be: one engine, one target, its rollouts, what goes wrong and when.
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import type { StepTable } from '../../src/sim/run-workflow.ts';
import type { FaultKind } from './fault-kinds.ts';

export type StepName = keyof StepTable;
export type TargetMode = 'lambda' | 'alb' | 'alb-in-place';

/** safety: faults until the end · liveness: faults end at `faultsUntilMs`, then everything must come to its end. */
export type Mode = 'safety' | 'liveness';

/**
 * calm, throttled, deaf: nothing but an alarm that fires, with no fault, a throttled target, no event at all; they show how
 * long the way back takes. swarm: a random subset of everything.
 */
export type Profile = 'calm' | 'throttled' | 'deaf' | 'swarm';

/** One call that this run means to hit: the nth time that it is made. */
export interface Aim {
  /** `shift-traffic/lambda.UpdateAlias`. */
  readonly point: string;
  readonly kind: 'crash' | 'late-landing' | 'lost-answer' | 'duplicate-send';
  readonly nth: number;
}

/** An instant, a little after a step was entered for the nth time, or some time after the first end of an execution. */
export type When =
  | { readonly atMs: number }
  | { readonly afterEndMs: number }
  | { readonly step: StepName; readonly nth: number; readonly plusMs: number };

/** Something that is done to the world, once, for a while or for ever. */
export interface Act {
  /** `hotfix 0`. */
  readonly id: string;
  readonly kind: FaultKind;
  readonly when: When;
  readonly durationMs: number;
  /** What is still to be drawn is drawn from these, uniform on [0, 1). */
  readonly dice: readonly [number, number, number];
}

/** How often requests fail on a version, percent; `laterFromMs` after the start of the run. */
export interface Behaviour {
  readonly errorPercent: number;
  readonly laterErrorPercent: number;
  readonly laterFromMs: number;
}

export interface Start {
  /** Name of its execution. */
  readonly name: string;
  readonly service: string;
  /** What it counts as; null for the first one, which every run has. */
  readonly fault: FaultKind | null;
  readonly version: string;
  /** After the start of the run; null: so long after the end of the first one. */
  readonly atMs: number | null;
  readonly afterEndMs: number;
}

export interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  readonly profile: Profile;
  readonly target: TargetMode;
  readonly spec: ServiceSpec;
  /** Another service of the engine, on a Lambda alias of its own. */
  readonly aside: ServiceSpec;
  readonly requestsPerMinute: number;
  /** By version; a version that is not here fails as rarely as stable does. */
  readonly behaviours: Readonly<Record<string, Behaviour>>;
  readonly starts: readonly Start[];
  /** A person answers questions and approves stages after this long; null: nobody does. */
  readonly approvesAfterMs: number | null;
  readonly kinds: ReadonlySet<FaultKind>;
  /** How often the faults strike that are drawn call by call: times their usual chance. */
  readonly intensity: number;
  readonly acts: readonly Act[];
  readonly aims: readonly Aim[];
  /** After the start of the run: when the last fault is over (liveness), or when the run is cut off (safety). */
  readonly faultsUntilMs: number;
}

/** Put on top of what a seed draws. */
export interface Wishes {
  readonly target?: TargetMode | undefined;
  readonly faults?: readonly FaultKind[] | undefined;
  readonly aim?: Aim | undefined;
  readonly acts?: readonly Act[] | undefined;
  readonly isClear?: boolean | undefined;
}

export const MINUTE_MS = 60_000;
export const STABLE = '41';
export const CANARY = '42';
export const HOTFIX = '99';
