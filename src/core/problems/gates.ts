// What refuses a start on any target: a condition that must hold before traffic moves is not met. Nothing was shifted.
import type { ProblemEntry } from './entry.ts';

export const GATE_PROBLEMS = {
  'service-unknown': {
    means: 'No service of this name is registered with the engine.',
    why: 'The engine knows targets, checks and permissions only from the stack that registers a service.',
    fix: 'Deploy the stack of the service (cdk deploy Stepshift-Service-NAME), or correct the name.',
    example: { wrong: 'stepshift start chekout 42', right: 'stepshift start checkout 42' },
  },
  'request-invalid': {
    means: 'The request that started a step is not of the form that this release takes.',
    why: 'It was made by hand or by a command line of another release, and a guess at it could move the wrong traffic.',
    fix: 'Send {"service": "NAME", "version": "VERSION"}, or use the command line of the same release as the engine.',
    example: {
      wrong: '{"service": "checkout", "version": 42}',
      right: '{"service": "checkout", "version": "42"}',
    },
  },
  'version-is-live': {
    means: 'The version that was to be rolled out serves all traffic already.',
    why: 'There is nothing to shift, and a version cannot be compared with itself.',
    fix: 'Do nothing, or publish a new version and name that one.',
  },
  'target-has-a-rollout': {
    means: 'Another rollout moves the traffic of this target.',
    why: 'Two rollouts at once would each undo the weights of the other, and neither could be judged.',
    fix: 'Watch the other one to its end, or stop it (stepshift abort ROLLOUT -m "why"); then start again.',
  },
  'rollout-id-used': {
    means: 'An older rollout has the name of this execution.',
    why: 'Its record would be overwritten, and with it the evidence of what happened then.',
    fix: 'Start the execution under another name, or without one.',
  },
  'target-changed': {
    means: 'Somebody else changed the target while the rollout was being started.',
    why: 'The gates were passed for a target that no longer is as they saw it.',
    fix: 'Find out who works on the target, and start again when nobody does.',
  },
  'alarm-missing': {
    means: 'The service file names an alarm that does not exist.',
    why: 'The team believes to be protected by it; a misspelt alarm never fires.',
    fix: 'Correct the name under checks.alarms, or create the alarm in this account and Region.',
  },
  'alarm-firing': {
    means: 'An alarm of the service fires before the rollout has begun.',
    why: 'The first look would roll back at once, and harm by the new version could not be told from the harm that is there.',
    fix: 'Wait until it is OK; to release the fix for it, start with --accept-alarm NAME --reason "why".',
  },
  'alarm-not-checked': {
    means: 'An alarm is accepted that the service does not check.',
    why: 'Accepting it changes nothing, so the name is probably a slip and the alarm that fires would still stop the start.',
    fix: 'Correct the name, or leave it out.',
  },
  'metrics-unreadable': {
    means: 'The metrics of the stable version cannot be read.',
    why: 'A rollout that cannot see how stable does could judge nothing and would hold until its time is up.',
    fix: 'Check the metrics of the service file, the permissions of the target role and the state of CloudWatch.',
  },
  'blind-to-http-errors': {
    means: 'The function answers HTTP, and nothing counts its 5xx answers by version.',
    why: 'Lambda counts an answer of 500 as a success, so the rollout would see no error at all.',
    fix: 'Wrap the handler with countHttpStatus and add checks.errors.http5xx, or waive the gate with a reason.',
  },
  'http-stream-silent': {
    means:
      'The metric that counts 5xx answers reported nothing in the last hour, though there were requests.',
    why: 'Silence would be taken for health: the metric, its dimensions or the wrapper are not in place.',
    fix: 'Wrap the handler of the live version, or correct namespace, name and dimensions of the metric.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
