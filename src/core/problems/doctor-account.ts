// What the doctor finds about this machine and the account. `no-region` and `credentials-missing` are among the problems of AWS.
import type { ProblemEntry } from './entry.ts';

export const DOCTOR_ACCOUNT_PROBLEMS = {
  'caller-is-root': {
    means: 'You are the root user of the account.',
    why: 'Nothing here needs its rights, and a slip as root has no limit.',
    fix: 'Use a role instead.',
  },
  'read-refused': {
    means: 'A check could not be made, because a read is not allowed to you.',
    why: 'What could not be looked at is never told as fine.',
    fix: 'Allow the action that is named; docs/doctor.md has the whole policy.',
  },
  'read-failed': {
    means: 'A check could not be made, because a read failed.',
    why: 'What could not be looked at is never told as fine.',
    fix: 'Run it again; if it stays, look at the network and at the state of the AWS service.',
  },
  'nothing-to-read': {
    means: 'A check could not be made, because something that another finding tells of is missing.',
    why: 'What could not be looked at is never told as fine.',
    fix: 'Mend the other finding first.',
  },
  'node-too-old': {
    means: 'The Node that runs this is older than the one Stepshift is made for.',
    why: 'Stepshift runs as TypeScript, which older ones do not read, or read differently.',
    fix: 'Run it through the npm scripts of the project, which bring the right Node along.',
  },
  'cdk-cli-missing': {
    means: 'No aws-cdk is installed here.',
    why: 'npx would fetch the newest, and 3.0.0 is a mistaken publish that cannot read this app.',
    fix: 'Install the pinned one before you deploy from here.',
  },
  'cdk-cli-mistaken': {
    means: 'The installed aws-cdk is the mistaken publish 3.0.0.',
    why: 'It cannot read this app, so nothing can be deployed.',
    fix: 'Install the pinned one.',
  },
  'cdk-cli-old': {
    means: 'The installed aws-cdk is older than the tested one.',
    why: 'It may not read what the construct library writes.',
    fix: 'Install the pinned one.',
  },
  'bootstrap-missing': {
    means: 'CDK was not bootstrapped here under its usual name.',
    why: 'cdk deploy has nowhere to put the code of the functions.',
    fix: 'Bootstrap once (npx cdk bootstrap), unless you use a bootstrap stack of your own.',
  },
  'bootstrap-old': {
    means: 'The bootstrap stack is older than the app asks for.',
    why: 'cdk deploy refuses to use it.',
    fix: 'Bootstrap again; it updates the stack.',
  },
  'concurrency-low': {
    means: 'Functions of this account may run only a few at a time.',
    why: 'Any load can delay a way back, and nothing can be reserved for it.',
    fix: 'Ask for the usual 1,000 (Service Quotas, Lambda, Concurrent executions).',
  },
  'concurrency-ceiling': {
    means: 'Fewer runs are reserved for the way back than services may need at once.',
    why: 'A reservation is a ceiling, too: ways back beyond it wait for each other.',
    fix: 'Raise reservedConcurrency in the deployment of the engine, or leave it out.',
  },
  'trail-missing': {
    means: 'No CloudTrail trail delivers management events here.',
    why: 'EventBridge sees a published version only by such a trail, so a rule on it would never start a rollout.',
    fix: 'Create or start a trail, if such a rule starts rollouts; otherwise leave it.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
