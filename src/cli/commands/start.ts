// `stepshift start SERVICE VERSION`: starts a rollout on an installed engine and, with --wait, stays until it has ended.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInputError } from '../../core/errors.ts';
import { formatDuration, parseDuration } from '../../core/units.ts';
import { acceptedAlarms, addAcceptAlarmOptions } from '../accepted-alarms.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import { addEngineOption, engineName, type OpenEngine, openInstalledEngine } from '../engine.ts';
import { assertNames } from '../names.ts';
import { parseOption } from '../options.ts';
import { type WaitWays, waitForEnd } from '../wait-for-end.ts';

/** Longest name of an execution (Step Functions API reference, StartExecution). */
const MAX_NAME_CHARACTERS = 80;
const SUFFIX_BYTES = 4;

/** Chance and time, which tests hold in their hand. */
export interface StartWays extends WaitWays {
  readonly suffix: () => string;
}

const REAL_WAYS: StartWays = {
  suffix: () => randomBytes(SUFFIX_BYTES).toString('hex'),
  sleep: async (ms) => {
    await sleep(ms);
  },
  now: () => Date.now(),
};

const EXAMPLES = `
Examples:
  stepshift start checkout 42
  stepshift start checkout 42 --wait --timeout 2h
  stepshift start checkout 43 --accept-alarm Checkout5xx --reason "43 is the fix for it"`;

export const startCommand = startCommandOn(openInstalledEngine, REAL_WAYS);

export function startCommandOn(openEngine: OpenEngine, ways: StartWays): CliCommand {
  return {
    verb: 'start',
    summary: 'Start a rollout of a registered service',
    configure: (command) => {
      command
        .argument('<service>', 'name of the registered service')
        .argument('<version>', 'the new version, as the target calls it')
        .option('--wait', 'stay until it has ended; the exit code then tells the outcome')
        .option(
          '--timeout <duration>',
          'with --wait: stop watching after this long (exit 7); the rollout goes on',
        )
        .addHelpText('after', EXAMPLES);
      addAcceptAlarmOptions(command);
      addEngineOption(command);
    },
    run: async ([service = '', version = ''], options, context) => {
      assertNames({ service, version });
      const timeoutSeconds = parseOption(options['timeout'], {
        flag: '--timeout',
        allowed: 'a duration such as 90s, 10m or 2h',
        parse: parseDuration,
        isAllowed: (seconds) => seconds > 0,
      });
      if (timeoutSeconds !== undefined && options['wait'] !== true) throw timeoutWithoutWait();
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
      return waitForEnd(engine, { rolloutId, executionArn }, context, ways, timeoutSeconds);
    },
  };
}

/** Whoever limits the wait believes that there is one, and would take exit 0 for a promotion. */
function timeoutWithoutWait(): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'wrong-usage',
      what: '--timeout limits a wait, and without --wait there is none',
      where: 'command line',
      got: '--timeout alone',
      allowed: '--wait, with or without --timeout',
      fix: 'Add --wait, or leave --timeout out',
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
      `  See it:  stepshift status ${data.rolloutId}`,
      `  Stop it: stepshift abort ${data.rolloutId} -m "why"`,
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
