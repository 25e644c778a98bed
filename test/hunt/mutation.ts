// What a planted bug may exchange in a run: one unsafe variant of one part, everything else as it is. Lives in test code only.
import type { Workflow } from '../../src/core/workflow.ts';
import type { Ports, RolloutStore, TrafficRouter } from '../../src/ports.ts';
import type { AlbControlPlane } from '../../src/sim/memory-alb.ts';
import type { LambdaControlPlane } from '../../src/sim/memory-lambda.ts';
import type { Tables } from '../../src/sim/memory-store-tables.ts';
import type { StepTable } from '../../src/sim/run-workflow.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Act, Aim, TargetMode } from './plan.ts';

/** Who calls: one invocation of one step or handler. */
export interface Caller {
  readonly step: keyof StepTable;
  /** null where the invocation is about no rollout in particular (sweeper, alarm handler). */
  readonly rolloutId: string | null;
}

/**
 * A planted bug. Every field may be left out; what is given gets the real thing and answers what runs instead.
 * From the inside to the outside: `store` and the planes are what is true, then come delays and faults, then
 * `routers` (built anew for every call of a router, on a plane with faults), then `ports`, then `steps`.
 */
export interface Mutation {
  /** Slug, for example `fence-read-first`. */
  readonly name: string;
  /** What is wrong, one sentence. */
  readonly says: string;
  /** Exchanges steps and handlers (guard and sweeper among them). */
  readonly steps?: (steps: StepTable) => Partial<StepTable>;
  /** Exchanges the state machine. */
  readonly workflow?: (definition: Workflow) => Workflow;
  /** Wraps the ports of one invocation, outside of all delays and faults. */
  readonly ports?: (ports: Ports, caller: Caller) => Ports;
  /** Wraps the one true store, inside of all delays and faults. Each method is to do its work in one turn.
   * With its tables, for what the store itself would refuse. */
  readonly store?: (store: RolloutStore, tables: Tables) => RolloutStore;
  /** Wraps the one true plane, inside of all delays and faults; called once in a run. */
  readonly lambdaPlane?: (plane: LambdaControlPlane) => LambdaControlPlane;
  readonly albPlane?: (plane: AlbControlPlane) => AlbControlPlane;
  /** Exchanges routers. `make` is the real factory; the plane has delays and faults in it and knows the writer. */
  readonly lambdaRouter?: (
    plane: LambdaControlPlane,
    make: (plane: LambdaControlPlane) => TrafficRouter,
  ) => TrafficRouter;
  readonly albRouter?: (
    plane: AlbControlPlane,
    make: (plane: AlbControlPlane) => TrafficRouter,
  ) => TrafficRouter;
  /** Makes the bug likelier to bite: seeds are drawn as usual, then these are put on top. */
  readonly wants?: {
    readonly target?: TargetMode;
    /** These kinds are enabled in every seed. */
    readonly faults?: readonly FaultKind[];
    /** A call that every seed aims a crash, a late landing, … at. */
    readonly aim?: Aim;
    /** Happen in every seed. */
    readonly acts?: readonly Act[];
    /** No other faults than these, and a plain plan, so that nothing gets in the way. */
    readonly isClear?: boolean;
    /** A run that heals ends after this long at the latest: for bugs that never end. */
    readonly longestMs?: number;
  };
}
