// The simulated world: every port in memory, driven by one scenario, with its true traffic behind it.
import type { RolloutEvent } from '../core/events.ts';
import type { ServiceRecord } from '../core/service-spec.ts';
import type { Ports, RolloutStore } from '../ports.ts';
import { type EventDelivery, eventDelivery } from './event-delivery.ts';
import type { MemoryAlarms } from './memory-alarms.ts';
import { type MemoryEvents, memoryEvents } from './memory-events.ts';
import { type MemoryExecutions, memoryExecutions } from './memory-executions.ts';
import { type MemoryNotifier, memoryNotifier } from './memory-notifier.ts';
import { memoryStore } from './memory-store.ts';
import { type MemoryTokens, memoryTokens } from './memory-tokens.ts';
import type { Scenario } from './scenario.ts';
import { apiFaultsOf, eventFaultsOf, instantsOf, metricWays, trafficTruth } from './scenario-truth.ts';
import { simMetrics } from './sim-metrics.ts';
import type { LoadSample } from './traffic-load.ts';
import { type TrafficModel, trafficModel } from './traffic-model.ts';
import type { VirtualTime } from './virtual-time.ts';
import { worldAlarms } from './world-alarms.ts';
import { apiFaults, storeWithOutages } from './world-faults.ts';
import { TARGET_WORLDS, type TargetWorld } from './world-target.ts';

export interface World {
  /** What the steps get, with the scenario's faults in them. */
  readonly ports: Ports;
  /** The store past all faults. */
  readonly store: RolloutStore;
  readonly target: TargetWorld;
  readonly traffic: TrafficModel;
  readonly alarms: MemoryAlarms;
  readonly events: MemoryEvents;
  readonly notifier: MemoryNotifier;
  readonly tokens: MemoryTokens;
  readonly executions: MemoryExecutions;
  readonly delivery: EventDelivery;
}

export interface WorldSetup {
  readonly scenario: Scenario;
  readonly record: ServiceRecord;
  readonly seed: number;
  readonly loadSamples: readonly LoadSample[] | undefined;
  readonly time: VirtualTime;
  /** Somebody asked for an execution to be stopped. */
  readonly onStop: (executionArn: string) => void;
  readonly onEvent: (event: RolloutEvent) => void;
}

export async function makeWorld(setup: WorldSetup): Promise<World> {
  const { scenario, record, time } = setup;
  const { spec } = record;
  const faults = apiFaults(apiFaultsOf(scenario), time.now);
  const traffic = trafficModel(trafficTruth(scenario, spec, setup.seed, setup.loadSamples));
  const target = TARGET_WORLDS[spec.target.kind](spec, scenario, faults);
  traffic.setShares(time.now(), target.shares());
  target.onChange(() => traffic.setShares(time.now(), target.shares()));

  const store = memoryStore();
  await store.putService(record);
  const { window } = instantsOf(scenario);
  const outages = scenario.faults.store.map(window);
  const isOut = (): boolean =>
    outages.some(({ fromMs, untilMs }) => time.now() >= fromMs && time.now() < untilMs);
  const alarms = worldAlarms(spec, scenario, traffic, target.visibleErrors, time);
  const { visibleErrors, httpStream } = target;
  const ways = { ...metricWays(scenario), visibleErrors, httpStream };
  const metrics = simMetrics(traffic, ways, time.now);
  const events = memoryEvents();
  events.subscribe(setup.onEvent);
  const tokens = memoryTokens();
  const executions = memoryExecutions(setup.onStop);
  const notifier = memoryNotifier();
  const faulty = <Query, Answer>(api: string, read: (query: Query) => Promise<Answer>) => ({
    read: async (query: Query): Promise<Answer> => {
      faults.before(api);
      const answer = await read(query);
      faults.after(api);
      return answer;
    },
  });
  return {
    ports: {
      clock: { now: time.now, sleep: time.sleep },
      store: storeWithOutages(store, isOut),
      routers: { [spec.target.kind]: target.router } as Ports['routers'],
      metrics: faulty('GetMetricData', metrics.read),
      alarms: faulty('DescribeAlarms', alarms.read),
      events,
      tokens,
      executions,
      notifier,
    },
    store,
    target,
    traffic,
    alarms,
    events,
    notifier,
    tokens,
    executions,
    delivery: eventDelivery(time, eventFaultsOf(scenario)),
  };
}
