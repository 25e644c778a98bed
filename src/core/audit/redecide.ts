// Decides a recorded rollout again, from what its record says was seen, and compares with what it did.
import { afterShift } from '../after-shift.ts';
import { takeLook } from '../look.ts';
import type { Rollout } from '../rollout.ts';
import type { AuditEntry, JudgedFact } from './facts.ts';

export interface Redecided {
  /** Judgements that were decided again. */
  readonly decisions: number;
  /** The first entry that comes out differently, and how; null when all come out as recorded. */
  readonly difference: { readonly n: number; readonly why: string } | null;
}

/** A step that was tried again, or answered late, starts from one of this many documents. */
const MAX_STARTS = 240;

/** A document, and the instant of the look or shift that it comes from: a fact may be recorded long after its own. */
interface Start {
  readonly rollout: Rollout;
  readonly atMs: number;
}

/**
 * Folds shifts and judgements over the document as it was prepared and recomputes every verdict, what follows from it,
 * and the history that is used then. What a step answered may be lost and the step be tried again from the document
 * before; so each judgement may start from any of the latest documents, the newest one before it first.
 */
export function redecide(prepared: Rollout, entries: readonly AuditEntry[]): Redecided {
  let starts: readonly Start[] = [{ rollout: prepared, atMs: -Infinity }];
  let decisions = 0;
  for (const { n, fact } of entries) {
    if (fact.kind === 'outcome' && fact.action === 'shift') {
      const shifted = starts
        .filter(({ rollout }) => rollout.writes === fact.seq - 1)
        .map(({ rollout }) => ({ rollout: afterShift(rollout, fact), atMs: fact.atMs }));
      starts = newestFirst([...shifted, ...starts]);
    }
    if (fact.kind !== 'judged') continue;
    decisions += 1;
    const again = decideAgain(starts, fact);
    if (typeof again === 'string') return { decisions, difference: { n, why: again } };
    starts = newestFirst([{ rollout: again, atMs: fact.atMs }, ...starts]);
  }
  return { decisions, difference: null };
}

function newestFirst(starts: readonly Start[]): readonly Start[] {
  return starts.toSorted((a, b) => b.atMs - a.atMs).slice(0, MAX_STARTS);
}

/** The document that follows, or how the closest attempt differs from the record. */
function decideAgain(starts: readonly Start[], fact: JudgedFact): Rollout | string {
  const inStage = starts.filter(({ rollout }) => rollout.stage.index === fact.stageIndex);
  // clocks of functions differ, so what seems to come later is not left out
  const [before, after] = [
    inStage.filter(({ atMs }) => atMs < fact.atMs),
    inStage.filter(({ atMs }) => atMs >= fact.atMs),
  ];
  let firstWhy: string | null = null;
  for (const { rollout } of [...before, ...after]) {
    const { judgement, decision } = takeLook(entered(rollout, fact), {
      nowMs: fact.atMs,
      window: [...fact.periods, ...fact.open],
      metricsProblem: fact.metricsProblem,
      alarms: fact.alarms,
      unhealthy: fact.unhealthy ?? null,
      doubts: fact.doubts,
      signals: fact.signals,
      leastHistoryEvents: fact.historyEvents,
    });
    const why = differenceOf(fact, judgement.verdict.kind, decision.rollout);
    if (why === null) return decision.rollout;
    firstWhy ??= why;
  }
  return firstWhy ?? `stage ${fact.stageIndex + 1} was judged, and no recorded shift leads there`;
}

/** The same shift may have been told twice, and the document has the later instant. */
function entered(start: Rollout, { enteredAtMs }: JudgedFact): Rollout {
  return enteredAtMs === undefined ? start : { ...start, stage: { ...start.stage, enteredAtMs } };
}

function differenceOf(
  fact: JudgedFact,
  kind: JudgedFact['verdict']['kind'],
  { next, historyEvents }: Rollout,
): string | null {
  if (kind !== fact.verdict.kind) return `the verdict is ${kind}, and ${fact.verdict.kind} is recorded`;
  if (next !== fact.next) return `what follows is ${next}, and ${fact.next} is recorded`;
  if (historyEvents === fact.historyEvents) return null;
  return `${historyEvents} history events are used, and ${fact.historyEvents} are recorded`;
}
