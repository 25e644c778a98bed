// Step «Start rollout»: gates, lease, snapshot; a refusal writes nothing to the target.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { FencedError, InvalidInputError, RejectedError } from '../../src/core/errors.ts';
import type { RolloutEvent } from '../../src/core/events.ts';
import { RolloutSchema } from '../../src/core/rollout.ts';
import type { Ports, TrafficRouter } from '../../src/ports.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { LATENCY } from '../support/rollout-fixtures.ts';
import {
  EXECUTION,
  ROLLOUT_ID,
  SPEC,
  START_INPUT,
  START_MS,
  startedWorld,
  stepWorld,
} from '../support/step-world.ts';

async function refusal(world: Awaited<ReturnType<typeof stepWorld>>, input: object = START_INPUT) {
  const error = await startRollout
    .run(input as typeof START_INPUT, world.ports)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RejectedError);
  return (error as RejectedError).problems.map(({ code }) => code);
}

describe('a start', () => {
  it('snapshots stable, takes the lease and prepares at weight 0', async () => {
    const { world, rollout } = await startedWorld();
    expect(RolloutSchema.parse(rollout)).toEqual(rollout);
    expect(rollout).toMatchObject({
      rolloutId: ROLLOUT_ID,
      stable: { version: '41' },
      canary: { version: '42' },
      epoch: 1,
      stage: { index: -1, weightPercent: 0 },
    });
    expect(await world.row()).toMatchObject({
      phase: 'PREPARED',
      executionArn: EXECUTION,
      alarms: ['Checkout5xx'],
    });
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(world.eventNames()).toEqual(['rollout-started']);
  });

  it('reads one hour of stable alone before the first shift', async () => {
    const { world } = await startedWorld();
    expect(world.queries).toHaveLength(1);
    // the last two minutes are not whole yet
    const toMs = START_MS - 120_000;
    expect(world.queries[0]).toMatchObject({ canary: null, fromMs: toMs - 3_600_000, toMs });
  });

  it('tells people what will not be judged, in its event and in the finding of a gate', async () => {
    const world = await stepWorld({ spec: { checks: { ...SPEC.checks, latency: LATENCY } } });
    const read: Ports['metrics']['read'] = async (query) => ({
      ...(await world.ports.metrics.read(query)),
      percentiles: { p50Ms: 40, p90Ms: 100, p99Ms: 260 },
    });
    const events: RolloutEvent[] = [];
    const rollout = await startRollout.run(START_INPUT, {
      ...world.ports,
      metrics: { read },
      events: { publish: async (published) => void events.push(...published) },
    });
    expect(rollout.judge.latency).toEqual({ p50Ms: 40, p90Ms: 100, p99Ms: 260, isCounted: false });
    expect(events[0]?.sentence).toMatch(
      /gates are open; slow requests cannot be counted, so latency is compared by its p95 only/,
    );
    const gate = (await world.row()).gates?.find(({ gate }) => gate === 'metrics-readable');
    expect(gate).toMatchObject({ open: true, finding: expect.stringContaining('cannot be counted') });
  });

  it('finds its own lease and row when it is retried', async () => {
    const { world, rollout } = await startedWorld();
    expect(await startRollout.run(START_INPUT, world.ports)).toEqual(rollout);
  });

  it('keeps the evidence window open for the longest request', async () => {
    const { rollout } = await startedWorld();
    expect(rollout.window).toEqual({ periodSeconds: 60, commitAfterSeconds: 123, passAfterSeconds: 121 });
  });
});

describe('a start is refused, and nothing is written,', () => {
  it.each([
    ['when the request has unknown keys', { service: 'checkout', version: '42', weight: 50 }],
    ['when the version is a number', { service: 'checkout', version: 42 }],
    ['when it is no object', 'checkout'],
  ])('%s', async (_what, request) => {
    const world = await stepWorld();
    const attempt = startRollout.run({ ...START_INPUT, request }, world.ports);
    await expect(attempt).rejects.toBeInstanceOf(InvalidInputError);
    expect(await world.ports.store.readRow(ROLLOUT_ID)).toBeNull();
  });

  it('when the service is not registered', async () => {
    const world = await stepWorld();
    const request = { service: 'basket', version: '42' };
    expect(await refusal(world, { ...START_INPUT, request })).toEqual(['service-unknown']);
  });

  it('when the version does not exist', async () => {
    const world = await stepWorld();
    const request = { service: 'checkout', version: '99' };
    expect(await refusal(world, { ...START_INPUT, request })).toEqual(['version-missing']);
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('when the alias is split already', async () => {
    const world = await stepWorld();
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '43': 0.2 } });
    expect(await refusal(world)).toEqual(['alias-already-split']);
    expect(world.liveWeights()).toEqual({ '41': 1, '43': 0.2 });
  });

  it('when the version is live already', async () => {
    const world = await stepWorld();
    expect(await refusal(world, { ...START_INPUT, request: { service: 'checkout', version: '41' } })).toEqual(
      ['version-is-live'],
    );
  });

  it('when an alarm fires already or does not exist', async () => {
    const world = await stepWorld({ spec: {} });
    world.alarms.set('Checkout5xx', 'ALARM', 'too many', START_MS);
    expect(await refusal(world)).toEqual(['alarm-firing']);
    world.alarms.remove('Checkout5xx');
    const second = { ...START_INPUT, execution: `${EXECUTION}-2` };
    world.executions.begin(second.execution);
    await world.ports.store.close(ROLLOUT_ID, {
      outcome: 'REJECTED',
      reason: {
        check: null,
        value: null,
        limit: null,
        sample: null,
        baseline: null,
        windowSeconds: null,
        sentence: 'x',
      },
      atMs: START_MS,
    });
    expect(await refusal(world, second)).toEqual(['alarm-missing']);
  });

  it('when it would be blind to HTTP errors', async () => {
    const target = {
      kind: 'lambda-alias',
      functionName: 'checkout-api',
      alias: 'live',
      interface: 'http',
    } as const;
    const world = await stepWorld({ spec: { target } });
    expect(await refusal(world)).toEqual(['blind-to-http-errors']);
    expect((await world.row()).gates?.some((gate) => !gate.open)).toBe(true);
  });

  it('when the metrics of stable cannot be read', async () => {
    const world = await stepWorld();
    world.setMetrics({ stable: null, canary: null, problem: 'Forbidden' });
    expect(await refusal(world)).toEqual(['metrics-unreadable']);
  });

  it('when it is tried again and somebody put another version live meanwhile', async () => {
    const { world } = await startedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    expect(await refusal(world)).toEqual(['target-changed']);
    // what guard and sweeper go by is what was found first
    expect((await world.row()).rollout?.stable.version).toBe('41');
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });

  it('when another rollout has the target, and leaves that one alone', async () => {
    const { world } = await startedWorld();
    const before = await world.row();
    const second = { ...START_INPUT, execution: `${EXECUTION}-2` };
    expect(await refusal(world, second)).toEqual(['target-has-a-rollout']);
    expect(await world.row()).toEqual(before);
  });
});

