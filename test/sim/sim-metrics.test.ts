import { describe, expect, it } from 'vitest';
import { type MetricWays, simMetrics } from '../../src/sim/sim-metrics.ts';
import type { Behaviour } from '../../src/sim/traffic-behaviour.ts';
import { constantLoad } from '../../src/sim/traffic-load.ts';
import { MINUTE_MS, type TrafficModel, trafficModel } from '../../src/sim/traffic-model.ts';
import { quickService } from './quick-service.ts';

const START_MS = Date.parse('2026-11-21T09:00:00Z');
const CANARY = { version: '2', ref: '2' };
const WAYS: MetricWays = {
  visibleErrors: ({ errors }) => errors,
  httpStream: null,
  latenessSeconds: 60,
  delays: [],
  timeoutSeconds: 30,
  gaps: [],
  problems: [],
};

function canaryTraffic(behaviour: Partial<Behaviour> = {}, requestsPerMinute = 6000): TrafficModel {
  const good = { errorPercent: 0, http500Percent: 0, hangPercent: 0, p50Ms: 80, p95Ms: 240 };
  const traffic = trafficModel({
    load: constantLoad(requestsPerMinute),
    versions: {
      stable: { behaviour: good, changes: [], leak: null },
      canary: { behaviour: { ...good, ...behaviour }, changes: [], leak: null },
    },
    incidents: [],
    slowLimitMs: 500,
    seed: 1,
    fromMs: START_MS,
  });
  traffic.setShares(START_MS, { stable: 50, canary: 50 });
  return traffic;
}

async function read(
  traffic: TrafficModel,
  ways: Partial<MetricWays>,
  {
    nowMs,
    minutes = 1,
    canary = CANARY,
    checks = '',
  }: { nowMs: number; minutes?: number; canary?: typeof CANARY | null; checks?: string },
) {
  const { spec } = quickService(checks);
  return simMetrics(traffic, { ...WAYS, ...ways }, () => nowMs).read({
    spec,
    target: spec.target,
    targetRoleArn: null,
    stable: { version: '1', ref: '1' },
    canary,
    fromMs: START_MS,
    toMs: START_MS + minutes * MINUTE_MS,
    periodSeconds: 60,
  });
}

describe('the simulated metrics', () => {
  it('show a minute only after their lateness', async () => {
    const shownMs = START_MS + MINUTE_MS + 60_000;
    const early = await read(canaryTraffic(), {}, { nowMs: shownMs - 1 });
    expect(early.periods).toEqual([{ startMs: START_MS, stable: null, canary: null }]);
    const due = await read(canaryTraffic(), {}, { nowMs: shownMs });
    expect(due.periods[0]?.canary?.requests).toBeGreaterThan(2500);
  });

  it('show the minutes of a delay later than the others', async () => {
    const delay = { fromMs: START_MS, untilMs: START_MS + MINUTE_MS, latenessSeconds: 300 };
    const { periods } = await read(
      canaryTraffic(),
      { delays: [delay] },
      { nowMs: START_MS + 4 * MINUTE_MS, minutes: 2 },
    );
    expect(periods.map(({ canary }) => canary === null)).toEqual([true, false]);
  });

  it('have no data point where nothing was invoked', async () => {
    const { periods } = await read(canaryTraffic({}, 0), {}, { nowMs: START_MS + 10 * MINUTE_MS });
    expect(periods).toEqual([{ startMs: START_MS, stable: null, canary: null }]);
  });

  it('show hung requests, as errors, only once they have timed out', async () => {
    const traffic = canaryTraffic({ hangPercent: 100 });
    const before = await read(traffic, {}, { nowMs: START_MS + 2 * MINUTE_MS });
    expect(before.periods[0]?.canary).toBeNull();
    const after = await read(traffic, {}, { nowMs: START_MS + 2 * MINUTE_MS + 30_000 });
    const { requests } = traffic.minute('canary', START_MS);
    expect(after.periods[0]?.canary).toMatchObject({ requests, errors: requests });
  });

  it('count slow requests only for a latency check', async () => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    expect((await read(canaryTraffic(), {}, { nowMs })).periods[0]?.canary?.slow).toBeNull();
    const asked = await read(
      canaryTraffic({ p50Ms: 900, p95Ms: 900 }),
      {},
      { nowMs, checks: 'latency: { limit: 500ms, percentile: p95 }' },
    );
    expect(asked.periods[0]?.canary?.slow).toBe(asked.periods[0]?.canary?.requests);
  });

  it('leave out the minutes of a gap for the version that has it', async () => {
    const gap = { fromMs: START_MS, untilMs: START_MS + MINUTE_MS, of: 'canary' as const };
    const { periods } = await read(
      canaryTraffic(),
      { gaps: [gap] },
      { nowMs: START_MS + 10 * MINUTE_MS, minutes: 2 },
    );
    expect(periods.map(({ stable }) => stable === null)).toEqual([false, false]);
    expect(periods.map(({ canary }) => canary === null)).toEqual([true, false]);
  });

  it('say why an answer is worth nothing', async () => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    const window = { fromMs: nowMs, untilMs: nowMs + 1 };
    const forbidden = await read(
      canaryTraffic(),
      { problems: [{ ...window, status: 'Forbidden' }] },
      { nowMs },
    );
    expect(forbidden.problem).toContain('Forbidden');
    expect(forbidden.periods[0]?.stable).toBeNull();
    const partial = await read(
      canaryTraffic(),
      { problems: [{ ...window, status: 'PartialData' }] },
      { nowMs },
    );
    expect(partial.problem).toContain('PartialData');
    expect(partial.periods[0]?.stable).not.toBeNull();
  });

  it.each([
    ['reports', true],
    ['silent', false],
    [null, null],
  ] as const)('tell of an HTTP-status stream that is %s: %s', async (httpStream, isHttpStreamAlive) => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    expect(await read(canaryTraffic(), { httpStream }, { nowMs })).toMatchObject({ isHttpStreamAlive });
    const quiet = await read(canaryTraffic({}, 0), { httpStream }, { nowMs });
    expect(quiet.isHttpStreamAlive).toBeNull();
  });

  it('do not call the HTTP-status stream silent when the answer has holes', async () => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    const problems = [{ fromMs: nowMs, untilMs: nowMs + 1, status: 'PartialData' as const }];
    const answer = await read(canaryTraffic(), { httpStream: 'silent', problems }, { nowMs });
    expect(answer.isHttpStreamAlive).toBeNull();
  });

  it('know nothing of a canary before there is one', async () => {
    const { periods } = await read(canaryTraffic(), {}, { nowMs: START_MS + 10 * MINUTE_MS, canary: null });
    expect(periods[0]?.stable).not.toBeNull();
    expect(periods[0]?.canary).toBeNull();
  });

  it('add up the minutes of a longer period', async () => {
    const traffic = canaryTraffic();
    const { spec } = quickService();
    const answer = await simMetrics(traffic, WAYS, () => START_MS + 10 * MINUTE_MS).read({
      spec,
      target: spec.target,
      targetRoleArn: null,
      stable: { version: '1', ref: '1' },
      canary: CANARY,
      fromMs: START_MS,
      toMs: START_MS + 2 * MINUTE_MS,
      periodSeconds: 120,
    });
    const minutes = [0, 1].map((index) => traffic.minute('canary', START_MS + index * MINUTE_MS).requests);
    expect(answer.periods.map(({ canary }) => canary?.requests)).toEqual([
      (minutes[0] ?? 0) + (minutes[1] ?? 0),
    ]);
  });
});
