// The same service on the virtual-time runner, and the way through the states in a form that two engines share.
import { parseServiceText } from '../../../src/cli/service-source.ts';
import { ScenarioSchema } from '../../../src/sim/scenario.ts';
import { simulate } from '../../../src/sim/simulate.ts';
import { STEPS } from '../../../src/steps/index.ts';
import { CANARY, type ServiceName, STABLE, serviceFile } from './sample-services.ts';
import type { TrafficShape } from './traffic.ts';

export interface VirtualRun {
  readonly way: readonly string[];
  readonly finalWeightPercent: number;
}

type AnyStep = (typeof STEPS)[keyof typeof STEPS];

/** Replaces this process's timers while it runs: nothing else may run beside it. */
export async function virtualRun(service: ServiceName, shape: TrafficShape): Promise<VirtualRun> {
  const { spec, specDigest } = parseServiceText(serviceFile(service), `${service}.yaml`);
  const scenario = ScenarioSchema.parse({
    description: 'the scenario of the emulators',
    version: CANARY,
    world: { liveVersion: STABLE },
    traffic: { constant: shape.requestsPerMinute },
    stable: { errors: `${shape.stableErrorPercent}%` },
    canary: { errors: `${shape.canaryErrorPercent}%` },
  });
  const entered: string[] = [];
  const steps = Object.fromEntries(
    Object.entries(STEPS).map(([name, step]) => [name, overheard(step, () => entered.push(name))]),
  );
  const { finalWeightPercent } = await simulate(spec, specDigest, scenario, { steps });
  return { way: withoutTicks(entered), finalWeightPercent };
}

function overheard(step: AnyStep, hear: () => void) {
  if (step.trigger.kind !== 'state') return step;
  return {
    ...step,
    run: (input: never, ports: never) => {
      hear();
      return step.run(input, ports);
    },
  };
}

const STEP_OF_STATE: ReadonlyMap<string, string> = new Map(
  Object.values(STEPS).flatMap(({ name, trigger }) =>
    trigger.kind === 'state' ? trigger.states.map((state): [string, string] => [state, name]) : [],
  ),
);

/** The steps behind the states of an execution, in order; states without a step are left out. */
export function wayOf(states: readonly string[]): readonly string[] {
  return withoutTicks(states.flatMap((state) => STEP_OF_STATE.get(state) ?? []));
}

/** How many ticks a bake takes is a matter of each engine's pace: one stands for all that follow each other. */
function withoutTicks(steps: readonly string[]): readonly string[] {
  return steps.filter(
    (step, index) =>
      !(['bake', 'judge-canary'].includes(step) && steps[index - 2] === step && isTick(steps, index)),
  );
}

function isTick(steps: readonly string[], index: number): boolean {
  const before = steps[index - 1];
  return before === 'bake' || before === 'judge-canary';
}
