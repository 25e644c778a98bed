// Which series exist, what they count, and what one call may ask for.
import * as z from 'zod';
import { experiment } from '../core/experiment.ts';
import { ENGINE, PROBE } from '../core/names.ts';
import { probeVersions, wholeAlias } from '../core/probe.ts';
import { judgeAlways, verdictOf } from '../core/statistics.ts';
import type { Ports } from '../ports.ts';
import { invocationsOf, MINUTE_MS, nextMinute, readMinutes, sumOf, throttlesOf } from '../probe-series.ts';

const INSTALL = 'docs/install.md#not-run-on-a-real-account-yet';
const RATE = 120;
const DRIVEN_MINUTES = 2;
/** Then what was counted can be read. */
const SETTLED_MS = 4 * MINUTE_MS;

const Counted = z.object({
  sent: z.number(),
  onAlias: z.number(),
  onStable: z.number(),
  onCanary: z.number(),
});

/** Where nothing has arrived yet, nothing is known about which series there are. */
function hasArrived({ sent, onAlias, onStable, onCanary }: z.infer<typeof Counted>): boolean {
  return sent > 0 && onAlias + onStable + onCanary > 0;
}

/** Drives the probe for whole minutes with this much on its second version, and reads what was counted. */
async function drivenCounts(ports: Ports, canaryPercent: number): Promise<z.infer<typeof Counted>> {
  const { aliases, clock, metrics, traffic } = ports;
  const { stable, canary } = await probeVersions(ports);
  await aliases.update(PROBE, {
    version: stable,
    shares: canaryPercent === 0 ? {} : { [canary]: canaryPercent },
  });
  try {
    // the change has spread, and no call of before falls into these minutes
    await clock.sleep(MINUTE_MS);
    const fromMs = await nextMinute(ports);
    traffic.restartTally();
    traffic.drive(PROBE, RATE);
    await clock.sleep(DRIVEN_MINUTES * MINUTE_MS - 10_000);
    await traffic.stop();
    const sent = Object.values(traffic.tally()).reduce((sum, { requests }) => sum + requests, 0);
    await clock.sleep(SETTLED_MS);
    const wanted = [null, stable, canary].map(invocationsOf);
    const read = await readMinutes(metrics, wanted, fromMs, fromMs + DRIVEN_MINUTES * MINUTE_MS);
    const [onAlias = 0, onStable = 0, onCanary = 0] = read.map(sumOf);
    return { sent, onAlias, onStable, onCanary };
  } finally {
    await traffic.stop();
    await wholeAlias(ports, stable);
  }
}

export const seriesWhileWhole = experiment({
  id: 'series-while-whole',
  question: 'Which series does an alias with one version have?',
  assumption: 'That of the alias; no series by ExecutedVersion.',
  place: INSTALL,
  method: `${RATE} requests a minute on a whole alias; both series read four minutes later, against the caller's count`,
  needs: ['sample'],
  minutes: () => 8,
  sample: Counted,
  run: async (ports, keep) => keep(await drivenCounts(ports, 0)),
  judge: (samples) => {
    const [first = { sent: 0, onAlias: 0, onStable: 0, onCanary: 0 }] = samples;
    return {
      verdict: verdictOf(hasArrived(first), first.onAlias === first.sent && first.onStable === 0),
      measured: `sent ${first.sent}; by alias ${first.onAlias}; by ExecutedVersion ${first.onStable}`,
      values: first,
    };
  },
});

