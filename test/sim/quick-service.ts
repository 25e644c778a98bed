// A small service and scenarios on it, for tests of the simulated world.
import { parseServiceText } from '../../src/cli/service-source.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { type Scenario, ScenarioSchema } from '../../src/sim/scenario.ts';
import { type SimulationOptions, simulate } from '../../src/sim/simulate.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';

const serviceFile = (checks: string): string => `
service: shop
target: { lambdaAlias: { function: shop-api, alias: live, interface: event } }
stages: [{ weight: 10%, bake: 5m }, { weight: 50%, bake: 5m }]
checks: { ${checks} }
onInconclusive: rollback
`;

export function quickService(checks = 'alarms: [ShopAlarm]'): {
  readonly spec: ServiceSpec;
  readonly specDigest: string;
} {
  return parseServiceText(serviceFile(checks), 'service.yaml');
}

/** A healthy rollout under steady traffic, but for what is said. */
function quickScenario(more: Readonly<Record<string, unknown>> = {}): Scenario {
  return ScenarioSchema.parse({
    description: 'a test',
    version: '2',
    world: { liveVersion: '1' },
    horizon: '4h',
    traffic: { constant: 6000 },
    stable: { errors: '0.05%' },
    ...more,
  });
}

export function quickRun(
  more: Readonly<Record<string, unknown>> = {},
  options: SimulationOptions = {},
  service = quickService(),
): Promise<SimulationResult> {
  return simulate(service.spec, service.specDigest, quickScenario(more), options);
}

/** The words of the timeline, in order. */
export function eventsOf({ timeline }: SimulationResult): readonly string[] {
  return timeline.map(({ event }) => event);
}
