// `stepshift replay`: what Stepshift would have done with rollouts that were recorded, as the service file is or what if.
import { resolve } from 'node:path';
import { InvalidInputError } from '../../core/errors.ts';
import { parseDuration } from '../../core/units.ts';
import { notesOn } from '../../replay/notes.ts';
import { type ReplayOptions, replay } from '../../replay/replay.ts';
import { backTest, type Policies } from '../back-test.ts';
import type { CliCommand, CommandContext, CommandResult } from '../command.ts';
import { withFirstProblems } from '../first-problems.ts';
import { parseOption } from '../options.ts';
import { readRecording } from '../recording-source.ts';
import { replayData, replayExitCode } from '../replay-data.ts';
import { replayText } from '../replay-text.ts';
import { readServiceFile } from '../service-source.ts';
import { styleOf } from '../timeline.ts';
import { whatIfSpec } from '../what-if.ts';

const EXAMPLES = `
Examples:
  stepshift replay examples/replay/bad.jsonl --service examples/replay/service.yaml
  stepshift replay examples/replay/bad.jsonl --service examples/replay/service.yaml --what-if checks.errors.limit=5%
  stepshift replay --history examples/replay/history --service examples/replay/service.yaml`;

export const replayCommand: CliCommand = {
  verb: 'replay',
  summary: 'Replay a recorded rollout, or back-test many: what would have happened when',
  configure: (command) => {
    command
      .argument('[file]', 'a recording (*.jsonl), or what aws cloudwatch get-metric-data printed')
      .requiredOption('--service <file>', 'the service file to judge by')
      .option('--history <folder>', 'instead of a file: back-test every *.jsonl of a folder')
      .option('--what-if <key=value>', 'also with this value changed; may be given again', collect, [])
      .option('--weights <list>', 'for CloudWatch data: weights and since when (UTC): 5%@09:00,25%@09:10')
      .option('--lateness <duration>', 'how long after its end a period can be seen', '0s')
      .addHelpText('after', EXAMPLES);
  },
  run: async ([file], options, context) => {
    const wish = readWish(file, options);
    const { spec, written } = await readServiceFile(resolve(context.cwd, wish.service), wish.service);
    const changed = wish.whatIf.length === 0 ? null : whatIfSpec(written, wish.whatIf);
    const policies: Policies = { asIs: spec, changed, changes: wish.whatIf };
    if (wish.of.kind === 'history') return backTest({ ...wish, folder: wish.of.folder, policies }, context);
    return replayFile({ ...wish, ...wish.of, policies }, context);
  },
};

interface Wish extends ReplayOptions {
  readonly service: string;
  readonly whatIf: readonly string[];
  readonly of:
    | { readonly kind: 'history'; readonly folder: string }
    | { readonly kind: 'file'; readonly file: string; readonly weights: string | null };
}

function readWish(file: string | undefined, options: Readonly<Record<string, unknown>>): Wish {
  const latenessSeconds = parseOption(options['lateness'], {
    flag: '--lateness',
    allowed: 'a duration up to 1h, for example 90s',
    parse: parseDuration,
    isAllowed: (seconds) => seconds <= 3600,
  });
  const weights = textOf(options['weights']);
  return {
    service: String(options['service']),
    whatIf: (options['whatIf'] ?? []) as readonly string[],
    latenessSeconds: latenessSeconds ?? 0,
    of: whatOf(file, textOf(options['history']), weights),
  };
}

function whatOf(file: string | undefined, folder: string | null, weights: string | null): Wish['of'] {
  if (file !== undefined && folder === null) return { kind: 'file', file, weights };
  if (file === undefined && folder !== null && weights === null) return { kind: 'history', folder };
  const given = [
    ...(file === undefined ? [] : [file]),
    ...(folder === null ? [] : [`--history ${folder}`]),
    ...(weights === null ? [] : [`--weights ${weights}`]),
  ];
  throw new InvalidInputError([
    {
      code: 'wrong-usage',
      what: 'replay takes either one recording or --history with a folder',
      where: 'command line',
      got: given.length === 0 ? 'neither' : given.join(' '),
      allowed: 'FILE, with or without --weights, or --history FOLDER',
      fix: 'See the arguments and options: stepshift replay --help',
    },
  ]);
}

interface FileWish extends ReplayOptions {
  readonly file: string;
  readonly weights: string | null;
  readonly policies: Policies;
}

async function replayFile(
  { file, weights, policies, latenessSeconds }: FileWish,
  context: CommandContext,
): Promise<CommandResult> {
  const { asIs: spec, changed, changes } = policies;
  const recording = await withFirstProblems(() => readRecording({ cwd: context.cwd, file, spec, weights }));
  const asIs = replay(recording, spec, { latenessSeconds });
  const whatIf =
    changed === null ? null : { changes, replay: replay(recording, changed, { latenessSeconds }) };
  const notes = notesOn(recording, changed ?? spec);
  const data = {
    recording: recording.name,
    ...replayData(asIs, recording),
    whatIf: whatIf === null ? null : { changes, ...replayData(whatIf.replay, recording) },
    notes,
  };
  const { timeline, ...summary } = data;
  return {
    code: replayExitCode(asIs),
    data,
    text: replayText({ service: spec.service, recording, replay: asIs, whatIf, notes }, styleOf(context)),
    lines: [...timeline, summary],
  };
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function textOf(option: unknown): string | null {
  return typeof option === 'string' ? option : null;
}
