// Names given on the command line: refused before anything is asked of AWS when no such name can exist.
import { InvalidInputError, type Problem } from '../core/errors.ts';

interface NameShape {
  readonly noun: string;
  readonly pattern: RegExp;
  readonly allowed: string;
  readonly fix: (name: string) => string;
}

export const VERSION_NAME = /^[A-Za-z0-9._-]{1,128}$/;

const SERVICE: NameShape = {
  noun: 'service',
  pattern: /^[a-z][a-z0-9-]{0,39}$/,
  allowed: 'a lower-case letter, then lower-case letters, digits and hyphens, at most 40 characters',
  fix: (name) => `Write it as the service file has it under service, for example ${serviceLike(name)}`,
};

const VERSION: NameShape = {
  noun: 'version',
  pattern: VERSION_NAME,
  allowed: '1 to 128 letters, digits, dots, underscores and hyphens',
  fix: () => 'Write a published version as the target calls it, for example 42',
};

const ROLLOUT: NameShape = {
  noun: 'rollout',
  pattern: /^[A-Za-z0-9._-]{1,80}$/,
  allowed: '1 to 80 letters, digits, dots, underscores and hyphens',
  fix: () => 'Copy the id from the output of stepshift start or stepshift status',
};

/** Throws InvalidInputError (`wrong-name`) with every name that is wrong. */
export function assertNames(given: {
  readonly service?: string;
  readonly version?: string;
  readonly rollout?: string;
}): void {
  const problems = [
    ...wrongName(given.service, SERVICE),
    ...wrongName(given.version, VERSION),
    ...wrongName(given.rollout, ROLLOUT),
  ];
  if (problems.length > 0) throw new InvalidInputError(problems);
}

/** The name that was probably meant: `Checkout API` is meant for `checkout-api`. */
function serviceLike(name: string): string {
  const meant = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-$/g, '')
    .slice(0, 40);
  return meant === '' ? 'checkout' : meant;
}

function wrongName(name: string | undefined, { noun, pattern, allowed, fix }: NameShape): Problem[] {
  if (name === undefined || pattern.test(name)) return [];
  return [
    {
      code: 'wrong-name',
      what: `no ${noun} can be named ${name}`,
      where: 'command line',
      got: name,
      allowed,
      fix: fix(name),
    },
  ];
}
