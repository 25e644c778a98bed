// How the outcome of a rollout becomes an exit code.
import type { Outcome } from '../core/rollout.ts';
import { type CliCommand, EXIT, type ExitCode } from './command.ts';

const CODES: Readonly<Record<Outcome, ExitCode>> = {
  PROMOTED: EXIT.promotedOrClean,
  ROLLED_BACK: EXIT.rolledBack,
  ABORTED: EXIT.aborted,
  REJECTED: EXIT.rejected,
  SUPERSEDED: EXIT.conflict,
  ROLLBACK_INCOMPLETE: EXIT.rollbackIncomplete,
};

export function exitCodeOf(outcome: Outcome): ExitCode {
  return CODES[outcome];
}

/** Of one that has not ended. */
export function runningExitCode(isPersonAwaited: boolean): ExitCode {
  return isPersonAwaited ? EXIT.waitingForApproval : EXIT.promotedOrClean;
}

/** What a verb that tells how a rollout stands may end with. */
export const STANDING_EXIT_CODES = {
  promotedOrClean: 'promoted, or still running',
  rolledBack: 'rolled back',
  aborted: 'aborted by a person',
  conflict: 'superseded: somebody moved the target to a third version',
  waitingForApproval: 'a person is asked',
} as const satisfies CliCommand['exitCodes'];
