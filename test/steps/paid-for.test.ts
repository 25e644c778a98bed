// Defects of other deployment tools that are on public record, each as a test of ours. docs/guarantees.md names the sources.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RejectedError, StableUnhealthyError, TransientError } from '../../src/core/errors.ts';
import type { EVENTS, RolloutEvent } from '../../src/core/events.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { MemoryEvents } from '../../src/sim/memory-events.ts';
import { abandonRollout } from '../../src/steps/abandon-rollout.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { guardRollout } from '../../src/steps/guard-rollout.ts';
import { judgeCanary } from '../../src/steps/judge-canary.ts';
import { notifyPeople } from '../../src/steps/notify-people.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { settlePromotion } from '../../src/steps/settle-promotion.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { shiftedAlbWorld } from '../support/alb-step-world.ts';
import { ALL_ENDINGS } from '../support/step-ends.ts';
import {
  ABORT,
  EXECUTION,
  ROLLOUT_ID,
  START_INPUT,
  type StepWorld,
  startedWorld,
} from '../support/step-world.ts';

/** How far a rollout had come; answers the document that the workflow holds then. */
const REACHED: Readonly<Record<string, (world: StepWorld, started: Rollout) => Promise<Rollout>>> = {
  prepared: async (_world, started) => started,
  'shift announced, not sent': async ({ ports, hooks }, started) => {
    hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    await shiftTraffic.run(started, ports).catch(() => undefined);
    hooks.before = undefined;
    return started;
  },
  'shift sent, answer lost': async ({ ports }, started) => {
    await shiftTraffic.run(started, ports);
    return started;
  },
  'first stage': async ({ ports }, started) => shiftTraffic.run(started, ports),
  'last stage': async ({ ports }, started) => shiftTraffic.run(await shiftTraffic.run(started, ports), ports),
  'being taken back': async ({ ports }, started) => {
    const shifted = await shiftTraffic.run(started, ports);
    const close = () => Promise.reject(new TransientError('away'));
    await rollBack.run({ ...shifted }, { ...ports, store: { ...ports.store, close } }).catch(() => undefined);
    return shifted;
  },
};

function published(world: StepWorld): readonly RolloutEvent[] {
  return (world.ports.events as MemoryEvents).published;
}

const END_EVENTS: readonly (keyof typeof EVENTS)[] = [
  'rollout-promoted',
  'rollout-rolled-back',
  'rollout-aborted',
  'rollout-rejected',
  'rollout-superseded',
];

/** Everything that a redrive, a late event or a zombie could still run, with old documents; what is refused is refused. */
async function runEverythingAgain({ ports }: StepWorld, started: Rollout): Promise<void> {
  const old = { ...started, writes: 1, stage: { ...started.stage, index: 0, weightPercent: 10 } };
  const ended = { detail: { executionArn: EXECUTION, status: 'FAILED' } };
  const again = [
    () => startRollout.run(START_INPUT, ports),
    () => shiftTraffic.run(started, ports),
    () => shiftTraffic.run(old, ports),
    () => judgeCanary.run(old, ports),
    () => commitPromotion.run(old, ports),
    () => settlePromotion.run(old, ports),
    () => finishPromotion.run(old, ports),
    () => rollBack.run({ ...started }, ports),
    () => rollBack.run({ ...old, epoch: 9 }, ports),
    () => abandonRollout.run(START_INPUT, ports),
    () => guardRollout.run(ended, ports),
    () => sweepRollouts.run({}, ports),
  ];
  for (const step of again) await step().catch(() => undefined);
}

