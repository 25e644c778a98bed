// `stepshift status [ROLLOUT]`: how one rollout stands and why, or which ones are running.
import { RejectedError } from '../../core/errors.ts';
import { askedAt } from '../../core/live-view-state.ts';
import { plainText } from '../../core/plain-text.ts';
import type { RolloutReport } from '../../core/report.ts';
import type { SignalMark } from '../../core/signals.ts';
import { isoTime, ukTime } from '../../core/uk-time.ts';
import type { RolloutRow } from '../../ports.ts';
import { type CliCommand, type CommandResult, EXIT } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  type Engine,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { assertNames } from '../names.ts';
import { exitCodeOf, runningExitCode, STANDING_EXIT_CODES } from '../outcome-exit.ts';
import { addPastOptions, pastRollouts, pastWish } from '../past-rollouts.ts';
import { readReport, reportText } from '../rollout-view.ts';
import { alignColumns } from '../table.ts';
import { styleOf, type TimelineStyle } from '../timeline.ts';

export const statusCommand = statusCommandOn(openInstalledEngine);

export function statusCommandOn(openEngine: OpenEngine): CliCommand {
  return {
    verb: 'status',
    summary: 'Show how a rollout stands, or list those that run or ended',
    notes: [
      'With a rollout the exit code tells how it stands.',
      'Step Functions forgets an execution 90 days after its end; --past lists no older ones.',
    ],
    examples: [
      'status',
      'status checkout-42-1f2e3d4c',
      'status checkout-42-1f2e3d4c --format json',
      'status --past --service checkout --limit 5',
    ],
    exitCodes: {
      ...ENGINE_EXIT_CODES,
      ...STANDING_EXIT_CODES,
      promotedOrClean: 'promoted, or still running; without a rollout: the list was printed',
      rejected: 'it was not started; or no such engine or rollout',
    },
    configure: (command) => {
      command.argument('[rollout]', 'id of the rollout; without it, all that are running');
      addPastOptions(command);
      addEngineOption(command);
    },
    run: async ([rolloutId], options, context) => {
      const past = pastWish(rolloutId, options);
      if (rolloutId !== undefined) assertNames({ rollout: rolloutId });
      const engine = await openEngine(engineName(options));
      if (past !== null) return pastRollouts(engine, past, context.columns);
      return rolloutId === undefined
        ? activeRollouts(engine, context.columns)
        : oneRollout(engine, rolloutId, styleOf(context));
    },
  };
}

async function activeRollouts({ store }: Engine, columns: number | undefined): Promise<CommandResult> {
  const rows = (await store.listActive()).toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  const active = rows.map(({ rolloutId, service, version, phase, startedAtMs, authorisedWeightPercent }) => ({
    rolloutId,
    service,
    version,
    phase,
    weightPercent: authorisedWeightPercent,
    startedAt: isoTime(startedAtMs),
  }));
  return { code: EXIT.promotedOrClean, data: { active }, text: tableOf(rows, columns), lines: active };
}

function tableOf(rows: readonly RolloutRow[], columns: number | undefined): string {
  if (rows.length === 0) return 'No rollout is running.';
  const cells = rows.map((row) => [
    plainText(row.rolloutId),
    plainText(row.service),
    plainText(row.version),
    row.phase,
    `${row.authorisedWeightPercent} %`,
    ukTime(row.startedAtMs),
  ]);
  const heading = ['rollout', 'service', 'version', 'phase', 'up to', 'started'];
  return alignColumns([heading, ...cells], [], columns).join('\n');
}

async function oneRollout(
  { store }: Engine,
  rolloutId: string,
  style: TimelineStyle,
): Promise<CommandResult> {
  const row = await store.readRow(rolloutId);
  if (row === null) throw unknownRollout(rolloutId);
  const report = await readReport(store, row);
  const { phase, executionArn, interrupt, signals } = row;
  const isAwaited = isPersonAwaited(row, report);
  const data = { phase, executionArn, interrupt, signals, ...report };
  return {
    code: report.outcome === null ? runningExitCode(isAwaited) : exitCodeOf(report.outcome),
    data,
    text: [reportText(report, row, style), ...signalLines(row), ...(isAwaited ? [askingLine(row)] : [])].join(
      '\n',
    ),
    lines: [...report.timeline, data],
  };
}

function isPersonAwaited(
  { outcome, interrupt, signals }: RolloutRow,
  { timeline }: Pick<RolloutReport, 'timeline'>,
): boolean {
  if (outcome !== null || interrupt !== null || signals.paused !== null) return false;
  return askedAt({ timeline }) !== null;
}

function askingLine({ rolloutId }: RolloutRow): string {
  const id = plainText(rolloutId);
  return `A person is asked. Let it go on: stepshift approve ${id}. Take it back: stepshift abort ${id} -m "why"`;
}

/** What people told a rollout that still runs. */
function signalLines({ rolloutId, outcome, signals: { paused, promoted } }: RolloutRow): readonly string[] {
  if (outcome !== null) return [];
  return [
    ...(paused === null
      ? []
      : [`Paused by ${markText(paused)}. Let it go on: stepshift resume ${plainText(rolloutId)}`]),
    ...(promoted === null ? [] : [`Bakes are cut short by ${markText(promoted)}.`]),
  ];
}

function markText({ actor, atMs, message }: SignalMark): string {
  return plainText(`${actor} at ${ukTime(atMs)}${message === '' ? '' : ` (${message})`}`);
}

export function unknownRollout(rolloutId: string): RejectedError {
  return new RejectedError([
    {
      code: 'rollout-unknown',
      what: `this engine has no record of a rollout ${rolloutId}`,
      where: 'command line',
      got: rolloutId,
      allowed: 'the id of a rollout, which is the name of its execution',
      fix: 'See those that are running: stepshift status',
    },
  ]);
}
