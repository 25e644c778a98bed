// S8, S11: what a judgement and a stop may lean on.
import type { AlarmReading } from '../../../src/core/judge/types.ts';
import { START_MS } from '../../support/rollout-fixtures.ts';
import { verdict } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

function alarm(state: AlarmReading['state']): readonly AlarmReading[] {
  return [{ name: 'Checkout5xx', state, reason: 'as it is', updatedAtMs: null }];
}

export const EVIDENCE_CASES: readonly Case[] = [
  holds('S8', 'a pass rests on requests, whole metrics and a quiet alarm', (world) => {
    world.rollout().started().shift(0).passed(0);
    return world.trace();
  }),
  holds('S8', 'the requests came in an earlier tick', (world) => {
    world.rollout().started().shift(0).judged(0, 'bake').passed(0, { periods: [] });
    return world.trace();
  }),
  holds('S8', 'an accepted alarm fires', (world) => {
    const rollout = world
      .rollout({ acceptedAlarms: ['Checkout5xx'] })
      .started()
      .shift(0);
    rollout.passed(0, { alarms: alarm('ALARM') });
    return world.unwatched();
  }),
  breaks('S8', 'it passes without a request of the canary', (world) => {
    world.rollout().started().shift(0).passed(0, { periods: [] });
    return [world.trace(), world.last];
  }),
  breaks('S8', 'it passes on metrics with a hole', (world) => {
    world.rollout().started().shift(0).passed(0, { metricsProblem: 'PartialData' });
    return [world.trace(), world.last];
  }),
  breaks('S8', 'it passes while an alarm does not know', (world) => {
    world
      .rollout()
      .started()
      .shift(0)
      .passed(0, { alarms: alarm('INSUFFICIENT_DATA') });
    return [world.trace(), world.last];
  }),
  breaks('S8', 'it passes while an alarm is gone', (world) => {
    world
      .rollout()
      .started()
      .shift(0)
      .passed(0, { alarms: alarm('MISSING') });
    return [world.trace(), world.last];
  }),
  breaks('S8', 'an accepted alarm that was quiet fires again', (world) => {
    const rollout = world
      .rollout({ acceptedAlarms: ['Checkout5xx'] })
      .started()
      .shift(0);
    rollout.judged(0, 'bake').passed(0, { alarms: alarm('ALARM') });
    return [world.trace(), world.last];
  }),
  breaks('S8', 'a doubt advances', (world) => {
    const doubts = ['the sweeper was last seen 12 min ago'];
    world.rollout().started().shift(0).passed(0, { doubts });
    return [world.trace(), world.last];
  }),
  breaks('S8', 'a doubt advances where the policy lets inconclusive stages go on', (world) => {
    const rollout = world.rollout({ onInconclusive: 'advance' }).started().shift(0);
    rollout.passed(0, { doubts: ['the target could not be read'], verdict: verdict('inconclusive') });
    return [world.trace(), world.last];
  }),

  holds('S11', 'the alarm fired while it ran', (world) => {
    world.rollout().goesBack();
    return world.trace();
  }),
  holds('S11', 'the alarm fired in the instant of the start', (world) => {
    world.rollout().started().latched(START_MS);
    return world.unwatched();
  }),
  breaks('S11', 'an event of yesterday stops it', (world) => {
    world
      .rollout()
      .started()
      .latched(START_MS - 1);
    return [world.trace(), world.last];
  }),
];