describe('bugs that others paid for', () => {
  it.each(Object.entries(REACHED))('abort-any-phase-reaches-zero: %s', async (_phase, reach) => {
    const { world, rollout } = await startedWorld();
    const document = await reach(world, rollout);
    await world.ports.store.latch(ROLLOUT_ID, ABORT);
    await expect(shiftTraffic.run(document, world.ports)).rejects.toThrow();
    expect((await rollBack.run({ ...document }, world.ports)).outcome).toBe('ABORTED');
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it.each(ALL_ENDINGS)('terminal-is-terminal: %s', async (outcome, end) => {
    const { world, rollout } = await startedWorld();
    await end(world, rollout);
    world.executions.end(EXECUTION, 'FAILED');
    const row = await world.row();
    expect(row.outcome).toBe(outcome);
    const target = world.lambda.peek('checkout-api', 'live');
    await runEverythingAgain(world, rollout);
    expect(world.lambda.peek('checkout-api', 'live')).toEqual(target);
    expect(await world.row()).toEqual(row);
  });

  it.each(ALL_ENDINGS)('every-terminal-notifies-once: %s', async (_outcome, end) => {
    const { world, rollout } = await startedWorld();
    await end(world, rollout);
    world.executions.end(EXECUTION, 'FAILED');
    world.advance(90);
    await runEverythingAgain(world, rollout);
    const ends = published(world).filter(({ event }) => END_EVENTS.includes(event));
    expect(new Set(ends.map((event) => JSON.stringify(event))).size).toBe(1);
    for (const detail of ends) await notifyPeople.run({ detail }, world.ports);
    const story = await world.ports.store.readEvents(ROLLOUT_ID);
    expect(story.filter(({ event }) => END_EVENTS.includes(event))).toHaveLength(1);
    expect(world.messages.length).toBeGreaterThan(0);
  });

  it('conflict-leaves-no-residue', async () => {
    const { world, rollout } = await startedWorld();
    const first = await shiftTraffic.run(rollout, world.ports);
    const target = world.lambda.peek('checkout-api', 'live');
    const second = { ...START_INPUT, execution: `${EXECUTION}-second` };
    world.executions.begin(second.execution);
    await expect(startRollout.run(second, world.ports)).rejects.toBeInstanceOf(RejectedError);
    expect((await abandonRollout.run(second, world.ports)).outcome).toBe('REJECTED');
    expect(world.lambda.peek('checkout-api', 'live')).toEqual(target);
    const { targetId } = await world.row();
    expect(await world.ports.store.readFence(targetId)).toMatchObject({ owner: ROLLOUT_ID, epoch: 1 });
    expect((await world.ports.store.listActive()).map(({ rolloutId }) => rolloutId)).toEqual([ROLLOUT_ID]);

    await rollBack.run({ ...(await shiftTraffic.run(first, world.ports)) }, world.ports);
    const third = { ...START_INPUT, execution: `${EXECUTION}-third` };
    world.executions.begin(third.execution);
    const started = await startRollout.run(third, world.ports);
    expect((await shiftTraffic.run(started, world.ports)).stage.weightPercent).toBe(10);
  });

  it('throttle-storm-converges', async () => {
    const storm = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
    const way = fc.constantFrom('back', 'end');
    await fc.assert(
      fc.asyncProperty(storm, way, async (refusals, direction) => {
        const { world, rollout } = await startedWorld();
        const shifted = await shiftTraffic.run(rollout, world.ports);
        const committed = direction === 'end' ? await commitPromotion.run(shifted, world.ports) : shifted;
        let call = 0;
        const strike = (): void => {
          call += 1;
          if (refusals[call - 1] === true) throw new TransientError('TooManyRequestsException');
        };
        // refused before the effect, or the answer lost after it
        world.hooks.before = strike;
        world.hooks.after = strike;
        let outcome: string | null = null;
        for (let attempt = 0; attempt <= refusals.length && outcome === null; attempt += 1) {
          const end =
            direction === 'end'
              ? finishPromotion.run(committed, world.ports)
              : rollBack.run({ ...committed }, world.ports);
          outcome = await end.then(
            (ended) => ended.outcome,
            () => null,
          );
        }
        expect(outcome).toBe(direction === 'end' ? 'PROMOTED' : 'ROLLED_BACK');
        expect(world.liveWeights()).toEqual(direction === 'end' ? { '42': 1 } : { '41': 1 });
        expect((await world.row()).outcome).toBe(outcome);
      }),
      { numRuns: 60 },
    );
  });

  it('stable-pinned-until-terminal', async () => {
    const stages = [10, 50, 100].map((weightPercent) => ({ weightPercent, bakeSeconds: 300 }));
    const { world, rollout } = await startedWorld({ spec: { stages } });
    const janitor = (): void => world.lambda.deleteVersion('checkout-api', '41');
    let document = rollout;
    expect(janitor).toThrow(/named by/);
    for (const { weightPercent } of stages) {
      document = await shiftTraffic.run(document, world.ports);
      expect([weightPercent, document.stage.weightPercent]).toEqual([weightPercent, weightPercent]);
      expect(janitor).toThrow(/named by/);
    }
    document = await commitPromotion.run(document, world.ports);
    expect(janitor).toThrow(/named by/);
    await finishPromotion.run(document, world.ports);
    expect(janitor).not.toThrow();
  });

  it('stable-floor-held: traffic is not taken back onto a stable version that cannot serve', async () => {
    const { world, rollout } = await shiftedAlbWorld('rule-per-rollout');
    world.setHealthy('blue', 0);
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(StableUnhealthyError);
    expect(world.canaryPercent()).toBe(10);
    world.setHealthy('blue', 1);
    await rollBack.run({ ...rollout }, world.ports);
    expect(world.canaryPercent()).toBe(0);
  });

  it('stable-floor-held: no step changes anything but routing, so none can lower what stable has', async () => {
    const { world, rollout } = await startedWorld();
    const called = new Set<string>();
    world.hooks.before = (api) => {
      called.add(api);
    };
    const shifted = await shiftTraffic.run(rollout, world.ports);
    await finishPromotion.run(await commitPromotion.run(shifted, world.ports), world.ports);
    expect([...called].sort()).toEqual(['GetAlias', 'UpdateAlias']);

    const alb = await shiftedAlbWorld('rule-per-rollout');
    const albCalled = new Set<string>();
    alb.world.plane.hooks.before = (api) => {
      albCalled.add(api);
    };
    await rollBack.run({ ...alb.rollout }, alb.world.ports);
    expect([...albCalled].filter((api) => !api.startsWith('Describe'))).toEqual(['DeleteRule']);
  });
});
