import { describe, expect, it } from 'vitest';
import { type Behaviour, longestSeconds, shareSlowerThan } from '../../src/sim/traffic-behaviour.ts';
import { constantLoad } from '../../src/sim/traffic-load.ts';
import { MINUTE_MS, type TrafficTruth, trafficModel } from '../../src/sim/traffic-model.ts';

const START_MS = Date.parse('2026-11-21T09:00:00Z');
const GOOD: Behaviour = { errorPercent: 0, http500Percent: 0, hangPercent: 0, p50Ms: 80, p95Ms: 240 };

function truth(more: Partial<TrafficTruth> = {}, canary: Partial<Behaviour> = {}): TrafficTruth {
  const version = { behaviour: GOOD, changes: [], leak: null };
  return {
    load: constantLoad(6000),
    versions: { stable: version, canary: { ...version, behaviour: { ...GOOD, ...canary } } },
    incidents: [],
    slowLimitMs: null,
    seed: 1,
    fromMs: START_MS,
    ...more,
  };
}

/** Far outside chance: six standard deviations of a Poisson count. */
function expectAbout(count: number, expected: number): void {
  expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1);
}

describe('the traffic model', () => {
  it('sends everything to stable until the weight changes', () => {
    const traffic = trafficModel(truth());
    expectAbout(traffic.minute('stable', START_MS).requests, 6000);
    expect(traffic.minute('canary', START_MS).requests).toBe(0);
  });

  it('accounts for a change in the middle of a minute with the weight of each part', () => {
    const traffic = trafficModel(truth());
    traffic.setShares(START_MS + 15_000, { stable: 50, canary: 50 });
    expectAbout(traffic.minute('canary', START_MS).requests, 6000 * 0.75 * 0.5);
    expectAbout(traffic.minute('stable', START_MS).requests, 6000 * (0.25 + 0.75 * 0.5));
  });

  it('does not change what happens by looking at it', () => {
    const watched = trafficModel(truth());
    const unwatched = trafficModel(truth());
    for (const traffic of [watched, unwatched]) traffic.setShares(START_MS, { stable: 90, canary: 10 });
    for (let minute = 0; minute < 10; minute += 1) watched.minute('canary', START_MS + minute * MINUTE_MS);
    const endMs = START_MS + 10 * MINUTE_MS;
    expect(watched.total('canary', endMs)).toEqual(unwatched.total('canary', endMs));
  });

  it('fails, answers 500 and hangs as often as the version does', () => {
    const traffic = trafficModel(truth({}, { errorPercent: 5, http500Percent: 2, hangPercent: 10 }));
    traffic.setShares(START_MS, { stable: 0, canary: 100 });
    const { requests, errors, http500, hung, bad } = traffic.total('canary', START_MS + 10 * MINUTE_MS);
    expectAbout(hung, requests * 0.1);
    expectAbout(errors, requests * 0.9 * 0.05);
    expectAbout(http500, requests * 0.9 * 0.95 * 0.02);
    expect(bad).toBe(errors + http500 + hung);
  });

  it('counts slow requests only when somebody asks for a limit', () => {
    const slow = (slowLimitMs: number | null): number => {
      const traffic = trafficModel(truth({ slowLimitMs }));
      return traffic.minute('stable', START_MS).slow;
    };
    expect(slow(null)).toBe(0);
    expectAbout(slow(240), 6000 * 0.05);
  });

  it('lets a leak grow from the first request of the version', () => {
    const version = { behaviour: GOOD, changes: [], leak: null };
    const leak = { errorPercentPerHour: 60, slowerPerHourRatio: 2 };
    const traffic = trafficModel(truth({ versions: { stable: version, canary: { ...version, leak } } }));
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
    const traffic = trafficModel(truth({ incidents: [incident] }));
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
});