export const seriesWhileWeighted = experiment({
  id: 'series-while-weighted',
  question: 'Has each version behind a weighted alias a series of its own, and do they count all requests?',
  assumption: 'Each has one by ExecutedVersion, and they add up to what was sent.',
  place: 'docs/guarantees.md#what-is-assumed-about-aws',
  method: `${RATE} requests a minute on an alias with equal weights; the series read four minutes later`,
  needs: ['sample'],
  minutes: () => 8,
  sample: Counted,
  run: async (ports, keep) => keep(await drivenCounts(ports, 50)),
  judge: (samples) => {
    const [first = { sent: 0, onAlias: 0, onStable: 0, onCanary: 0 }] = samples;
    const { sent, onAlias, onStable, onCanary } = first;
    const isSplit = onStable > 0 && onCanary > 0 && onStable + onCanary === sent;
    return {
      verdict: verdictOf(hasArrived(first), isSplit),
      measured: `sent ${sent}; by ExecutedVersion ${onStable} + ${onCanary}; by alias ${onAlias}`,
      values: first,
    };
  },
});

const TURNED_AWAY = 30;

export const throttleSeries = experiment({
  id: 'throttle-series',
  question: 'To which series is a throttled request of a weighted alias charged?',
  assumption: 'To the alias; no version saw it.',
  place: INSTALL,
  method: `Reserved concurrency 0 on the probe, ${TURNED_AWAY} calls through its weighted alias, the series four minutes later`,
  needs: ['sample'],
  minutes: () => 6,
  sample: z.object({ turnedAway: z.number(), onAlias: z.number(), onVersions: z.number() }),
  run: async (ports, keep) => {
    const { aliases, clock, functions, metrics } = ports;
    const { stable, canary } = await probeVersions(ports);
    await aliases.update(PROBE, { version: stable, shares: { [canary]: 50 } });
    await functions.setClosed(PROBE.functionName, true);
    try {
      await clock.sleep(10_000);
      const fromMs = await nextMinute(ports);
      let turnedAway = 0;
      for (let call = 0; call < TURNED_AWAY; call++) {
        const { result } = await functions.invoke(PROBE, {});
        if (result === 'throttled') turnedAway++;
      }
      await clock.sleep(SETTLED_MS);
      const wanted = [null, stable, canary].map(throttlesOf);
      const read = await readMinutes(metrics, wanted, fromMs, fromMs + 2 * MINUTE_MS);
      const [onAlias = 0, onStable = 0, onCanary = 0] = read.map(sumOf);
      keep({ turnedAway, onAlias, onVersions: onStable + onCanary });
    } finally {
      await functions.setClosed(PROBE.functionName, false);
      await wholeAlias(ports, stable);
    }
  },
  judge: (samples) => {
    const [first = { turnedAway: 0, onAlias: 0, onVersions: 0 }] = samples;
    const { turnedAway, onAlias, onVersions } = first;
    return {
      verdict: verdictOf(
        turnedAway > 0 && onAlias + onVersions > 0,
        onAlias >= turnedAway && onVersions === 0,
      ),
      measured: `turned away ${turnedAway}; charged to the alias ${onAlias}, to versions ${onVersions}`,
      values: first,
    };
  },
});

export const machineMetrics = experiment({
  id: 'machine-metrics-of-alias',
  question:
    'Do executions that were started by an alias of the state machine count for the machine’s own ARN?',
  assumption: 'They do.',
  place: INSTALL,
  method:
    'ExecutionsStarted by the ARN of the machine over the last three hours, after the rollouts of the day',
  needs: ['engine'],
  minutes: () => 1,
  sample: z.object({ started: z.number() }),
  run: async ({ clock, metrics }, keep, { account }) => {
    const toMs = Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    const machine = `arn:aws:states:${account.region}:${account.id}:stateMachine:${ENGINE}`;
    const series = {
      namespace: 'AWS/States',
      name: 'ExecutionsStarted',
      dimensions: { StateMachineArn: machine },
      stat: 'Sum',
    };
    const [points = []] = await readMinutes(metrics, [series], toMs - 180 * MINUTE_MS, toMs);
    keep({ started: sumOf(points) });
  },
  judge: (samples) =>
    judgeAlways(
      samples.map(({ started }) => started > 0),
      'executions counted for the machine',
    ),
});
