// Everything of one run that its parts share.
import type { RolloutEvent } from '../../src/core/events.ts';
import type { Workflow } from '../../src/core/workflow.ts';
import type { RolloutStore } from '../../src/ports.ts';
import type { MemoryAlarms } from '../../src/sim/memory-alarms.ts';
import type { MemoryEvents } from '../../src/sim/memory-events.ts';
import type { MemoryTokens } from '../../src/sim/memory-tokens.ts';
import type { StepTable } from '../../src/sim/run-workflow.ts';
import type { VirtualTime } from '../../src/sim/virtual-time.ts';
import type { Bus } from './bus.ts';
import type { Conditions } from './conditions.ts';
import type { HuntExecutions } from './executions.ts';
import type { Faults } from './faults.ts';
import type { HuntMetrics } from './metrics.ts';
import type { Mutation } from './mutation.ts';
import type { Plan } from './plan.ts';
import type { Recorder } from './recorder.ts';
import type { HuntTarget } from './target.ts';

export interface Run {
  readonly plan: Plan;
  readonly mutation: Mutation | undefined;
  readonly time: VirtualTime;
  readonly startMs: number;
  readonly endOfFaultsMs: number;
  readonly recorder: Recorder;
  readonly faults: Faults;
  readonly conditions: Conditions;
  readonly steps: StepTable;
  readonly definition: Workflow;
  /** The truth, past all delays and faults. */
  readonly store: RolloutStore;
  /** The target that everything happens to. */
  readonly target: HuntTarget;
  /** That one and the other service's, by id. */
  readonly targets: ReadonlyMap<string, HuntTarget>;
  readonly metrics: HuntMetrics;
  readonly alarms: MemoryAlarms;
  readonly tokens: MemoryTokens;
  readonly executions: HuntExecutions;
  readonly bus: Bus;
  /** Our own events, as the bus took them. */
  readonly events: MemoryEvents;
  /** Hears an event that a step wants to tell, whatever becomes of it. */
  readonly asked: (event: RolloutEvent) => void;
}
