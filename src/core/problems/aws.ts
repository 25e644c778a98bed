// Problems on the way to AWS: who asks, where, and whether an answer came.
import type { ProblemEntry } from './entry.ts';

export const AWS_PROBLEMS = {
  'no-region': {
    means: 'Nothing says which AWS Region is meant.',
    why: 'An engine is installed once per account and Region, and none is guessed.',
    fix: 'Set AWS_REGION, or a profile with a region.',
    example: { wrong: 'stepshift status', right: 'AWS_REGION=eu-west-2 stepshift status' },
  },
  'credentials-missing': {
    means: 'There are no valid AWS credentials.',
    why: 'They are not set, or have expired, so AWS does not know who asks.',
    fix: 'Log in (aws sso login, or the way of your company), or set AWS_PROFILE.',
  },
  'no-permission': {
    means: 'AWS refused the call.',
    why: 'The credentials are of another account, or lack a right; docs/permissions.md lists the rights of each command.',
    fix: 'Check who you are (aws sts get-caller-identity) and what that identity may do.',
  },
  'engine-missing': {
    means: 'There is no engine of this name in this account and Region.',
    why: 'Without an engine there is nothing that could move traffic, or take it back.',
    fix: 'Install it (docs/install.md), choose its account and Region, or name its stack with --engine.',
    example: { wrong: 'stepshift status', right: 'stepshift status --engine ShopEngine' },
  },
  'not-confirmed': {
    means: 'Nothing that was read back shows that the traffic is safe.',
    why: 'A way back counts only when the target itself says so.',
    fix: 'Run it again, and look at the target itself in the console.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
