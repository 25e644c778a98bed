// What refuses a start on a Lambda alias. Nothing was shifted.
import type { ProblemEntry } from './entry.ts';

export const LAMBDA_GATE_PROBLEMS = {
  'alias-missing': {
    means: 'The alias of the service file does not exist.',
    why: 'The alias is what carries the traffic; without it there is nothing to shift.',
    fix: 'Correct function and alias in the service file, or create the alias on a published version.',
  },
  'alias-already-split': {
    means: 'The alias already shares its traffic between two versions, and no rollout owns that.',
    why: 'Somebody else deploys; which of the two versions is the one to go back to cannot be known.',
    fix: 'Finish or undo the other deployment, then start again.',
  },
  'stable-not-published': {
    means: 'The alias points at $LATEST.',
    why: 'Lambda does not share traffic between $LATEST and a version, and code that can change is nothing to go back to.',
    fix: 'Publish a version and point the alias at it once, before the first rollout.',
  },
  'version-missing': {
    means: 'A version that is to serve traffic is not published.',
    why: 'Lambda would refuse the first shift, or there would be nothing to go back to.',
    fix: 'Publish it first; list what there is: aws lambda list-versions-by-function --function-name NAME.',
  },
  'versions-incompatible': {
    means: 'The two versions differ in their execution role or their dead-letter queue.',
    why: 'Lambda refuses to weight an alias between such versions.',
    fix: 'Publish the new version with the role and the queue of the live one, or move all traffic by hand once.',
  },
  'alias-has-provisioned-concurrency': {
    means: 'Provisioned concurrency is configured on the alias.',
    why: 'Lambda refuses weights on an alias that has it.',
    fix: 'Delete it from the alias and put it on the version.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