describe('preparing', () => {
  it('is announced before, and asks for the lease between reading the target and writing it', async () => {
    const world = await stepWorld();
    const { store } = world.ports;
    const router = world.ports.routers['lambda-alias'];
    const prepare: TrafficRouter['prepare'] = async (order, authorise) => {
      // the guard takes the rollout away while this step still reads
      await store.beginRevert(ROLLOUT_ID);
      return router.prepare(order, authorise);
    };
    const routers = { ...world.ports.routers, 'lambda-alias': { ...router, prepare } };
    const attempt = startRollout.run(START_INPUT, { ...world.ports, routers });
    await expect(attempt).rejects.toBeInstanceOf(FencedError);
    const audit = await store.readAudit(ROLLOUT_ID);
    expect(factsOf(audit, 'intent')).toMatchObject([{ action: 'prepare', seq: 0, stageIndex: null }]);
    expect(factsOf(audit, 'outcome')).toEqual([]);
  });

  it('leaves an intent and an outcome', async () => {
    const { world } = await startedWorld();
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    const write = { action: 'prepare', epoch: 1, seq: 0, weightPercent: 0 };
    expect(factsOf(audit, 'intent')).toMatchObject([write]);
    expect(factsOf(audit, 'outcome')).toMatchObject([{ ...write, live: null, found: null }]);
  });
});

describe('alarms that a person accepts', () => {
  const REASON = 'this release fixes it';

  async function startAccepting(acceptAlarms: object, state: 'ALARM' | 'OK' = 'ALARM') {
    const world = await stepWorld();
    if (state === 'ALARM') world.alarms.set('Checkout5xx', 'ALARM', 'too many', START_MS);
    const request = { ...START_INPUT.request, acceptAlarms };
    return { world, started: startRollout.run({ ...START_INPUT, request }, world.ports) };
  }

  it('may fire at the start: the gate is waived with the reason, in the record, the document and the event', async () => {
    const { world, started } = await startAccepting({ Checkout5xx: REASON });
    const accepted = [{ name: 'Checkout5xx', reason: REASON }];
    expect(await started).toMatchObject({ acceptedAlarms: accepted });
    const row = await world.row();
    expect(row).toMatchObject({ phase: 'PREPARED', acceptedAlarms: accepted });
    expect(row.gates?.find(({ gate }) => gate === 'alarms-quiet')).toMatchObject({
      open: false,
      waivedBecause: `Checkout5xx: ${REASON}`,
    });
    expect(world.eventNames()).toEqual(['rollout-started', 'gate-waived']);
  });

  it('and that do not fire count like all others from the start', async () => {
    const { world, started } = await startAccepting({ Checkout5xx: REASON }, 'OK');
    expect(await started).toMatchObject({ acceptedAlarms: [] });
    expect(world.eventNames()).toEqual(['rollout-started']);
  });

  it.each([
    ['no reason', { Checkout5xx: '' }],
    ['a reason of blanks', { Checkout5xx: '  ' }],
    ['a reason that is a number', { Checkout5xx: 5 }],
    ['an alarm that the service does not check', { Basket5xx: REASON }],
    ['too many alarms', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`Alarm${n}`, REASON]))],
  ])('are refused with %s, and nothing is written', async (_what, acceptAlarms) => {
    const { world, started } = await startAccepting(acceptAlarms);
    const error = await started.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).problems[0]?.fix).not.toBe('');
    expect(await world.ports.store.readRow(ROLLOUT_ID)).toBeNull();
  });
});

describe('a waiver', () => {
  it('lets a shut gate pass with its reason, and says so', async () => {
    const target = {
      kind: 'lambda-alias',
      functionName: 'checkout-api',
      alias: 'live',
      interface: 'http',
    } as const;
    const waivers = { 'not-blind-to-http-errors': 'answers only 200' };
    const { world } = await startedWorld({ spec: { target, waivers } });
    expect(world.eventNames()).toEqual(['rollout-started', 'gate-waived']);
  });
});
