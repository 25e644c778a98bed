// S6, S10: what an end stands for.
import { liveAt, PROMOTE, RESTORE, sharesOf } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

export const END_CASES: readonly Case[] = [
  holds('S6', 'nothing of it gives the canary traffic again', (world) => {
    world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).goesWell();
    return world.trace();
  }),
  holds('S6', 'a shift that was overtaken is recorded late in a real audit', (world) => {
    const rollout = world.rollout().started();
    const late = rollout.shiftTo(0);
    rollout
      .intent(late)
      .takeBack()
      .ended('ROLLED_BACK')
      .outcome({ ...late, epoch: 1 });
    return world.unwatched();
  }),
  breaks('S6', 'a shift in flight lands after the end', (world) => {
    const rollout = world.rollout().started();
    const late = rollout.shiftTo(0);
    rollout
      .intent(late)
      .takeBack()
      .ended('ROLLED_BACK')
      .took({ ...late, epoch: 1 });
    return [world.trace(), world.last];
  }),
  breaks('S6', 'the pointer is moved to the canary of an aborted rollout', (world) => {
    world.rollout().started().shift(0).takeBack().ended('ABORTED').took(PROMOTE);
    return [world.trace(), world.last];
  }),
  breaks('S6', 'a real audit announces a weight after the end', (world) => {
    const rollout = world.rollout().goesBack();
    rollout.intent(rollout.shiftTo(1));
    const trace = world.unwatched();
    return [trace, trace.moments.length - 1];
  }),

  holds('S10', 'all traffic on stable was read back', (world) => {
    world.rollout().goesBack();
    return world.trace();
  }),
  holds('S10', 'the way back is repeated after its outcome stands', (world) => {
    world.rollout().started().shift(0).takeBack().took(RESTORE).ended('ROLLED_BACK');
    return world.trace();
  }),
  holds('S10', 'the sweeper took back once more what was back already', (world) => {
    const rollout = world.rollout().started().shift(0).takeBack();
    rollout
      .intent({ ...RESTORE, seq: 8 })
      .took({ ...RESTORE, seq: 8 })
      .ended('ROLLED_BACK');
    return world.trace();
  }),
  holds('S10', 'the sweeper announced in a real audit what was back already', (world) => {
    const rollout = world.rollout().started().shift(0).takeBack();
    rollout.intent({ ...RESTORE, seq: 8 }).ended('ROLLED_BACK');
    return world.unwatched();
  }),
  holds('S10', 'all traffic on the canary was read back', (world) => {
    world.rollout().goesWell();
    return world.unwatched();
  }),
  holds('S10', 'a third version was met', (world) => {
    const rollout = world.rollout().started().shift(0).reverting();
    rollout.intent(RESTORE).outcome(RESTORE, null).ended('SUPERSEDED');
    return world.trace();
  }),
  holds('S10', 'a start that failed took its rule away and looked', (world) => {
    world.rollout().started().takeBack().ended('REJECTED');
    return world.trace();
  }),
  breaks('S10', 'it ends as rolled back before anybody looked', (world) => {
    world.rollout().started().shift(0).reverting().intent(RESTORE).took(RESTORE).ended('ROLLED_BACK');
    return [world.trace(), world.last];
  }),
  breaks('S10', 'it ends as rolled back although a share was read back', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE).took(RESTORE);
    rollout.outcome(RESTORE, liveAt(5)).ended('ROLLED_BACK');
    return [world.trace(), world.last];
  }),
  breaks('S10', 'what was read back is not what the target shows', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE);
    rollout.outcome(RESTORE, liveAt(0)).ended('ROLLED_BACK');
    return [world.trace(), world.last];
  }),
  breaks('S10', 'a later write than the one that was read back came before the end', (world) => {
    const rollout = world.rollout().started().shift(0).takeBack();
    world.byHand(sharesOf(20));
    rollout.took({ ...RESTORE, seq: 8 }).ended('ROLLED_BACK');
    return [world.trace(), world.last];
  }),
  breaks('S10', 'it ends as superseded although nobody else was met', (world) => {
    world.rollout().started().shift(0).takeBack().ended('SUPERSEDED');
    return [world.trace(), world.last];
  }),
  breaks('S10', 'a real audit ends as promoted on half of the traffic', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1).committed();
    rollout.intent(PROMOTE).outcome(PROMOTE, liveAt(50)).ended('PROMOTED');
    const trace = world.unwatched();
    return [trace, trace.moments.length - 1];
  }),
];
