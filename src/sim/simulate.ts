// One rollout on the laptop: the real workflow and the real steps against a simulated world, in virtual time.
import { InvalidInputError } from '../core/errors.ts';
import type { RolloutEvent } from '../core/events.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { Ports, RolloutStore } from '../ports.ts';
import { runStep } from '../runtime/run-step.ts';
import { STEPS } from '../steps/index.ts';
import { alarmEvent, executionEvent } from './delivered-events.ts';
import {
  inPorts,
  type RunningWorkflow,
  type StepTable,
  startWorkflow,
  type WorkflowEnd,
} from './run-workflow.ts';
import type { Scenario } from './scenario.ts';
import { strangeMetrics } from './scenario-metrics.ts';
import { type Instants, instantsOf } from './scenario-truth.ts';
import { resultOf, type SimulationResult } from './simulation-result.ts';
import type { LoadSample } from './traffic-load.ts';
import { MINUTE_MS } from './traffic-model.ts';
import { inVirtualTime, type VirtualTime } from './virtual-time.ts';
import { makeWorld, type World } from './world.ts';
import { schedulePeople } from './world-people.ts';

export interface SimulationOptions {
  /** Instead of the scenario's own seed. */
  readonly seed?: number;
  /** Needed when the scenario's traffic is a series. */
  readonly loadSamples?: readonly LoadSample[];
  /** Other steps under the same names, to show what happens without the real ones. */
  readonly steps?: Partial<StepTable>;
  /** Wraps the ports that the steps get, for the same purpose. */
  readonly wrapPorts?: (ports: Ports) => Ports;
  /** Told the virtual time (epoch milliseconds) about once in a real second. */
  readonly onProgress?: (nowMs: number) => void;
  readonly watch?: SimulationWatch;
}

/** Looks on while it is played. The result is the same as without. */
export interface SimulationWatch {
  /** Virtual milliseconds from one frame to the next. */
  readonly everyMs: number;
  /** Waited for in real time, while virtual time stands still. What it throws ends the simulation. */
  readonly show: (frame: SimulationFrame) => Promise<void>;
}

export interface SimulationFrame {
  /** Virtual time, epoch milliseconds. */
  readonly nowMs: number;
  readonly rolloutId: string;
  /** The store past all faults; only to be read. */
  readonly store: RolloutStore;
}

/** The sweeper's minute is not the rollout's. */
const SWEEP_OFFSET_MS = 17_000;
const SETTLE_MS = 2000;

/**
 * Plays a scenario to its end and answers what happened. Deterministic in scenario, spec and seed.
 * Replaces this process's timers while it runs (see `inVirtualTime`): one simulation at a time.
 * Rejects with InvalidInputError where the scenario tells of checks that the service does not have.
 */
export async function simulate(
  spec: ServiceSpec,
  specDigest: string,
  scenario: Scenario,
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const strange = strangeMetrics(spec, scenario);
  if (strange.length > 0) throw new InvalidInputError(strange);
  const seed = options.seed ?? scenario.seed;
  const instants = instantsOf(scenario);
  const { startMs } = instants;
  const { onProgress, watch } = options;
  let watched: Omit<SimulationFrame, 'nowMs'> | null = null;
  const frames = watch && {
    everyMs: watch.everyMs,
    show: async (nowMs: number) => {
      if (watched !== null) await watch.show({ nowMs, ...watched });
    },
  };
  const onWorld: Play['onWorld'] = (frame) => {
    watched = frame;
  };
  return inVirtualTime({ startMs, seed, onProgress, frames }, (time) =>
    play({ spec, specDigest, scenario, options, seed, instants, time, onWorld }),
  );
}

interface Play {
  readonly spec: ServiceSpec;
  readonly specDigest: string;
  readonly scenario: Scenario;
  readonly options: SimulationOptions;
  readonly seed: number;
  readonly instants: Instants;
  readonly time: VirtualTime;
  /** Told as soon as there is something to look at. */
  readonly onWorld: (watched: Omit<SimulationFrame, 'nowMs'>) => void;
}

