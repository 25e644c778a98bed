// How an error becomes an exit code and problems that a person can act on.
import type { CommanderError } from 'commander';
import { InvalidInputError, PermissionError, type Problem, RejectedError } from '../core/errors.ts';
import { EXIT, type ExitCode } from './command.ts';

export interface Failure {
  readonly code: ExitCode;
  readonly problems: readonly Problem[];
  /** Only when STEPSHIFT_DEBUG=1 and the error was not the user's. */
  readonly stack: string | null;
}

export function failureOf(error: unknown, env: Readonly<Record<string, string | undefined>>): Failure {
  if (error instanceof InvalidInputError) return expected(EXIT.invalidInput, error.problems);
  if (error instanceof RejectedError) return expected(EXIT.rejected, error.problems);
  if (error instanceof PermissionError) return expected(EXIT.noPermission, [noPermission(error.message)]);
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  return {
    code: EXIT.unexpected,
    problems: [unexpected(message)],
    stack: env['STEPSHIFT_DEBUG'] === '1' ? (stack ?? null) : null,
  };
}

/** A command line that commander did not understand. */
export function usageFailure(error: CommanderError, argv: readonly string[]): Failure {
  const verb = argv.find((argument) => !argument.startsWith('-'));
  return expected(EXIT.invalidInput, [
    {
      code: 'wrong-usage',
      what: error.message.replace(/^error: /, '').replaceAll('\n', ' '),
      where: 'command line',
      got: ['stepshift', ...argv].join(' '),
      allowed: 'what the help of the verb says',
      fix:
        error.code === 'commander.unknownCommand' || verb === undefined
          ? 'See the verbs: stepshift --help'
          : `See the arguments and options: stepshift ${verb} --help`,
    },
  ]);
}

function expected(code: ExitCode, problems: readonly Problem[]): Failure {
  return { code, problems, stack: null };
}

function noPermission(message: string): Problem {
  return {
    code: 'no-permission',
    what: message,
    where: 'AWS',
    got: 'no valid credentials, or too few rights',
    allowed: 'credentials that may do this',
    fix: 'Check who you are (aws sts get-caller-identity) and what that identity may do',
  };
}

function unexpected(message: string): Problem {
  return {
    code: 'unexpected',
    what: message,
    where: 'stepshift',
    got: 'an error nobody planned for',
    allowed: '',
    fix: 'Run it again with STEPSHIFT_DEBUG=1 to see where it happened, and report it',
  };
}
