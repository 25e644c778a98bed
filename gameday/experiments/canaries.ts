// The canaries of the day: good, bad, slow, silent; one that an alarm stops, one that a person stops, one that is killed.
import { SERVICE_ALARM } from '../core/names.ts';
import { WITHOUT_ACT } from '../core/rollout-end.ts';
import { canaryExperiment, measuredStop } from './canary.ts';

const GUARANTEES = 'docs/guarantees.md';
/** What the hunt takes for the longest way without faults, docs/guarantees.md#the-hunt. */
const ALARM_SECONDS = 10;
/** The sweeper comes every minute and asks twice, docs/limits.md#what-it-depends-on. */
const SWEEP_SECONDS = 150;

export const goodCanary = canaryExperiment({
  id: 'canary-good',
  question: 'Is a version that is as good as the live one promoted?',
  assumption:
    'PROMOTED. That it moves at all shows that aws:PrincipalArn contains the path of an assumed role.',
  place: 'docs/install.md#not-run-on-a-real-account-yet',
  method: 'A version with the same behaviour, under constant traffic',
  behaviour: 'good',
  hasTraffic: true,
  minutes: 9,
  expected: { outcome: 'PROMOTED' },
});

export const badCanary = canaryExperiment({
  id: 'canary-bad',
  question: 'Is a version that fails 5 % of its requests taken back on its metrics?',
  assumption: 'ROLLED_BACK by the error check.',
  place: `${GUARANTEES}#guarantees`,
  method: 'A version that throws at one request in 20, at random; no alarm is set',
  behaviour: 'bad',
  hasTraffic: true,
  minutes: 6,
  expected: { outcome: 'ROLLED_BACK', events: ['canary-failed'] },
});

export const slowCanary = canaryExperiment({
  id: 'canary-slow',
  question: 'Is a version that is far beyond the latency limit taken back?',
  assumption: 'ROLLED_BACK, since the service file says onLimit: rollback.',
  place: 'docs/checks.md',
  method: 'A version that takes 600 ms against 20 ms of the live one, at a limit of 300 ms',
  behaviour: 'slow',
  hasTraffic: true,
  minutes: 6,
  expected: { outcome: 'ROLLED_BACK', events: ['canary-failed'] },
});

export const silentCanary = canaryExperiment({
  id: 'canary-silent',
  question: 'Does a rollout without any traffic stay without a verdict, and is it then taken back?',
  assumption: 'It is held, then inconclusive, then ROLLED_BACK as the service file says; it is never passed.',
  place: `${GUARANTEES}#guarantees`,
  method: 'A good version while nobody sends a request',
  behaviour: 'good',
  hasTraffic: false,
  minutes: 12,
  expected: { outcome: 'ROLLED_BACK', events: ['canary-inconclusive'] },
});

export const alarmedCanary = canaryExperiment({
  id: 'canary-alarm',
  question: 'How long from an alarm of the service to weight 0?',
  assumption: `ROLLED_BACK; the alias shows weight 0 within ${ALARM_SECONDS} s.`,
  place: `${GUARANTEES}#the-hunt`,
  method:
    'SetAlarmState in the middle of the first stage of a good version; the alias is read twice a second',
  behaviour: 'good',
  hasTraffic: true,
  minutes: 5,
  expected: {
    outcome: 'ROLLED_BACK',
    events: ['interrupt-latched'],
    zeroWithinSeconds: ALARM_SECONDS,
  },
  act: (ports, _started, version) =>
    measuredStop(ports, version, () =>
      ports.alarms.setState(SERVICE_ALARM, 'ALARM', 'game day: an alarm in the middle of a stage'),
    ),
  tidy: ({ alarms }) => alarms.setState(SERVICE_ALARM, 'OK', 'game day: after the rollout'),
});

export const abortedCanary = canaryExperiment({
  id: 'canary-abort',
  question: 'How long from an abort to weight 0?',
  assumption: `ABORTED; the alias shows weight 0 within ${ALARM_SECONDS} s.`,
  place: `${GUARANTEES}#the-hunt`,
  method: 'The product’s own abort in the middle of the first stage',
  behaviour: 'good',
  hasTraffic: true,
  minutes: 5,
  expected: { outcome: 'ABORTED', zeroWithinSeconds: ALARM_SECONDS },
  act: (ports, { rolloutId }, version) =>
    measuredStop(ports, version, () => ports.rollouts.abort(rolloutId, 'game day: a person stops it')),
});

export const killedCanary = canaryExperiment({
  id: 'canary-killed',
  question: 'Is traffic taken back when somebody stops the execution itself?',
  assumption: `Guard or sweeper takes it back; the alias shows weight 0 within ${SWEEP_SECONDS} s.`,
  place: 'docs/limits.md#what-it-depends-on',
  method: 'StopExecution in the middle of the first stage',
  behaviour: 'good',
  hasTraffic: true,
  minutes: 6,
  expected: { outcome: 'ROLLED_BACK', events: ['taken-over'], zeroWithinSeconds: SWEEP_SECONDS },
  act: (ports, { executionArn }, version) =>
    measuredStop(ports, version, () => ports.machines.stop(executionArn)),
});

export const eventStart = canaryExperiment({
  id: 'start-by-event',
  question: 'Does EventBridge start the state machine by the ARN of its alias?',
  assumption: 'It does, with states:StartExecution on machine and alias.',
  place: 'docs/install.md#not-run-on-a-real-account-yet',
  method: 'stepshift.rollout.requested on the engine’s bus; aborted once it has traffic',
  behaviour: 'good',
  hasTraffic: true,
  minutes: 5,
  expected: { outcome: 'ABORTED' },
  start: ({ rollouts }, version) => rollouts.startByEvent(version),
  act: (ports, { rolloutId }, version) =>
    measuredStop(ports, version, () => ports.rollouts.abort(rolloutId, 'game day: seen to be started')),
});

export const redeployedEngine = canaryExperiment({
  id: 'engine-redeployed',
  question: 'Does a rollout go on when the engine is deployed anew in its middle?',
  assumption: 'It does: its version of the state machine and of the functions stays. PROMOTED.',
  place: `${GUARANTEES}#what-is-assumed-about-aws`,
  method: 'cdk deploy of the engine with another definition in the first stage of a good version',
  behaviour: 'good',
  hasTraffic: true,
  minutes: 10,
  expected: { outcome: 'PROMOTED' },
  act: async ({ rollouts, stacks }, { rolloutId }) => {
    await stacks.redeployEngine();
    const report = await rollouts.report(rolloutId);
    if (report?.outcome !== null) throw new Error('the rollout had ended before the deployment did');
    return WITHOUT_ACT;
  },
});
