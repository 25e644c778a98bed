// What people tell a rollout that runs: abort, pause, resume, approve, promote. One table, one way to the engine.
import type { Command } from 'commander';
import { plainText } from '../../core/plain-text.ts';
import type { SignalName } from '../../core/signals.ts';
import { type CliCommand, EXIT } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { assertNames } from '../names.ts';
import { parseOption } from '../options.ts';
import { unknownRollout } from './status.ts';

interface SignalVerb {
  readonly signal: 'abort' | SignalName;
  readonly summary: string;
  /** An abort without a reason helps nobody who reads the record; the others may speak for themselves. */
  readonly isMessageRequired: boolean;
  /** Which stage it is for may be said. */
  readonly takesStage: boolean;
  readonly examples: readonly string[];
  readonly note: string;
}

const SIGNAL_VERBS: readonly SignalVerb[] = [
  {
    signal: 'abort',
    summary: 'Stop a rollout: all traffic goes back to the stable version',
    isMessageRequired: true,
    takesStage: false,
    examples: ['abort checkout-42-1f2e3d4c -m "support sees wrong totals"'],
    note: 'Asking twice changes nothing. It is stronger than every other signal.',
  },
  {
    signal: 'pause',
    summary: 'Keep a rollout at its weight; it is judged on',
    isMessageRequired: false,
    takesStage: false,
    examples: ['pause checkout-42-1f2e3d4c -m "until the sale is over"'],
    note: 'It may still be rolled back, and it is when nobody resumes it for 24 hours.',
  },
  {
    signal: 'resume',
    summary: 'Let a paused rollout go on',
    isMessageRequired: false,
    takesStage: false,
    examples: ['resume checkout-42-1f2e3d4c'],
    note: 'A rollout that is not paused stays as it is.',
  },
  {
    signal: 'approve',
    summary: 'Let a rollout leave the stage that asks a person',
    isMessageRequired: false,
    takesStage: true,
    examples: [
      'approve checkout-42-1f2e3d4c',
      'approve checkout-42-1f2e3d4c --stage 3 -m "dashboards looked at"',
    ],
    note: 'Good for one stage; with --stage it is refused when the rollout is at another one.',
  },
  {
    signal: 'promote',
    summary: 'Skip the rest of every bake, but no check and no approval',
    isMessageRequired: false,
    takesStage: false,
    examples: ['promote checkout-42-1f2e3d4c -m "fix for the outage"'],
    note: 'Each stage is left as soon as its checks pass; an approval is still asked for.',
  },
];

export const signalCommands = signalCommandsOn(openInstalledEngine);

export function signalCommandsOn(openEngine: OpenEngine): readonly CliCommand[] {
  return SIGNAL_VERBS.map((verb) => signalCommand(verb, openEngine));
}

function signalCommand(verb: SignalVerb, openEngine: OpenEngine): CliCommand {
  return {
    verb: verb.signal,
    summary: verb.summary,
    notes: [verb.note],
    examples: verb.examples,
    exitCodes: {
      ...ENGINE_EXIT_CODES,
      promotedOrClean: 'it is heard, or was before; the rollout may have ended already',
      conflict: 'too late: the promotion is committed, and nothing stops it any more',
    },
    configure: (command) => configure(command, verb),
    run: async ([rolloutId = ''], options) => {
      assertNames({ rollout: rolloutId });
      const message = messageOption(options, verb);
      const stage = stageOption(options);
      const engine = await openEngine(engineName(options));
      const answer = await engine.signal({
        rolloutId,
        signal: verb.signal,
        message,
        ...(stage === undefined ? {} : { stageIndex: stage - 1 }),
      });
      if (answer.state === 'unknown') throw unknownRollout(rolloutId);
      // every other answer says what stands, or that nothing was left to do
      const code = answer.state === 'past-stopping' ? EXIT.conflict : EXIT.promotedOrClean;
      return { code, data: answer, text: plainText(answer.sentence) };
    },
  };
}

function configure(command: Command, verb: SignalVerb): void {
  command.argument('<rollout>', 'id of the rollout');
  const flags = '-m, --message <reason>';
  const meaning = 'why; kept in the record';
  if (verb.isMessageRequired) command.requiredOption(flags, meaning);
  else command.option(flags, meaning);
  if (verb.takesStage) {
    command.option(
      '--stage <number>',
      'the stage that is meant, from 1; without it, the one the rollout is at',
    );
  }
  addEngineOption(command);
}

function messageOption(
  options: Readonly<Record<string, unknown>>,
  { isMessageRequired }: SignalVerb,
): string {
  const least = isMessageRequired ? 1 : 0;
  const message = parseOption(options['message'], {
    flag: '--message',
    allowed: `a reason of ${least} to 300 characters`,
    parse: (text) => text.trim(),
    isAllowed: ({ length }) => length >= least && length <= 300,
  });
  return message ?? '';
}

function stageOption(options: Readonly<Record<string, unknown>>): number | undefined {
  return parseOption(options['stage'], {
    flag: '--stage',
    allowed: 'the number of a stage, from 1, as plan shows it',
    parse: (text) => (/^[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined),
  });
}
