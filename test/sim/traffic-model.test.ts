import { describe, expect, it } from 'vitest';
import { countSlower } from '../../src/sim/latency-draw.ts';
import {
  type Behaviour,
  coldStartPercent,
  longestSeconds,
  shareSlowerThan,
} from '../../src/sim/traffic-behaviour.ts';
import { MINUTE_MS, type TrafficModel, type TrafficTruth } from '../../src/sim/traffic-model.ts';
import { GOOD, START_MS, simTraffic, versionTruth } from './sim-spec.ts';

function trafficOf(canary: Partial<Behaviour> = {}, more: Partial<TrafficTruth> = {}): TrafficModel {
  return simTraffic(versionTruth(canary), more);
}

/** All requests go to the canary from the first one on. */
function canaryAlone(canary: Partial<Behaviour>, more: Partial<TrafficTruth> = {}): TrafficModel {
  const traffic = trafficOf(canary, more);
  traffic.setShares(START_MS, { stable: 0, canary: 100 });
  return traffic;
}

/** Far outside chance: six standard deviations of a Poisson count. */
function expectAbout(count: number, expected: number): void {
  expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1);
}

describe('the traffic model', () => {
  it('sends everything to stable until the weight changes', () => {
    const traffic = trafficOf();
    expectAbout(traffic.minute('stable', START_MS).requests, 6000);
    expect(traffic.minute('canary', START_MS).requests).toBe(0);
  });

  it('accounts for a change in the middle of a minute with the weight of each part', () => {
    const traffic = trafficOf();
    traffic.setShares(START_MS + 15_000, { stable: 50, canary: 50 });
    expectAbout(traffic.minute('canary', START_MS).requests, 6000 * 0.75 * 0.5);
    expectAbout(traffic.minute('stable', START_MS).requests, 6000 * (0.25 + 0.75 * 0.5));
  });

  it('does not change what happens by looking at it', () => {
    const watched = trafficOf();
    const unwatched = trafficOf();
    for (const traffic of [watched, unwatched]) traffic.setShares(START_MS, { stable: 90, canary: 10 });
    for (let minute = 0; minute < 10; minute += 1) watched.minute('canary', START_MS + minute * MINUTE_MS);
    const endMs = START_MS + 10 * MINUTE_MS;
    const [seen, unseen] = [watched, unwatched].map((traffic) => traffic.total('canary', endMs));
    expect({ ...seen, latencies: [] }).toEqual({ ...unseen, latencies: [] });
    const slow = [seen, unseen].map((tally) =>
      [80, 500].map((ms) => countSlower(tally?.latencies ?? [], ms)),
    );
    expect(slow[0]).toEqual(slow[1]);
  });

  it('fails, answers 500 and hangs as often as the version does', () => {
    const traffic = canaryAlone({ errorPercent: 5, http500Percent: 2, hangPercent: 10 });
    const { requests, errors, http500, hung, bad } = traffic.total('canary', START_MS + 10 * MINUTE_MS);
    expectAbout(hung, requests * 0.1);
    expectAbout(errors, requests * 0.9 * 0.05);
    expectAbout(http500, requests * 0.9 * 0.95 * 0.02);
    expect(bad).toBe(errors + http500 + hung);
  });

  it('draws a latency for every request that ends by itself, failed or not', () => {
    const traffic = canaryAlone({ errorPercent: 20, hangPercent: 10 });
    const { requests, hung, latencies } = traffic.total('canary', START_MS + 10 * MINUTE_MS);
    expect(countSlower(latencies, 0)).toBe(requests - hung);
    expectAbout(countSlower(latencies, 240), (requests - hung) * 0.05);
  });

  it('calls slow requests bad only above a limit that takes the canary back', () => {
    const bad = (badAboveMs: number | null): number => {
      const slow = { p50Ms: 240, p95Ms: 720, errorPercent: 10 };
      return canaryAlone(slow, { badAboveMs }).minute('canary', START_MS).bad;
    };
    expectAbout(bad(null), 6000 * 0.1);
    expectAbout(bad(240), 6000 * (0.1 + 0.9 * 0.5));
    const { slow } = canaryAlone({ p50Ms: 240, p95Ms: 720, errorPercent: 10 }, { badAboveMs: 240 }).minute(
      'canary',
      START_MS,
    );
    expectAbout(slow, 6000 * 0.9 * 0.5);
  });

  it('makes a thin tail slower and leaves the rest as it was', () => {
    const traffic = canaryAlone({ tailPercent: 2, tailSlowerMs: 2000 });
    const { requests, latencies } = traffic.total('canary', START_MS + 10 * MINUTE_MS);
    expectAbout(countSlower(latencies, 2000), requests * 0.02);
    expectAbout(countSlower(latencies, 80), requests * (0.02 + 0.98 * 0.5));
  });

  it('has cold starts after every raise, fewer and fewer, and none after a cut', () => {
    const coldStarts = { percent: 30, slowerMs: 900, forMs: 2 * MINUTE_MS };
    const traffic = simTraffic(versionTruth({}, { coldStarts }));
    const minuteOf = (index: number) => traffic.minute('canary', START_MS + index * MINUTE_MS);
    traffic.setShares(START_MS, { stable: 50, canary: 50 });
    // the share of a minute is that of its middle
    expectAbout(minuteOf(0).coldStarts, 3000 * 0.3 * 0.75);
    expectAbout(minuteOf(1).coldStarts, 3000 * 0.3 * 0.25);
    expect(minuteOf(2).coldStarts).toBe(0);
    traffic.setShares(START_MS + 3 * MINUTE_MS, { stable: 20, canary: 80 });
    expectAbout(minuteOf(3).coldStarts, 4800 * 0.3 * 0.75);
    traffic.setShares(START_MS + 10 * MINUTE_MS, { stable: 80, canary: 20 });
    expect(minuteOf(10).coldStarts).toBe(0);
    expect(traffic.total('stable', START_MS + 12 * MINUTE_MS).coldStarts).toBe(0);
    expectAbout(countSlower(minuteOf(0).latencies, 900), minuteOf(0).coldStarts);
  });

  it('counts the events of a rate among the requests that are answered well', () => {
    const behaviour = { ratePercents: { conversion: 3 }, errorPercent: 40, hangPercent: 10 };
    const { requests, events } = canaryAlone(behaviour).total('canary', START_MS + 10 * MINUTE_MS);
    expectAbout(events['conversion'] ?? 0, requests * 0.9 * 0.6 * 0.03);
  });

  it('does not call a lost conversion bad', () => {
    const { bad, events } = canaryAlone({ ratePercents: { conversion: 0 } }).minute('canary', START_MS);
    expect(events).toEqual({ conversion: 0 });
    expect(bad).toBe(0);
  });

  it('keeps throttled attempts apart from the requests', () => {
    const { requests, throttled, bad } = canaryAlone({ throttledPercent: 25 }).minute('canary', START_MS);
    expectAbout(throttled, 6000 * 0.25);
    expectAbout(requests, 6000 * 0.75);
    expect(bad).toBe(0);
  });

  it('draws everything else the same when one more thing is drawn', () => {
    const plain = canaryAlone({ errorPercent: 5 }).minute('canary', START_MS);
    const more = canaryAlone({ errorPercent: 5, ratePercents: { conversion: 3 }, levels: { cpu: 45 } });
    const { requests, errors } = more.minute('canary', START_MS);
    expect({ requests, errors }).toEqual({ requests: plain.requests, errors: plain.errors });
  });

  it('has levels that wander around what the version has, each minute its own', () => {
    const traffic = canaryAlone({ levels: { cpu: 45, queue: -2 } });
    const cpu = Array.from(
      { length: 400 },
      (_, index) => traffic.levels('canary', START_MS + index * MINUTE_MS)['cpu'] ?? 0,
    );
    const mean = cpu.reduce((sum, level) => sum + level, 0) / cpu.length;
    const spread = Math.sqrt(cpu.reduce((sum, level) => sum + (level - mean) ** 2, 0) / cpu.length);
    // five standard errors
    expect(Math.abs(mean - 45)).toBeLessThan((5 * 0.03 * 45) / 20);
    expect(spread / (0.03 * 45)).toBeGreaterThan(0.8);
    expect(spread / (0.03 * 45)).toBeLessThan(1.2);
    expect(new Set(cpu).size).toBe(400);
    expect(traffic.levels('canary', START_MS)).toEqual(traffic.levels('canary', START_MS));
    expect(traffic.levels('stable', START_MS)).toEqual({});
  });

  it('lets a leak grow from the first request of the version', () => {
    const leak = { errorPercentPerHour: 60, slowerPerHourRatio: 2 };
    const traffic = simTraffic(versionTruth({}, { leak }));
    traffic.setShares(START_MS + 30 * MINUTE_MS, { stable: 50, canary: 50 });
    traffic.total('canary', START_MS + 31 * MINUTE_MS);
    const afterHalfAnHour = traffic.behaviour('canary', START_MS + 60 * MINUTE_MS);
    expect(afterHalfAnHour.errorPercent).toBeCloseTo(30);
    expect(afterHalfAnHour.p50Ms).toBeCloseTo(80 * Math.SQRT2);
  });

  it('hits both versions with an incident, and only while it lasts', () => {
    const incident = {
      fromMs: START_MS,
      untilMs: START_MS + MINUTE_MS,
      addedErrorPercent: 4,
      slowerRatio: 1.5,
    };
    const traffic = trafficOf({}, { incidents: [incident] });
    for (const side of ['stable', 'canary'] as const) {
      expect(traffic.behaviour(side, START_MS)).toMatchObject({ errorPercent: 4, p50Ms: 120 });
      expect(traffic.behaviour(side, START_MS + MINUTE_MS)).toEqual(GOOD);
    }
  });
});

