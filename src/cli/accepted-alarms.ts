// `--accept-alarm NAME --reason TEXT`, as often as there are alarms: which may fire at the start, and why.
import type { Command } from 'commander';
import { InvalidInputError, type Problem } from '../core/errors.ts';
import type { ProblemCode } from '../core/problems/index.ts';
import { collect } from './options.ts';

/** Limits of the start request. */
const MAX_ALARMS = 20;
const MAX_NAME_CHARACTERS = 255;
const MAX_REASON_CHARACTERS = 300;

export function addAcceptAlarmOptions(command: Command): void {
  command
    .option(
      '--accept-alarm <name>',
      'start although this alarm of the service fires, to release the fix for it; repeatable, each with its --reason',
      collect,
    )
    .option('--reason <text>', 'why that alarm is accepted; kept in every record', collect);
}

function trimmed(given: unknown): readonly string[] {
  return ((given ?? []) as readonly string[]).map((text) => text.trim());
}

/** Alarm → reason, the first name with the first reason and so on. Throws InvalidInputError with every mistake. */
export function acceptedAlarms(
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> | undefined {
  const names = trimmed(options['acceptAlarm']);
  const reasons = trimmed(options['reason']);
  if (names.length === 0 && reasons.length === 0) return undefined;
  const problems = [...countProblems(names, reasons), ...nameProblems(names), ...reasonProblems(reasons)];
  if (problems.length > 0) throw new InvalidInputError(problems);
  return Object.fromEntries(names.map((name, index) => [name, reasons[index] ?? '']));
}

function countProblems(names: readonly string[], reasons: readonly string[]): readonly Problem[] {
  if (names.length > MAX_ALARMS) {
    const got = `${names.length} alarms`;
    return [problem('too-many-alarms', `${got} are accepted at once`, got, `at most ${MAX_ALARMS}`)];
  }
  if (names.length === reasons.length) return [];
  const got = `--accept-alarm ${timesText(names.length)}, --reason ${timesText(reasons.length)}`;
  return [
    problem(
      'reason-missing',
      'every accepted alarm needs a reason of its own, and every reason its alarm',
      got,
      'one --reason for each --accept-alarm, in the same order',
    ),
  ];
}

function timesText(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

function nameProblems(names: readonly string[]): readonly Problem[] {
  return names.flatMap((name, index) => {
    if (name.length < 1 || name.length > MAX_NAME_CHARACTERS) {
      const allowed = `a name of 1 to ${MAX_NAME_CHARACTERS} characters`;
      return [problem('wrong-option', `--accept-alarm cannot be "${name}"`, name, allowed)];
    }
    if (names.indexOf(name) === index) return [];
    return [problem('alarm-twice', `the alarm ${name} is accepted twice`, name, 'each alarm once')];
  });
}

function reasonProblems(reasons: readonly string[]): readonly Problem[] {
  return reasons
    .filter(({ length }) => length < 1 || length > MAX_REASON_CHARACTERS)
    .map((reason) =>
      problem(
        'wrong-option',
        reason === '' ? 'a reason is empty' : 'a reason is too long',
        `${reason.length} characters`,
        `a reason of 1 to ${MAX_REASON_CHARACTERS} characters`,
      ),
    );
}

function problem(code: ProblemCode, what: string, got: string, allowed: string): Problem {
  return {
    code,
    what,
    where: 'command line',
    got,
    allowed,
    fix: 'Write --accept-alarm Checkout5xx --reason "42 fixes it", once for each alarm',
  };
}
