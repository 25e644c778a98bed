// S9, S17, S18: what the target shows after writes of ours.
import { TARGET_ID } from '../../support/rollout-fixtures.ts';
import { liveAt, PROMOTE, RESTORE } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

const HOTFIX = '99';
const OWN_RULE = { lateWrites: { [TARGET_ID]: 0 } };
const STRANGER = liveAt(0, { stablePercent: 0, strangers: [HOTFIX] });

export const TARGET_CASES: readonly Case[] = [
  holds('S9', 'stable keeps the rest of every stage', (world) => {
    world.rollout().started().shift(0).passed(0).shift(1);
    return world.trace();
  }),
  holds('S9', 'stable had traffic whenever a real rollout read back', (world) => {
    world.rollout().goesBack();
    return world.unwatched();
  }),
  breaks('S9', 'a shift leaves nothing on stable', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took(order, { '42': 100 });
    return [world.trace(), world.last];
  }),

  holds('S17', 'stable and canary share all traffic', (world) => {
    world.rollout().goesWell();
    return world.trace();
  }),
  holds('S17', 'tenths of a percent add up', (world) => {
    const rollout = world.rollout({ stages: [{ weightPercent: 0.1, approval: false }] }).started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took(order, { '41': 99.9, '42': 0.1 });
    return world.trace();
  }),
  holds('S17', 'removing the rule of a rollout shows somebody’s hotfix below it', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE);
    rollout
      .took(RESTORE, { [HOTFIX]: 100 })
      .outcome(RESTORE, STRANGER)
      .ended('SUPERSEDED');
    return world.trace(OWN_RULE);
  }),
  holds('S17', 'the end of a promotion shows what somebody wrote below the rule of the rollout', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1).committed();
    const last = { ...PROMOTE, seq: 3 };
    rollout
      .intent(last)
      .took(last, { [HOTFIX]: 100 })
      .outcome(last, null)
      .ended('SUPERSEDED');
    return world.trace(OWN_RULE);
  }),
  breaks(
    'S17',
    'the end of a promotion leaves a third version in the rule that it changes itself',
    (world) => {
      const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1).committed();
      const last = { ...PROMOTE, seq: 3 };
      rollout.intent(last).took(last, { [HOTFIX]: 100 });
      return [world.trace({ lateWrites: { [TARGET_ID]: 161_000 } }), world.last];
    },
  ),
  breaks('S17', 'a shift shows what somebody wrote below the rule of the rollout', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took({ ...order, epoch: 1, seq: 1 }, { [HOTFIX]: 100 });
    return [world.trace(OWN_RULE), world.last];
  }),
  breaks('S17', 'a write leaves traffic on a third version', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took(order, { '41': 90, '42': 5, [HOTFIX]: 5 });
    return [world.trace(), world.last];
  }),
  breaks('S17', 'a write leaves traffic on $LATEST', (world) => {
    const rollout = world.rollout().started();
    rollout.took(rollout.shiftTo(0), { $LATEST: 95, '42': 5 });
    return [world.trace(), world.last];
  }),
  breaks('S17', 'the shares do not add up', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took(order, { '41': 90, '42': 5 });
    return [world.trace(), world.last];
  }),
  breaks('S17', 'a real read-back shows a third version after a shift', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).outcome(order, liveAt(5, { stablePercent: 90, strangers: [HOTFIX] }));
    const trace = world.unwatched();
    return [trace, trace.moments.length - 1];
  }),

  holds('S18', 'a hotfix is left alone, and the rollout ends as superseded', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.byHand({ [HOTFIX]: 100 });
    rollout.reverting().intent(RESTORE).outcome(RESTORE, null).ended('SUPERSEDED');
    return world.trace();
  }),
  holds('S18', 'a hotfix after the last read-back is no business of ours', (world) => {
    const rollout = world.rollout().started().shift(0).takeBack();
    world.byHand({ [HOTFIX]: 100 });
    rollout.ended('ROLLED_BACK');
    const met = world.rollout({ rolloutId: 'r2', epoch: 3 }).started();
    met.reverting().intent(RESTORE).outcome(RESTORE, null).ended('SUPERSEDED');
    return world.trace();
  }),
  holds('S18', 'a write that was on its way hits a hotfix on a target that cannot refuse it', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order);
    world.byHand({ [HOTFIX]: 100 });
    rollout.took(order);
    return world.trace(OWN_RULE);
  }),
  holds('S18', 'a real audit met a third version and gave way', (world) => {
    const rollout = world.rollout().started().shift(0).reverting();
    rollout.intent(RESTORE).outcome(RESTORE, null).ended('SUPERSEDED');
    return world.unwatched();
  }),
  breaks('S18', 'the way back overwrites a hotfix', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.byHand({ [HOTFIX]: 100 });
    rollout.reverting().intent(RESTORE).took(RESTORE);
    return [world.trace(), world.last];
  }),
  breaks(
    'S18',
    'the way back overwrites a hotfix that was there long before, where nothing refuses it',
    (world) => {
      const rollout = world.rollout().started().shift(0);
      world.byHand({ [HOTFIX]: 100 }).wait(200_000);
      rollout.reverting().intent(RESTORE).took(RESTORE);
      return [world.trace(OWN_RULE), world.last];
    },
  ),
  holds('S18', 'a way back that asked the record in vain does not know who fills the slots', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.byHand({ [HOTFIX]: 100 }).wait(200_000);
    rollout.reverting().intent(RESTORE).took(RESTORE);
    return world.blind(OWN_RULE);
  }),
  breaks('S18', 'a way back that asked the record in vain overwrites a hotfix on an alias', (world) => {
    const rollout = world.rollout().started().shift(0);
    world.byHand({ [HOTFIX]: 100 });
    rollout.reverting().intent(RESTORE).took(RESTORE);
    return [world.blind(), world.last];
  }),
  breaks('S18', 'it ends as promoted while a hotfix is live', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1).committed();
    world.byHand({ [HOTFIX]: 100 });
    rollout.intent(PROMOTE).outcome(PROMOTE).ended('PROMOTED');
    return [world.trace(), world.last];
  }),
  breaks('S18', 'a real audit met a third version and ended as rolled back', (world) => {
    const rollout = world.rollout().started().shift(0).reverting();
    rollout.intent(RESTORE).outcome(RESTORE, null);
    const at = world.unwatched().moments.length - 1;
    rollout.ended('ROLLED_BACK');
    return [world.unwatched(), at];
  }),
];
