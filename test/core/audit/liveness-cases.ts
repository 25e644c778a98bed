// L1–L7: what must come about once nothing fails any more.
import { START_MS, storyEvent, TARGET_ID } from '../../support/rollout-fixtures.ts';
import { RESTORE } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const LIVENESS_CASES: readonly Case[] = [
  holds('L1', 'it ended before its deadline', (world) => {
    const rollout = world.rollout().goesWell();
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  holds('L1', 'it ended after its deadline, soon after the world had healed', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .wait(5 * HOUR_MS);
    const healedAtMs = world.nowMs;
    rollout.takeBack().ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end()], { healedAtMs }) });
  }),
  breaks('L1', 'it never ended', (world) => {
    const rollout = world.rollout().started().shift(0);
    return [world.trace({ settled: world.settled([rollout.end()]) }), null];
  }),
  breaks('L1', 'it ended long after its deadline', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .wait(5 * HOUR_MS)
      .takeBack()
      .ended('ROLLED_BACK');
    return [world.trace({ settled: world.settled([rollout.end()]) }), world.last];
  }),

  holds('L2', 'traffic was back soon after the wish to stop', (world) => {
    const rollout = world.rollout().goesBack();
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  holds('L2', 'traffic was back long before the end', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .latched()
      .takeBack()
      .wait(HOUR_MS)
      .ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  holds('L2', 'people heard that stable could not serve it', (world) => {
    const rollout = world.rollout().started().shift(0).latched().reverting();
    const event = storyEvent('r1', 'stable-unhealthy', world.nowMs);
    rollout
      .published('stable-unhealthy')
      .told(event)
      .wait(HOUR_MS)
      .intent(RESTORE)
      .took(RESTORE)
      .outcome(RESTORE)
      .ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  holds('L2', 'a slow bake went to its own end, its token lost before the world healed', (world) => {
    const rollout = world.rollout().started().shift(0).judged(0, 'bake-slowly').latched();
    rollout
      .wait(20 * 60_000)
      .takeBack()
      .ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  breaks('L2', 'the wish to stop is forgotten', (world) => {
    const rollout = world.rollout().started().shift(0).latched();
    const at = world.last;
    rollout.wait(HOUR_MS).takeBack().ended('ROLLED_BACK');
    return [world.trace({ settled: world.settled([rollout.end()]) }), at];
  }),

  holds('L3', 'the sweeper settles what a stopped execution left', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.add({ kind: 'execution-ended', atMs: world.nowMs, rolloutId: 'r1' });
    rollout.wait(60_000).takeBack().ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  holds('L3', 'in place it waits for the quarantine', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.add({ kind: 'execution-ended', atMs: world.nowMs, rolloutId: 'r1' });
    rollout.takeBack().wait(400_000).ended('ROLLED_BACK');
    return world.trace({
      settled: world.settled([rollout.end()]),
      lateWrites: { [TARGET_ID]: 161_000 },
    });
  }),
  breaks('L3', 'nobody settles it in time', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.add({ kind: 'execution-ended', atMs: world.nowMs, rolloutId: 'r1' });
    const at = world.last;
    rollout.wait(HOUR_MS).takeBack().ended('ROLLED_BACK');
    return [world.trace({ settled: world.settled([rollout.end()]) }), at];
  }),

  holds('L4', 'the target is free again', (world) => {
    const rollout = world.rollout().goesWell();
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  breaks('L4', 'the lease is left behind', (world) => {
    const rollout = world.rollout().goesWell();
    const targets = [{ targetId: TARGET_ID, shares: { '42': 100 }, canBeClaimed: false }];
    return [world.trace({ settled: world.settled([rollout.end()], { targets }) }), null];
  }),

  holds('L5', 'people were told, or it lies in the queue', (world) => {
    const rollout = world.rollout().goesBack();
    for (const kind of ['told', 'undelivered'] as const) {
      const event = storyEvent('r1', kind === 'told' ? 'canary-failed' : 'rollback-started', world.nowMs);
      world.add({ kind: 'published', atMs: world.nowMs, event });
      rollout.told(event, kind);
    }
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  holds('L5', 'of what is told at every try, one in five minutes', (world) => {
    const rollout = world.rollout().goesBack();
    const first = storyEvent('r1', 'rollback-delayed', world.nowMs);
    world.add({ kind: 'published', atMs: world.nowMs, event: first });
    rollout.told(first).published('rollback-delayed');
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  breaks('L5', 'nobody was told', (world) => {
    const rollout = world.rollout().goesBack().published('rollback-delayed');
    return [world.trace({ settled: world.settled([rollout.end()]) }), world.last];
  }),
  breaks('L5', 'people heard of another rollout only', (world) => {
    const rollout = world.rollout().goesBack().published('rollback-delayed');
    const at = world.last;
    rollout.told(storyEvent('r2', 'rollback-delayed', world.nowMs));
    return [world.trace({ settled: world.settled([rollout.end()]) }), at];
  }),

  holds('L6', 'a question is answered, a pause is over', (world) => {
    const rollout = world.rollout().started().shift(0).published('decision-needed').wait(HOUR_MS);
    rollout.passed(0).shift(1).signalled('pause', 1).wait(HOUR_MS).signalled('resume', 1);
    rollout.passed(1).promote().ended('PROMOTED');
    return world.trace({ settled: world.settled([rollout.end({ deadlineAtMs: START_MS + DAY_MS })]) });
  }),
  holds('L6', 'nobody answered for a day, so it goes back', (world) => {
    const rollout = world.rollout().started().shift(0).published('decision-needed').wait(DAY_MS);
    rollout.takeBack().ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end({ deadlineAtMs: START_MS + 2 * DAY_MS })]) });
  }),
  holds('L6', 'the question is withdrawn', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .published('decision-needed')
      .published('canary-cleared');
    rollout
      .wait(2 * DAY_MS)
      .takeBack()
      .ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end({ deadlineAtMs: START_MS + 3 * DAY_MS })]) });
  }),
  holds('L6', 'a question reaches people long after the rollout went back', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0);
    const { nowMs: atMs } = world;
    rollout.takeBack().ended('ROLLED_BACK').wait(HOUR_MS).published('decision-needed', { atMs });
    return world.trace({ settled: world.settled([rollout.end({ deadlineAtMs: START_MS + DAY_MS })]) });
  }),
  holds('L6', 'an older look is recorded after the answer', (world) => {
    const { nowMs: before } = world;
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .judged(0, 'bake', { atMs: before + 2 });
    const { nowMs: atMs } = world;
    rollout.judged(0, 'bake', { atMs }).published('decision-needed', { atMs }).wait(HOUR_MS);
    rollout
      .signalled('pause')
      .judged(0, 'bake', { atMs: before + 1 })
      .wait(DAY_MS)
      .signalled('resume');
    rollout.takeBack().ended('ROLLED_BACK');
    return world.trace({ settled: world.settled([rollout.end({ deadlineAtMs: START_MS + 3 * DAY_MS })]) });
  }),
  breaks('L6', 'a question stays open for two days', (world) => {
    const rollout = world.rollout().started().shift(0).published('decision-needed');
    const at = world.last;
    rollout
      .wait(2 * DAY_MS)
      .takeBack()
      .ended('ROLLED_BACK');
    const end = rollout.end({ deadlineAtMs: START_MS + 3 * DAY_MS });
    return [world.trace({ settled: world.settled([end]) }), at];
  }),
  breaks('L6', 'a pause lasts for two days', (world) => {
    const rollout = world.rollout().started().shift(0).signalled('pause');
    const at = world.last;
    rollout
      .wait(2 * DAY_MS)
      .takeBack()
      .ended('ROLLED_BACK');
    const end = rollout.end({ deadlineAtMs: START_MS + 3 * DAY_MS });
    return [world.trace({ settled: world.settled([end]) }), at];
  }),

  holds('L7', 'no more than the plan', (world) => {
    const rollout = world.rollout().goesWell();
    return world.trace({ settled: world.settled([rollout.end()]) });
  }),
  breaks('L7', 'the way back goes on and on', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE);
    for (let i = 0; i < 11; i += 1) rollout.wait(60_000).took(RESTORE);
    return [world.trace({ settled: world.settled([rollout.end()]) }), world.last];
  }),
  breaks('L7', 'forwards it makes more orders than there are stages', (world) => {
    const rollout = world.rollout().started();
    for (let i = 0; i < 5; i += 1) rollout.took(rollout.shiftTo(0));
    return [world.trace({ settled: world.settled([rollout.end()]) }), world.last];
  }),
];
