// A replay as tools get it: an interface, exactly these keys.

import type { ReplayOutcome } from '../core/report-document.ts';
import { isoTime } from '../core/uk-time.ts';
import type { Recording } from '../replay/recording.ts';
import type { Replay } from '../replay/replay.ts';
import { EXIT, type ExitCode } from './command.ts';

const CODES: Readonly<Record<ReplayOutcome, ExitCode>> = {
  PROMOTED: EXIT.promotedOrClean,
  PASSED: EXIT.promotedOrClean,
  ROLLED_BACK: EXIT.rolledBack,
  INCONCLUSIVE: EXIT.waitingForApproval,
};

export function replayExitCode({ outcome }: Replay): ExitCode {
  return CODES[outcome];
}

/** Instants are null where the recording knows no clock; seconds count from the first canary traffic. */
export function replayData(replay: Replay, recording: Pick<Recording, 'isClockKnown'>) {
  const at = (atMs: number): string | null => (recording.isClockKnown ? isoTime(atMs) : null);
  const elapsed = (atMs: number): number => (atMs - replay.fromMs) / 1000;
  const { check, value, limit, sentence } = replay.reason;
  return {
    outcome: replay.outcome,
    endedAt: at(replay.endedAtMs),
    elapsedSeconds: elapsed(replay.endedAtMs),
    weightPercent: replay.weightPercent,
    exposure: replay.exposure,
    reason: { check, value, limit, sentence },
    checks: replay.checks,
    timeline: replay.timeline.map(({ atMs, event, weightPercent, sentence: told }) => ({
      at: at(atMs),
      elapsedSeconds: elapsed(atMs),
      event,
      weightPercent,
      sentence: told,
    })),
  };
}
