// Property: a world in which everything is done as it should be breaks no invariant, whatever happens in it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstBroken } from '../../../src/audit-chain.ts';
import { checkTrace, INVARIANTS, invariantsWith } from '../../../src/core/audit/invariants.ts';
import { sameWrites } from '../../../src/core/audit/invariants-people.ts';
import { TARGET_ID } from '../../support/rollout-fixtures.ts';
import type { RolloutTeller } from '../../support/rollout-teller.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';
import { approvals, RESTORE, verdict } from '../../support/trace-orders.ts';

interface StagePlan {
  readonly holds: number;
  readonly isApproved: boolean;
  readonly isInconclusive: boolean;
  /** The shift was sent again after its answer was lost. */
  readonly isRepeated: boolean;
}

type Fate =
  | 'promoted'
  | 'rolled back'
  | 'aborted'
  | 'superseded'
  /** The record cannot be reached when traffic goes back. */
  | 'back without the record'
  /** Guard and execution both take back, each twice. */
  | 'back by many'
  /** The last shift was announced and never took effect. */
  | 'back before the shift'
  | 'rejected';

interface Life {
  readonly stages: readonly StagePlan[];
  readonly fate: Fate;
  /** Stage in which it turns, if it does. */
  readonly turnsAt: number;
  readonly pauseMs: number;
}

const FATES: readonly Fate[] = [
  'promoted',
  'rolled back',
  'aborted',
  'superseded',
  'back without the record',
  'back by many',
  'back before the shift',
  'rejected',
];

