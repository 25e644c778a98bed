// S12, S13, S19, S21: what the record owes.
import { afterShift } from '../../../src/core/after-shift.ts';
import { factsOf } from '../../../src/core/audit/facts.ts';
import type { Moment, Trace } from '../../../src/core/audit/trace.ts';
import { judgedFact, type Look, takeLook } from '../../../src/core/look.ts';
import { NO_SIGNALS } from '../../../src/core/signals.ts';
import { counts, rolloutDocument, TARGET_ID } from '../../support/rollout-fixtures.ts';
import type { TraceBuilder } from '../../support/trace-builder.ts';
import { PREPARE, RESTORE } from '../../support/trace-orders.ts';
import { breaks, type Case, holds } from './case.ts';

const IN_PLACE = { lateWrites: { [TARGET_ID]: 161_000 } };

function without(trace: Trace, at: number): Trace {
  return { ...trace, moments: trace.moments.toSpliced(at, 1) };
}

function placeOf(trace: Trace, kind: string): number {
  return trace.moments.findIndex((moment) => factKind(moment) === kind);
}

function factKind(moment: Moment): string {
  return moment.kind === 'recorded' ? moment.entry.fact.kind : moment.kind;
}

/** One shift and one look at it, as the steps record them, on what the canary did. */
function looked(world: TraceBuilder, canaryErrors: number): Pick<Trace, 'prepared'> {
  const prepared = rolloutDocument('r1');
  const rollout = world.rollout().started().shift(0);
  const [shift] = factsOf(rollout.entries, 'outcome').slice(-1);
  if (shift === undefined) throw new Error('nothing was shifted');
  const document = afterShift(prepared, shift);
  const period = {
    startMs: shift.atMs,
    seconds: 60,
    weightPercent: 5,
    stable: counts(9500, 10),
    canary: counts(500, canaryErrors),
  };
  const look: Look = {
    nowMs: shift.atMs + 600_000,
    window: [period],
    metricsProblem: null,
    alarms: [{ name: 'Checkout5xx', state: 'OK', reason: 'quiet', updatedAtMs: null }],
    unhealthy: null,
    doubts: [],
    signals: NO_SIGNALS,
    leastHistoryEvents: 30,
  };
  rollout.record(judgedFact(document, look, takeLook(document, look)));
  return { prepared: { r1: prepared } };
}

