// Traffic at a constant rate: no bursts, no more in flight than allowed, and a count as its callers would make it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AliasName, Answer, Clock } from '../../gameday/ports.ts';
import { StoppedError } from '../../gameday/run/stopped.ts';
import { constantTraffic } from '../../gameday/run/traffic.ts';

const SAMPLE = { functionName: 'sample', alias: 'live' };
const PROBE = { functionName: 'probe', alias: 'live' };
const answer = (more: Partial<Answer> = {}): Answer => ({
  version: '1',
  result: 'ok',
  isSlow: false,
  ...more,
});
const timer = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

function drive(invoke: (name: AliasName) => Promise<Answer>, sleep: Clock['sleep'] = timer) {
  const sent: string[] = [];
  const troubles: unknown[] = [];
  const traffic = constantTraffic(
    { nowMs: () => Date.now(), sleep },
    {
      invoke: (name) => {
        sent.push(name.functionName);
        return invoke(name);
      },
    },
    (error) => troubles.push(error),
  );
  return { traffic, sent, troubles };
}

describe('constant traffic', () => {
  it('sends at its rate and counts by version', async () => {
    let call = 0;
    const { traffic, sent } = drive(async () =>
      answer({
        version: ++call % 4 === 0 ? '2' : '1',
        result: call % 8 === 0 ? 'failed' : 'ok',
        isSlow: call % 3 === 0,
      }),
    );
    traffic.drive(SAMPLE, 600);
    await vi.advanceTimersByTimeAsync(9_950);
    expect(sent).toHaveLength(100);
    expect(traffic.tally()).toMatchObject({
      1: { requests: 75, failed: 0 },
      2: { requests: 25, failed: 12 },
    });
    expect(traffic.tally()['2']?.lastAtMs).toBe(9_900);
    await stopped(traffic);
  });

  it('does not make up for what was late', async () => {
    let isSlowSleep = true;
    const { traffic, sent } = drive(
      async () => answer(),
      (ms) => {
        const wait = isSlowSleep ? 5_000 : ms;
        isSlowSleep = false;
        return timer(wait);
      },
    );
    traffic.drive(SAMPLE, 600);
    await vi.advanceTimersByTimeAsync(5_950);
    expect(sent).toHaveLength(11);
    await stopped(traffic);
  });

  it('holds back while too many are unanswered', async () => {
    const { traffic, sent } = drive(() => timer(600_000).then(() => answer()));
    traffic.drive(SAMPLE, 6000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(60);
    await stopped(traffic);
  });

  it('moves to another alias, and to nothing', async () => {
    const { traffic, sent } = drive(async () => answer());
    traffic.drive(SAMPLE, 60);
    await vi.advanceTimersByTimeAsync(1_500);
    traffic.drive(PROBE, 60);
    await vi.advanceTimersByTimeAsync(1_600);
    await stopped(traffic);
    const before = sent.length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual(['sample', 'sample', 'probe', 'probe']);
    expect(sent).toHaveLength(before);
  });

  it('waits for answers before it says that it has stopped', async () => {
    const { traffic } = drive(() => timer(3_000).then(() => answer()));
    traffic.drive(SAMPLE, 60);
    await vi.advanceTimersByTimeAsync(100);
    await stopped(traffic);
    expect(traffic.tally()['1']?.requests).toBe(1);
  });

  it('tells of requests that AWS did not answer, and counts them for no version', async () => {
    const lost = new Error('connection reset');
    const { traffic, troubles } = drive(() => Promise.reject(lost));
    traffic.drive(SAMPLE, 60);
    await vi.advanceTimersByTimeAsync(500);
    expect(troubles).toEqual([lost]);
    expect(traffic.tally()).toEqual({});
    await stopped(traffic);
  });

  it('counts what was turned away apart, and anew after a restart', async () => {
    const { traffic } = drive(async () => answer({ version: null, result: 'throttled' }));
    traffic.drive(SAMPLE, 60);
    await vi.advanceTimersByTimeAsync(500);
    expect(traffic.tally()).toMatchObject({ none: { requests: 1, failed: 1 } });
    traffic.restartTally();
    expect(traffic.tally()).toEqual({});
    await stopped(traffic);
  });

  it('ends with the day', async () => {
    const { traffic, sent } = drive(
      async () => answer(),
      () => Promise.reject(new StoppedError()),
    );
    traffic.drive(SAMPLE, 600);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toHaveLength(1);
    await stopped(traffic);
  });
});

async function stopped(traffic: { readonly stop: () => Promise<void> }): Promise<void> {
  const end = traffic.stop();
  await vi.runAllTimersAsync();
  await end;
}
