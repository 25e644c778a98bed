// Problems of a service file as a whole: stages, target and checks that do not fit together.
import type { ProblemEntry } from './entry.ts';

export const SERVICE_FILE_PROBLEMS = {
  'stages-must-rise': {
    means: 'A stage has the weight of the stage before it, or less.',
    why: 'Stages only ever give the canary more traffic; taking traffic back is what a rollback is for.',
    fix: 'Sort the stages by weight and remove repeated ones.',
    example: { wrong: 'weights 1%, 25%, 10%', right: 'weights 1%, 10%, 25%' },
  },
  'weight-too-fine': {
    means: 'A weight is finer than the target can route.',
    why: 'An alias takes whole percents and a load balancer tenths of one; AWS would round or refuse it in the middle of a rollout.',
    fix: 'Round the weight to the step that «Allowed» names.',
    example: { wrong: 'weight: 0.55%', right: 'weight: 0.5%' },
  },
  'not-one-target': {
    means: 'The target has no kind, or more than one.',
    why: 'A rollout moves exactly one thing, and gives its traffic back by that thing alone.',
    fix: 'Keep one of lambdaAlias and alb; write a second service file for a second target.',
    example: {
      wrong: 'target: { lambdaAlias: …, alb: … }',
      right: 'target: { lambdaAlias: { function: checkout-api, alias: live } }',
    },
  },
  'slots-are-one': {
    means: 'Blue and green are the same target group.',
    why: 'The canary needs a slot of its own; with one group nothing could be told apart or taken back.',
    fix: 'Make a second target group and name it as the other slot.',
  },
  'not-on-this-target': {
    means: 'A check asks for something that only another kind of target measures.',
    why: 'It would never have data, and a check without data holds every rollout.',
    fix: 'Remove the check; the message says what covers it on this target.',
  },
  'duplicate-alarm': {
    means: 'The same alarm is named twice under checks.alarms.',
    why: 'One of the two was probably meant to be another alarm, and that one would go unwatched.',
    fix: 'Remove one, or write the name that was meant.',
  },
  'floor-above-limit': {
    means: 'The floor of the error check is not below its limit.',
    why: 'Below the floor errors are ignored and above the limit they roll back; with the two crossed both rules would apply at once.',
    fix: 'Lower checks.errors.floor, or raise checks.errors.limit.',
    example: { wrong: 'errors: { floor: 2%, limit: 1% }', right: 'errors: { floor: 0.1%, limit: 1% }' },
  },
  'plan-over-budget': {
    means: 'The plan could take longer than one execution of Step Functions has room for.',
    why: 'An execution ends by force at 25,000 history events, and a rollout must never end that way.',
    fix: 'Shorten the bakes or maxHold, or use fewer stages or approvals; about five days fit in all.',
  },
  'service-file-too-large': {
    means: 'With its defaults filled in, the service file is larger than a rollout can carry.',
    why: 'The spec travels with every step of the workflow, whose document is limited.',
    fix: 'Use fewer checks of your own, or fewer series in metric math.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
