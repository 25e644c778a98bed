// `stepshift why [ROLLOUT]`: why a rollout stands as it stands, what it waits for and what comes next.
import { InvalidInputError, RejectedError } from '../../core/errors.ts';
import { liveRowOf } from '../../core/live-row.ts';
import { type LiveFacts, liveFacts } from '../../core/live-view-facts.ts';
import type { RolloutReport } from '../../core/report.ts';
import { whyOf } from '../../core/why.ts';
import type { RolloutRow } from '../../ports.ts';
import { knownPart, readRecordFile } from '../audit-record.ts';
import type { CliCommand, CommandContext, CommandResult } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  type Engine,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { withFirstProblems } from '../first-problems.ts';
import { assertNames } from '../names.ts';
import { exitCodeOf, runningExitCode, STANDING_EXIT_CODES } from '../outcome-exit.ts';
import { readPast } from '../past-rollouts.ts';
import { reportOfRecord } from '../record-report.ts';
import { readReport } from '../rollout-view.ts';
import { styleOf } from '../timeline.ts';
import { whyText } from '../why-text.ts';
import { unknownRollout } from './status.ts';

export const whyCommand = whyCommandOn(openInstalledEngine);

export function whyCommandOn(openEngine: OpenEngine): CliCommand {
  return {
    verb: 'why',
    summary: 'Tell why a rollout stands as it stands, and what it waits for',
    notes: [
      'Answers for the last decision: the check that decided, its numbers, what speaks against going on, and what comes next. Without a rollout: the one that runs, else the newest. The exit code is that of status.',
    ],
    examples: [
      'why',
      'why checkout-42-1f2e3d4c',
      'why checkout-42-1f2e3d4c --format json',
      'why --file record.json',
    ],
    exitCodes: {
      ...ENGINE_EXIT_CODES,
      ...STANDING_EXIT_CODES,
      rejected: 'it was not started; or there is no such engine, or no rollout to tell of',
    },
    configure: (command) => {
      command
        .argument('[rollout]', 'id of the rollout; without it, the one that runs, else the newest')
        .option('--file <file>', 'instead of a rollout: a record or report in a file; needs no AWS');
      addEngineOption(command);
    },
    run: async ([rolloutId], options, context) => {
      const { file } = options;
      if (rolloutId !== undefined && file !== undefined) throw eitherOr(rolloutId, String(file));
      if (typeof file === 'string') return fromFile(file, context);
      if (rolloutId !== undefined) assertNames({ rollout: rolloutId });
      const { store, ...engine } = await openEngine(engineName(options));
      const row =
        rolloutId === undefined
          ? await newestRow({ store, ...engine }, context)
          : await store.readRow(rolloutId);
      if (row === null) throw rolloutId === undefined ? nothingYet() : unknownRollout(rolloutId);
      const [audit, report] = await Promise.all([store.readAudit(row.rolloutId), readReport(store, row)]);
      return resultOf(report, liveFacts(row, audit), row.rolloutId, context);
    },
  };
}

async function fromFile(file: string, context: CommandContext): Promise<CommandResult> {
  const record = await withFirstProblems(() => readRecordFile(context.cwd, file));
  const { report, unknown } = reportOfRecord(record, null);
  if (unknown > 0) context.remark(`${unknown} entries of another release were left out`);
  const { entries } = knownPart(record);
  return resultOf(report, liveFacts(liveRowOf({ ...record, entries }), entries), `--file ${file}`, context);
}

/** The newest that runs; else the newest that has a row. */
async function newestRow(engine: Engine, { remark }: CommandContext): Promise<RolloutRow | null> {
  const running = (await engine.store.listActive()).toSorted((a, b) => b.startedAtMs - a.startedAtMs);
  const [newest, ...others] = running;
  if (newest !== undefined) {
    if (others.length > 0) remark(`${others.length} more are running: stepshift status`);
    // the list is eventually consistent and has not every part of a row
    return engine.store.readRow(newest.rolloutId);
  }
  for await (const { row } of readPast(engine)) {
    if (row !== null) return row;
  }
  return null;
}

/** @param source as `report` and `verify` take it */
function resultOf(
  report: RolloutReport,
  facts: LiveFacts,
  source: string,
  context: CommandContext,
): CommandResult {
  const why = whyOf(report, facts);
  const { rolloutId, service, target, stableVersion, canaryVersion, outcome, finalWeightPercent } = report;
  const { headline, ...rest } = why;
  return {
    code: outcome === null ? runningExitCode(why.state === 'asked') : exitCodeOf(outcome),
    data: {
      rolloutId,
      service,
      target,
      stableVersion,
      canaryVersion,
      outcome,
      finalWeightPercent,
      headline: headline.what,
      ...rest,
    },
    text: whyText(why, report, styleOf(context), [`report ${source}`, `verify ${source}`]),
  };
}

function eitherOr(rolloutId: string, file: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'wrong-usage',
      what: 'why takes either a rollout or --file',
      where: 'command line',
      got: `${rolloutId} --file ${file}`,
      allowed: 'ROLLOUT, or --file FILE, or neither',
      fix: 'Leave one of them out',
    },
  ]);
}

function nothingYet(): RejectedError {
  return new RejectedError([
    {
      code: 'no-rollout-yet',
      what: 'this engine has no rollout to tell of',
      where: 'command line',
      got: 'no rollout that runs, and none that ended within 90 days',
      allowed: 'an engine with a rollout, or the id of an older one',
      fix: 'Start one: stepshift start SERVICE VERSION',
    },
  ]);
}
