// What people tell a rollout: latched once, told to the bake, harmless when nothing runs.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { NO_SIGNALS, SIGNALS } from '../../src/core/signals.ts';
import { bake } from '../../src/steps/bake.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { judgeCanary } from '../../src/steps/judge-canary.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { signalRollout } from '../../src/steps/signal-rollout.ts';
import { intent, interruptBy } from '../support/rollout-fixtures.ts';
import { ROLLOUT_ID, SPEC, START_MS, startedWorld } from '../support/step-world.ts';

const ABORT = { rolloutId: ROLLOUT_ID, signal: 'abort', actor: 'ana', message: 'wrong build' } as const;
const ASKING = { stages: SPEC.stages.map((stage) => ({ ...stage, approval: true })) };

function signal(name: (typeof SIGNALS)[number], more: { stageIndex?: number; actor?: string } = {}) {
  return { rolloutId: ROLLOUT_ID, signal: name, actor: 'ana', message: '', ...more };
}

/** In its first stage, with a bake that waits. */
async function bakingWorld(spec: Partial<ServiceSpec> = {}) {
  const { world, rollout } = await startedWorld({ spec });
  const shifted = await shiftTraffic.run(rollout, world.ports);
  const wait = world.tokens.register('token-1');
  // not every test awaits it
  wait.catch(() => {});
  await bake.run({ rollout: shifted, token: 'token-1' }, world.ports);
  return { world, rollout: shifted, wait };
}

describe('an abort', () => {
  it('is latched and wakes the bake', async () => {
    const { world, wait } = await bakingWorld();
    expect(await signalRollout.run(ABORT, world.ports)).toMatchObject({ state: 'latched' });
    await expect(wait).rejects.toThrow('Aborted by ana: wrong build');
  });

  it('takes the place of an alarm, and is told', async () => {
    const { world } = await startedWorld();
    await world.ports.store.latch(ROLLOUT_ID, interruptBy('Checkout5xx'));
    await signalRollout.run(ABORT, world.ports);
    expect((await world.row()).interrupt).toMatchObject({ kind: 'abort', source: 'ana', causedAtMs: null });
    expect(world.eventNames().at(-1)).toBe('interrupt-latched');
  });

  it('is told once, however often it is repeated', async () => {
    const { world } = await startedWorld();
    await signalRollout.run(ABORT, world.ports);
    world.advance(5);
    await signalRollout.run(ABORT, world.ports);
    expect(world.eventNames().filter((event) => event === 'interrupt-latched')).toHaveLength(1);
  });

  it('comes too late for a committed promotion, and says what to do instead', async () => {
    const { world, rollout } = await startedWorld();
    await commitPromotion.run(rollout, world.ports);
    const answer = await signalRollout.run(ABORT, world.ports);
    expect(answer.state).toBe('past-stopping');
    expect(answer.sentence).toMatch(/start a rollout of the old version/);
  });

  // whoever aborts expects the traffic back; «it ended before» would pass for that
  it('says so as well when the promotion is finished', async () => {
    const { world, rollout } = await startedWorld();
    const shifted = await shiftTraffic.run(rollout, world.ports);
    await finishPromotion.run(await commitPromotion.run(shifted, world.ports), world.ports);
    const answer = await signalRollout.run(ABORT, world.ports);
    expect(answer).toMatchObject({
      state: 'past-stopping',
      sentence: 'Version 42 was promoted already; start a rollout of the old version instead.',
    });
  });
});

