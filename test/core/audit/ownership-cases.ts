// S1, S2, S16: who may write.
import { TARGET_ID } from '../../support/rollout-fixtures.ts';
import { PREPARE, PROMOTE, RESTORE, sharesOf } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

const NO_CONDITION = { lateWrites: { [TARGET_ID]: 0 } };

export const OWNERSHIP_CASES: readonly Case[] = [
  holds('S1', 'the next rollout takes the lease when the one before has ended', (world) => {
    world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).goesWell();
    return world.trace();
  }),
  holds('S1', 'a second start is refused the lease while the first runs, and has it later', (world) => {
    const first = world.rollout().started();
    const second = world.rollout({ rolloutId: 'r2', epoch: 3 }).opened();
    first.takeBack().ended('ROLLED_BACK');
    second.leased();
    return world.trace();
  }),
  breaks('S1', 'the lease is given away while its owner has not ended', (world) => {
    world.rollout().started().shift(0);
    world.rollout({ rolloutId: 'r2', epoch: 2 }).opened().leased();
    return [world.trace(), world.last];
  }),

  holds('S2', 'epochs and numbers rise over two rollouts', (world) => {
    world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).goesWell();
    return world.trace();
  }),
  holds('S2', 'guard and execution both take back under one epoch', (world) => {
    const rollout = world.rollout().started().shift(0).takeBack();
    rollout
      .took({ ...RESTORE, seq: 7 })
      .took(RESTORE)
      .took(RESTORE);
    return world.trace();
  }),
  holds('S2', 'a way back under the old epoch moves nothing', (world) => {
    world
      .rollout()
      .started()
      .shift(0)
      .takeBack()
      .took({ ...RESTORE, epoch: 1, seq: 1 });
    return world.trace();
  }),
  holds('S2', 'a late shift lands on a target that cannot refuse it', (world) => {
    const rollout = world.rollout().started();
    const late = rollout.shiftTo(0);
    rollout.intent(late).took(late).outcome(late).passed(0).shift(1).took(late);
    return world.trace(NO_CONDITION);
  }),
  holds('S2', 'intents rise in the audit of a real rollout', (world) => {
    world.rollout().goesBack();
    return world.unwatched();
  }),
  breaks('S2', 'a shift that was on its way lands after the way back', (world) => {
    const rollout = world.rollout().started();
    const late = rollout.shiftTo(0);
    rollout
      .intent(late)
      .takeBack()
      .took({ ...late, epoch: 1 });
    return [world.trace(), world.last];
  }),
  breaks('S2', 'another rollout writes under an epoch that is over', (world) => {
    world.rollout({ epoch: 5 }).goesBack();
    const next = world.rollout({ rolloutId: 'r2', epoch: 2 }).started();
    next.took(next.shiftTo(0));
    return [world.trace(NO_CONDITION), world.last];
  }),
  breaks('S2', 'a real audit announces a shift under the old epoch after the way back', (world) => {
    const rollout = world.rollout().started().shift(0).takeBack();
    rollout.intent({ action: 'shift', weightPercent: 50, epoch: 1, seq: 9, stageIndex: 1 });
    const trace = world.unwatched();
    return [trace, trace.moments.length - 1];
  }),

  holds('S16', 'every write falls between lease and end', (world) => {
    world.rollout().goesWell();
    return world.trace();
  }),
  holds('S16', 'a late write after the end changes nobody’s share', (world) => {
    world.rollout().goesWell().took(PROMOTE);
    return world.trace(NO_CONDITION);
  }),
  holds('S16', 'a real audit announces writes while the lease is held', (world) => {
    world.rollout().goesBack();
    return world.unwatched();
  }),
  holds('S16', 'a way back is tried once more after the end, and moves nothing', (world) => {
    world.rollout().goesBack().took(RESTORE);
    return world.trace();
  }),
  breaks(
    'S16',
    'a way back is tried once more after the end, and takes the traffic of the next rollout',
    (world) => {
      const first = world.rollout().goesBack();
      world.rollout({ rolloutId: 'r2', epoch: 3 }).started().shift(0);
      first.took(RESTORE);
      return [world.trace(), world.last];
    },
  ),
  // who cannot ask whether the rollout has ended takes traffic back all the same: towards stable is the safe side
  holds('S16', 'a way back that asked the record in vain comes after the end', (world) => {
    const first = world.rollout().goesBack();
    world.byHand(sharesOf(30));
    first.took(RESTORE);
    return world.blind();
  }),
  holds('S2', 'a way back that asked the record in vain takes back the next rollout', (world) => {
    const first = world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).started().shift(0);
    first.took(RESTORE);
    return world.blind(NO_CONDITION);
  }),
  breaks('S2', 'it does so on an alias, which tells who wrote last', (world) => {
    const first = world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).started().shift(0);
    first.took(RESTORE);
    return [world.blind(), world.last];
  }),
  holds('S2', 'it does so on an alias where somebody wrote last by hand', (world) => {
    const first = world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).started().shift(0);
    world.byHand(sharesOf(30));
    first.took(RESTORE);
    return world.blind();
  }),
  breaks('S2', 'a promotion that changes nobody’s share comes after a later rollout', (world) => {
    const first = world.rollout().goesWell();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).started().shift(0);
    first.took(PROMOTE, sharesOf(5));
    return [world.trace(), world.last];
  }),
  breaks('S16', 'it leaves traffic on the canary after the end', (world) => {
    const first = world.rollout().goesBack();
    world.byHand(sharesOf(30));
    first.took(RESTORE, sharesOf(10));
    return [world.blind(), world.last];
  }),
  breaks('S16', 'a promotion that asked nobody comes after the end', (world) => {
    const first = world.rollout().goesBack();
    world.byHand(sharesOf(30));
    first.took(PROMOTE, sharesOf(0));
    return [world.blind(), world.last];
  }),
  breaks('S16', 'a repeated promotion writes an alias after the end', (world) => {
    world.rollout().goesWell().took(PROMOTE);
    return [world.trace(), world.last];
  }),
  breaks('S16', 'a late way back takes the traffic of the next rollout', (world) => {
    const first = world.rollout().goesBack();
    world.rollout({ rolloutId: 'r2', epoch: 3 }).started().shift(0);
    first.took(RESTORE);
    return [world.trace(NO_CONDITION), world.last];
  }),
  breaks('S16', 'something is written before the lease is taken', (world) => {
    world.rollout().opened().took(PREPARE, sharesOf(0));
    return [world.trace(), world.last];
  }),
  breaks('S16', 'a real audit announces a write after the end', (world) => {
    world
      .rollout()
      .goesBack()
      .intent({ ...RESTORE, seq: 9 });
    const trace = world.unwatched();
    return [trace, trace.moments.length - 1];
  }),
];
