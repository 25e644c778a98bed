// Everything that goes into the file of a report: the model, and what is computed once for the file.
import type { Examination } from './audit/examination.ts';
import type { RolloutReport } from './report.ts';

/** PASSED: nothing spoke against it when the recording ended, which was before the plan did. */
export const REPLAY_OUTCOMES = ['PROMOTED', 'PASSED', 'ROLLED_BACK', 'INCONCLUSIVE'] as const;
export type ReplayOutcome = (typeof REPLAY_OUTCOMES)[number];

/** What the same traffic would have led to with one value of the service file changed. */
export interface WhatIfRow {
  /** As `--what-if` takes it, for example `checks.errors.limit=2%`; null: nothing is changed. */
  readonly change: string | null;
  readonly outcome: ReplayOutcome;
  /** When that was decided, or when what was recorded ended. */
  readonly at: string;
  /** Since the first canary traffic. */
  readonly elapsedSeconds: number;
  /** Canary share at that time. */
  readonly weightPercent: number;
  readonly exposure: { readonly canaryRequests: number; readonly badRequests: number };
}

export interface ReportDocument {
  readonly report: RolloutReport;
  /** Played on a laptop: no console knows of it. */
  readonly isSimulated: boolean;
  /** null where none is known. */
  readonly executionArn: string | null;
  /** The service file as the rollout was judged by, all defaults written out (YAML); null where no document was prepared. */
  readonly serviceFile: string | null;
  /** null: there is no record, or it cannot be examined. */
  readonly examination: Examination | null;
  /** Why there is a record and no examination, one sentence; left out where that is not so. */
  readonly examinationNote?: string;
  /** The first row is without a change; empty where nothing was judged. */
  readonly whatIf: readonly WhatIfRow[];
  /** The audit record, gzip in base64, for `stepshift replay` and `stepshift verify`; null: there is none. */
  readonly record: string | null;
}