describe('a milder signal', () => {
  it.each([
    ['pause', 'rollout-paused'],
    ['approve', 'stage-approved'],
    ['promote', 'promotion-requested'],
  ] as const)('%s is latched, told, and lets the bake be looked at', async (name, event) => {
    const { world, wait } = await bakingWorld(ASKING);
    expect(await signalRollout.run(signal(name), world.ports)).toMatchObject({ state: 'kept' });
    await expect(wait).resolves.toBeUndefined();
    expect(world.eventNames().at(-1)).toBe(event);
    expect((await world.row()).signals).not.toEqual(NO_SIGNALS);
    const facts = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'signalled');
    expect(facts.map((fact) => fact.signal)).toMatchObject([{ signal: name, actor: 'ana', stageIndex: 0 }]);
  });

  it('is latched before the token is read, so that a bake that begins meanwhile sees it', async () => {
    const { world } = await bakingWorld();
    const calls: string[] = [];
    const { store } = world.ports;
    const ports = {
      ...world.ports,
      store: {
        ...store,
        signal: async (...given: Parameters<typeof store.signal>) => {
          calls.push('latch');
          return store.signal(...given);
        },
        readRow: async (rolloutId: string) => {
          calls.push('read');
          return store.readRow(rolloutId);
        },
      },
    };
    await signalRollout.run(signal('pause'), ports);
    expect(calls).toEqual(['read', 'latch', 'read']);
  });

  it('is kept although the wait was over already', async () => {
    const { world } = await bakingWorld();
    world.tokens.expire('token-1');
    expect(await signalRollout.run(signal('pause'), world.ports)).toMatchObject({ state: 'kept' });
  });

  it('says what stands when it says nothing new, and wakes nobody', async () => {
    const { world } = await bakingWorld(ASKING);
    expect(await signalRollout.run(signal('resume'), world.ports)).toMatchObject({
      state: 'unchanged',
      sentence: 'It is not paused.',
    });
    for (const name of ['pause', 'promote', 'approve'] as const) {
      await signalRollout.run(signal(name), world.ports);
      const again = await signalRollout.run(signal(name, { actor: 'ben' }), world.ports);
      expect(again.state).toBe('unchanged');
      expect(again.sentence).toContain('by ana');
    }
    expect(factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'signalled')).toHaveLength(3);
  });

  it('pause says of a shift that was authorised right before it which stage it leads to', async () => {
    const { world, rollout } = await bakingWorld();
    const { store } = world.ports;
    const ports = {
      ...world.ports,
      store: {
        ...store,
        signal: async (...given: Parameters<typeof store.signal>) => {
          await store.authoriseShift(rollout, intent(rollout, 2, 50));
          return store.signal(...given);
        },
      },
    };
    const { sentence } = await signalRollout.run(signal('pause'), ports);
    expect(sentence).toMatch(/^Paused by ana at stage 2 \(50 %\)/);
  });

  it('pause before the first stage says that it is held there', async () => {
    const { world, rollout } = await startedWorld();
    const { sentence } = await signalRollout.run(signal('pause'), world.ports);
    expect(sentence).toMatch(/^Paused by ana before its first stage: it goes to that stage and waits there;/);
    const shifted = await shiftTraffic.run(rollout, world.ports);
    world.advance(600);
    expect((await judgeCanary.run(shifted, world.ports)).next).toBe('bake');
  });

  it('resume ends a pause', async () => {
    const { world } = await bakingWorld();
    await signalRollout.run(signal('pause'), world.ports);
    world.advance(5);
    expect(await signalRollout.run(signal('resume', { actor: 'ben' }), world.ports)).toMatchObject({
      state: 'kept',
    });
    expect((await world.row()).signals.paused).toBeNull();
    expect(world.eventNames().at(-1)).toBe('rollout-resumed');
  });

  it.each(SIGNALS)('%s comes too late once somebody wanted to stop, or the end was begun', async (name) => {
    const interrupted = await bakingWorld(ASKING);
    await interrupted.world.ports.store.latch(ROLLOUT_ID, interruptBy('Checkout5xx'));
    const told = await signalRollout.run(signal(name), interrupted.world.ports);
    expect(told).toMatchObject({ state: 'past-stopping', sentence: expect.stringContaining('Checkout5xx') });

    const { world, rollout } = await bakingWorld(ASKING);
    await commitPromotion.run(rollout, world.ports);
    const state = name === 'resume' ? 'unchanged' : 'past-stopping';
    expect(await signalRollout.run(signal(name), world.ports)).toMatchObject({ state });
    expect((await world.row()).signals).toEqual(NO_SIGNALS);
  });
});

