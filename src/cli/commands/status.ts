// `stepshift status [ROLLOUT]`: how one rollout stands and why, or which ones are running.
import { RejectedError } from '../../core/errors.ts';
import type { EventName } from '../../core/events.ts';
import { plainText } from '../../core/plain-text.ts';
import type { RolloutReport } from '../../core/report.ts';
import type { SignalMark } from '../../core/signals.ts';
import { isoTime, ukTime } from '../../core/uk-time.ts';
import type { RolloutRow } from '../../ports.ts';
import { type CliCommand, type CommandResult, EXIT, type ExitCode } from '../command.ts';
import { addEngineOption, type Engine, engineName, type OpenEngine, openInstalledEngine } from '../engine.ts';
import { assertNames } from '../names.ts';
import { exitCodeOf } from '../outcome-exit.ts';
import { readReport, reportText } from '../rollout-view.ts';
import { alignColumns } from '../table.ts';
import { styleOf, type TimelineStyle } from '../timeline.ts';

export const statusCommand = statusCommandOn(openInstalledEngine);

export function statusCommandOn(openEngine: OpenEngine): CliCommand {
  return {
    verb: 'status',
    summary: 'Show how a rollout stands and why, or which ones are running',
    configure: (command) => {
      command
        .argument('[rollout]', 'id of the rollout; without it, all that are running')
        .addHelpText(
          'after',
          '\nExamples:\n  stepshift status\n  stepshift status checkout-42-1f2e3d4c --format json',
        );
      addEngineOption(command);
    },
    run: async ([rolloutId], options, context) => {
      if (rolloutId !== undefined) assertNames({ rollout: rolloutId });
      const engine = await openEngine(engineName(options));
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
    code: report.outcome === null ? runningCode(isAwaited) : exitCodeOf(report.outcome),
    data,
    text: [reportText(report, row, style), ...signalLines(row), ...(isAwaited ? [askingLine(row)] : [])].join(
      '\n',
    ),
    lines: [...report.timeline, data],
  };
}

function runningCode(isAwaited: boolean): ExitCode {
  return isAwaited ? EXIT.waitingForApproval : EXIT.promotedOrClean;
}

/** After a question these mean that nobody is awaited any more; a pause puts it off, and it is asked again afterwards. */
const ANSWERED: readonly EventName[] = [
  'stage-approved',
  'stage-advanced-unproven',
  'stage-passed',
  'traffic-shifted',
  'rollout-paused',
  'canary-failed',
  'budget-exhausted',
  'rollback-started',
];

function isPersonAwaited(
  { outcome, interrupt, signals }: RolloutRow,
  { timeline }: Pick<RolloutReport, 'timeline'>,
): boolean {
  if (outcome !== null || interrupt !== null || signals.paused !== null) return false;
  const asked = timeline.findLastIndex(({ event }) => event === 'decision-needed');
  return asked !== -1 && !timeline.slice(asked + 1).some(({ event }) => ANSWERED.includes(event));
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
