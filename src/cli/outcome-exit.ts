// How the outcome of a rollout becomes an exit code.
import type { Outcome } from '../core/rollout.ts';
import { EXIT, type ExitCode } from './command.ts';

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
