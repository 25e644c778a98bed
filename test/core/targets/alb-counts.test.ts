// What a load balancer's sums of a minute say about errors, and that answers of the next minute are not taken for them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlbSums, albCounts } from '../../../src/core/targets/alb-rule-counts.ts';
import { seededRandom } from '../../support/random.ts';

const SECONDS = 60;
/** The longest of the simulated answers takes 2 s, 95 % of them are not slower than this. */
const P95_SECONDS = 1.91;

interface Canary {
  readonly requestsPerMinute: number;
  readonly minutes: number;
  readonly seed: number;
  /** Shares of all requests. */
  readonly hangs?: number;
  readonly refuses?: number;
  readonly answers5xx?: number;
}

type Minute = Omit<AlbSums, 'crossing'> & { readonly answered5xx: number };

/**
 * Sums by minute from the first request on, as after a raise. Requests come at random moments, answers 0.2 s to 2 s later
 * and are counted in the minute that they fall into.
 */
function minutesOf({ requestsPerMinute, minutes, seed, hangs = 0, refuses = 0, answers5xx = 0 }: Canary) {
  const random = seededRandom(seed);
  const sums = Array.from({ length: minutes + 1 }, () => ({
    requests: 0,
    answered: 0,
    answered5xx: 0,
    refused: 0,
  }));
  for (let at = arrival(); at < minutes * SECONDS; at += arrival()) {
    const count = (name: keyof Minute, seconds: number): void => {
      const minute = sums[Math.floor((at + seconds) / SECONDS)];
      if (minute !== undefined) minute[name] += 1;
    };
    count('requests', 0);
    const fate = random.next();
    const seconds = 0.2 + 1.8 * random.next();
    if (fate < hangs) continue;
    if (fate < hangs + refuses) count('refused', 0);
    else count(fate < hangs + refuses + answers5xx ? 'answered5xx' : 'answered', seconds);
  }
  return sums.slice(0, minutes);

  function arrival(): number {
    return (-Math.log(1 - random.next()) * SECONDS) / requestsPerMinute;
  }
}

function errorsOf({ answered5xx, ...sums }: Minute, responseSeconds: number | null = P95_SECONDS): number {
  const crossing = { answered5xx, responseSeconds, periodSeconds: SECONDS };
  return albCounts({ ...sums, crossing })?.errors ?? 0;
}

/** As the requests that lack an answer below 500 were counted before: nothing is forgiven. */
function lackingOf({ answered5xx: _, ...sums }: Minute): number {
  return albCounts(sums)?.errors ?? 0;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The slack as documented, whole requests. */
function slackOf(requests: number, seconds: number): number {
  const inFlight = (requests / SECONDS) * seconds;
  return Math.ceil(inFlight + 3 * Math.sqrt(2 * inFlight));
}

describe.each([600, 6000])('%d requests a minute, answered 0.2 s to 2 s later', (requestsPerMinute) => {
  const play = (change: Partial<Canary> = {}) =>
    minutesOf({ requestsPerMinute, minutes: 120, seed: 7, ...change });

  it('are no errors, also in the minute of a raise, though many answers cross the minute', () => {
    const minutes = play();
    expect(minutes.map((minute) => errorsOf(minute))).toEqual(minutes.map(() => 0));
    // without the slack, there would be many
    expect(sumOf(minutes.map(lackingOf))).toBeGreaterThan(requestsPerMinute / 10);
  });

  it('are no errors where the response time is unknown', () => {
    const minutes = play();
    expect(sumOf(minutes.map((minute) => errorsOf(minute, null)))).toBe(0);
  });

  it('are seen in full up to the slack when all of them hang', () => {
    // without an answer, nothing is known of response times
    for (const minute of play({ hangs: 1 })) {
      const seen = errorsOf(minute, null);
      expect(seen).toBe(minute.requests - slackOf(minute.requests, 1));
      expect(seen).toBeGreaterThan(0.9 * minute.requests);
    }
  });

  it('are seen as far as they hang beyond the slack when a fifth hangs', () => {
    const minutes = play({ hangs: 0.2 });
    const share =
      sumOf(minutes.map((minute) => errorsOf(minute))) / sumOf(minutes.map(({ requests }) => requests));
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.2);
  });

  it.each([1, 0.5, 0.02])('count each refused connection once: share %d', (refuses) => {
    for (const minute of play({ refuses })) expect(errorsOf(minute)).toBe(minute.refused);
  });

  it('count each 5xx answer, and nothing else', () => {
    for (const minute of play({ answers5xx: 0.02 })) expect(errorsOf(minute)).toBe(minute.answered5xx);
  });
});

describe('the slack', () => {
  const crossing = { answered5xx: 0, responseSeconds: 1, periodSeconds: SECONDS };
  const asked = { requests: 6000, answered: 0, refused: 0 };

  it.each([
    ['one second', { ...crossing, responseSeconds: 1 }, 6000 - 143],
    ['an unknown time', { ...crossing, responseSeconds: null }, 6000 - 143],
    ['a quarter of a second', { ...crossing, responseSeconds: 0.25 }, 6000 - 47],
    ['answers at once', { ...crossing, responseSeconds: 0 }, 6000],
    ['a period of five minutes', { ...crossing, periodSeconds: 300 }, 6000 - 39],
    ['answers in their own period', undefined, 6000],
  ])('of %s', (_name, known, errors) => {
    const sums = known === undefined ? asked : { ...asked, crossing: known };
    expect(albCounts(sums)).toEqual({ requests: 6000, errors });
  });

  it('leaves whole errors between none and all, and never fewer than 5xx or refused ones', () => {
    const count = fc.integer({ min: 0, max: 100_000 });
    const seconds = fc.option(fc.double({ min: 0, max: 900, noNaN: true }));
    fc.assert(
      fc.property(count, count, count, count, seconds, (requests, answered, answered5xx, refused, p95) => {
        const sums = { requests, answered, refused };
        const known = { answered5xx, responseSeconds: p95, periodSeconds: SECONDS };
        const counts = albCounts({ ...sums, crossing: known });
        if (counts === null) {
          expect([requests, refused]).toEqual([0, 0]);
          return;
        }
        expect(counts.requests).toBe(Math.max(requests, refused));
        expect(Number.isInteger(counts.errors)).toBe(true);
        expect(counts.errors).toBeLessThanOrEqual(counts.requests);
        expect(counts.errors).toBeGreaterThanOrEqual(
          Math.min(counts.requests, Math.max(answered5xx, refused)),
        );
      }),
    );
  });
});
