// What a planted bug is: a mutation, what has to be so in a run for it to show, and what it is bound to break.
import type { Ports, TrafficRouter } from '../../../src/ports.ts';
import type { AnyStep, StepTable } from '../../../src/sim/run-workflow.ts';
import type { Mutation } from '../mutation.ts';

/** The circumstances of a bug, for example a slow call in the place where it matters. Nothing in them is wrong. */
export type Ground = Pick<Mutation, 'workflow' | 'steps' | 'store' | 'ports'>;

export interface PlantedBug extends Mutation {
  /** Invariants that it breaks; `D`: a step or the state machine fails by its own mistake. Another one is no catch. */
  readonly breaks: readonly string[];
  /** Holds in the run without the bug as well, so that it is the bug alone that is found. */
  readonly ground?: Ground;
  /** Is seen by comparison with the run in which people can always be told. */
  readonly needsTwin?: boolean;
}

/** The run that must be clean where the bug is found: the same wishes and ground, nothing planted. */
export function withoutBug(bug: PlantedBug): Mutation {
  return made(bug, WITHOUT, ({ name, wants = {}, ground }) => ({
    name: `without-${name}`,
    says: 'nothing is wrong',
    wants,
    ...ground,
  }));
}

/** What runs with the bug: what it exchanges, on its ground. */
export function withBug(bug: PlantedBug): Mutation {
  return made(bug, WITH, onGround);
}

const WITHOUT = new WeakMap<PlantedBug, Mutation>();
const WITH = new WeakMap<PlantedBug, Mutation>();

/** The same object each time, because the engine checks the state machine of each once. */
function made(
  bug: PlantedBug,
  known: WeakMap<PlantedBug, Mutation>,
  make: (bug: PlantedBug) => Mutation,
): Mutation {
  const found = known.get(bug) ?? make(bug);
  known.set(bug, found);
  return found;
}

function onGround({ ground = {}, breaks: _unused, needsTwin: _too, ...bug }: PlantedBug): Mutation {
  return {
    ...bug,
    ports: (ports, caller) => {
      const below = ground.ports?.(ports, caller) ?? ports;
      return bug.ports?.(below, caller) ?? below;
    },
    store: (store, tables) => {
      const below = ground.store?.(store, tables) ?? store;
      return bug.store?.(below, tables) ?? below;
    },
    steps: (steps) => {
      const below = { ...steps, ...ground.steps?.(steps) };
      return { ...below, ...bug.steps?.(below) };
    },
    workflow: (definition) => {
      const below = ground.workflow?.(definition) ?? definition;
      return bug.workflow?.(below) ?? below;
    },
  };
}

export type Run = (input: unknown, ports: Ports, real: AnyStep['run']) => Promise<unknown>;

/** The step as it is, run another way. */
export function changed(steps: StepTable, name: keyof StepTable, run: Run): Partial<StepTable> {
  const step = steps[name];
  return { [name]: { ...step, run: (input: unknown, ports: Ports) => run(input, ports, step.run) } };
}

/** The ports with the routers of every kind changed. */
export function withRouters(ports: Ports, change: (router: TrafficRouter) => TrafficRouter): Ports {
  const routers = Object.fromEntries(
    Object.entries(ports.routers).map(([kind, router]) => [kind, change(router)]),
  );
  return { ...ports, routers: routers as Ports['routers'] };
}
