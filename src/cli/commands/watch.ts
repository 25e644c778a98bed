// `stepshift watch [ROLLOUT]`: a rollout as it goes, drawn on a terminal, as lines in a log, or as a stream for tools.
import type { Command } from 'commander';
import { InvalidInputError, RejectedError } from '../../core/errors.ts';
import { parseDuration } from '../../core/units.ts';
import type { CliCommand, CommandContext } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  type Engine,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { REAL_TIME } from '../live/real-time.ts';
import type { RealTime } from '../live/waker.ts';
import { assertNames } from '../names.ts';
import { parseOption } from '../options.ts';
import { waitForEnd } from '../wait-for-end.ts';
import { unknownRollout } from './status.ts';

export const watchCommand = watchCommandOn(openInstalledEngine, REAL_TIME);

export function watchCommandOn(openEngine: OpenEngine, time: RealTime): CliCommand {
  return {
    verb: 'watch',
    summary: 'Watch a rollout until it has ended',
    notes: [
      'On a terminal it is drawn, with keys: [a] abort, [c] let it go on, [p] promote, [w] why, [d] detach, [?] help.',
      'Elsewhere, and with --plain, it is told in lines: each event, and how it stands.',
      '--format ndjson streams each event, then the report; --format json prints the report at the end.',
      'Ctrl-C stops watching, never the rollout.',
    ],
    examples: [
      'watch',
      'watch checkout-42-1f2e3d4c',
      'watch checkout-42-1f2e3d4c --plain --timeout 2h',
      'watch checkout-42-1f2e3d4c --until-asked --format ndjson',
    ],
    exitCodes: {
      ...ENGINE_EXIT_CODES,
      promotedOrClean: 'promoted',
      invalidInput: 'the command line is wrong, or does not say which of several rollouts is meant',
      rolledBack: 'rolled back',
      aborted: 'aborted',
      rejected: 'not started; or no such engine or rollout',
      conflict: 'superseded',
      watchTimedOut: 'the time-out came first; the rollout goes on',
      rollbackIncomplete: 'the time-out came first, and its way back was not confirmed yet',
      waitingForApproval: 'with --until-asked: a person is asked',
      detached: 'detached; the rollout goes on',
    },
    configure,
    run: async ([asked], options, context) => {
      if (asked !== undefined) assertNames({ rollout: asked });
      const timeoutSeconds = timeoutOption(options);
      const engine = await openEngine(engineName(options));
      const rolloutId = asked ?? (await onlyRollout(engine));
      return waitForEnd(engine, rolloutId, context, time, {
        isPlain: options['plain'] === true,
        print: linePrinter(context),
        timeoutSeconds,
        untilAsked: options['untilAsked'] === true,
        isRefused: () => Promise.reject(unknownRollout(rolloutId)),
      });
    },
  };
}

function configure(command: Command): void {
  command
    .argument('[rollout]', 'id of the rollout; without it, the one that is running')
    .option('--plain', 'lines instead of a drawn view')
    .option('--timeout <duration>', 'stop watching after this long (exit 7); the rollout goes on')
    .option('--until-asked', 'end as soon as a person is asked (exit 10)');
  addEngineOption(command);
}

/** Throws InvalidInputError (`wrong-option`). */
export function timeoutOption(options: Readonly<Record<string, unknown>>): number | undefined {
  return parseOption(options['timeout'], {
    flag: '--timeout',
    allowed: 'a duration above 0, such as 90s, 10m or 2h',
    parse: parseDuration,
    isAllowed: (seconds) => seconds > 0,
  });
}

/** The lines are what was asked for, unless a tool asked for JSON: then they are progress. */
function linePrinter({ format, print, remark }: CommandContext): (line: string) => void {
  if (format === 'ndjson') return () => {};
  return format === 'json' ? remark : print;
}

async function onlyRollout({ store }: Engine): Promise<string> {
  const [first, ...others] = await store.listActive();
  if (first === undefined) throw nothingRuns();
  if (others.length > 0) throw severalRun([first, ...others].map(({ rolloutId }) => rolloutId));
  return first.rolloutId;
}

function nothingRuns(): RejectedError {
  return new RejectedError([
    {
      code: 'nothing-runs',
      what: 'no rollout is running',
      where: 'command line',
      got: 'no id of a rollout',
      allowed: 'a rollout that runs, or the id of one that has ended',
      fix: 'See those that have ended: stepshift status --past',
    },
  ]);
}

const MOST_LISTED = 10;

function severalRun(ids: readonly string[]): InvalidInputError {
  const more = ids.length > MOST_LISTED ? ` and ${ids.length - MOST_LISTED} more` : '';
  return new InvalidInputError([
    {
      code: 'which-rollout',
      what: `${ids.length} rollouts are running, and the command line names none of them`,
      where: 'command line',
      got: 'no id of a rollout',
      allowed: `${ids.toSorted().slice(0, MOST_LISTED).join(', ')}${more}`,
      fix: `Name the one that is meant: stepshift watch ${ids.toSorted()[0]}`,
    },
  ]);
}
