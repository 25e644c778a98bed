// What is wrong with a command line that commander did not understand, and the line as it was probably meant.
import { Command, type CommanderError } from 'commander';
import { closest } from '../core/closest.ts';
import { InvalidInputError, type Problem } from '../core/errors.ts';
import type { CliCommand } from './command.ts';
import { shellWord } from './shell-lines.ts';

interface WrittenLine {
  readonly argv: readonly string[];
  /** null: no word of it is one. */
  readonly verb: string | null;
  /** How to see what there is. */
  readonly help: string;
  /** What the verb takes, for example `--engine`. */
  readonly options: readonly string[];
}

export function usageProblem(
  error: CommanderError,
  argv: readonly string[],
  commands: readonly CliCommand[],
): Problem {
  // not simply the first word: that may be the value of an option
  const verb = argv.find((word) => commands.some((command) => command.verb === word)) ?? null;
  const command = commands.find((each) => each.verb === verb);
  const sub = command && configured(command);
  const options = [...(sub?.options ?? []).flatMap(({ long }) => long ?? []), '--format', '--help'];
  const help = verb === null ? 'stepshift --help' : `stepshift ${verb} --help`;
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return {
    code: 'wrong-usage',
    where: 'command line',
    got: lineOf(argv),
    allowed: `stepshift ${sub === undefined ? 'VERB …' : `${sub.name()} ${sub.usage()}`}; see ${help}`,
    ...told(error.code, message, { argv, verb, help, options }),
  };
}

/** A path that is empty would be taken for the folder one is in, and a name for one that was left out. */
export function emptyArgument(verb: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'wrong-usage',
      what: `an argument of ${verb} is empty`,
      where: 'command line',
      got: '""',
      allowed: `a file or a name; see stepshift ${verb} --help`,
      fix: 'Write it out, or set the shell variable that it comes from',
    },
  ]);
}

function configured(command: CliCommand): Command {
  const sub = new Command(command.verb);
  command.configure(sub);
  return sub;
}

type Told = Pick<Problem, 'what' | 'fix'> & Partial<Pick<Problem, 'allowed'>>;

/** Codes and messages are those of commander 15 (its lib/command.js). */
function told(code: string, message: string, line: WrittenLine): Told {
  const [, name = ''] = /'([^']*)'/.exec(message) ?? [];
  switch (code) {
    case 'commander.unknownCommand':
      return { what: `there is no verb ${name}`, fix: meantWord(message, name, { ...line, options: [] }) };
    case 'commander.unknownOption':
      return { what: `there is no option ${name}${placeOf(line)}`, fix: meantOption(message, name, line) };
    case 'commander.missingArgument':
      return { what: `the argument ${name} is missing`, fix: added(line, name.toUpperCase()) };
    case 'commander.missingMandatoryOptionValue': {
      const [flag = '', value = ''] = name.split(/,? (?:.* )?/);
      return {
        what: `the option ${name} is missing`,
        fix: added(line, `${flag} "${value.replace(/[<>]/g, '').toUpperCase()}"`),
      };
    }
    case 'commander.invalidArgument':
      return notAChoice(message, line);
    default:
      return { what: message, fix: `See the arguments and options: ${line.help}` };
  }
}

function notAChoice(message: string, { argv, help }: WrittenLine): Told {
  const said = /^option '(?:.* )?(-\S+) .*' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/.exec(
    message,
  );
  if (said === null) return { what: message, fix: `See the arguments and options: ${help}` };
  const [, flag = '', value = '', choices = ''] = said;
  const [first = ''] = choices.split(', ');
  const mended = argv.map((word) =>
    word === value ? first : word === `${flag}=${value}` ? `${flag}=${first}` : word,
  );
  return {
    what: `${flag} cannot be ${value === '' ? 'empty' : value}`,
    allowed: `${choices}; see ${help}`,
    fix: `Use one of the allowed words, for example: ${lineOf(mended)}`,
  };
}

function placeOf({ verb, argv }: WrittenLine): string {
  if (verb === null) return '';
  return argv[0] === verb ? ` of ${verb}` : ' before the verb';
}

function meantOption(message: string, name: string, line: WrittenLine): string {
  const { verb, argv } = line;
  if (verb === null || argv[0] === verb) return meantWord(message, name, line);
  const at = argv.indexOf(verb);
  const turned = [verb, ...argv.slice(0, at), ...argv.slice(at + 1)];
  return `Write the options after the verb: ${lineOf(turned)}`;
}

/** Commander's own guess, or ours, put in the place of the wrong word. */
function meantWord(message: string, name: string, { argv, help, options }: WrittenLine): string {
  // `--engne=Shop` is told as a whole, and as a whole it is near to nothing
  const [bare = ''] = name.split('=');
  const meant = /\(Did you mean (\S+)\?\)/.exec(message)?.[1] ?? closest(bare, options);
  if (meant === undefined) return `See what there is: ${help}`;
  const mended = argv.map((word) =>
    word === bare || word.startsWith(`${bare}=`) ? word.replace(bare, meant) : word,
  );
  return `Did you mean ${meant}? Write: ${lineOf(mended)}`;
}

function added({ argv }: WrittenLine, more: string): string {
  return `Add it: ${lineOf(argv)} ${more}`;
}

/** As a shell takes it. */
function lineOf(argv: readonly string[]): string {
  return ['stepshift', ...argv.map(shellWord)].join(' ');
}
