// A small world for step tests: in-memory ports, a clock that the test moves, metrics that the test scripts.

import type { Counts } from '../../src/core/judge/types.ts';
import type { TargetHealth } from '../../src/core/live-traffic.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import type { Interrupt } from '../../src/core/signals.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { MetricsQuery, Ports, RolloutRow } from '../../src/ports.ts';
import { memoryAlarms } from '../../src/sim/memory-alarms.ts';
import { memoryEvents } from '../../src/sim/memory-events.ts';
import { memoryExecutions } from '../../src/sim/memory-executions.ts';
import { type LambdaHooks, lambdaControlPlane } from '../../src/sim/memory-lambda.ts';
import { memoryLambdaRouter } from '../../src/sim/memory-lambda-router.ts';
import { memoryNotifier } from '../../src/sim/memory-notifier.ts';
import { memoryStore } from '../../src/sim/memory-store.ts';
import { memoryTokens } from '../../src/sim/memory-tokens.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { counts, executionArn, rolloutDocument, SPEC as TWO_STAGES } from './rollout-fixtures.ts';

export const START_MS = Date.UTC(2026, 10, 21, 14, 0, 0);
export const ROLLOUT_ID = 'checkout-42-1';
export const EXECUTION = executionArn(ROLLOUT_ID);
const DIGEST = 'a'.repeat(64);

export const SPEC: ServiceSpec = {
  ...TWO_STAGES,
  stages: [
    { weightPercent: 10, bakeSeconds: 300 },
    { weightPercent: 50, bakeSeconds: 300 },
  ],
};

/** A person's wish to stop, as it is latched. */
export const ABORT: Interrupt = {
  kind: 'abort',
  source: 'ana',
  atMs: START_MS,
  causedAtMs: null,
  reason: plainReason('Aborted by ana'),
};

export interface StepWorld {
  readonly ports: Ports;
  readonly lambda: ReturnType<typeof lambdaControlPlane>;
  readonly alarms: ReturnType<typeof memoryAlarms>;
  readonly tokens: ReturnType<typeof memoryTokens>;
  readonly executions: ReturnType<typeof memoryExecutions>;
  readonly messages: ReturnType<typeof memoryNotifier>['messages'];
  readonly hooks: LambdaHooks;
  /** Names of the events published so far. */
  eventNames(): string[];
  /** The sweeper comes along with the time, unless it was stopped. */
  advance(seconds: number): void;
  stopSweeper(): void;
  /** From now on the target's health checks say this; null: it has none. */
  setHealth(health: TargetHealth | null): void;
  /** What one period of each version shows from now on; null hides it. `problem` makes the source refuse. */
  setMetrics(metrics: { stable: Counts | null; canary: Counts | null; problem?: string }): void;
  readonly queries: readonly MetricsQuery[];
  liveWeights(): Readonly<Record<string, number>>;
  row(): Promise<RolloutRow>;
}

const VERSION = {
  roleArn: 'arn:aws:iam::123456789012:role/checkout',
  deadLetterArn: null,
  timeoutSeconds: 3,
};

export async function stepWorld(options: { readonly spec?: Partial<ServiceSpec> } = {}): Promise<StepWorld> {
  let nowMs = START_MS;
  let shown: { stable: Counts | null; canary: Counts | null; problem?: string } = {
    stable: counts(5400, 2),
    canary: counts(600, 0),
  };
  let health: TargetHealth | null = null;
  let isSweeping = true;
  const queries: MetricsQuery[] = [];
  const hooks: LambdaHooks = {};
  const lambda = lambdaControlPlane(
    {
      'checkout-api': {
        versions: ['41', '42', '43'].map((version) => ({ version, ...VERSION })),
        aliases: { live: { functionVersion: '41' } },
      },
    },
    hooks,
  );
  const alarms = memoryAlarms();
  alarms.set('Checkout5xx', 'OK', 'quiet', START_MS - 60_000);
  const events = memoryEvents();
  const tokens = memoryTokens();
  const notifier = memoryNotifier();
  const executions = memoryExecutions();
  const store = memoryStore();
  await store.putService({ spec: { ...SPEC, ...options.spec }, specDigest: DIGEST, targetRoleArn: null });
  await store.recordSweep(nowMs);
  executions.begin(EXECUTION);
  const ports = {
    // a test's time stands still unless it is moved: no wait in here is ever cut short
    clock: { now: () => nowMs, sleep: () => new Promise(() => {}) },
    store,
    routers: { 'lambda-alias': { ...memoryLambdaRouter(lambda), health: async () => health } },
    metrics: {
      read: async (query: MetricsQuery) => {
        queries.push(query);
        const count = Math.max(0, (query.toMs - query.fromMs) / (query.periodSeconds * 1000));
        return {
          periods: Array.from({ length: count }, (_unused, index) => ({
            startMs: query.fromMs + index * query.periodSeconds * 1000,
            stable: shown.stable,
            canary: query.canary === null ? null : shown.canary,
          })),
          problem: shown.problem ?? null,
          stableMaxSeconds: 1,
          isHttpStreamAlive: null,
        };
      },
    },
    alarms,
    events,
    tokens,
    executions,
    notifier,
  } as unknown as Ports;
  return {
    ports,
    lambda,
    alarms,
    tokens,
    executions,
    hooks,
    messages: notifier.messages,
    queries,
    eventNames: () => events.published.map(({ event }) => event),
    advance: (seconds) => {
      nowMs += seconds * 1000;
      if (isSweeping) void store.recordSweep(nowMs);
    },
    stopSweeper: () => {
      isSweeping = false;
    },
    setHealth: (now) => {
      health = now;
    },
    setMetrics: (metrics) => {
      shown = metrics;
    },
    liveWeights: () => {
      const alias = lambda.peek('checkout-api', 'live');
      return { [alias?.functionVersion ?? '']: 1, ...alias?.additionalWeights };
    },
    row: async () => {
      const row = await store.readRow(ROLLOUT_ID);
      if (row === null) throw new Error('no row');
      return row;
    },
  };
}

export const START_INPUT = {
  request: { service: 'checkout', version: '42' },
  execution: EXECUTION,
  startedAt: new Date(START_MS).toISOString(),
};

/** A world whose rollout has started: lease taken, target prepared, nothing shifted. */
export async function startedWorld(
  options: { readonly spec?: Partial<ServiceSpec> } = {},
): Promise<{ readonly world: StepWorld; readonly rollout: Rollout }> {
  const world = await stepWorld(options);
  return { world, rollout: await startRollout.run(START_INPUT, world.ports) };
}

/** A rollout document in its first stage, without a world. */
export function sampleRollout(change: Partial<Rollout> = {}): Rollout {
  return rolloutDocument(ROLLOUT_ID, {
    spec: SPEC,
    startedAtMs: START_MS,
    stage: {
      index: 0,
      enteredAtMs: START_MS,
      weightPercent: 10,
      heldSinceMs: null,
      askedAtMs: null,
      approvedBeforeMs: null,
    },
    writes: 1,
    ...change,
  });
}
