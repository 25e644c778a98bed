// Problems of emergency-stop, the way back without an engine.
import type { ProblemEntry } from './entry.ts';

export const EMERGENCY_STOP_PROBLEMS = {
  'what-to-stop': {
    means: 'No target was named, or more than one.',
    why: 'The command writes to production at once, so it takes exactly one target.',
    fix: 'Name a service file, or --function with --alias, or --rule.',
    example: {
      wrong: 'stepshift emergency-stop --function checkout-api',
      right: 'stepshift emergency-stop --function checkout-api --alias live',
    },
  },
  'base-rule': {
    means: 'The rule that was named is the rule of the service itself.',
    why: 'Deleting it would take the service down instead of the canary.',
    fix: 'Name the service file alone: the rule of the rollout is found by its tag.',
  },
  'base-rule-missing': {
    means: 'The rule of the service is gone.',
    why: 'The rule of the rollout may be all that serves, and deleting that one would take the service down.',
    fix: 'Make the rule of the service again; --yes deletes all the same where the next rule may serve.',
  },
  'promotion-under-way': {
    means: 'The rollout is between the last two writes of its promotion.',
    why: 'The rule of the service points at the new version already, so deleting the other rule would give it all traffic.',
    fix: 'Point the rule of the service back first, then repeat the command; the message has the call.',
  },
  'default-rule': {
    means: 'The rule that was named is the default rule of a listener.',
    why: 'It cannot be deleted, and it is never the rule of a rollout.',
    fix: 'Name the rule that the rollout made, tagged stepshift:rollout.',
  },
  'rule-not-ours': {
    means: 'The rule that was named was made by no rollout.',
    why: 'Deleting a rule of somebody else could take another service down.',
    fix: 'Look at the rule; if it is the one to delete, repeat the command with --yes.',
  },
  'tags-unread': {
    means: 'It is not known whether a rollout made the rule, because its tags cannot be read.',
    why: 'Without the tags it could be the rule of another service.',
    fix: 'Look at the rule in the console; if it is the one to delete, repeat the command with --yes.',
  },
  'target-unknown': {
    means: 'AWS knows no such target.',
    why: 'The name is misspelt, or the credentials or AWS_REGION are those of another account or Region.',
    fix: 'Check the name, the account and AWS_REGION.',
  },
  'stable-unknown': {
    means: 'The load balancer does not show which slot is the stable one.',
    why: 'With mode: in-place both slots are in one rule, and a guess could give all traffic to the bad version.',
    fix: 'Name the slot that is to take all traffic: --stable blue or --stable green.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
