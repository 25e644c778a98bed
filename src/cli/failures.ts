// How an error becomes an exit code and problems that a person can act on.
import type { CommanderError } from 'commander';
import {
  IncompleteError,
  InvalidInputError,
  PermissionError,
  type Problem,
  RejectedError,
} from '../core/errors.ts';
import { type CliCommand, EXIT, type ExitCode } from './command.ts';
import { usageProblem } from './usage-problem.ts';

/** When AWS was to be asked, and nothing says in which Region. */
export class MissingRegionError extends PermissionError {}

/** The SDK has no name of its own for this. */
export function isRegionMissing(error: unknown): boolean {
  return /Region is missing|region=""/.test(String(error));
}

/** Refused not for this call but for all of them. Source: the common errors of AWS's service API references. */
const NO_CREDENTIALS = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
];

export function isWithoutCredentials(error: unknown): error is PermissionError & { readonly cause: Error } {
  return (
    error instanceof PermissionError &&
    error.cause instanceof Error &&
    NO_CREDENTIALS.includes(error.cause.name)
  );
}

export interface Failure {
  readonly code: ExitCode;
  readonly problems: readonly Problem[];
  /** Only when STEPSHIFT_DEBUG=1 and the error was not the user's. */
  readonly stack: string | null;
}

export function failureOf(error: unknown, env: Readonly<Record<string, string | undefined>>): Failure {
  if (error instanceof InvalidInputError) return expected(EXIT.invalidInput, error.problems);
  if (error instanceof RejectedError) return expected(EXIT.rejected, error.problems);
  if (error instanceof MissingRegionError) return expected(EXIT.noPermission, [NO_REGION]);
  if (isWithoutCredentials(error)) return expected(EXIT.noPermission, [noCredentials(error.cause.message)]);
  if (error instanceof PermissionError) return expected(EXIT.noPermission, [noPermission(error.message)]);
  if (error instanceof IncompleteError) return expected(EXIT.rollbackIncomplete, [incomplete(error.message)]);
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  return {
    code: EXIT.unexpected,
    problems: [unexpected(message)],
    stack: env['STEPSHIFT_DEBUG'] === '1' ? (stack ?? null) : null,
  };
}

/** A command line that commander did not understand. */
export function usageFailure(
  error: CommanderError,
  argv: readonly string[],
  commands: readonly CliCommand[],
): Failure {
  return expected(EXIT.invalidInput, [usageProblem(error, argv, commands)]);
}

function expected(code: ExitCode, problems: readonly Problem[]): Failure {
  return { code, problems, stack: null };
}

const NO_REGION: Problem = {
  code: 'no-region',
  what: 'no AWS Region is known',
  where: 'environment',
  got: 'neither AWS_REGION nor a profile with a region',
  allowed: 'the Region of the engine, or of the target itself',
  fix: 'Set AWS_REGION (or a profile with a region): export AWS_REGION=eu-west-2',
};

function noCredentials(message: string): Problem {
  return {
    code: 'credentials-missing',
    what: 'there are no valid AWS credentials, so AWS was not asked',
    where: 'environment',
    got: message,
    allowed: 'credentials of the account that the engine is in',
    fix: 'Log in (aws sso login, or the way of your company), or set AWS_PROFILE; then see who you are: aws sts get-caller-identity',
  };
}

function noPermission(message: string): Problem {
  return {
    code: 'no-permission',
    what: message,
    where: 'AWS',
    got: 'credentials with too few rights, or of another account',
    allowed: 'credentials that may do this',
    fix: 'Check who you are (aws sts get-caller-identity) and what that identity may do',
  };
}

function incomplete(message: string): Problem {
  return {
    code: 'not-confirmed',
    what: message,
    where: 'AWS',
    got: 'no answer that shows the traffic to be safe',
    allowed: 'a target that was read back as it should be',
    fix: 'Run it again, and look at the target itself in the console',
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
