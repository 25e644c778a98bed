// What GetMetricData answers: counts below a bound, periods that begin anywhere, and how much it lets through.
import * as z from 'zod';
import { experiment } from '../core/experiment.ts';
import { PROBE, SAMPLE } from '../core/names.ts';
import type { TryAnswer } from '../ports.ts';
import { durationsOf, MINUTE_MS, nextMinute, readMinutes, sumOf } from '../probe-series.ts';

const FAST = 30;
const SLOW = 10;
const SLOW_MS = 400;
/** Between the two kinds of calls, and above both; milliseconds. */
const BOUNDS = { between: 200, above: 30_000 };

const Counted = z.object({
  bound: z.enum(['between', 'above']),
  counted: z.number(),
  sampleCount: z.number(),
  expected: z.number(),
});

export const thresholdCounts = experiment({
  id: 'tc-counts',
  question: 'Does TC(:x) of a version’s durations count the requests up to x?',
  assumption: 'It does, once rounded and held to the number of requests.',
  place: 'src/aws/latency-series.ts',
  method: `${FAST} calls of some milliseconds and ${SLOW} of ${SLOW_MS} ms within a minute; TC read four minutes later`,
  needs: ['sample'],
  minutes: () => 7,
  sample: Counted,
  run: async (ports, keep) => {
    const { clock, functions, metrics } = ports;
    await clock.sleep(MINUTE_MS);
    const startMs = await nextMinute(ports);
    for (let call = 0; call < FAST; call++) await functions.invoke(PROBE, {});
    for (let call = 0; call < SLOW; call++) await functions.invoke(PROBE, { sleepMs: SLOW_MS });
    await clock.sleep(4 * MINUTE_MS);
    const wanted = [
      durationsOf(null, 'SampleCount'),
      durationsOf(null, `TC(:${BOUNDS.between})`),
      durationsOf(null, `TC(:${BOUNDS.above})`),
    ];
    const read = await readMinutes(metrics, wanted, startMs, startMs + 2 * MINUTE_MS);
    const [sampleCount = 0, between = 0, above = 0] = read.map(sumOf);
    keep({ bound: 'between', counted: between, sampleCount, expected: FAST });
    keep({ bound: 'above', counted: above, sampleCount, expected: FAST + SLOW });
  },
  judge: (samples) => {
    const counts = samples.map(({ bound, counted, sampleCount, expected }) => ({
      bound,
      counted,
      expected,
      // one call may be slow for a reason of its own
      isNear: Math.abs(Math.min(sampleCount, Math.round(counted)) - expected) <= 1,
      isWhole: sampleCount === FAST + SLOW,
    }));
    const hasAll = counts.length >= 2 && counts.every(({ isWhole }) => isWhole);
    return {
      verdict: !hasAll ? 'unknown' : counts.every(({ isNear }) => isNear) ? 'agrees' : 'disagrees',
      measured: counts
        .map(({ bound, counted, expected }) => `${bound}: counted ${counted}, sent ${expected}`)
        .join('; '),
      values: Object.fromEntries(counts.map(({ bound, counted }) => [bound, counted])),
    };
  },
});

const PERIOD_SECONDS = 300;
/** Off from any clock's five minutes. */
const OFFSET_MS = 2 * MINUTE_MS;

export const periodStart = experiment({
  id: 'period-from-start',
  question: 'Are periods counted from the start time asked for, or cut by the clock?',
  assumption: 'From the start time: a period as long as the time asked for is one value.',
  place: 'src/aws/period-counts.ts',
  method: 'Five minutes that begin two minutes after a full five, asked for as one period',
  needs: ['sample', 'traffic'],
  minutes: () => 1,
  sample: z.object({ points: z.number(), offsetSeconds: z.number().nullable() }),
  run: async ({ clock, metrics }, keep) => {
    const periodMs = PERIOD_SECONDS * 1000;
    // whole by now, and no longer ago than the traffic before the first rollout
    const fromMs = Math.floor((clock.nowMs() - 2 * periodMs) / periodMs) * periodMs + OFFSET_MS;
    const [points] = await metrics.read([durationsOf(null, 'p50', SAMPLE)], {
      periodSeconds: PERIOD_SECONDS,
      fromMs,
      toMs: fromMs + periodMs,
    });
    const [first] = points ?? [];
    keep({
      points: points?.length ?? 0,
      offsetSeconds: first === undefined ? null : (first.atMs - fromMs) / 1000,
    });
  },
  judge: (samples) => {
    const [{ points, offsetSeconds } = { points: 0, offsetSeconds: null }] = samples;
    return {
      verdict: points === 0 ? 'unknown' : points === 1 && offsetSeconds === 0 ? 'agrees' : 'disagrees',
      measured: `${points} values, the first ${offsetSeconds ?? '?'} s from the start`,
      values: { points, offsetSeconds },
    };
  },
});

const LARGE_CALL = 500;
const BURST_CALLS = 20;
/** What a look asks for, docs/install.md. */
const SERIES_PER_LOOK = 15;

const SERIES_OF_CALL: Readonly<Record<'large' | 'burst', number>> = {
  large: LARGE_CALL,
  burst: SERIES_PER_LOOK,
};

export const metricQuota = experiment({
  id: 'get-metric-data-quota',
  question: 'Does the account’s quota of GetMetricData let looks through?',
  assumption:
    'One call of up to 500 series is answered whole, and so are 20 rollouts that look in the same second.',
  place: 'docs/guarantees.md#what-is-assumed-about-aws',
  method: `One call with ${LARGE_CALL} series, then ${BURST_CALLS} calls with ${SERIES_PER_LOOK} series at once, none repeated`,
  needs: ['sample'],
  minutes: () => 1,
  sample: z.object({
    call: z.enum(['large', 'burst']),
    answer: z.enum(['complete', 'partial', 'throttled'] satisfies readonly TryAnswer[]),
  }),
  run: async ({ clock, metrics }, keep) => {
    const toMs = Math.floor(clock.nowMs() / MINUTE_MS) * MINUTE_MS;
    const ask = (call: 'large' | 'burst') =>
      metrics.tryOnce(
        // different bounds, so that no two are the same series
        Array.from({ length: SERIES_OF_CALL[call] }, (_, index) => durationsOf(null, `TC(:${index + 1})`)),
        { periodSeconds: 60, fromMs: toMs - 10 * MINUTE_MS, toMs },
      );
    keep({ call: 'large', answer: await ask('large') });
    const answers = await Promise.all(Array.from({ length: BURST_CALLS }, () => ask('burst')));
    for (const answer of answers) keep({ call: 'burst', answer });
  },
  judge: (samples) => {
    const large = samples.find(({ call }) => call === 'large')?.answer ?? 'not asked';
    const burst = samples.filter(({ call }) => call === 'burst');
    const throttled = burst.filter(({ answer }) => answer === 'throttled').length;
    const isFine = large === 'complete' && throttled === 0;
    return {
      verdict: burst.length < BURST_CALLS ? 'unknown' : isFine ? 'agrees' : 'disagrees',
      measured: `500 series: ${large}; of ${burst.length} calls at once ${throttled} were throttled`,
      values: { large, burst: burst.length, throttled },
    };
  },
});
