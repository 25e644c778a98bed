// `stepshift start SERVICE VERSION`: starts a rollout on an installed engine and, with --wait, stays until it has ended.
import { randomBytes } from 'node:crypto';
import { InvalidInputError } from '../../core/errors.ts';
import { formatDuration } from '../../core/units.ts';
import { acceptedAlarms, addAcceptAlarmOptions } from '../accepted-alarms.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { REAL_TIME } from '../live/real-time.ts';
import type { RealTime } from '../live/waker.ts';
import { assertNames } from '../names.ts';
import { waitForEnd } from '../wait-for-end.ts';
import { timeoutOption } from './watch.ts';

/** Longest name of an execution (Step Functions API reference, StartExecution). */
const MAX_NAME_CHARACTERS = 80;
const SUFFIX_BYTES = 4;

/** Chance and time, which tests hold in their hand. */
export interface StartWays extends RealTime {
  readonly suffix: () => string;
}

const REAL_WAYS: StartWays = { ...REAL_TIME, suffix: () => randomBytes(SUFFIX_BYTES).toString('hex') };

export const startCommand = startCommandOn(openInstalledEngine, REAL_WAYS);

export function startCommandOn(openEngine: OpenEngine, ways: StartWays): CliCommand {
  return {
    verb: 'start',
    summary: 'Start a rollout of a registered service',
    notes: [
      'Without --wait it ends as soon as the execution is started; exit 0 then means «started».',
      'With --wait it is watched as by stepshift watch, keys included. Ctrl-C stops watching, never the rollout.',
    ],
    examples: [
      'start checkout 42',
      'start checkout 42 --wait --timeout 2h',
      'start checkout 43 --accept-alarm Checkout5xx --reason "43 is the fix for it"',
    ],
    exitCodes: {
      ...ENGINE_EXIT_CODES,
      promotedOrClean: 'started; with --wait: promoted',
      rolledBack: 'with --wait: rolled back',
      aborted: 'with --wait: aborted',
      rejected: 'with --wait: a gate refused it, nothing was shifted; or there is no such engine',
      conflict: 'with --wait: superseded',
      watchTimedOut: 'the time-out came first; the rollout goes on',
      rollbackIncomplete: 'the time-out came first, and its way back was not confirmed yet',
      detached: 'with --wait: detached; the rollout goes on',
    },
    configure: (command) => {
      command
        .argument('<service>', 'name of the registered service')
        .argument('<version>', 'the new version, as the target calls it')
        .option('--wait', 'stay until it has ended; the exit code then tells the outcome')
        .option('--plain', 'with --wait: lines instead of a drawn view')
        .option(
          '--timeout <duration>',
          'with --wait: stop watching after this long (exit 7); the rollout goes on',
        );
      addAcceptAlarmOptions(command);
      addEngineOption(command);
    },
    run: async ([service = '', version = ''], options, context) => {
      assertNames({ service, version });
      const timeoutSeconds = timeoutOption(options);
      if (options['wait'] !== true) assertNoWatchOptions(options);
      const acceptAlarms = acceptedAlarms(options);
      const engine = await openEngine(engineName(options));
      const rolloutId = rolloutName(service, version, ways.suffix());
      const executionArn = await engine.start(rolloutId, {
        service,
        version,
        ...(acceptAlarms === undefined ? {} : { acceptAlarms }),
      });
      if (options['wait'] !== true) return started({ rolloutId, executionArn, service, version });
      sayWhatIsWatched(context, rolloutId, timeoutSeconds);
      return waitForEnd(engine, rolloutId, context, ways, {
        isPlain: options['plain'] === true,
        print: context.format === 'ndjson' ? () => {} : context.remark,
        timeoutSeconds,
        executionArn,
        isRefused: async () => !(await engine.readExecution(executionArn)).isRunning,
      });
    },
  };
}

/** Whoever says how to wait believes that there is a wait, and would take exit 0 for a promotion. */
function assertNoWatchOptions(options: Readonly<Record<string, unknown>>): void {
  const flag = ['timeout', 'plain'].find((name) => options[name] !== undefined);
  if (flag === undefined) return;
  throw new InvalidInputError([
    {
      code: 'wrong-usage',
      what: `--${flag} says how to wait, and without --wait there is no wait`,
      where: 'command line',
      got: `--${flag} alone`,
      allowed: `--wait, with or without --${flag}`,
      fix: `Add --wait, or leave --${flag} out`,
    },
  ]);
}

/** `service-version-suffix` in the characters of an execution's name; the suffix lets a version be tried again. */
export function rolloutName(service: string, version: string, suffix: string): string {
  const readable = `${service}-${version}`.replace(/[^A-Za-z0-9._-]+/g, '-');
  return `${readable.slice(0, MAX_NAME_CHARACTERS - suffix.length - 1)}-${suffix}`;
}

function started(data: { readonly rolloutId: string } & Readonly<Record<string, string>>): CommandResult {
  return {
    code: EXIT.promotedOrClean,
    data,
    text: [
      `Started ${data.rolloutId}.`,
      `  Watch it: stepshift watch ${data.rolloutId}`,
      `  Stop it:  stepshift abort ${data.rolloutId} -m "why"`,
    ].join('\n'),
  };
}

function sayWhatIsWatched(
  { remark }: CommandContext,
  rolloutId: string,
  timeoutSeconds: number | undefined,
): void {
  const limit = timeoutSeconds === undefined ? '' : ` for at most ${formatDuration(timeoutSeconds)}`;
  remark(`Started ${rolloutId}; watching it${limit}. Ctrl-C stops watching, not the rollout.`);
}
