// S3, S4, S5, S7: what allows which weight.
import { TARGET_ID } from '../../support/rollout-fixtures.ts';
import { approvals, liveAt, PROMOTE, RESTORE, sharesOf, verdict } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

const IN_PLACE = { lateWrites: { [TARGET_ID]: 161_000 } };
const OWN_RULE = { lateWrites: { [TARGET_ID]: 0 } };

export const ORDER_CASES: readonly Case[] = [
  holds('S3', 'each weight was announced, all traffic comes after the commit', (world) => {
    world.rollout().goesWell();
    return world.trace();
  }),
  holds('S3', 'what was read back in a real audit was announced', (world) => {
    world.rollout().goesWell();
    return world.unwatched();
  }),
  breaks('S3', 'a shift lands that nobody announced', (world) => {
    const rollout = world.rollout().started();
    rollout.took(rollout.shiftTo(0));
    return [world.trace(), world.last];
  }),
  breaks('S3', 'a shift gives more than was announced', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took(order, sharesOf(25));
    return [world.trace(), world.last];
  }),
  breaks('S3', 'the pointer is moved before the commit', (world) => {
    world
      .rollout()
      .started()
      .shift(0)
      .passed(0)
      .shift(1)
      .passed(1)
      .took({ ...PROMOTE, seq: 3 });
    return [world.trace(), world.last];
  }),
  breaks('S3', 'the pointer is moved before the commit, where the end shows the rule below', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1);
    rollout.took({ ...PROMOTE, seq: 3 });
    return [world.trace(OWN_RULE), world.last];
  }),
  breaks('S3', 'the rule of a rollout is made with traffic on it', (world) => {
    world.rollout().started().took({ action: 'prepare', weightPercent: 0, seq: 0 }, sharesOf(5));
    return [world.trace(), world.last];
  }),

  holds('S4', 'stages follow each other, each earned', (world) => {
    world.rollout().goesWell();
    return world.trace();
  }),
  holds('S4', 'the policy lets an inconclusive stage go on', (world) => {
    const rollout = world.rollout({ onInconclusive: 'advance' }).started().shift(0);
    rollout.passed(0, { verdict: verdict('inconclusive') }).shift(1);
    return world.unwatched();
  }),
  holds('S4', 'a person lets an inconclusive stage go on', (world) => {
    const rollout = world.rollout().started().shift(0);
    rollout.judged(0, 'bake', { verdict: verdict('inconclusive') }).signalled('approve');
    rollout.passed(0, { verdict: verdict('inconclusive'), signals: approvals(0) }).shift(1);
    return world.trace();
  }),
  breaks('S4', 'a stage is left out', (world) => {
    const rollout = world.rollout().started();
    rollout.intent(rollout.shiftTo(1));
    return [world.trace(), world.last];
  }),
  breaks('S4', 'a stage is announced at another weight than planned', (world) => {
    const rollout = world.rollout().started();
    rollout.intent({ ...rollout.shiftTo(0), weightPercent: 20 });
    return [world.trace(), world.last];
  }),
  breaks('S4', 'the next stage comes without a judgement', (world) => {
    const rollout = world.rollout().started().shift(0);
    rollout.intent(rollout.shiftTo(1));
    return [world.trace(), world.last];
  }),
  breaks('S4', 'the next stage comes on a hold', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .passed(0, { verdict: verdict('hold') });
    rollout.intent(rollout.shiftTo(1));
    return [world.trace(), world.last];
  }),
  breaks('S4', 'an inconclusive stage goes on although the policy asks and nobody answered', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .passed(0, { verdict: verdict('inconclusive') });
    rollout.intent(rollout.shiftTo(1));
    return [world.trace(), world.last];
  }),
  breaks('S4', 'one judgement is used twice', (world) => {
    const stages = [5, 25, 50].map((weightPercent) => ({ weightPercent, approval: false }));
    const rollout = world.rollout({ stages }).started().shift(0).passed(0).shift(1);
    rollout.intent(rollout.shiftTo(2));
    return [world.trace(), world.last];
  }),

  holds('S5', 'after the wish to stop there is only the way back', (world) => {
    world.rollout().goesBack();
    return world.trace();
  }),
  holds('S5', 'a real audit goes back and nowhere else', (world) => {
    world.rollout().goesBack();
    return world.unwatched();
  }),
  holds(
    'S5',
    'a late shift lands in place before the quarantine is over, and is taken back again',
    (world) => {
      const rollout = world.rollout().started();
      const late = rollout.shiftTo(0);
      rollout
        .intent(late)
        .takeBack()
        .took({ ...late, epoch: 1 });
      rollout.took(RESTORE).ended('ROLLED_BACK');
      return world.trace(IN_PLACE);
    },
  ),
  holds('S5', 'a shift was on its way while a third version was left alone', (world) => {
    const rollout = world.rollout().started();
    const shift = { ...rollout.shiftTo(0), epoch: 1, seq: 1 };
    rollout.intent(shift);
    world.byHand({ 99: 100 });
    rollout.reverting().intent(RESTORE).outcome(RESTORE, null).took(shift);
    const again = { ...RESTORE, seq: 3 };
    rollout.intent(again).took(again).outcome(again).ended('ROLLED_BACK');
    return world.trace(OWN_RULE);
  }),
  breaks('S5', 'a shift is announced after the wish to stop', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).latched();
    rollout.intent(rollout.shiftTo(1));
    return [world.trace(), world.last];
  }),
  breaks('S5', 'the promotion is committed after the way back was opened', (world) => {
    world.rollout().started().shift(0).reverting().committed();
    return [world.trace(), world.last];
  }),
  breaks('S5', 'a shift in flight lands after the way back', (world) => {
    const rollout = world.rollout().started();
    const late = rollout.shiftTo(0);
    rollout
      .intent(late)
      .takeBack()
      .took({ ...late, epoch: 1 });
    return [world.trace(), world.last];
  }),
  breaks(
    'S5',
    'a late shift lands on the rule of the rollout after it was taken away and read back',
    (world) => {
      const rollout = world.rollout().started();
      const late = rollout.shiftTo(0);
      rollout
        .intent(late)
        .takeBack()
        .took({ ...late, epoch: 1 });
      return [world.trace(OWN_RULE), world.last];
    },
  ),

  holds('S7', 'every stage passed, all traffic was read back', (world) => {
    world.rollout().goesWell();
    return world.trace();
  }),
  holds('S7', 'a real audit shows it', (world) => {
    world.rollout().goesWell();
    return world.unwatched();
  }),
  breaks('S7', 'it is promoted without a commit', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1);
    rollout.outcome(PROMOTE).ended('PROMOTED');
    return [world.trace(), world.last];
  }),
  breaks('S7', 'it is promoted over a latched wish to stop', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1);
    rollout.latched().promote().ended('PROMOTED');
    return [world.trace(), world.last];
  }),
  breaks('S7', 'the last stage was never judged', (world) => {
    world.rollout().started().shift(0).passed(0).shift(1).promote().ended('PROMOTED');
    return [world.trace(), world.last];
  }),
  breaks('S7', 'it is promoted before the target was read back', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1);
    rollout.committed().took(PROMOTE).ended('PROMOTED');
    return [world.trace(), world.last];
  }),
  breaks('S7', 'it is promoted although half of the traffic was read back', (world) => {
    const rollout = world.rollout().started().shift(0).passed(0).shift(1).passed(1);
    rollout.committed().took(PROMOTE).outcome(PROMOTE, liveAt(50)).ended('PROMOTED');
    return [world.trace(), world.last];
  }),
];
