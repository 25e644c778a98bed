// Problems with a rollout that somebody names: to see it, or to tell it something.
import type { ProblemEntry } from './entry.ts';

export const ROLLOUT_PROBLEMS = {
  'rollout-unknown': {
    means: 'The engine has no record of a rollout of this id.',
    why: 'It is misspelt, was never started, or belongs to the engine of another account or Region.',
    fix: 'See those that are running: stepshift status.',
  },
  'nothing-runs': {
    means: 'No rollout is running, so there is none to watch.',
    why: 'Without an id the one that runs is watched. The list of those that run may lag behind by a second.',
    fix: 'Name the id of a rollout, or see those that have ended: stepshift status --past.',
  },
  'which-rollout': {
    means: 'Several rollouts are running, and the command line does not say which one is meant.',
    why: 'Without an id the only one that runs is watched.',
    fix: 'Name one of the ids that the message lists.',
  },
  'no-rollout-yet': {
    means: 'The engine has no rollout that runs, and none that ended within the last 90 days.',
    why: 'Without an id the newest rollout is told of, and there is none.',
    fix: 'Start one: stepshift start SERVICE VERSION. Of an older one, name the id.',
  },
  'signal-refused': {
    means: 'The rollout does not take this signal as it is now.',
    why: 'Each signal fits one situation; taken in another it could promote what nobody looked at.',
    fix: 'See what the rollout waits for: stepshift status ROLLOUT.',
  },
  'not-the-current-stage': {
    means: 'A stage was approved that the rollout is not at.',
    why: 'Whoever approved looked at other numbers than those of the stage that waits now.',
    fix: 'Look at the stage that it is at, then approve that one.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
