// What refuses a game day: an experiment on real AWS, in an account that is made for it.
import type { ProblemEntry } from './entry.ts';

export const GAME_DAY_PROBLEMS = {
  'account-not-named': {
    means: 'The account of the game day is not named.',
    why: 'Whatever credentials happen to be set would be used, production included.',
    fix: 'Give --account with the number of the sandbox account.',
  },
  'wrong-account': {
    means: 'The credentials are of another account than the one that was named.',
    why: 'One of the two is a mistake, and experiments break things on purpose.',
    fix: 'Choose the credentials of the account that is meant, or name that account.',
  },
  'production-identity': {
    means: 'The name of the identity says production.',
    why: 'A game day makes, breaks and removes resources.',
    fix: 'Choose the credentials of a sandbox account.',
  },
  'forbidden-account': {
    means: 'A stack in the account is tagged as production, or as closed to game days.',
    why: 'Somebody said that nothing may be tried there.',
    fix: 'Run it in a sandbox account.',
  },
  'engine-in-use': {
    means: 'An engine is installed in the same account and Region.',
    why: 'The experiments use up quotas that its rollouts need.',
    fix: 'Choose another Region or a sandbox account.',
  },
  'stack-name-taken': {
    means: 'A stack has a name that the game day needs, and is not its own.',
    why: 'It would be changed and removed at the end.',
    fix: 'Find out whose it is, and remove it by hand.',
  },
  'not-bootstrapped': {
    means: 'CDK was never bootstrapped in this account and Region.',
    why: 'The first deployment would fail after part of the day is set up.',
    fix: 'Bootstrap once: npx cdk bootstrap.',
  },
  'earlier-day': {
    means: 'Stacks of an earlier game day are still there.',
    why: 'What is left over would change what is measured.',
    fix: 'Remove them first: the same command with --clean.',
  },
  'no-such-day': {
    means: 'The day that is to be resumed has no journal here.',
    why: 'It was another account or Region, or its results are in another folder.',
    fix: 'Begin a new day without --resume, or name the folder of its results.',
  },
  'unknown-experiment': {
    means: 'There is no experiment of this name.',
    why: 'A day without the experiment that was meant would measure something else.',
    fix: 'List them: npm run gameday -- --dry-run.',
  },
  'needs-balancer': {
    means: 'An experiment needs a load balancer, and the day has none.',
    why: 'A load balancer costs money by the hour, so it is made only when asked for.',
    fix: 'Add --alb --cidr YOUR_ADDRESS/32, or leave the experiment out.',
  },
  'nobody-agreed': {
    means: 'Nobody agreed to what the day would do and cost.',
    why: 'It makes resources that cost money.',
    fix: 'Read the plan, then add --yes.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
