// Plays the record of a rollout once more: the same looks, decided again from what each of them saw, as the rollout was
// judged or under a changed service file.
import { type AuditEntry, type AuditFact, factsOf, type JudgedFact } from '../core/audit/facts.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import type { Period } from '../core/judge/types.ts';
import type { Look } from '../core/look.ts';
import { newestReadings } from '../core/newest-readings.ts';
import type { Rollout } from '../core/rollout.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { plainReason } from '../core/verdict.ts';
import { endFromOutside, type OutsideEnd } from './record-ends.ts';
import { answerable } from './record-policy.ts';
import { firstState } from './record-state.ts';
import { tellInterrupt, tellSignal } from './record-story.ts';
import { exposureUntil, openOutcome, type Replay } from './replay.ts';
import { type Ending, enterStage, look, type Walk } from './replay-walk.ts';

/** A record in which something was judged. */
export interface JudgedRecord extends AuditRecord {
  readonly prepared: Rollout;
}

/** False: no canary traffic was ever judged, so there is nothing to play again. */
export function isJudged(record: AuditRecord): record is JudgedRecord {
  return record.prepared !== null && record.entries.some(({ fact }) => fact.kind === 'judged');
}

export interface RecordReplay {
  readonly replay: Replay;
  /** What the record cannot answer of the service file; empty where it is the one that the rollout was judged by. */
  readonly notes: readonly string[];
}

/**
 * Precondition: the chain of the record is whole, and this release knows its facts.
 * @param asked the service file as it would have been; left out: as the rollout was judged by
 */
export function replayRecord(record: JudgedRecord, asked: ServiceSpec = record.prepared.spec): RecordReplay {
  const { prepared, entries } = record;
  const periods = periodsOf(entries);
  const values = new Set(
    periods.flatMap(({ canary, stable }) =>
      [canary, stable].flatMap((side) => Object.keys(side?.values ?? {})),
    ),
  );
  const { latency } = prepared.judge;
  const { spec, notes } = answerable({ spec: prepared.spec, latency, values }, asked);
  const first = firstState(prepared, spec);
  const walk: Walk = {
    timeline: [],
    rollout: { ...prepared, spec, judge: first.judge },
    hasPassed: false,
  };
  const { ending, outside, lastMs } = walkThrough(walk, entries);
  return {
    replay: toldReplay(walk, periods, { ending, outside, lastMs }),
    notes: [...notes, ...first.notes],
  };
}

interface WalkEnd {
  readonly ending: Ending | null;
  /** What ended the rollout although no look asked for it; null: nothing did, or the walk ended before. */
  readonly outside: OutsideEnd | null;
  /** Of the last look or shift. */
  readonly lastMs: number;
}

function walkThrough(walk: Walk, entries: readonly AuditEntry[]): WalkEnd {
  let decided: Ending | null = null;
  let before: JudgedFact | null = null;
  let lastMs = walk.rollout.startedAtMs;
  for (const [index, { fact }] of entries.entries()) {
    const outside = endFromOutside(entries, index, walk.rollout.spec.checks.alarms);
    if (outside !== null && decided?.outcome !== 'ROLLED_BACK') {
      if (fact.kind === 'latched') tellInterrupt(walk, fact.interrupt);
      return { ending: null, outside, lastMs: outside.atMs };
    }
    if (fact.kind === 'signalled') tellSignal(walk, fact.signal);
    if (fact.kind === 'outcome' && fact.action === 'shift' && fact.seq > walk.rollout.writes) {
      enterStage(walk, fact);
      lastMs = fact.atMs;
    }
    if (!isNext(walk, fact, before)) continue;
    decided = lookAgain(walk, fact, before);
    [before, lastMs] = [fact, fact.atMs];
    if (decided !== null && !isAsRecorded(decided, fact)) break;
  }
  return { ending: decided, outside: null, lastMs };
}

/** Then the record goes on to tell what came of it: the step may have been tried again, or the promotion refused. */
function isAsRecorded({ outcome }: Ending, { next }: JudgedFact): boolean {
  return outcome === 'ROLLED_BACK' ? next === 'roll-back' : next === 'commit-promotion';
}

/** A step that was tried again may be recorded late; what it saw is known by then. Only looks are told by one clock. */
function isNext({ rollout }: Walk, fact: AuditFact, before: JudgedFact | null): fact is JudgedFact {
  if (fact.kind !== 'judged' || fact.stageIndex !== rollout.stage.index) return false;
  return before === null || before.stageIndex !== fact.stageIndex || fact.atMs >= before.atMs;
}

function lookAgain(walk: Walk, fact: JudgedFact, before: JudgedFact | null): Ending | null {
  const { rollout } = walk;
  // the rollout passed as well and then did not shift: it was paused, or the step failed, and it looked again
  if (walk.hasPassed && before?.next === 'shift-traffic') walk.hasPassed = false;
  if (fact.enteredAtMs !== undefined) {
    walk.rollout = { ...rollout, stage: { ...rollout.stage, enteredAtMs: fact.enteredAtMs } };
  }
  return look(walk, seenIn(fact, rollout.spec.checks.alarms));
}

/** Alarms that the changed service file does not name are not looked at. */
function seenIn(fact: JudgedFact, alarms: readonly string[]): Look {
  return {
    nowMs: fact.atMs,
    window: [...fact.periods, ...fact.open],
    metricsProblem: fact.metricsProblem,
    alarms: fact.alarms.filter(({ name }) => alarms.includes(name)),
    unhealthy: fact.unhealthy ?? null,
    doubts: fact.doubts,
    signals: fact.signals,
    leastHistoryEvents: fact.historyEvents,
  };
}

function toldReplay(walk: Walk, periods: readonly Period[], { ending, outside, lastMs }: WalkEnd): Replay {
  const { verdict, stage, shifts } = walk.rollout;
  const endedAtMs = ending?.atMs ?? lastMs;
  const open = openOutcome('data', verdict?.kind === 'pass');
  return {
    outcome: ending?.outcome ?? outside?.outcome ?? open,
    fromMs: shifts[0]?.atMs ?? lastMs,
    endedAtMs,
    weightPercent: stage.weightPercent,
    exposure: exposureUntil(periods, endedAtMs),
    reason:
      ending?.reason ??
      outside?.reason ??
      verdict?.reason ??
      plainReason('The record ends before anything was judged.'),
    checks: verdict?.checks ?? [],
    timeline: walk.timeline,
  };
}

/** One may be recorded long after its own instant. */
function periodsOf(entries: readonly AuditEntry[]): readonly Period[] {
  const looks = factsOf(entries, 'judged').toSorted((a, b) => a.atMs - b.atMs);
  return newestReadings(looks.map(({ periods, open }) => [...periods, ...open]));
}
