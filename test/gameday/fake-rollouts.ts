// An engine in memory that ends each rollout as our documents say, at the times that they say.

import { SAMPLE } from '../../gameday/core/names.ts';
import type { AliasChange, AliasName, AliasState, HistoryEvent, Rollouts } from '../../gameday/ports.ts';
import { EVENTS_PER_SHIFT, EVENTS_PER_START, EVENTS_PER_TICK } from '../../src/core/budget.ts';
import type { EventName } from '../../src/core/events.ts';
import type { RolloutReport } from '../../src/core/report.ts';
import type { Outcome } from '../../src/core/rollout.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

export interface RolloutOddities {
  /** What versions left alone come to. */
  verdict: Outcome;
  eventStartsNothing: boolean;
  stopSeconds: number;
  guardIsMissing: boolean;
  redeployBreaks: boolean;
  extraEventsPerTick: number;
}

export const ROLLOUTS_AS_ASSUMED: RolloutOddities = {
  verdict: 'PROMOTED',
  eventStartsNothing: false,
  stopSeconds: 3,
  guardIsMissing: false,
  redeployBreaks: false,
  extraEventsPerTick: 0,
};

interface Running {
  readonly version: string;
  readonly startMs: number;
  /** When weight 0 is reached, how it ends and what is told besides; null: it is left alone. */
  stopped: { readonly atMs: number; readonly outcome: Outcome; readonly event: EventName } | null;
}

const SHIFT_AFTER_MS = 20_000;
const LASTS_MS = 7 * 60_000;

export function fakeRollouts(
  time: { readonly nowMs: number },
  odd: RolloutOddities,
  update: (name: AliasName, change: AliasChange) => AliasState,
) {
  const runs = new Map<string, Running>();
  let newest = '';

  const open = (version: string) => {
    newest = `gameday-${version}`;
    runs.set(newest, { version, startMs: time.nowMs, stopped: null });
    update(SAMPLE, { shares: { [version]: 20 } });
    return { rolloutId: newest, executionArn: `arn:execution:${newest}` };
  };
  const stop = (outcome: Outcome, event: EventName, afterSeconds: number): void => {
    const run = runs.get(newest);
    if (run === undefined || run.stopped !== null) return;
    run.stopped = { atMs: time.nowMs + afterSeconds * 1000, outcome, event };
  };
  const report = (rolloutId: string): RolloutReport | null => {
    const run = runs.get(rolloutId);
    if (run === undefined) return null;
    const endMs = run.stopped?.atMs ?? run.startMs + LASTS_MS;
    const hasEnded = time.nowMs >= endMs;
    const told: readonly EventName[] = [
      ...(time.nowMs >= run.startMs + SHIFT_AFTER_MS ? (['traffic-shifted'] as const) : []),
      ...(hasEnded ? [run.stopped?.event ?? verdictEvent(odd.verdict)] : []),
    ];
    const entry = (event: EventName) => ({ at: iso(run.startMs), event, sentence: event });
    return {
      ...SAMPLE_REPORT,
      rolloutId,
      outcome: hasEnded ? (run.stopped?.outcome ?? odd.verdict) : null,
      startedAt: iso(run.startMs),
      endedAt: hasEnded ? iso(endMs) : null,
      timeline: told.map(entry),
    };
  };
  const port: Rollouts = {
    start: async (version) => open(version),
    startByEvent: async (version) => (odd.eventStartsNothing ? null : open(version)),
    abort: async () => stop('ABORTED', 'rollout-aborted', odd.stopSeconds),
    report: async (rolloutId) => report(rolloutId),
    refusal: async () => null,
    stopAll: async () => {},
  };
  return {
    port,
    /** Takes the canary off the alias when its time has come; asked with every read of it. */
    settle: () => {
      const run = runs.get(newest);
      if (run?.stopped != null && time.nowMs >= run.stopped.atMs) update(SAMPLE, { shares: {} });
    },
    onAlarm: () => stop('ROLLED_BACK', 'interrupt-latched', odd.stopSeconds),
    onStop: (executionArn: string) => {
      if (executionArn.startsWith('arn:execution:')) {
        stop('ROLLED_BACK', 'taken-over', odd.guardIsMissing ? 1800 : 40);
      }
    },
    onRedeploy: () => {
      if (odd.redeployBreaks) stop('ROLLED_BACK', 'canary-failed', 1);
    },
    history: (): readonly HistoryEvent[] => historyOf(odd),
  };
}

function verdictEvent(outcome: Outcome): EventName {
  return outcome === 'PROMOTED' ? 'rollout-promoted' : 'canary-failed';
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

const TICKS = 3;

/** A start, a shift and some ticks, then the way back. */
function historyOf({ extraEventsPerTick }: RolloutOddities): readonly HistoryEvent[] {
  const visit = (entered: string, events: number): HistoryEvent[] => [
    { type: 'StateEntered', entered },
    ...Array.from({ length: events - 1 }, () => ({ type: 'Other', entered: null })),
  ];
  return [
    ...Array.from({ length: EVENTS_PER_START - 5 }, () => ({ type: 'ExecutionStarted', entered: null })),
    ...visit('Start rollout', 5),
    ...visit('Shift traffic', EVENTS_PER_SHIFT),
    ...Array.from({ length: TICKS }, () => [
      ...visit('Bake', EVENTS_PER_TICK - 7 + extraEventsPerTick),
      ...visit('Judge canary', 5),
      ...visit('What next?', 2),
    ]).flat(),
    ...visit('Roll back', 5),
  ];
}
