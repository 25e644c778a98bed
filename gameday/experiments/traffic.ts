// Facts about where requests of a weighted alias go, and how soon a change of the weights holds for all of them.
import * as z from 'zod';
import { experiment } from '../core/experiment.ts';
import { PROBE } from '../core/names.ts';
import { probeVersions, wholeAlias } from '../core/probe.ts';
import { judgeShare } from '../core/statistics.ts';

const RATE = 1200;
const SHARES = [5, 20, 50];
const PER_SHARE_MS = 60_000;
/** Before counting, so that the change has spread. */
const SPREAD_MS = 30_000;

export const weightSplit = experiment({
  id: 'weight-split',
  question: 'Does a weighted alias send each version its share, at random?',
  assumption: 'It does; each request goes to either version by its weight.',
  place: 'docs/statistics.md#what-is-assumed-of-cloudwatch',
  method: `${RATE} requests a minute for a minute at ${SHARES.join(', ')} %; the version that answered, against the binomial distribution`,
  needs: ['sample'],
  minutes: () => (SHARES.length * (PER_SHARE_MS + SPREAD_MS)) / 60_000,
  sample: z.object({ percent: z.number(), toCanary: z.number(), requests: z.number() }),
  run: async (ports, keep) => {
    const { aliases, clock, traffic } = ports;
    const { stable, canary } = await probeVersions(ports);
    try {
      for (const percent of SHARES) {
        await aliases.update(PROBE, { version: stable, shares: { [canary]: percent } });
        traffic.drive(PROBE, RATE);
        await clock.sleep(SPREAD_MS);
        traffic.restartTally();
        await clock.sleep(PER_SHARE_MS);
        const tally = traffic.tally();
        const toCanary = tally[canary]?.requests ?? 0;
        keep({ percent, toCanary, requests: toCanary + (tally[stable]?.requests ?? 0) });
      }
    } finally {
      await traffic.stop();
      await wholeAlias(ports, stable);
    }
  },
  judge: (samples) => {
    const verdicts = samples.map(({ percent, toCanary, requests }) =>
      requests === 0 ? 'unknown' : judgeShare(toCanary, requests, percent / 100),
    );
    return {
      verdict: verdicts.includes('disagrees')
        ? 'disagrees'
        : verdicts.includes('unknown')
          ? 'unknown'
          : 'agrees',
      measured: samples
        .map(({ percent, toCanary, requests }) => `${percent} %: ${toCanary} of ${requests}`)
        .join('; '),
      values: Object.fromEntries(
        samples.map(({ percent, toCanary, requests }) => [`at${percent}`, toCanary / Math.max(1, requests)]),
      ),
    };
  },
});

const TRIALS = 5;
const WATCHED_MS = 30_000;
/** A rollback is told as safe when the alias was read back; what comes later was not promised. */
const SOON_SECONDS = 10;

export const aliasSpreads = experiment({
  id: 'alias-change-spreads',
  question: 'How long after an UpdateAlias to weight 0 does the canary still get requests?',
  assumption: `No longer than ${SOON_SECONDS} s after the request was sent.`,
  place: 'docs/guarantees.md#what-is-assumed-about-aws',
  method: `${TRIALS} times from 50 % to 0 at ${RATE} requests a minute; the last answer of the canary, from the sending of the update`,
  needs: ['sample'],
  minutes: () => (TRIALS * (SPREAD_MS + WATCHED_MS)) / 60_000,
  sample: z.object({ lastSeconds: z.number(), seenBefore: z.number() }),
  run: async (ports, keep) => {
    const { aliases, clock, traffic } = ports;
    const { stable, canary } = await probeVersions(ports);
    try {
      for (let trial = 0; trial < TRIALS; trial++) {
        await aliases.update(PROBE, { version: stable, shares: { [canary]: 50 } });
        traffic.drive(PROBE, RATE);
        traffic.restartTally();
        await clock.sleep(SPREAD_MS);
        const seenBefore = traffic.tally()[canary]?.requests ?? 0;
        const sentAtMs = clock.nowMs();
        await aliases.update(PROBE, { shares: {} });
        await clock.sleep(WATCHED_MS);
        const lastAtMs = traffic.tally()[canary]?.lastAtMs ?? sentAtMs;
        keep({ lastSeconds: Math.max(0, lastAtMs - sentAtMs) / 1000, seenBefore });
      }
    } finally {
      await traffic.stop();
      await wholeAlias(ports, stable);
    }
  },
  judge: (samples) => {
    // without requests before there was nothing that could have stopped
    const counting = samples.filter(({ seenBefore }) => seenBefore > 0);
    const longest = Math.max(0, ...counting.map(({ lastSeconds }) => lastSeconds));
    const isKnown = counting.length > 0;
    return {
      verdict: !isKnown ? 'unknown' : longest <= SOON_SECONDS ? 'agrees' : 'disagrees',
      measured: isKnown
        ? `the last one ${longest.toFixed(1)} s after the update`
        : 'the canary got nothing before',
      values: { longestSeconds: longest, trials: counting.length },
    };
  },
});
