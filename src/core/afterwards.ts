// What holds after a rollout has ended: whether traffic is safe, and what a person should do next. The text under every end.
import type { RolloutReport } from './report.ts';
import { isGoingBack } from './report-summary.ts';
import type { Outcome } from './rollout.ts';
import { formatPercent } from './units.ts';

export interface Afterwards {
  /** Whether traffic is safe and where it is; a sentence. */
  readonly traffic: string;
  /** What to do now; a sentence. */
  readonly next: string;
  /** Name of the runbook's article; null: there is nothing to look up. */
  readonly article: string | null;
}

/** null while it runs. */
export function afterwardsOf(report: RolloutReport): Afterwards | null {
  if (report.outcome === null) return null;
  const stable = report.stableVersion === null ? 'the stable version' : `version ${report.stableVersion}`;
  const canary = `version ${report.canaryVersion}`;
  const isBack = `Safe: all of it is on ${stable}, read back.`;
  const ends: Readonly<Record<Exclude<Outcome, 'ROLLBACK_INCOMPLETE'>, Afterwards>> = {
    PROMOTED: {
      traffic: `All of it is on ${canary}, read back.`,
      next: `Nothing. Should you want ${stable} back, start a rollout of it.`,
      article: null,
    },
    ROLLED_BACK: {
      traffic: isBack,
      next: isFoundBad(report)
        ? `Nothing for the traffic. Read why, mend ${canary}, start again.`
        : `Nothing for the traffic. Nobody showed that ${canary} is bad: see to the reason, start again.`,
      article: 'rollout-rolled-back',
    },
    ABORTED: {
      traffic: isBack,
      next: 'Nothing for the traffic. Start again when the reason is settled.',
      article: 'rollout-aborted',
    },
    REJECTED: {
      traffic: 'Untouched: nothing was shifted.',
      next: 'Mend what the sentence names, then start again.',
      article: 'rollout-rejected',
    },
    SUPERSEDED: {
      traffic: 'Where somebody else put it; nothing was written over that.',
      next: 'Find out who moved it, then start again from what is live.',
      article: 'rollout-superseded',
    },
  };
  return report.outcome === 'ROLLBACK_INCOMPLETE' ? openEnd(report, canary) : ends[report.outcome];
}

function openEnd(report: RolloutReport, canary: string): Afterwards {
  const weight = formatPercent(report.finalWeightPercent);
  return isGoingBack(report)
    ? {
        traffic: `Not known to be safe: ${weight} may still reach ${canary}.`,
        next: 'Take it back by hand: stepshift emergency-stop SERVICE_FILE',
        article: 'rollback-delayed',
      }
    : { traffic: `${weight} is on ${canary}.`, next: 'Look how it stands now.', article: null };
}

/** By evidence, a limit or an alarm; not because nothing could be known or nobody answered. */
function isFoundBad({ timeline, reason }: RolloutReport): boolean {
  return reason.check === 'alarms' || timeline.some(({ event }) => event === 'canary-failed');
}
