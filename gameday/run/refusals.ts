// What a run is refused for before anything is made, beyond what the account itself says.
import type { Problem } from '../../src/core/errors.ts';
import { formatDuration } from '../../src/core/units.ts';
import { type FoundStack, type Identity, leftovers, objections, wrongAccount } from '../core/admission.ts';
import type { Options } from '../core/options.ts';
import type { DayPlan } from '../core/plan.ts';

/** A remark, since how long they last is not known. */
export function fixedCredentials({ minutes }: DayPlan): string {
  const day = formatDuration(minutes * 60);
  return `These credentials are temporary and come from the environment. They must last for ${day}; if they run out, get new ones and run this with --clean.`;
}

/** What an earlier day left may be removed wherever it is. */
export function refusals(
  options: Options,
  identity: Identity,
  stacks: readonly FoundStack[],
): readonly Problem[] {
  return [
    ...(options.isClean
      ? wrongAccount(options.account, identity)
      : [...objections(options.account, identity, stacks), ...leftovers(stacks).map(leftoverProblem)]),
    ...(options.isConfirmed ? [] : [UNCONFIRMED]),
  ];
}

export const UNCONFIRMED: Problem = {
  code: 'nobody-agreed',
  what: 'nobody has said yes to what is listed above',
  where: '--yes',
  got: 'nothing',
  allowed: '--yes',
  fix: 'Add --yes when plan, cost and account are as you want them',
};

function leftoverProblem({ name, day }: FoundStack & { readonly day: string }): Problem {
  return {
    code: 'earlier-day',
    what: `the stack ${name} of the game day ${day} is still there`,
    where: `CloudFormation stack ${name}`,
    got: day,
    allowed: 'nothing of an earlier day',
    fix: 'Remove it first: the same command with --clean',
  };
}
