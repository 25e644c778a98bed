// When metrics arrive, and in which minute they are counted.
import * as z from 'zod';
import { SETTLE_SECONDS } from '../../src/core/draft-rollout.ts';
import { type Arrivals, arrivalsWithin, withPoll } from '../core/arrivals.ts';
import { experiment } from '../core/experiment.ts';
import { PROBE } from '../core/names.ts';
import { probeVersions, wholeAlias } from '../core/probe.ts';
import { judgeAlways, judgeDelays } from '../core/statistics.ts';
import { durationsOf, invocationsOf, MINUTE_MS, nextMinute, readMinutes, sumOf } from '../probe-series.ts';

const RATE = 120;
const POLL_MS = 10_000;
/** After this long the value of a minute is taken for its last one. */
const LAST_WATCH_MS = 8 * MINUTE_MS;

export const metricArrival = experiment({
  id: 'metric-arrival',
  question: 'How long after its end is a minute of a version’s own series (ExecutedVersion) whole?',
  assumption: `99 % of the minutes are whole ${SETTLE_SECONDS} s after their end.`,
  place: 'src/core/draft-rollout.ts',
  method: `A weighted alias at a constant ${RATE} requests a minute; both versions asked every ${POLL_MS / 1000} s, each minute until 8 minutes later`,
  needs: ['sample'],
  minutes: ({ minutes }) => minutes + LAST_WATCH_MS / MINUTE_MS,
  sample: z.object({ version: z.string(), firstSeconds: z.number(), wholeSeconds: z.number() }),
  run: async (ports, keep, options) => {
    const { aliases, clock, metrics, traffic } = ports;
    const { stable, canary } = await probeVersions(ports);
    await aliases.update(PROBE, { version: stable, shares: { [canary]: 50 } });
    traffic.drive(PROBE, RATE);
    try {
      const fromMs = await nextMinute(ports);
      const toMs = fromMs + options.minutes * MINUTE_MS;
      const seen = new Map<string, Arrivals>([stable, canary].map((version) => [version, new Map()]));
      const told = new Set<string>();
      while (clock.nowMs() < toMs + LAST_WATCH_MS) {
        const versions = [...seen.keys()];
        const nowMs = clock.nowMs();
        const oldestMs = Math.max(
          fromMs,
          Math.floor((nowMs - LAST_WATCH_MS) / MINUTE_MS) * MINUTE_MS - MINUTE_MS,
        );
        const read = await readMinutes(metrics, versions.map(invocationsOf), oldestMs, nowMs);
        for (const [index, version] of versions.entries()) {
          const arrivals = withPoll(seen.get(version) ?? new Map(), clock.nowMs(), read[index] ?? []);
          seen.set(version, arrivals);
          const untilMs = Math.min(toMs, clock.nowMs() - LAST_WATCH_MS);
          for (const { minuteAtMs, ...arrival } of arrivalsWithin(arrivals, fromMs, untilMs)) {
            const key = `${version}@${minuteAtMs}`;
            if (!told.has(key)) keep({ version, ...arrival });
            told.add(key);
          }
        }
        await clock.sleep(POLL_MS);
      }
    } finally {
      await traffic.stop();
      await wholeAlias(ports, stable);
    }
  },
  judge: (samples) => {
    const whole = samples.map(({ wholeSeconds }) => wholeSeconds);
    const first = samples.map(({ firstSeconds }) => firstSeconds);
    const finding = judgeDelays(whole, 's', { share: 0.99, atMost: SETTLE_SECONDS, minSamples: 20 });
    const firsts = judgeDelays(first, 's', { share: 0.99, atMost: SETTLE_SECONDS, minSamples: 20 });
    return {
      ...finding,
      measured: `whole: ${finding.measured}; first value: ${firsts.measured}`,
      values: {
        ...finding.values,
        firstP50: firsts.values['p50'] ?? null,
        firstP99: firsts.values['p99'] ?? null,
      },
    };
  },
});

const LONG_MS = 45_000;
/** So late in a minute that the call ends in the next one. */
const INTO_MINUTE_MS = 30_000;

export const metricStamp = experiment({
  id: 'metric-stamp',
  question: 'Is an invocation counted in the minute in which it began, or in which it ended?',
  assumption: 'In the minute in which it began.',
  place: 'docs/statistics.md#what-is-assumed-of-cloudwatch',
  method: `A call of ${LONG_MS / 1000} s that begins in the middle of a minute; four minutes later both minutes are read`,
  needs: ['sample'],
  minutes: () => 7,
  sample: z.object({ inFirst: z.number(), inSecond: z.number(), durationInFirst: z.boolean() }),
  run: async (ports, keep) => {
    const { clock, functions, metrics } = ports;
    // nothing of before may be counted in these minutes
    await clock.sleep(MINUTE_MS);
    const startMs = await nextMinute(ports);
    await clock.sleep(INTO_MINUTE_MS);
    await functions.invoke(PROBE, { sleepMs: LONG_MS });
    await clock.sleep(4 * MINUTE_MS);
    const [invocations = [], durations = []] = await readMinutes(
      metrics,
      [invocationsOf(null), durationsOf(null, 'SampleCount')],
      startMs,
      startMs + 2 * MINUTE_MS,
    );
    const inMinute = (atMs: number) => sumOf(invocations.filter((point) => point.atMs === atMs));
    keep({
      inFirst: inMinute(startMs),
      inSecond: inMinute(startMs + MINUTE_MS),
      durationInFirst: durations.some(({ atMs }) => atMs === startMs),
    });
  },
  judge: (samples) => {
    const [first = { inFirst: 0, inSecond: 0, durationInFirst: false }] = samples;
    if (first.inFirst + first.inSecond === 0) {
      return { verdict: 'unknown', measured: 'the call was in neither minute', values: first };
    }
    const finding = judgeAlways([first.inFirst === 1, first.durationInFirst], 'in the minute of its begin');
    return {
      ...finding,
      measured: `invocation in the minute of its ${first.inFirst === 1 ? 'begin' : 'end'}, duration in that of its ${first.durationInFirst ? 'begin' : 'end'}`,
      values: first,
    };
  },
});
