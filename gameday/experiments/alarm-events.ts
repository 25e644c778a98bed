// Facts about alarms: how fast their events are, and whether switched-off or muted actions switch events off too.
import * as z from 'zod';
import { experiment, type Finding } from '../core/experiment.ts';
import { ENGINE, PROBE_ALARM } from '../core/names.ts';
import { waitFor } from '../core/probe.ts';
import { judgeAlways, judgeDelays } from '../core/statistics.ts';
import type { Ports, Recorded } from '../ports.ts';

const GUARANTEES = 'docs/guarantees.md#what-is-assumed-about-aws';
const DELAY_TRIALS = 20;
const QUIET_TRIALS = 3;
const EVENT_WAIT = { everyMs: 1_000, forMs: 120_000 };
/** A state that was set shows before the next one is. */
const BETWEEN_MS = 3_000;

const Arrival = z.object({ delayMs: z.number().nullable() });

/** Sets the alarm off and waits for its event; null when none comes. */
async function alarmAndWait(ports: Ports): Promise<Recorded | null> {
  const { alarms, clock, recorder } = ports;
  const key = `alarm/${PROBE_ALARM}`;
  await alarms.setState(PROBE_ALARM, 'OK', 'game day: before a trial');
  await clock.sleep(BETWEEN_MS);
  const seenBefore = (await recorder.read(key)).length;
  await alarms.setState(PROBE_ALARM, 'ALARM', 'game day: a trial');
  return waitFor(ports, EVENT_WAIT, async () => (await recorder.read(key))[seenBefore] ?? null);
}

function delayOf(event: Recorded | null): number | null {
  return event?.happenedAtMs == null ? null : event.receivedAtMs - event.happenedAtMs;
}

export const eventDelay = experiment({
  id: 'alarm-event-delay',
  question: 'How long from the change of an alarm to the function that handles its event?',
  assumption: 'Events arrive; 99 % of them within 3 s on the bus, and 1.5 s for a cold start.',
  place: 'docs/guarantees.md#delays-in-the-hunt',
  method: `${DELAY_TRIALS} times SetAlarmState; the time in the event against the clock of the function that got it`,
  needs: ['sample'],
  minutes: () => 4,
  sample: Arrival,
  run: async (ports, keep) => {
    for (let trial = 0; trial < DELAY_TRIALS; trial++) keep({ delayMs: delayOf(await alarmAndWait(ports)) });
  },
  judge: (samples) => {
    const arrived = samples.flatMap(({ delayMs }) => (delayMs === null ? [] : [delayMs]));
    const lost = samples.length - arrived.length;
    if (arrived.length === 0) return { verdict: 'disagrees', measured: 'no event came', values: { lost } };
    const delays = judgeDelays(arrived, 'ms', { share: 0.99, atMost: 4_500, minSamples: 10 });
    return {
      verdict: lost > 0 ? 'disagrees' : delays.verdict,
      measured: `${delays.measured}; lost: ${lost}`,
      values: { ...delays.values, lost },
    };
  },
});

function judgeArrivals(samples: readonly z.infer<typeof Arrival>[]): Finding {
  return judgeAlways(
    samples.map(({ delayMs }) => delayMs !== null),
    'the event came',
  );
}

export const disabledActions = experiment({
  id: 'alarm-disabled-actions-emit',
  question: 'Does an alarm with ActionsEnabled=false still change its state and emit its event?',
  assumption: 'It does.',
  place: GUARANTEES,
  method: `DisableAlarmActions, ${QUIET_TRIALS} times SetAlarmState, events as the recorder got them`,
  needs: ['sample'],
  minutes: () => 1,
  sample: Arrival,
  run: async (ports, keep) => {
    await ports.alarms.setActionsEnabled(PROBE_ALARM, false);
    try {
      for (let trial = 0; trial < QUIET_TRIALS; trial++)
        keep({ delayMs: delayOf(await alarmAndWait(ports)) });
    } finally {
      await ports.alarms.setActionsEnabled(PROBE_ALARM, true);
    }
  },
  judge: judgeArrivals,
});

export const mutedAlarm = experiment({
  id: 'alarm-muted-emits',
  question: 'Does an alarm under a mute rule still change its state and emit its event?',
  assumption: 'It does.',
  place: GUARANTEES,
  method: `PutAlarmMuteRule for an hour, ${QUIET_TRIALS} times SetAlarmState, events as the recorder got them`,
  leavesLoose: true,
  needs: ['sample'],
  minutes: () => 4,
  sample: Arrival,
  run: async (ports, keep) => {
    await ports.alarms.mute(PROBE_ALARM);
    try {
      // the rule begins with the next whole minute
      await ports.clock.sleep(120_000);
      for (let trial = 0; trial < QUIET_TRIALS; trial++)
        keep({ delayMs: delayOf(await alarmAndWait(ports)) });
    } finally {
      await ports.alarms.unmute();
    }
  },
  judge: judgeArrivals,
});

export const alarmPublishes = experiment({
  id: 'alarm-publishes',
  question:
    'May an alarm publish to a topic whose policy allows cloudwatch.amazonaws.com for alarms of the account?',
  assumption: 'It may.',
  place: 'docs/install.md#not-run-on-a-real-account-yet',
  method:
    'SetAlarmState on the engine’s own alarm sweeper-missing; its history tells whether the action succeeded',
  needs: ['engine'],
  minutes: () => 2,
  sample: z.object({ summary: z.string() }),
  run: async (ports, keep) => {
    const { alarms, clock } = ports;
    const name = `stepshift-${ENGINE}-sweeper-missing`;
    const sinceMs = clock.nowMs();
    await alarms.setState(name, 'OK', 'game day: before a trial');
    await clock.sleep(BETWEEN_MS);
    await alarms.setState(name, 'ALARM', 'game day: does it reach the topic?');
    const summaries = await waitFor(ports, EVENT_WAIT, async () => {
      const found = await alarms.actionsSince(name, sinceMs);
      return found.length === 0 ? null : found;
    });
    for (const summary of summaries ?? []) keep({ summary });
  },
  judge: (samples) =>
    judgeAlways(
      samples.map(({ summary }) => /^Successfully executed/.test(summary)),
      'actions that succeeded',
    ),
});
