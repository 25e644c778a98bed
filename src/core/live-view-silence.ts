// When a rollout that runs has not been looked at for too long: what is shown is then old, and nobody takes it back.
import type { LiveFacts } from './live-view-facts.ts';
import { askedAt, type LiveState, stageHere } from './live-view-state.ts';
import type { RolloutReport } from './report.ts';
import type { Headline } from './report-summary.ts';
import { ukClock } from './uk-time.ts';

/** The engine looks once a minute; a look may take two, and be tried again. */
const LOOK_OVERDUE_MS = 5 * 60_000;
/** While a person is awaited for long it looks every quarter of an hour. */
const SLOW_LOOK_OVERDUE_MS = 20 * 60_000;

/** States in which only a look tells that somebody watches the canary: what people say in between does not. */
const JUDGED: readonly LiveState[] = [
  'unjudged',
  'gathering',
  'passing',
  'held',
  'inconclusive',
  'asked',
  'paused',
];

/** Epoch milliseconds of the last sign of the engine, when the next one is overdue; null: all is as it should be. */
export function silentSinceMs(
  report: RolloutReport,
  facts: LiveFacts,
  state: LiveState,
  nowMs: number,
): number | null {
  if (state === 'ended') return null;
  const entered = stageHere(report)?.enteredAt ?? report.startedAt;
  const told = JUDGED.includes(state) ? null : (report.timeline.at(-1)?.at ?? null);
  const signs = [facts.look?.atMs ?? null, Date.parse(entered), told === null ? null : Date.parse(told)];
  const lastMs = Math.max(...signs.filter((sign) => sign !== null));
  const isSlow = facts.look?.next === 'bake-slowly';
  return nowMs - lastMs > (isSlow ? SLOW_LOOK_OVERDUE_MS : LOOK_OVERDUE_MS) ? lastMs : null;
}

/** Takes the place of the first line: whatever stood there was true when somebody looked last. */
export function silentHeadline({ what }: Headline, state: LiveState, sinceMs: number): Headline {
  const since = ukClock(sinceMs);
  return {
    icon: '!',
    what: JUDGED.includes(state)
      ? `NOT WATCHED: nobody looked since ${since}. Then: ${what}`
      : `NO SIGN of the engine since ${since}. Then: ${what}`,
    tone: 'bad',
  };
}

export function silentReason({ rolloutId }: RolloutReport): string {
  return `Its execution may have ended; then the sweeper takes over within minutes. If it does not: stepshift abort ${rolloutId} -m "why", or stepshift emergency-stop SERVICE_FILE.`;
}

export function silentNext(report: RolloutReport): string {
  return askedAt(report) === null
    ? 'nothing, until the engine looks again'
    : 'nothing, until the engine looks again; answers are kept';
}
