// The commands that the documentation shows, and what is wrong with one: a program, verb, flag, script or stack that is not.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Node } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { readContext } from '../../lib/context.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { EXIT } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { runInMemory } from '../support/run-cli.ts';
import { awsProblems } from './aws-cli.ts';
import { cdkProblems } from './cdk-cli.ts';
import { type Fence, proseOf, ROOT } from './markdown.ts';
import { type ShellCommand, shellCommands } from './shell.ts';

export interface DocumentedCommand extends ShellCommand {
  readonly file: string;
  /** As it is told in the name of a test. */
  readonly text: string;
}

/** Programs of a shell that documents may use as they are. */
const SHELL_PROGRAMS: readonly string[] =
  '[ cat cd cp curl date echo exit export false git grep head jq mkdir pip printf python3 rm sed set sleep source tail tee test true unzip zip'.split(
    ' ',
  );
/** Commands of npm itself. */
const NPM_COMMANDS: readonly string[] = ['ci', 'install', 'pack', 'start', 'test'];

const SCRIPTS: Readonly<Record<string, string>> = packageJson.scripts;

/** Understands a command line as usual and then does nothing. */
const IDLE_COMMANDS = COMMANDS.map((command) => ({
  ...command,
  run: async () => ({ code: EXIT.promotedOrClean, data: null, text: '' }),
}));

/** Options of programs that are run by a script of ours; each throws for one that it does not know. */
const READERS: Readonly<Record<string, (args: readonly string[]) => Promise<unknown>>> = {
  gameday: async (args) => (await import('../../gameday/core/options.ts')).readOptions(args),
  hunt: async (args) => (await import('../hunt/options.ts')).readOptions(args),
  'bench:judge': async (args) =>
    (await import('../../bench/judge/options.ts')).readOptions(
      args,
      (await import('../../bench/judge/scenarios/index.ts')).SCENARIOS,
      (await import('../../bench/judge/judges.ts')).CONTESTANTS,
    ),
};

/** Shell blocks, and the commands in the steps of a pipeline written in YAML. */
export function commandsIn({ file, language, text }: Fence): readonly DocumentedCommand[] {
  const pieces = ['sh', 'bash', 'shell'].includes(language)
    ? [text]
    : ['yaml', 'yml'].includes(language)
      ? parseAllDocuments(text).flatMap((document) => scriptsIn(document.toJS()))
      : [];
  return pieces
    .flatMap((piece) => shellCommands(piece.replaceAll(/\$\{\{.*?\}\}/g, 'EXPRESSION')))
    .map((command) => ({ ...command, file, text: command.words.join(' ') }));
}

/**
 * Commands in the prose, which may leave out what they need: the sentence around them says it. One with a version is there to
 * be warned of: ours are pinned.
 */
export function mentionsIn(file: string, markdown: string): readonly DocumentedCommand[] {
  const codes = [...proseOf(markdown).matchAll(/(?<!`)`((?:aws|cdk|npm|npx|stepshift) [^`…@]+)`(?!`)/g)];
  return codes
    .flatMap(([, code = '']) => shellCommands(code))
    .map((command) => ({ ...command, file, text: command.words.join(' ') }));
}

/** What is wrong with a command that may be unfinished. */
export async function mentionProblems(words: readonly string[]): Promise<readonly string[]> {
  const problems = await commandProblems(words);
  return problems.filter((one) => !/ needs --|the (argument|option) .* is missing|takes either/.test(one));
}

/** GitHub's steps have `run`, CodeBuild's phases have `commands`. */
function scriptsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'run' && typeof inner === 'string') return [inner];
    if (key === 'commands' && Array.isArray(inner)) return inner.filter((one) => typeof one === 'string');
    return scriptsIn(inner);
  });
}

/** Empty: as far as can be told without running it, the command is right. */
export async function commandProblems(words: readonly string[]): Promise<readonly string[]> {
  const [program = '', ...args] = words;
  if (program === 'npm') return npmProblems(args);
  if (program === 'npx') return npxProblems(args.filter((word) => word !== '-y'));
  if (program === 'aws') return awsProblems(args);
  if (program === 'cdk') return cdkProblems(args, contextKeys());
  if (program === 'stepshift') return stepshiftProblems(args);
  return SHELL_PROGRAMS.includes(program) ? [] : [`nobody knows the program ${program}`];
}

/** What comes behind the name of our own command line; null: the command is another. */
export function stepshiftArgs(words: readonly string[]): readonly string[] | null {
  const [line] = [['stepshift'], ['npx', 'stepshift'], ['npm', 'run', '-s', 'stepshift', '--']].filter(
    (start) => start.every((word, index) => words[index] === word),
  );
  return line === undefined ? null : words.slice(line.length);
}

async function stepshiftProblems(args: readonly string[]): Promise<readonly string[]> {
  const { code, err } = await runInMemory(args, { commands: IDLE_COMMANDS });
  return code === EXIT.promotedOrClean ? [] : [`stepshift ${args.join(' ')}: ${err}`];
}

async function npmProblems(args: readonly string[]): Promise<readonly string[]> {
  const [command = '', ...rest] = args;
  if (command !== 'run') {
    return NPM_COMMANDS.includes(command) ? [] : [`npm ${command} is no command that we use`];
  }
  const [script = '', ...more] = rest.filter((word) => word !== '-s' && word !== '--silent');
  if (!(script in SCRIPTS)) return [`package.json has no script ${script}`];
  const [dashes, ...own] = more;
  if (dashes !== undefined && dashes !== '--')
    return [`npm run ${script} ${dashes}: «--» is missing before it`];
  if (script === 'stepshift') return stepshiftProblems(own);
  const read = READERS[script];
  if (read === undefined) return flagProblems(script, own);
  return read(own).then(
    () => [],
    (error: unknown) => [`npm run ${script} -- ${own.join(' ')}: ${String(error)}`],
  );
}

/** A flag of a script without a reader has to be named where its program is. */
function flagProblems(script: string, args: readonly string[]): readonly string[] {
  const program = /^node (\S+)/.exec(SCRIPTS[script] ?? '')?.[1];
  if (program === undefined) return [];
  const folder = join(ROOT, dirname(program));
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  return args
    .filter((word) => word.startsWith('--'))
    .map((word) => word.split('=')[0] ?? '')
    .filter((flag) => !sources.some((source) => source.includes(flag)))
    .map((flag) => `npm run ${script} has no ${flag}`);
}

async function npxProblems(args: readonly string[]): Promise<readonly string[]> {
  const [program = ''] = args;
  if (program === 'stepshift' || program === 'cdk') return commandProblems(args);
  return existsSync(join(ROOT, 'node_modules', '.bin', program)) ? [] : [`npx finds no ${program}`];
}

/** Names of the options of our CDK app, as it asks for them. */
export function contextKeys(): readonly string[] {
  const asked: string[] = [];
  const node = {
    tryGetContext: (name: string) => {
      asked.push(name);
      return undefined;
    },
  };
  readContext(node as unknown as Node);
  return asked;
}
