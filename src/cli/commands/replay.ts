// `stepshift replay`: what Stepshift would have done with rollouts that were recorded, as the service file is or what if.
import { resolve } from 'node:path';
import { InvalidInputError } from '../../core/errors.ts';
import { parseDuration } from '../../core/units.ts';
import { notesOn } from '../../replay/notes.ts';
import { type ReplayOptions, replay } from '../../replay/replay.ts';
import { backTest, type Policies } from '../back-test.ts';
import type { CliCommand, CommandContext, CommandResult } from '../command.ts';
import { withFirstProblems } from '../first-problems.ts';
import { collect, parseOption } from '../options.ts';
import { kindOfFile } from '../record-source.ts';
import { readRecording } from '../recording-source.ts';
import { replayData, replayExitCode } from '../replay-data.ts';
import { replayRecordFile } from '../replay-record.ts';
import { replayText } from '../replay-text.ts';
import { readServiceFile } from '../service-source.ts';
import { styleOf } from '../timeline.ts';
import { whatIfSpec } from '../what-if.ts';

export const replayCommand: CliCommand = {
  verb: 'replay',
  summary: 'Tell what would have become of a recorded rollout, or many',
  notes: [
    'A report and a saved record know the service file that they were judged by; a recording needs --service.',
    'With --service, a report or a record is also replayed under that file.',
  ],
  examples: [
    'replay report.html',
    'replay report.html --what-if checks.errors.limit=2%',
    'replay examples/replay/bad.jsonl --service examples/replay/service.yaml',
    'replay --history examples/replay/history --service examples/replay/service.yaml',
  ],
  exitCodes: {
    promotedOrClean: 'would have been promoted, or passed to the end of what was recorded',
    rolledBack: 'would have been rolled back',
    rejected: 'nothing was judged in that rollout',
    waitingForApproval: 'not known at the end: it would have waited, or asked a person',
  },
  configure: (command) => {
    command
      .argument('[file]', 'a report, a saved record, a recording (*.jsonl), or what CloudWatch printed')
      .option('--service <file>', 'the service file to judge by')
      .option('--history <folder>', 'instead of a file: back-test every *.jsonl of a folder')
      .option('--what-if <key=value>', 'also with this value changed; may be given again', collect)
      .option('--weights <list>', 'for CloudWatch data: weights and since when (UTC): 5%@09:00,25%@09:10')
      .option('--lateness <duration>', 'how long after its end a period can be seen; 0s unless told');
  },
  run: async ([file], options, context) => {
    const wish = readWish(file, options);
    const { of, whatIf } = wish;
    if (of.kind === 'file' && (await isRecord(of.file, wish.service, context.cwd))) {
      assertNoTimes(of.file, options);
      return replayRecordFile({ file: of.file, service: wish.service, whatIf }, context);
    }
    const service = wish.service ?? withoutService(of.kind === 'file' ? of.file : of.folder);
    const { spec, written } = await readServiceFile(resolve(context.cwd, service), service);
    const changed = whatIf.length === 0 ? null : whatIfSpec(written, whatIf);
    const policies: Policies = { asIs: spec, changed, changes: whatIf };
    if (of.kind === 'history') return backTest({ ...wish, folder: of.folder, policies }, context);
    return replayFile({ ...wish, ...of, policies }, context);
  },
};

/** What cannot be read is taken for one where no recording can be meant. */
async function isRecord(file: string, service: string | null, cwd: string): Promise<boolean> {
  const kind = await kindOfFile(cwd, file);
  return kind === 'record' || (kind === 'unreadable' && service === null);
}

interface Wish extends ReplayOptions {
  /** null: not told. */
  readonly service: string | null;
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
    service: textOf(options['service']),
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
  throw wrongUsage(
    'replay takes either one recording or --history with a folder',
    given.length === 0 ? 'neither' : given.join(' '),
    'FILE, with or without --weights, or --history FOLDER',
  );
}

/** Throws InvalidInputError (`wrong-usage`). */
function withoutService(what: string): never {
  throw wrongUsage(
    'replay of a recording needs --service: it does not say what it is to be judged by',
    `${what} without --service`,
    '--service FILE, or a report or a saved record instead of the recording',
  );
}

function assertNoTimes(file: string, options: Readonly<Record<string, unknown>>): void {
  const given = ['weights', 'lateness'].filter((name) => options[name] !== undefined);
  if (given.length === 0) return;
  throw wrongUsage(
    `${file} knows itself which weight applied when and what was seen when`,
    given.map((name) => `--${name}`).join(' '),
    '--service and --what-if beside a report or a record',
  );
}

function wrongUsage(what: string, got: string, allowed: string): InvalidInputError {
  const fix = 'See the arguments and options: stepshift replay --help';
  return new InvalidInputError([{ code: 'wrong-usage', what, where: 'command line', got, allowed, fix }]);
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

function textOf(option: unknown): string | null {
  return typeof option === 'string' ? option : null;
}
