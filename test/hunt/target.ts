// The target of a run as everybody sees it: what it really does, what people and deployments do to it, and routers that
// reach it through delays and faults and leave their name on every change.
import type { WriteAction } from '../../src/core/audit/facts.ts';
import type { Writer } from '../../src/core/audit/trace.ts';
import type { TrafficOrder, TrafficRouter } from '../../src/ports.ts';
import type { Call } from './calls.ts';

export interface HuntTarget {
  /** Share of every version that carries traffic, percent. */
  shares(): Readonly<Record<string, number>>;
  onChange(listener: () => void): void;
  /** A router for one invocation. */
  routerFor(call: Call): TrafficRouter;
  /** Makes a version ready to be rolled out, as a pipeline does before it starts a rollout. */
  provide(version: string): void;

  /** Of the version that is being tried, percent; null: none is attached. */
  canaryShare(): number | null;
  /** That share by hand, percent. False: nothing was changed. */
  setWeight(percent: number): boolean;
  /** Somebody puts a third version live; `isWhole` false: the weights stay as they are. */
  hotfix(isWhole: boolean): boolean;
  /** All traffic back to the first version, with the two rights that this needs. */
  emergencyStop(): boolean;
  /** A template is deployed that knows of this version only. */
  deploy(version: string): boolean;
  /** Somebody cleans up, and is refused what is in use. */
  deleteVersion(version: string): void;
  /** All instances of one side fail their checks; answers what makes them healthy again, null where nothing is known of them. */
  failHealth(side: 'stable' | 'canary'): (() => void) | null;
}

/** A router whose every call gets a plane of its own that knows the writer. */
export function attributed(build: (writer: Writer | null) => TrafficRouter): TrafficRouter {
  const of = ({ tag }: TrafficOrder, action: WriteAction): TrafficRouter =>
    build({ rolloutId: tag.rolloutId, epoch: tag.epoch, seq: tag.seq, action });
  return {
    describe: (access, version) => build(null).describe(access, version),
    prepare: (order, authorise) => of(order, 'prepare').prepare(order, authorise),
    shift: (order, change, authorise) => of(order, 'shift').shift(order, change, authorise),
    restore: (order, authorise) => of(order, 'restore').restore(order, authorise),
    promote: (order, authorise) => of(order, 'promote').promote(order, authorise),
    verify: (order) => build(null).verify(order),
    health: (order) => build(null).health(order),
  };
}
