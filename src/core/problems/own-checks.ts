// Problems of checks of one's own: their name, their kind, their metric and its math.
import type { ProblemEntry } from './entry.ts';

export const OWN_CHECK_PROBLEMS = {
  'name-taken': {
    means: 'A check of your own has a name that Stepshift uses itself.',
    why: 'Reports and --what-if address checks by name, and two of one name could not be told apart.',
    fix: 'Rename the check.',
    example: { wrong: 'checks: { traffic: { metric: … } }', right: 'checks: { my-traffic: { metric: … } }' },
  },
  'no-kind-of-check': {
    means: 'A check of your own does not say how its metric is judged.',
    why: 'The same number could be a rate per request, a value to compare with stable, or a gauge with a limit; each is judged by other statistics.',
    fix: 'Add per and better for a rate, better alone for a value, or hold for a gauge.',
    example: {
      wrong: 'conversion: { metric: { namespace: Shop, name: Orders } }',
      right: 'conversion: { metric: { namespace: Shop, name: Orders }, per: request, better: higher }',
    },
  },
  'key-of-another-kind': {
    means: 'A check has a key that belongs to another kind of check.',
    why: 'The key would have no effect on a check of this kind, though it looks as if it had.',
    fix: 'Remove the key, or add the one that makes it the kind you mean.',
  },
  'too-many-checks': {
    means: 'There are more checks of your own than one rollout judges.',
    why: 'Every check shares the allowance for false alarms, and each one more makes all of them slower to see harm.',
    fix: 'Keep the checks that would stop a release, and watch the others by alarms under checks.alarms.',
  },
  'tolerance-on-wrong-side': {
    means: 'The tolerance demands that the canary is better than stable.',
    why: 'With better: lower a tolerance is above x1, with better: higher below; on the other side an equally good canary would be rolled back.',
    fix: 'Write the factor on the side that «Allowed» names.',
    example: { wrong: '{ better: higher, tolerance: x1.05 }', right: '{ better: higher, tolerance: x0.95 }' },
  },
  'rollback-without-limit': {
    means: 'A gauge is to roll back, and no limit says when.',
    why: 'hold: unusual only compares with what is usual, which is too weak a reason to take a release back.',
    fix: 'Give the limit, or let the check hold only.',
    example: {
      wrong: '{ hold: unusual, onLimit: rollback }',
      right: '{ hold: { above: 80 }, onLimit: rollback }',
    },
  },
  'series-and-math': {
    means: 'A metric has keys of a single series and keys of metric math.',
    why: 'It is either read as it is or computed; with both nobody could say which number is judged.',
    fix: 'Keep one of the two forms; a series that the math needs stands under series.',
  },
  'unbalanced-math': {
    means: 'The brackets of the metric math do not match.',
    why: 'CloudWatch would refuse the expression at the first look of a rollout.',
    fix: 'Add the bracket that is missing, or remove the one that is too many.',
    example: { wrong: 'math: (errors / requests', right: 'math: (errors / requests)' },
  },
  'unknown-series': {
    means: 'The math uses a name that is no series of it.',
    why: 'CloudWatch would refuse the expression at the first look of a rollout.',
    fix: 'Correct the name, or add the series under series.',
  },
  'unbound-math': {
    means: 'The math uses a function that takes in whatever series there are.',
    why: 'METRICS() and SEARCH() would mix the numbers of stable and canary, which have to be apart to be compared.',
    fix: 'Name every series under series and use their ids.',
    example: { wrong: 'math: SUM(METRICS())', right: 'math: SUM([a, b])' },
  },
  'unused-series': {
    means: 'A series is named that the math does not use.',
    why: 'Every series costs a query each minute, and an unused one is usually a slip in the math.',
    fix: 'Use its id in the math, or remove it.',
  },
  'unknown-placeholder': {
    means: 'A dimension has a placeholder that stands for nothing on this target.',
    why: 'CloudWatch would be asked for the literal text and answer with no data.',
    fix: 'Use one of the placeholders that «Allowed» lists.',
    example: { wrong: 'Version: "{versions}"', right: 'Version: "{version}"' },
  },
  'same-on-both-sides': {
    means: 'The metric is the same number for stable and canary.',
    why: 'Compared with itself a number is never worse, so the check could never find anything.',
    fix: 'Publish the metric with a dimension for the version, and put its placeholder there.',
    example: { wrong: 'dimensions: { Shop: uk }', right: 'dimensions: { Shop: uk, Version: "{version}" }' },
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