const arbLife: fc.Arbitrary<Life> = fc.record({
  stages: fc.array(
    fc.record({
      holds: fc.nat(3),
      isApproved: fc.boolean(),
      isInconclusive: fc.boolean(),
      isRepeated: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  fate: fc.constantFrom(...FATES),
  turnsAt: fc.nat(3),
  pauseMs: fc.nat(600_000),
});

function live(world: TraceBuilder, place: number, life: Life): RolloutTeller {
  const stages = life.stages.map(({ isApproved }, i) => ({
    weightPercent: 5 + 20 * i,
    approval: isApproved,
  }));
  const rollout = world.rollout({ rolloutId: `r${place}`, epoch: 1 + 2 * place, stages }).started();
  if (life.fate === 'rejected') return rollout.takeBack().ended('REJECTED');
  const last = life.fate === 'promoted' ? stages.length - 1 : Math.min(life.turnsAt, stages.length - 1);
  for (const [index, plan] of life.stages.slice(0, last + 1).entries()) {
    if (life.fate === 'back before the shift' && index === last) rollout.intent(rollout.shiftTo(index));
    else bake(rollout, index, plan, index < last || life.fate === 'promoted');
  }
  if (life.fate === 'promoted') return rollout.wait(life.pauseMs).promote().ended('PROMOTED');
  return turn(rollout.wait(life.pauseMs), life.fate);
}

function bake(rollout: RolloutTeller, index: number, plan: StagePlan, goesOn: boolean): void {
  const order = rollout.shiftTo(index);
  rollout.intent(order).took(order);
  if (plan.isRepeated) rollout.took(order);
  rollout.outcome(order);
  for (let i = 0; i < plan.holds; i += 1) rollout.judged(index, 'bake');
  if (!goesOn) return;
  const isAnswered = plan.isApproved || plan.isInconclusive;
  if (plan.isInconclusive) rollout.judged(index, 'bake', { verdict: verdict('inconclusive') });
  if (isAnswered) rollout.signalled('approve', index);
  const signals = isAnswered ? approvals(index) : approvals();
  rollout.passed(index, { signals, verdict: verdict(plan.isInconclusive ? 'inconclusive' : 'pass') });
}

function turn(rollout: RolloutTeller, fate: Fate): RolloutTeller {
  const { world } = rollout;
  switch (fate) {
    case 'superseded':
      world.byHand({ '99': 100 });
      rollout.latched().reverting().intent(RESTORE).outcome(RESTORE, null);
      world.byHand({ '41': 100 });
      return rollout.ended('SUPERSEDED');
    case 'back without the record':
      rollout.took({ ...RESTORE, epoch: rollout.epoch + 1, seq: rollout.seq + 1 });
      return rollout.takeBack().gap().ended('ROLLED_BACK');
    case 'back by many':
      rollout.latched().reverting().intent(RESTORE).took(RESTORE).took(RESTORE);
      rollout.intent({ ...RESTORE, seq: rollout.seq + 1 }).took({ ...RESTORE, seq: rollout.seq + 1 });
      rollout.outcome(RESTORE).outcome({ ...RESTORE, seq: rollout.seq + 1 });
      return rollout.took(RESTORE).ended('ROLLED_BACK');
    case 'aborted':
      return rollout.latched(null).takeBack().ended('ABORTED');
    default:
      return rollout.takeBack().ended('ROLLED_BACK');
  }
}

const WITH_HASHES = invariantsWith(firstBroken);

describe('an honest world', () => {
  it('breaks nothing, watched or from its audits alone', () => {
    fc.assert(
      fc.property(fc.array(arbLife, { minLength: 1, maxLength: 3 }), (lives) => {
        const world = new TraceBuilder();
        const rollouts = lives.map((life, place) => live(world, place, life));
        const settled = world.settled(
          rollouts.map((rollout) => rollout.end()),
          { healedAtMs: 0 },
        );
        expect(checkTrace(world.trace({ settled }), WITH_HASHES).violations).toEqual([]);
        expect(checkTrace(world.unwatched(), WITH_HASHES).violations).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds most invariants something to check', () => {
    const world = new TraceBuilder();
    const plan: StagePlan = { holds: 1, isApproved: true, isInconclusive: false, isRepeated: true };
    const lives = FATES.map((fate): Life => ({ stages: [plan, plan], fate, turnsAt: 1, pauseMs: 0 }));
    const rollouts = lives.map((life, place) => live(world, place, life));
    const settled = world.settled(rollouts.map((rollout) => rollout.end()));
    const { results } = checkTrace(world.trace({ settled }));
    const silent = results.filter(({ evaluations }) => evaluations === 0).map(({ id }) => id);
    // these need what such a world does not have: a twin, documents, dead executions, events, questions
    expect(silent).toEqual(['S20', 'S21', 'L3', 'L5', 'L6']);
  });
});

describe('the chain of a record', () => {
  it('is followed by its hashes where they can be computed: any changed fact is found, with its entry', () => {
    const world = new TraceBuilder();
    world.rollout().goesWell();
    const trace = world.unwatched();
    fc.assert(
      fc.property(fc.nat(trace.moments.length - 1), (at) => {
        const moments = trace.moments.map((moment, i) =>
          moment.kind === 'recorded' && i === at
            ? { ...moment, entry: { ...moment.entry, fact: { ...moment.entry.fact, touched: true } } }
            : moment,
        );
        const { violations } = checkTrace({ ...trace, moments }, WITH_HASHES);
        expect(violations.filter(({ invariant }) => invariant === 'S13')).toEqual([
          {
            invariant: 'S13',
            momentIndex: at,
            sentence: `r1, entry ${at}: its content is not what was written`,
          },
        ]);
      }),
    );
  });

  it('is followed by its links alone in the core', () => {
    expect(INVARIANTS.map(({ id }) => id)).toEqual(WITH_HASHES.map(({ id }) => id));
  });
});

describe('the writes of two runs', () => {
  it('are the same, or differ first in a place that is named', () => {
    const world = new TraceBuilder();
    const rollout = world.rollout().started().shift(0);
    const short = world.trace();
    expect(sameWrites(short, short)).toBeNull();
    rollout.takeBack();
    const long = world.trace();
    expect(sameWrites(short, long)).toEqual({
      momentIndex: null,
      sentence: `write 1 is missing, and restore r1/2/2 on ${TARGET_ID} (41 100 %, 42 0 %) in the other run`,
    });
    expect(sameWrites(long, short)).toMatchObject({ momentIndex: world.last - 1 });
  });
});
