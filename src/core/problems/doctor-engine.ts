// What the doctor finds about the engine and the people whom it tells. `engine-missing` is among the problems of AWS.
import type { ProblemEntry } from './entry.ts';

export const DOCTOR_ENGINE_PROBLEMS = {
  'engine-in-other-region': {
    means: 'There is no engine here, and one of this name in another Region.',
    why: 'AWS_REGION probably names the wrong one.',
    fix: 'Choose the Region of the engine, or install one here, too.',
  },
  'engine-unsettled': {
    means: 'The stack of the engine is being changed, or its last change was undone.',
    why: 'Parts of two releases may be in place.',
    fix: 'Let the deployment end; after a rollback of it, see why and deploy again.',
  },
  'engine-broken': {
    means: 'The stack of the engine never came into being, or is being deleted.',
    why: 'There is no whole engine that could run a rollout or end one.',
    fix: 'See why in CloudFormation, then deploy again; delete a stack in ROLLBACK_COMPLETE first.',
  },
  'engine-outputs-missing': {
    means: 'The stack of this name lacks the outputs of an engine.',
    why: 'It is another stack, or an engine of another release.',
    fix: 'Name the stack of the engine with --engine, or deploy the engine of this release.',
  },
  'machine-missing': {
    means: 'The state machine of the engine is not there.',
    why: 'Somebody deleted it by hand; nothing can be started.',
    fix: 'Deploy the engine under another name, or delete its stack and deploy it again.',
  },
  'workflow-differs': {
    means: 'The engine runs the workflow of another release than this command line.',
    why: 'The two may not understand each other’s requests.',
    fix: 'Use the same release for both; an engine may be deployed while rollouts run.',
  },
  'table-missing': {
    means: 'The table of the engine is not there.',
    why: 'Leases, records and interrupts are in it; without it nothing is fenced.',
    fix: 'Restore it from its backup under the same name, or deploy the engine anew.',
  },
  'sweeper-never': {
    means: 'The sweeper has never run.',
    why: 'It finishes what a dead execution left behind; without it traffic could stay split.',
    fix: 'See the article on the sweeper in docs/runbook.md.',
  },
  'sweeper-silent': {
    means: 'The sweeper has not run for longer than it should.',
    why: 'It finishes what a dead execution left behind; without it traffic could stay split.',
    fix: 'See the article on the sweeper in docs/runbook.md.',
  },
  'services-none': {
    means: 'No service is registered with the engine.',
    why: 'There is nothing that could be started.',
    fix: 'Write a service file and deploy it: npx cdk deploy "Stepshift-Service-*".',
  },
  'engine-alarms-none': {
    means: 'The stack of the engine has no alarms.',
    why: 'Nobody hears when a way back is late.',
    fix: 'Deploy the engine of this release.',
  },
  'engine-alarm-firing': {
    means: 'An alarm by which the engine watches itself fires.',
    why: 'Something that should act by itself may not.',
    fix: 'Read its article in docs/runbook.md.',
  },
  'engine-alarm-undecided': {
    means: 'An alarm of the engine has too little data.',
    why: 'That is normal only right after a deployment.',
    fix: 'Run the doctor again in some minutes; if it stays so, read the article of the alarm.',
  },
  'engine-alarm-missing': {
    means: 'An alarm of the engine was deleted.',
    why: 'CloudFormation takes it for present and does not make it again by itself.',
    fix: 'Restore it by hand, or deploy the engine after a change to it.',
  },
  'nobody-told-1': {
    means: 'Nobody is told that traffic is not safe.',
    why: 'The topic of severity 1 has no confirmed subscription.',
    fix: 'Subscribe the people on call to the topic, and confirm the mail.',
  },
  'nobody-told-2': {
    means: 'Nobody is told that a release was rolled back.',
    why: 'The topic of severity 2 has no confirmed subscription.',
    fix: 'Subscribe the team to the topic, and confirm the mail.',
  },
  'subscription-pending': {
    means: 'A subscription was never confirmed.',
    why: 'SNS sends nothing to it until then.',
    fix: 'Follow the link in the message that it got, or subscribe it again.',
  },
  'chat-not-authorised': {
    means: 'The chat channel of the engine could not be made.',
    why: 'A workspace has to be authorised once by hand before a stack can use it.',
    fix: 'Authorise it in the console (Amazon Q Developer in chat applications), then deploy the stack again.',
  },
  'chat-not-subscribed': {
    means: 'A chat channel is configured and subscribed to no topic of the engine.',
    why: 'It will never show a message.',
    fix: 'Give its configuration the topics of severity 1 to 3, and deploy it again.',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
