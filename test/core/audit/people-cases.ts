// S14, S15, S20: people, and what a rollout uses up.
import { approvals, RESTORE, verdict } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

const ASKING = { stages: [5, 50].map((weightPercent) => ({ weightPercent, approval: true })) };

export const PEOPLE_CASES: readonly Case[] = [
  holds('S14', 'the stage is approved before it is left', (world) => {
    const rollout = world.rollout(ASKING).started().shift(0).signalled('approve', 0);
    rollout.passed(0, { signals: approvals(0) });
    return world.trace();
  }),
  holds('S14', 'a real audit shows the approval before its use', (world) => {
    const rollout = world.rollout(ASKING).started().shift(0).signalled('approve', 0);
    rollout.passed(0, { signals: approvals(0) });
    return world.unwatched();
  }),
  breaks('S14', 'a stage that asks is left without approval', (world) => {
    world.rollout(ASKING).started().shift(0).passed(0);
    return [world.trace(), world.last];
  }),
  breaks('S14', 'a stage is left on the approval of the one before', (world) => {
    const rollout = world.rollout(ASKING).started().shift(0).signalled('approve', 0);
    rollout
      .passed(0, { signals: approvals(0) })
      .shift(1)
      .passed(1, { signals: approvals(0) });
    return [world.trace(), world.last];
  }),
  breaks('S14', 'an approval is counted that nobody gave', (world) => {
    world
      .rollout()
      .started()
      .shift(0)
      .judged(0, 'bake', { signals: approvals(0) });
    return [world.trace(), world.last];
  }),
  breaks('S14', 'an approval given before the stage was reached is counted', (world) => {
    const rollout = world.rollout(ASKING).started().signalled('approve', 0).shift(0);
    rollout.judged(0, 'bake', { signals: approvals(0), verdict: verdict('pass') });
    return [world.trace(), world.last];
  }),

  holds('S14', 'an inconclusive stage is approved after it asked', (world) => {
    const rollout = world.rollout().started().shift(0);
    rollout.judged(0, 'bake', { verdict: verdict('inconclusive') }).signalled('approve', 0);
    rollout.judged(0, 'shift-traffic', { verdict: verdict('inconclusive'), signals: approvals(0) });
    return world.trace();
  }),
  breaks('S14', 'an inconclusive stage goes on with an approval from before it asked', (world) => {
    const rollout = world.rollout().started().shift(0).signalled('approve', 0);
    rollout.judged(0, 'bake', { verdict: verdict('inconclusive'), signals: approvals(0) });
    rollout.judged(0, 'shift-traffic', { verdict: verdict('inconclusive'), signals: approvals(0) });
    return [world.trace(), world.last];
  }),
  holds('S14', 'an inconclusive stage is approved in a pause', (world) => {
    const rollout = world.rollout().started().shift(0);
    rollout
      .judged(0, 'bake', { verdict: verdict('inconclusive') })
      .signalled('pause')
      .signalled('approve', 0);
    rollout
      .judged(0, 'bake', { verdict: verdict('inconclusive'), signals: approvals(0) })
      .signalled('resume');
    rollout.judged(0, 'shift-traffic', { verdict: verdict('inconclusive'), signals: approvals(0) });
    return world.trace();
  }),
  breaks(
    'S14',
    'a stage that was inconclusive before goes on with an approval of the time between',
    (world) => {
      const rollout = world.rollout().started().shift(0);
      rollout.judged(0, 'bake', { verdict: verdict('inconclusive') }).judged(0, 'bake');
      rollout.signalled('approve', 0);
      rollout.judged(0, 'bake', { verdict: verdict('inconclusive'), signals: approvals(0) });
      rollout.judged(0, 'shift-traffic', { verdict: verdict('inconclusive'), signals: approvals(0) });
      return [world.trace(), world.last];
    },
  ),
  breaks('S14', 'an inconclusive stage goes on at its first look', (world) => {
    const rollout = world.rollout().started().shift(0).judged(0, 'bake').signalled('approve', 0);
    rollout.judged(0, 'shift-traffic', { verdict: verdict('inconclusive'), signals: approvals(0) });
    const at = world.last;
    rollout.judged(0, 'bake', { verdict: verdict('inconclusive') });
    return [world.trace(), at];
  }),
  breaks('S14', 'an inconclusive stage goes on at its first look, after one that asked', (world) => {
    const rollout = world.rollout().started().shift(0);
    rollout.judged(0, 'bake', { verdict: verdict('inconclusive') }).signalled('approve', 0);
    rollout.judged(0, 'shift-traffic', { verdict: verdict('inconclusive'), signals: approvals(0) });
    rollout.shift(1).signalled('approve', 1);
    rollout.judged(1, 'commit-promotion', { verdict: verdict('inconclusive'), signals: approvals(1) });
    return [world.trace(), world.last];
  }),

  holds('S15', 'little is used', (world) => {
    const rollout = world.rollout().started().shift(0).judged(0, 'bake');
    const { nowMs: atMs } = world;
    world.add({ kind: 'passed-on', atMs, rolloutId: 'r1', bytes: 32_768, text: '' });
    world.add({ kind: 'turned-back', atMs, rolloutId: 'r1', historyEvents: 18_000 });
    rollout.takeBack().ended('ROLLED_BACK');
    return world.trace();
  }),
  holds('S15', 'a real audit turns back at the limit', (world) => {
    world.rollout().started().shift(0).judged(0, 'roll-back', { historyEvents: 18_010 });
    return world.unwatched();
  }),
  breaks('S15', 'a document over the cap', (world) => {
    world.add({ kind: 'passed-on', atMs: world.nowMs, rolloutId: 'r1', bytes: 32_769, text: '' });
    return [world.trace(), world.last];
  }),
  breaks('S15', 'the way back begins too late', (world) => {
    world.add({ kind: 'turned-back', atMs: world.nowMs, rolloutId: 'r1', historyEvents: 18_001 });
    return [world.trace(), world.last];
  }),
  breaks('S15', 'a judgement goes on at the limit', (world) => {
    world.rollout().started().shift(0).judged(0, 'bake-slowly', { historyEvents: 18_000 });
    return [world.trace(), world.last];
  }),
  breaks('S15', 'the way back writes without a pause', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE);
    for (let i = 0; i <= 30; i += 1) rollout.took(RESTORE);
    return [world.trace(), world.last];
  }),

  holds('S20', 'the same writes at other times', (world) => {
    world.rollout().goesBack();
    const quietTwin = world.trace();
    const moments = quietTwin.moments.map((moment) => ({ ...moment, atMs: moment.atMs + 5000 }));
    return { ...quietTwin, moments, quietTwin };
  }),
  breaks('S20', 'another write where people could be told', (world) => {
    const rollout = world.rollout().started().shift(0);
    const quietTwin = world.trace();
    rollout.takeBack();
    const at = world.last - 1;
    return [world.trace({ quietTwin }), at];
  }),
  breaks('S20', 'a write is missing where people could not be told', (world) => {
    const rollout = world.rollout().started().shift(0);
    const trace = world.trace();
    rollout.takeBack();
    return [{ ...trace, quietTwin: world.trace() }, null];
  }),
];
