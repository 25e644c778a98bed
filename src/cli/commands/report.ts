// `stepshift report ROLLOUT`: everything that is known of one rollout as one HTML file, running ones and past ones too.
import { InvalidInputError } from '../../core/errors.ts';
import { readRecordFile, storedRecord } from '../audit-record.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { withFirstProblems } from '../first-problems.ts';
import { assertNames } from '../names.ts';
import { type RecordReport, reportOfRecord } from '../record-report.ts';
import { type KnownRollout, reportDocument } from '../report-document.ts';
import { headerLines, styleOf } from '../timeline.ts';
import { writeReport } from '../write-report.ts';
import { unknownRollout } from './status.ts';

export const reportCommand = reportCommandOn(openInstalledEngine);

export function reportCommandOn(openEngine: OpenEngine): CliCommand {
  return {
    verb: 'report',
    summary: 'Write the report of a rollout as one HTML file',
    notes: [
      'The outcome of the rollout is told, and is no exit code: a report that was written is a success.',
      'The file carries the record, for stepshift replay FILE.html and stepshift verify --file FILE.html.',
    ],
    examples: [
      'report checkout-42-1f2e3d4c',
      'report checkout-42-1f2e3d4c --out report.html',
      'report --file record.json --out report.html',
    ],
    exitCodes: {
      promotedOrClean: 'the report was written, whatever the outcome of the rollout',
      ...ENGINE_EXIT_CODES,
    },
    configure: (command) => {
      command
        .argument('[rollout]', 'id of the rollout; its record is read with your own rights')
        .option(
          '--file <file>',
          'instead of a rollout: a saved record, or a report to write again; needs no AWS',
        )
        .option('--out <file>', 'where to write it; reports/ROLLOUT.html unless told');
      addEngineOption(command);
    },
    run: async ([rolloutId], options, context) => {
      const wish = readWish(rolloutId, options);
      const known = await withFirstProblems(() =>
        wish.kind === 'file'
          ? fromFile(context.cwd, wish.file)
          : fromEngine(wish.rolloutId, () => openEngine(engineName(options))),
      );
      return written(known, wish.out, context);
    },
  };
}

type Wish = { readonly out: string | null } & (
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'rollout'; readonly rolloutId: string }
);

function readWish(rolloutId: string | undefined, options: Readonly<Record<string, unknown>>): Wish {
  const { file } = options;
  const out = typeof options['out'] === 'string' ? options['out'] : null;
  if (rolloutId !== undefined && file === undefined) {
    assertNames({ rollout: rolloutId });
    return { kind: 'rollout', rolloutId, out };
  }
  if (rolloutId === undefined && typeof file === 'string') return { kind: 'file', file, out };
  throw new InvalidInputError([
    {
      code: 'wrong-usage',
      what: 'report takes either a rollout or --file with a record that was saved',
      where: 'command line',
      got: rolloutId === undefined ? 'neither' : `${rolloutId} --file ${String(file)}`,
      allowed: 'ROLLOUT or --file FILE, with or without --out FILE',
      fix: 'See the arguments and options: stepshift report --help',
    },
  ]);
}

type Known = KnownRollout & Pick<RecordReport, 'unknown'>;

async function fromEngine(rolloutId: string, open: () => ReturnType<OpenEngine>): Promise<Known> {
  const { store } = await open();
  const row = await store.readRow(rolloutId);
  if (row === null) throw unknownRollout(rolloutId);
  const record = await storedRecord(store, row);
  return { record, isSimulated: false, ...reportOfRecord(record, row) };
}

/** The account that AWS's own examples have; rollouts on a laptop run in it. */
const SIMULATED_ACCOUNT = ':123456789012:';

async function fromFile(cwd: string, file: string): Promise<Known> {
  const record = await readRecordFile(cwd, file);
  const { executionArn, ...known } = reportOfRecord(record, null);
  const isSimulated = executionArn?.includes(SIMULATED_ACCOUNT) ?? false;
  return { record, ...known, isSimulated, executionArn: isSimulated ? null : executionArn };
}

/** The id may come from a file, and must not lead out of the folder. */
function usualFile(rolloutId: string): string {
  assertNames({ rollout: rolloutId });
  return `reports/${rolloutId}.html`;
}

function leftOut(entries: number): string {
  return `Left out: ${entries} ${entries === 1 ? 'entry' : 'entries'} of another release, not known to this one.`;
}

async function written(
  { unknown, ...known }: Known,
  out: string | null,
  context: CommandContext,
): Promise<CommandResult> {
  const { report } = known;
  const file = out ?? usualFile(report.rolloutId);
  const document = reportDocument(known);
  await writeReport(context.cwd, file, document);
  const notes = [
    ...(unknown === 0 ? [] : [leftOut(unknown)]),
    ...(document.examinationNote === undefined ? [] : [document.examinationNote]),
  ];
  for (const note of notes) context.remark(note);
  const data = { file, notes, ...report };
  return {
    code: EXIT.promotedOrClean,
    data,
    text: [...headerLines(report, styleOf(context)), `report: ${file}`].join('\n'),
    lines: [data],
  };
}