export const AUDIT_CASES: readonly Case[] = [
  holds('S12', 'each fact once, the end told twice in the same words', (world) => {
    const rollout = world.rollout().goesBack();
    const { nowMs: atMs } = world;
    rollout.published('rollout-rolled-back', { atMs }).published('rollout-rolled-back', { atMs });
    return world.trace();
  }),
  holds('S12', 'a start without a record is refused twice, each time for a reason of its own', (world) => {
    world
      .rollout()
      .published('rollout-rejected')
      .published('rollout-rejected', { sentence: 'Not started: throttled.' });
    return world.trace();
  }),
  holds('S12', 'the record of a refused start comes late, and is closed in its own words', (world) => {
    const rollout = world.rollout().published('rollout-rejected').opened();
    rollout
      .ended('REJECTED')
      .published('rollout-rejected', { sentence: 'Not started: the execution ended.' });
    return world.trace();
  }),
  breaks('S12', 'a start is told as refused and then rolled out', (world) => {
    const rollout = world.rollout().published('rollout-rejected');
    const at = world.last;
    rollout.goesWell();
    return [world.trace(), at];
  }),
  breaks('S12', 'more than a refusal is told of a start without a record', (world) => {
    world.rollout().published('rollout-rolled-back');
    return [world.trace(), world.last];
  }),
  breaks('S12', 'a fact is recorded twice', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).intent(order);
    return [world.trace(), world.last];
  }),
  breaks('S12', 'a rollout ends twice', (world) => {
    world.rollout().goesBack().ended('PROMOTED');
    return [world.trace(), world.last];
  }),
  breaks('S12', 'the end is told again in other words', (world) => {
    const rollout = world.rollout().goesBack().published('rollout-rolled-back');
    rollout.published('rollout-rolled-back');
    return [world.trace(), world.last];
  }),
  breaks('S12', 'another end is told than the one on record', (world) => {
    world.rollout().goesBack().published('rollout-promoted');
    return [world.unwatched(), world.unwatched().moments.length - 1];
  }),

  holds('S13', 'each write is announced and read back', (world) => {
    world.rollout().goesWell();
    return world.trace();
  }),
  holds('S13', 'a shift was overtaken: the way back tells what it found', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.intent(order).took(order).takeBack().ended('ROLLED_BACK');
    return world.trace();
  }),
  holds('S13', 'traffic went back while the record was away, and a gap says so', (world) => {
    const rollout = world.rollout().started().shift(0);
    rollout
      .took({ ...RESTORE, epoch: 2, seq: 2 })
      .takeBack()
      .gap()
      .ended('ROLLED_BACK');
    return world.trace();
  }),
  holds('S13', 'what was not recorded changed nothing', (world) => {
    const rollout = world.rollout().started();
    rollout
      .took({ ...RESTORE, epoch: 2, seq: 1 })
      .takeBack()
      .ended('ROLLED_BACK');
    return world.trace();
  }),
  holds('S13', 'in place a late shift lands after the read-back that stands', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout
      .intent(order)
      .takeBack()
      .took({ ...order, epoch: 1 });
    rollout.took(RESTORE).ended('ROLLED_BACK');
    return world.trace(IN_PLACE);
  }),
  holds('S13', 'a real audit is whole', (world) => {
    world.rollout().goesWell();
    return world.unwatched();
  }),
  breaks('S13', 'an entry is missing', (world) => {
    world.rollout().goesBack();
    const trace = world.unwatched();
    const at = placeOf(trace, 'latched');
    return [without(trace, at), at];
  }),
  breaks('S13', 'an entry follows another one than it names', (world) => {
    world.rollout().goesBack();
    const trace = world.unwatched();
    const at = placeOf(trace, 'latched');
    const moments = trace.moments.map((moment, i) =>
      moment.kind === 'recorded' && i === at - 1
        ? { ...moment, entry: { ...moment.entry, hash: 'another' } }
        : moment,
    );
    return [{ ...trace, moments }, at];
  }),
  breaks('S13', 'a shift takes effect that is announced only afterwards', (world) => {
    const rollout = world.rollout().started();
    const order = rollout.shiftTo(0);
    rollout.took(order);
    const at = world.last;
    rollout.intent(order).outcome(order);
    return [world.trace(), at];
  }),
  breaks('S13', 'traffic went back unannounced and no gap says so', (world) => {
    const rollout = world
      .rollout()
      .started()
      .shift(0)
      .took({ ...RESTORE, epoch: 2, seq: 2 });
    const at = world.last;
    rollout.takeBack().ended('ROLLED_BACK');
    return [world.trace(), at];
  }),
  breaks('S13', 'the outcome is recorded before the write', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE);
    rollout.outcome(RESTORE).took(RESTORE);
    const at = world.last;
    rollout.ended('ROLLED_BACK');
    return [world.trace(), at];
  }),
  breaks('S13', 'a gap on the way forward', (world) => {
    world.rollout().started().shift(0).gap();
    return [world.trace(), world.last];
  }),
  breaks('S13', 'a real audit ends although an announced write was never read back', (world) => {
    const rollout = world.rollout().started().shift(0).reverting().intent(RESTORE);
    const at = world.unwatched().moments.length - 1;
    rollout.ended('ROLLED_BACK');
    return [world.unwatched(), at];
  }),

  holds('S19', 'plain documents, records and events', (world) => {
    const rollout = world.rollout().goesBack().published('rollout-rolled-back');
    const text = JSON.stringify({ rolloutId: rollout.rolloutId });
    world.add({ kind: 'passed-on', atMs: world.nowMs, rolloutId: 'r1', bytes: text.length, text });
    return world.trace();
  }),
  breaks('S19', 'a document carries an access key', (world) => {
    world.rollout().started();
    const text = JSON.stringify({ failure: { Cause: 'denied for AKIAIOSFODNN7EXAMPLE' } });
    world.add({ kind: 'passed-on', atMs: world.nowMs, rolloutId: 'r1', bytes: text.length, text });
    return [world.trace(), world.last];
  }),
  breaks('S19', 'a record carries a password', (world) => {
    world.rollout().started().shift(0).reverting().gap('503 from https://deploy:hunter2@example.com');
    return [world.unwatched(), world.unwatched().moments.length - 1];
  }),
  breaks('S19', 'an event carries a token', (world) => {
    const sentence = 'denied: Authorization: Bearer abcdefgh12345678';
    world.rollout().started().published('rollback-delayed', { sentence });
    return [world.trace(), world.last];
  }),
  breaks('S13', 'the rule of a rollout is made without being announced', (world) => {
    world.rollout().opened().leased().prepared().took(PREPARE, { '41': 100 });
    return [world.trace(), world.last];
  }),

  holds('S21', 'a good canary is judged again as it was', (world) => {
    const more = looked(world, 0);
    return world.trace(more);
  }),
  holds('S21', 'a bad canary of a real audit is judged again as it was', (world) => {
    const more = looked(world, 200);
    return world.unwatched(more);
  }),
  breaks('S21', 'another count stands in the record than the one that was judged', (world) => {
    const more = looked(world, 200);
    const trace = world.trace(more);
    const text = JSON.stringify(trace.moments).replace('"errors":200', '"errors":0');
    return [{ ...trace, moments: JSON.parse(text) }, world.last];
  }),
];