describe('lognormal latencies', () => {
  it('have half of the requests above p50 and a twentieth above p95', () => {
    expect(shareSlowerThan(GOOD, 80)).toBeCloseTo(0.5, 5);
    expect(shareSlowerThan(GOOD, 240)).toBeCloseTo(0.05, 5);
  });

  it('are a step when both percentiles are the same', () => {
    expect(shareSlowerThan({ p50Ms: 100, p95Ms: 100 }, 99)).toBe(1);
    expect(shareSlowerThan({ p50Ms: 100, p95Ms: 100 }, 100)).toBe(0);
  });

  it('have a longest request that grows with their number', () => {
    expect(longestSeconds(GOOD, 100_000)).toBeGreaterThan(longestSeconds(GOOD, 100));
    expect(longestSeconds(GOOD, 100)).toBeGreaterThan(0.24);
  });

  it('have a longest request in their tail where there is one', () => {
    const tail = { ...GOOD, tailPercent: 1, tailSlowerMs: 5000 };
    expect(longestSeconds(tail, 100)).toBeCloseTo(5 + longestSeconds(GOOD, 100));
  });
});

describe('cold starts', () => {
  const coldStarts = { percent: 40, slowerMs: 900, forMs: 1000 };

  it.each([
    ['right after a raise', 0, 40],
    ['half-way', 500, 20],
    ['at their end', 1000, 0],
    ['long after', 9000, 0],
  ])('take their share %s', (_when, sinceMs, percent) => {
    expect(coldStartPercent(coldStarts, 7000 + sinceMs, 7000)).toBe(percent);
  });

  it('are none where no raise was, or where the version has none', () => {
    expect(coldStartPercent(coldStarts, 7000, null)).toBe(0);
    expect(coldStartPercent(null, 7000, 7000)).toBe(0);
  });
});
