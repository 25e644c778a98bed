// Every command that the documentation shows: understood by the program that it names, and run where it needs no AWS.
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/outcome-exit.ts';
import type { Outcome } from '../../src/core/rollout.ts';
import { type CliRun, runInMemory } from '../support/run-cli.ts';
import {
  commandProblems,
  commandsIn,
  contextKeys,
  type DocumentedCommand,
  mentionProblems,
  mentionsIn,
  stepshiftArgs,
} from './commands.ts';
import { DOCUMENTS, fencesOf, ROOT, readDocument } from './markdown.ts';
import { shellCommands } from './shell.ts';

const COMMANDS = DOCUMENTS.flatMap((file) => fencesOf(file, readDocument(file)).flatMap(commandsIn));

const MENTIONS = DOCUMENTS.flatMap((file) => mentionsIn(file, readDocument(file)));

/** Files that a document has its reader write with `cat > PATH <<'END'`: path and text. */
const WRITTEN_BY_READER = DOCUMENTS.flatMap((file) =>
  fencesOf(file, readDocument(file)).flatMap(({ text }) =>
    [...text.matchAll(/^cat > (\S+) <<'END'\n([\s\S]*?)^END$/gm)].map(
      ([, path = '', content = '']) => [path, content] as const,
    ),
  ),
);

/** Verbs that call nobody; some others do not when they are given a file. */
const OFFLINE: readonly string[] = ['demo', 'plan', 'replay', 'simulate', 'validate'];
const OFFLINE_WITH_FILE: readonly string[] = ['report', 'verify', 'why'];
/** Service files of the reader's own, which the repository has none of. */
const THEIR_FILES = /services\/(?!checkout\.yaml$|\*)/;
const RUNNABLE = COMMANDS.flatMap((command) => {
  const argv = stepshiftArgs(command.words);
  const [verb = ''] = argv ?? [];
  const hasFile = OFFLINE_WITH_FILE.includes(verb) && argv?.includes('--file') === true;
  const isOffline = OFFLINE.includes(verb) || hasFile;
  return argv !== null && isOffline && !argv.some((word) => THEIR_FILES.test(word))
    ? [{ ...command, argv }]
    : [];
});

/** `# exit 3` behind a command; the end of an example; a code in the page's own table, or in that of docs/replay.md; else 0. */
function documentedCodes({ file, comment }: DocumentedCommand, argv: readonly string[]): readonly number[] {
  const told = /\bexit (?:code )?(\d+)\b/.exec(comment ?? '')?.[1];
  if (told !== undefined) return [Number(told)];
  const [verb, path = ''] = argv;
  if (verb === 'simulate') return [exitCodeOf(outcomeOf(path.replace('examples/', '')))];
  // the record at hand is of that example
  if (verb === 'why') return [exitCodeOf(outcomeOf('error-spike'))];
  if (verb !== 'replay') return [0];
  const page = [file, 'docs/replay.md'].map(readDocument).find((text) => text.includes('| exit code |'));
  const [, table = ''] = page?.split('| exit code |') ?? [];
  const codes = [...(table.split('\n\n')[0] ?? '').matchAll(/^\| (\d+) \|/gm)].map((row) => Number(row[1]));
  return codes.filter((code) => code !== 2);
}

/** As the list of examples tells it. */
function outcomeOf(example: string): Outcome {
  const list = readFileSync(join(ROOT, 'examples', 'README.md'), 'utf8');
  const row = list.split('\n').find((line) => line.startsWith(`| [${example}](`));
  return row?.split(' | ').at(-1)?.replace(' |', '') as Outcome;
}

