// `stepshift verify ROLLOUT`: whether the record of a rollout is what was written, and whether the invariants hold on it.

import type { Examination } from '../../core/audit/examination.ts';
import { InvalidInputError } from '../../core/errors.ts';
import { readRecordFile, saveRecord, storedRecord } from '../audit-record.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import {
  addEngineOption,
  ENGINE_EXIT_CODES,
  engineName,
  type OpenEngine,
  openInstalledEngine,
} from '../engine.ts';
import { examine } from '../examination.ts';
import { withFirstProblems } from '../first-problems.ts';
import { assertNames } from '../names.ts';
import { styleOf } from '../timeline.ts';
import { isClean, verifyText } from '../verify-text.ts';
import { unknownRollout } from './status.ts';

export const verifyCommand = verifyCommandOn(openInstalledEngine);

export function verifyCommandOn(openEngine: OpenEngine): CliCommand {
  return {
    verb: 'verify',
    summary: 'Check the record of a rollout: its hashes, every invariant',
    examples: [
      'verify checkout-42-1f2e3d4c',
      'verify checkout-42-1f2e3d4c --save record.json',
      'verify --file record.json --format json',
      'verify --file report.html',
    ],
    exitCodes: {
      promotedOrClean: 'the record is whole and nothing is violated',
      unexpected: 'it is not: nobody planned for that, whatever the outcome of the rollout was',
      ...ENGINE_EXIT_CODES,
    },
    configure: (command) => {
      command
        .argument('[rollout]', 'id of the rollout; its record is read with your own rights')
        .option('--file <file>', 'instead of a rollout: a saved record, or a report; needs no AWS')
        .option('--save <file>', 'keep the record as one JSON file');
      addEngineOption(command);
    },
    run: async ([rolloutId], options, context) => {
      const wish = readWish(rolloutId, options);
      const examination = await withFirstProblems(() => examineWish(wish, options, context, openEngine));
      return resultOf(examination, context);
    },
  };
}

type Wish =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'rollout'; readonly rolloutId: string; readonly save: string | null };

function readWish(rolloutId: string | undefined, options: Readonly<Record<string, unknown>>): Wish {
  const { file, save } = options;
  if (rolloutId !== undefined && file === undefined) {
    assertNames({ rollout: rolloutId });
    return { kind: 'rollout', rolloutId, save: typeof save === 'string' ? save : null };
  }
  if (rolloutId === undefined && typeof file === 'string' && save === undefined)
    return { kind: 'file', file };
  const given = [rolloutId, ...['file', 'save'].flatMap((name) => (name in options ? [`--${name}`] : []))];
  throw new InvalidInputError([
    {
      code: 'wrong-usage',
      what: 'verify takes either a rollout or --file with a saved record or a report',
      where: 'command line',
      got: given.filter((one) => one !== undefined).join(' ') || 'neither',
      allowed: 'ROLLOUT, with or without --save FILE, or --file FILE',
      fix: 'See the arguments and options: stepshift verify --help',
    },
  ]);
}

async function examineWish(
  wish: Wish,
  options: Readonly<Record<string, unknown>>,
  { cwd, remark }: CommandContext,
  openEngine: OpenEngine,
): Promise<Examination> {
  if (wish.kind === 'file') return examine(await readRecordFile(cwd, wish.file), wish.file);
  const { rolloutId, save } = wish;
  const { store } = await openEngine(engineName(options));
  const row = await store.readRow(rolloutId);
  if (row === null) throw unknownRollout(rolloutId);
  const record = await storedRecord(store, row);
  if (save !== null) {
    await saveRecord(cwd, save, '--save', record);
    remark(`record: ${save}`);
  }
  return examine(record, `the record of ${rolloutId}`);
}

function resultOf(examination: Examination, context: CommandContext): CommandResult {
  const { invariants, ...summary } = examination;
  return {
    code: isClean(examination) ? EXIT.promotedOrClean : EXIT.unexpected,
    data: { isClean: isClean(examination), ...examination },
    text: verifyText(examination, styleOf(context)),
    lines: [...invariants, { isClean: isClean(examination), ...summary }],
  };
}