describe('an approval', () => {
  it('is for the stage that the rollout is at, and refused for another one', async () => {
    const { world } = await bakingWorld(ASKING);
    const refused = signalRollout.run(signal('approve', { stageIndex: 1 }), world.ports);
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect((error as InvalidInputError).problems).toMatchObject([
      { code: 'not-the-current-stage', got: 'stage 2', allowed: 'stage 1' },
    ]);
    expect((await world.row()).signals).toEqual(NO_SIGNALS);
    expect(await signalRollout.run(signal('approve', { stageIndex: 0 }), world.ports)).toMatchObject({
      state: 'kept',
      sentence: 'Approved by ana at stage 1 (10 %): this stage may be left.',
    });
  });

  it('has nothing to approve where no stage asks and no question is open', async () => {
    const { world } = await bakingWorld();
    const answer = await signalRollout.run(signal('approve'), world.ports);
    expect(answer).toMatchObject({ state: 'unchanged' });
    expect(answer.sentence).toMatch(/^There is nothing to approve/);
    expect((await world.row()).signals).toEqual(NO_SIGNALS);
  });

  it('answers the question that an inconclusive stage asks', async () => {
    const { world, rollout } = await bakingWorld();
    world.setMetrics({ stable: null, canary: null });
    world.advance(SPEC.maxHoldSeconds + 300);
    const asked = await judgeCanary.run(rollout, world.ports);
    expect(world.eventNames().at(-1)).toBe('decision-needed');
    expect(await signalRollout.run(signal('approve'), world.ports)).toMatchObject({ state: 'kept' });
    world.advance(1);
    expect((await judgeCanary.run(asked, world.ports)).next).toBe('shift-traffic');
    expect(world.eventNames().at(-1)).toBe('stage-advanced-unproven');
  });

  it('is asked for again when it was given before nobody could tell', async () => {
    const { world, rollout } = await bakingWorld(ASKING);
    await signalRollout.run(signal('approve'), world.ports);
    world.setMetrics({ stable: null, canary: null });
    world.advance(SPEC.maxHoldSeconds + 300);
    const asked = await judgeCanary.run(rollout, world.ports);
    expect(asked.next).toBe('bake');
    world.advance(60);
    expect(await signalRollout.run(signal('approve'), world.ports)).toMatchObject({ state: 'kept' });
    expect((await world.row()).signals.approvals).toHaveLength(1);
    expect(await signalRollout.run(signal('approve'), world.ports)).toMatchObject({ state: 'unchanged' });
    expect((await judgeCanary.run(asked, world.ports)).next).toBe('shift-traffic');
  });

  it('is none before the first stage', async () => {
    const { world } = await startedWorld({ spec: ASKING });
    expect(await signalRollout.run(signal('approve'), world.ports)).toMatchObject({ state: 'unchanged' });
    expect((await world.row()).signals).toEqual(NO_SIGNALS);
  });
});

describe('a request', () => {
  it.each([
    { signal: 'skip' },
    { actor: '' },
    { weight: 3 },
    { stageIndex: -1 },
    { stageIndex: 0.5 },
    { message: 'x'.repeat(301) },
  ])('is refused with %j', (change) => {
    expect(signalRollout.input.safeParse({ ...ABORT, ...change }).success).toBe(false);
  });
});

describe('bugs that others paid for', () => {
  it('abort-beats-promote', async () => {
    // whatever people press, and in whatever order: once somebody aborts, the promotion is not committed
    const anyOrder = fc.shuffledSubarray(['pause', 'resume', 'approve', 'promote', 'abort'] as const, {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(anyOrder, async (order) => {
        const { world, rollout } = await bakingWorld(ASKING);
        for (const name of order) {
          await signalRollout.run({ ...ABORT, signal: name }, world.ports);
        }
        world.advance(600);
        const isAborted = order.includes('abort');
        expect((await judgeCanary.run(rollout, world.ports)).next === 'roll-back').toBe(isAborted);
        const commit = commitPromotion.run(rollout, world.ports);
        const isPaused = order.lastIndexOf('pause') > order.lastIndexOf('resume');
        if (isAborted) await expect(commit).rejects.toMatchObject({ name: 'Interrupted' });
        else if (isPaused) await expect(commit).rejects.toMatchObject({ name: 'Paused' });
        else await expect(commit).resolves.toMatchObject({ next: 'finish-promotion' });
      }),
      { numRuns: 60 },
    );
  });

  it('abort-noop-is-noop', async () => {
    const { world, rollout } = await startedWorld();
    await rollBack.run({ ...rollout }, world.ports);
    const before = { row: await world.row(), live: world.liveWeights(), events: world.eventNames() };
    for (const name of ['abort', ...SIGNALS] as const) {
      for (const rolloutId of [ROLLOUT_ID, 'nobody']) {
        const answer = await signalRollout.run({ ...ABORT, rolloutId, signal: name }, world.ports);
        expect(answer).toMatchObject({ rolloutId, state: rolloutId === 'nobody' ? 'unknown' : 'ended' });
      }
    }
    expect({ row: await world.row(), live: world.liveWeights(), events: world.eventNames() }).toEqual(before);
    expect(world.lambda.peek('checkout-api', 'live')?.functionVersion).toBe('41');
    expect(before.row.endedAtMs).toBe(START_MS);
  });
});