describe('commands', () => {
  it.each(COMMANDS)('$file: `$text` is understood', async ({ words }) => {
    expect(await commandProblems(words)).toEqual([]);
  });

  it('are found, so that none can hide behind a changed spelling', () => {
    const programs = new Set(COMMANDS.map(({ words }) => words[0]));
    for (const program of ['npm', 'npx', 'aws']) expect(programs).toContain(program);
    expect(RUNNABLE.length).toBeGreaterThanOrEqual(10);
    expect(COMMANDS.length).toBeGreaterThan(60);
    expect(MENTIONS.length).toBeGreaterThan(20);
  });

  it.each(MENTIONS)('$file: `$text`, in the prose, is understood', async ({ words }) => {
    expect(await mentionProblems(words)).toEqual([]);
  });

  it('name options of the CDK app that exist, in the prose too', () => {
    const named = DOCUMENTS.flatMap((file) => [
      ...readDocument(file).matchAll(/-c (?!name=value)([a-z]\w*)=/g),
    ]);
    expect(contextKeys()).toEqual(expect.arrayContaining([...new Set(named.map((match) => match[1]))]));
  });
});

describe('commands that need no AWS', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stepshift-docs-'));
    for (const name of ['examples', 'services']) symlinkSync(join(ROOT, name), join(folder, name));
    // what an engine would have saved, and what the tutorial has its reader write
    const files = ['--audit', 'record.json', '--report', 'report.html'];
    await runInMemory(['simulate', 'examples/error-spike', ...files], { cwd: folder });
    for (const [path, text] of WRITTEN_BY_READER) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Several pages show the same command. */
  const runs = new Map<string, Promise<CliRun>>();
  const ranOnce = (argv: readonly string[]): Promise<CliRun> => {
    const line = argv.join(' ');
    const words = argv.flatMap((word) => (word.includes('*') ? globSync(word, { cwd: folder }) : [word]));
    const known = runs.get(line) ?? runInMemory(words, { cwd: folder });
    runs.set(line, known);
    return known;
  };

  it.each(RUNNABLE)('$file: `$text` ends as documented', async ({ argv, ...command }) => {
    const { code, err } = await ranOnce(argv);
    expect(documentedCodes(command, argv), err).toContain(code);
  });

  it('write the files that they say', () => {
    const written = RUNNABLE.flatMap(({ argv }) => {
      const flag = argv.findIndex((word) => ['--report', '--audit'].includes(word));
      return flag < 0 ? [] : [argv[flag + 1] ?? ''];
    });
    expect(written.length).toBeGreaterThan(0);
    expect(written.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });

  it('have an end that is told somewhere, which can be a wrong one', () => {
    const command = (comment: string | null) => ({ file: 'docs/replay.md', text: '', words: [], comment });
    expect(documentedCodes(command('rolled back, exit 3'), ['validate', 'a.yaml'])).toEqual([3]);
    expect(documentedCodes(command(null), ['validate', 'a.yaml'])).toEqual([0]);
    expect(documentedCodes(command(null), ['simulate', 'examples/healthy'])).toEqual([0]);
    expect(documentedCodes(command(null), ['simulate', 'examples/error-spike'])).toEqual([3]);
    expect(documentedCodes(command(null), ['replay', 'a.jsonl'])).toEqual([0, 3, 5, 10]);
  });
});

