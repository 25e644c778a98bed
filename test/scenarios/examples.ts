// The examples, and how one of them is played for a test.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOf } from '../../src/cli/outcome-exit.ts';
import { readScenario } from '../../src/cli/scenario-source.ts';
import { simulationText } from '../../src/cli/simulation-text.ts';
import { PLAIN_STYLE } from '../../src/cli/timeline.ts';
import { type SimulationOptions, simulate } from '../../src/sim/simulate.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';

export const EXAMPLES_FOLDER = join(import.meta.dirname, '../../examples');

/** Folders without a scenario hold data. */
export const EXAMPLE_NAMES: readonly string[] = readdirSync(EXAMPLES_FOLDER)
  .filter((name) => existsSync(join(EXAMPLES_FOLDER, name, 'scenario.yaml')))
  .sort();

export interface Played {
  readonly description: string;
  readonly result: SimulationResult;
  /** What `stepshift simulate` prints, and how it ends. */
  readonly text: string;
}

export async function play(name: string, options: SimulationOptions = {}): Promise<Played> {
  const { service, scenario, loadSamples } = await readScenario(EXAMPLES_FOLDER, name);
  const result = await simulate(service.spec, service.specDigest, scenario, {
    ...options,
    ...(loadSamples === undefined ? {} : { loadSamples }),
  });
  const { outcome, stateTransitions } = result;
  const end = `${outcome} · exit ${exitCodeOf(outcome)} · ${stateTransitions} state transitions`;
  return {
    description: scenario.description,
    result,
    text: `${simulationText(scenario.description, result, PLAIN_STYLE)}\n\n${end}\n`,
  };
}

const plays = new Map<string, Promise<Played>>();

/** As it is, played once for all tests of a worker: what it answers is only read. */
export function played(name: string): Promise<Played> {
  const known = plays.get(name) ?? play(name);
  plays.set(name, known);
  return known;
}

export function goldenFile(name: string): string {
  return join(EXAMPLES_FOLDER, name, 'timeline.golden.txt');
}