async function play(setting: Play): Promise<SimulationResult> {
  const { spec, specDigest, scenario, options, instants, time } = setting;
  const rolloutId = `${spec.service}-${scenario.version}`.slice(0, 80);
  const executionArn = `arn:aws:states:eu-west-2:123456789012:execution:stepshift:${rolloutId}`;
  const steps: StepTable = { ...STEPS, ...options.steps };
  let workflow: RunningWorkflow | undefined;
  const world = await makeWorld({
    scenario,
    record: { spec, specDigest, targetRoleArn: null },
    seed: setting.seed,
    loadSamples: options.loadSamples,
    time,
    onStop: () => workflow?.abort(),
    onEvent: (event) => hear(event),
  });
  setting.onWorld({ rolloutId, store: world.store });
  const ports = options.wrapPorts?.(world.ports) ?? world.ports;
  const hear = (event: RolloutEvent): void =>
    world.delivery.deliver('rollout', () => runStep(steps['notify-people'], ports, { detail: event }));

  world.alarms.onTransition((transition) =>
    world.delivery.deliver('alarm', () =>
      runStep(steps['handle-alarm-event'], ports, alarmEvent(transition)),
    ),
  );
  world.executions.begin(executionArn);
  workflow = startWorkflow({
    executionArn,
    startedAt: scenario.start,
    request: {
      service: spec.service,
      version: scenario.version,
      ...(Object.keys(scenario.acceptAlarms).length === 0 ? {} : { acceptAlarms: scenario.acceptAlarms }),
    },
    steps,
    tokens: world.tokens,
    invoke: inPorts(ports, time),
    onHistory: (events) => world.executions.addHistory(executionArn, events),
  });
  schedulePeople({ scenario, world, ports, steps, rolloutId, executionArn, time });
  const over = await untilOver({ world, ports, steps, rolloutId, executionArn, workflow, instants, time });
  return resultOf({ rolloutId, spec, specDigest, scenario, world, ...over, endedAtMs: time.now() });
}

interface Watched {
  readonly world: World;
  readonly ports: Ports;
  readonly steps: StepTable;
  readonly rolloutId: string;
  readonly executionArn: string;
  readonly workflow: RunningWorkflow;
  readonly instants: Instants;
  readonly time: VirtualTime;
}

interface Over {
  readonly transitions: number;
  /** The execution still ran when the horizon came. */
  readonly isCutOff: boolean;
}

/** Until the execution has ended and the record is closed, or the horizon has come. */
function untilOver(watched: Watched): Promise<Over> {
  const { world, ports, steps, executionArn, workflow, instants, time } = watched;
  return new Promise((resolve) => {
    let end: WorkflowEnd | null = null;
    let isHorizon = false;
    const endIfClosed = async (): Promise<void> => {
      if (end === null || isHorizon || !(await isClosed(watched))) return;
      const { transitions } = end;
      // events that are on their way are delivered first
      time.at(time.now() + SETTLE_MS, () => resolve({ transitions, isCutOff: false }));
    };
    workflow.end.then((ended) => {
      end = ended;
      if (isHorizon) return;
      world.executions.end(executionArn, ended.status);
      world.delivery.deliver('execution', async () => {
        await runStep(steps['guard-rollout'], ports, executionEvent(executionArn, ended.status));
        await endIfClosed();
      });
      void endIfClosed();
    });
    time.every(instants.startMs + SWEEP_OFFSET_MS, MINUTE_MS, () => {
      // what it could not do it tries again at the next minute
      runStep(steps['sweep-rollouts'], ports, {}).then(endIfClosed, () => {});
    });
    time.at(instants.horizonMs, () => {
      isHorizon = true;
      const isCutOff = end === null;
      // the engine tells its count only at an end; nothing of the world hears of this one
      workflow.abort();
      workflow.end.then(({ transitions }) => resolve({ transitions, isCutOff }));
    });
  });
}

/** A start that failed before its record was opened leaves nothing open. */
async function isClosed({ world, rolloutId }: Watched): Promise<boolean> {
  const row = await world.store.readRow(rolloutId);
  return row === null || row.outcome !== null;
}
