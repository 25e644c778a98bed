// Problems with making a service file: what AWS does not show, or shows more than once.
import type { ProblemEntry } from './entry.ts';

export const INIT_PROBLEMS = {
  'file-exists': {
    means: 'The service file that was to be written is there already.',
    why: 'Whatever somebody wrote into it would be lost.',
    fix: 'Name another file with --out, or write over it with --force.',
  },
  'target-not-named': {
    means: 'Nothing says which function or which listener rule carries the traffic.',
    why: 'A service has exactly one target, and none is guessed.',
    fix: 'Write --function NAME, with --alias NAME where it has several, or --listener-rule ARN.',
    example: {
      wrong: 'stepshift init checkout',
      right: 'stepshift init checkout --function checkout-api --alias live',
    },
  },
  'function-unknown': {
    means: 'AWS knows no Lambda function of this name in this account and Region.',
    why: 'The name is misspelt, or the function is in another account or Region.',
    fix: 'List the functions of the Region: aws lambda list-functions.',
  },
  'no-alias': {
    means: 'The function has no alias.',
    why: 'Traffic is shared between two versions by an alias; callers of the function itself cannot be shifted.',
    fix: 'Publish a version, make an alias on it, and let the callers name the alias.',
  },
  'several-aliases': {
    means: 'The function has several aliases, and none was named.',
    why: 'Only one of them is what the callers use.',
    fix: 'Name it with --alias.',
  },
  'rule-unknown': {
    means: 'AWS knows no listener rule of this ARN in this account and Region.',
    why: 'The rule was deleted, or it is in another account or Region.',
    fix: 'List the rules of the listener: aws elbv2 describe-rules --listener-arn ARN.',
  },
  'slots-not-found': {
    means: 'The listener rule does not show two target groups.',
    why: 'One slot is live and the other one idle; a rule usually names the live one alone.',
    fix: 'Name both with --blue and --green.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