describe('a wrong command is found', () => {
  it.each([
    ['stpshift status', 'nobody knows the program stpshift'],
    ['npm run -s stepshift -- statsu', 'statsu'],
    ['npm run -s stepshift -- abort checkout-42 --becuase "wrong build"', '--becuase'],
    ['npm run -s stepshift -- plan', 'file'],
    ['npm run -s stepshift status', '«--» is missing'],
    ['npm run huntt', 'package.json has no script huntt'],
    ['npm run -s hunt -- --sedes 2000', '--sedes'],
    ['npm run -s hunt -- --seeds many', 'many'],
    ['npm run bench:judge -- --only nothing-like-it', 'nothing-like-it'],
    ['npm run bench -- --quickly', 'npm run bench has no --quickly'],
    ['npm instal', 'npm instal is no command'],
    ['npx cdkk deploy', 'npx finds no cdkk'],
    ['npx cdk depoly StepshiftEngine', 'cdk has no command depoly'],
    ['npx cdk deploy StepshiftEngine --require-aproval never', 'cdk has no --require-aproval'],
    ['npx cdk deploy StepshiftEngine -c tickSecond=2', 'the app has no option -c tickSecond'],
    ['npx cdk deploy StepshiftEngin', 'there is no stack StepshiftEngin'],
    ['aws lamda get-alias', 'aws lamda get-alias is in no client'],
    ['aws lambda update-aliass --name live', 'aws lambda has no update-aliass'],
    [
      'aws lambda update-alias --function checkout-api --name live',
      'update-alias has no --function, aws lambda update-alias needs --function-name',
    ],
    ['aws lambda get-alias checkout-api --function-name f --name live', 'takes no word «checkout-api»'],
    ['aws logs tail --sice 30m', 'aws logs tail has no --sice'],
    ['aws sns subscribe --protocol email --topic-arn T --endpoint a@b.c', 'subscribe has no --endpoint'],
    ['X=$(aws lambda get-alais --name live)', 'aws lambda has no get-alais'],
  ])('%s', async (line, words) => {
    const problems = await Promise.all(shellCommands(line).map((command) => commandProblems(command.words)));
    expect(problems.flat().join(', ')).toContain(words);
  });

  it('in the prose, too, where one may be unfinished', async () => {
    const found = mentionsIn(
      'a.md',
      'Say `stepshift verify`, `stepshift stauts`, `aws lambda update-alias --nme live`.',
    );
    const problems = await Promise.all(found.map(({ words }) => mentionProblems(words)));
    expect(problems).toEqual([
      [],
      [expect.stringContaining('there is no verb stauts')],
      ['aws lambda update-alias has no --nme'],
    ]);
  });

  it.each([
    'npx cdk deploy "Stepshift-Service-*" --require-approval never -c engine=Blue --context=tickSeconds=2',
    'npx cdk deploy --app "node other.ts" Pipeline',
    'npx cdk diff -e StepshiftEngine --no-color',
    'aws lambda publish-version --function-name f --query Version --output text --no-cli-pager',
    'stepshift status | jq .',
  ])('and a right one is not: %s', async (line) => {
    const problems = await Promise.all(shellCommands(line).map((command) => commandProblems(command.words)));
    expect(problems.flat()).toEqual([]);
  });
});

describe('commands in a shell block', () => {
  it.each([
    ['a && b; c | d\ne', ['a', 'b', 'c', 'd', 'e']],
    ['a one \\\n  two  # why', ['a one two']],
    [`a 'it''s' "b \\"c\\"" d\\ e`, ['a its b "c" d e']],
    ['X=1 Y=$(b "$(c d)") a', ['c d', 'b $SUBSTITUTED', 'a']],
    ['a > file 2>&1 < other b', ['a b']],
    ["cat > f <<'EOF'\nnot a command\nEOF\nb", ['cat', 'b']],
    ['if a; then b; fi', ['a', 'b']],
    ['a \'{\n "x": 1\n}\'', ['a {\n "x": 1\n}']],
    ['# only a comment', []],
  ])('%j', (text, found) => {
    expect(shellCommands(text).map(({ words }) => words.join(' '))).toEqual(found);
  });

  it('keep the comment of their line', () => {
    expect(shellCommands('a b # exit 3')).toEqual([{ words: ['a', 'b'], comment: 'exit 3' }]);
  });

  it.each(["a 'b", 'a "b', 'a $(b'])('are refused where something is left open: %s', (text) => {
    expect(() => shellCommands(text)).toThrow(SyntaxError);
  });

  it('are found in the steps of a pipeline, too', () => {
    const steps = ['jobs:', '  a:', '    steps:', '      - run: aws x $', '{{ vars.Y }}'];
    const yaml = `${steps.join('\n').replace('$\n', '$')}\nphases: { build: { commands: [b, c] } }`;
    const found = commandsIn({ file: 'a.md', line: 1, language: 'yaml', text: yaml });
    expect(found.map(({ text }) => text)).toEqual(['aws x EXPRESSION', 'b', 'c']);
  });
});
