// What refuses to register a service: a cdk synth that stops, or a service stack whose deployment fails.
import type { ProblemEntry } from './entry.ts';

export const REGISTRATION_PROBLEMS = {
  'unreadable-folder': {
    means: 'The folder of service files cannot be read.',
    why: 'Without it the app would make no service stack, and cdk deploy would leave the services as they were.',
    fix: 'Name the folder: -c services=FOLDER.',
  },
  'no-service-files': {
    means: 'The folder that was named holds no service file.',
    why: 'It was named on purpose, so an empty one is most likely the wrong one.',
    fix: 'Name the folder that holds the files, whose names end in .yaml or .yml.',
  },
  'duplicate-service': {
    means: 'Two service files have the same service name.',
    why: 'They would be one stack, and the one that is deployed last would win.',
    fix: 'Give one of them another name, or remove it.',
  },
  'shared-target': {
    means: 'Two service files name the same target.',
    why: 'Their rollouts would move the same traffic by different rules.',
    fix: 'Give each service a target of its own, or keep one of the files.',
  },
  'target-taken': {
    means: 'Another registered service has this target already.',
    why: 'One target has one service, or two rollouts would move the same traffic.',
    fix: 'Choose another target, or remove the stack of the other service first.',
  },
  'target-role-name': {
    means: 'The engine could not assume a target role of this name.',
    why: 'Its own permissions reach only roles that are named after the engine, and IAM names end at 64 characters.',
    fix: 'Give targetRoleName, or a shorter name of the service or the engine.',
  },
  'spec-invalid': {
    means: 'The stack hands the engine a spec that it does not understand.',
    why: 'The stack was made by another release, and a rollout must not run by a spec that is read halfway.',
    fix: 'Deploy the service stack with the same release of Stepshift as the engine.',
  },
  'service-has-a-rollout': {
    means: 'The service is to be removed or moved while a rollout of it runs.',
    why: 'The way back of that rollout needs the target role which the deployment would delete.',
    fix: 'Let the rollout end, or stop it; then deploy again.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
