// What a whole rollout does in simulated worlds that go wrong in one way each.
import { describe, expect, it } from 'vitest';
import { headlineOf } from '../../src/core/report-summary.ts';
import { eventsOf, quickRun, quickService } from './quick-service.ts';

const BAD = { canary: { errors: '10%' } };
/** Something in the second stage, away from any tick. */
const ALARM_AT_8M = { alarms: [{ name: 'ShopAlarm', changes: [{ at: '8m23s', to: 'ALARM' }] }] };

describe('a simulated rollout', () => {
  it('is promoted when the canary is as good as stable', async () => {
    const result = await quickRun();
    expect(result).toMatchObject({
      outcome: 'PROMOTED',
      finalWeightPercent: 100,
      peakWeightPercent: 100,
      detectedAt: null,
      safeAt: null,
    });
    expect(result.exposure.canaryRequests).toBeGreaterThan(0);
    expect(eventsOf(result).at(-1)).toBe('rollout-promoted');
  });

  it('is rolled back with numbers when the canary fails more often', async () => {
    const result = await quickRun(BAD);
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0, peakWeightPercent: 10 });
    expect(result.reason.check).toBe('errors');
    expect(result.reason.value).toBeGreaterThan(result.reason.limit ?? Number.POSITIVE_INFINITY);
    expect(result.reason.sentence).toMatch(/\d+ of \d+ canary requests failed/);
    expect(Date.parse(result.safeAt ?? '')).toBeGreaterThan(Date.parse(result.detectedAt ?? ''));
    expect(result.exposure.badRequests).toBeGreaterThan(0);
  });

  it('tells people of every published event', async () => {
    const result = await quickRun(BAD);
    expect(result.notifications).toHaveLength(result.timeline.length);
  });

  it('counts every state it enters', async () => {
    const result = await quickRun();
    const ticks = 10;
    const shifts = 2;
    // start, shifts, three states a tick, commit, finish, promoted
    expect(result.stateTransitions).toBe(1 + shifts + 3 * ticks + 3);
  });

  it('leaves the clock and the randomness of the process as they were', async () => {
    const { random } = Math;
    const { setTimeout: timer, Date: date } = globalThis;
    await quickRun(BAD);
    expect(Math.random).toBe(random);
    expect(globalThis.setTimeout).toBe(timer);
    expect(globalThis.Date).toBe(date);
  });
});

describe('a canary with cold starts after every raise', () => {
  const slowStarts = { canary: { coldStarts: { share: '60%', slower: '2s', for: '4m' } } };
  const service = (latency: string) => quickService(`latency: ${latency}`);

  it('is not blamed for them where they are counted', async () => {
    const counted = service('{ coldStarts: { namespace: Shop, name: ColdStart }, warmUp: 0s }');
    expect((await quickRun(slowStarts, {}, counted)).outcome).toBe('PROMOTED');
  });

  it('is blamed where nobody counts them and no warm-up is allowed', async () => {
    const result = await quickRun(slowStarts, {}, service('{ warmUp: 0s }'));
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', reason: { check: 'latency' } });
  });

  it('is not even asked where latency is not checked', async () => {
    expect((await quickRun(slowStarts, {}, service('false'))).outcome).toBe('PROMOTED');
  });
});

describe('throttled attempts', () => {
  it('hold a canary and prove nothing', async () => {
    const result = await quickRun({ canary: { throttles: '40%' } });
    expect(eventsOf(result)).toEqual(expect.arrayContaining(['canary-held', 'canary-inconclusive']));
    expect(eventsOf(result)).not.toContain('canary-failed');
    expect(result.peakWeightPercent).toBe(10);
  });
});

describe('an alarm in the middle of a stage', () => {
  it('wakes the bake within seconds', async () => {
    const result = await quickRun(ALARM_AT_8M);
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', reason: { check: 'alarms' } });
    expect(Date.parse(result.safeAt ?? '') - Date.parse('2026-11-21T09:08:43Z')).toBeLessThan(5000);
  });

  it('rolls back at the next look when its event is lost', async () => {
    const result = await quickRun({ ...ALARM_AT_8M, faults: { events: [{ does: 'drop', of: 'alarm' }] } });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', reason: { check: 'alarms' } });
    expect(Date.parse(result.safeAt ?? '') - Date.parse('2026-11-21T09:08:43Z')).toBeLessThan(70_000);
  });

  it('changes nothing when its event comes twice', async () => {
    const once = await quickRun(ALARM_AT_8M);
    const twice = await quickRun({
      ...ALARM_AT_8M,
      faults: { events: [{ does: 'duplicate', of: 'alarm' }] },
    });
    expect(twice.timeline).toEqual(once.timeline);
  });

  it('that a threshold raises is seen by the true traffic of both versions', async () => {
    const result = await quickRun({
      stable: { changes: [{ from: '3m', errors: '30%' }] },
      alarms: [{ name: 'ShopAlarm', when: { errorsAbove: '5%', periods: 2 } }],
    });
    expect(result.outcome).toBe('ROLLED_BACK');
    expect(result.reason.sentence).toContain('ShopAlarm');
  });
});

describe('a start', () => {
  it.each([
    [
      'an alias that is split',
      { world: { liveVersion: '1', split: { version: '0', weight: '10%' } } },
      'alias-already-split',
    ],
    ['a version that does not exist', { world: { liveVersion: '1', published: ['1'] } }, 'version-missing'],
    [
      'provisioned concurrency on the alias',
      { world: { liveVersion: '1', provisionedConcurrency: true } },
      'alias-has-provisioned-concurrency',
    ],
    [
      'another role on the new version',
      { world: { liveVersion: '1', newVersionRole: 'other' } },
      'versions-incompatible',
    ],
    [
      'an HTTP front that nobody watches',
      { world: { liveVersion: '1', calledOverHttp: true } },
      'blind-to-http-errors',
    ],
    ['an alarm that fires', { alarms: [{ name: 'ShopAlarm', starts: 'ALARM' }] }, 'alarm-firing'],
    ['an alarm that does not exist', { alarms: [{ name: 'ShopAlarm', starts: 'MISSING' }] }, 'alarm-missing'],
    [
      'metrics that may not be read',
      { metrics: { problems: [{ status: 'Forbidden' }] } },
      'metrics-unreadable',
    ],
  ])('is refused for %s, and nothing is shifted', async (_what, world, code) => {
    const result = await quickRun(world);
    expect(result).toMatchObject({ outcome: 'REJECTED', finalWeightPercent: 0, peakWeightPercent: 0 });
    expect(result.exposure.canaryRequests).toBe(0);
    expect(result.reason.sentence).toContain(code);
  });

  it('is refused without any exposure for the version that is live already', async () => {
    const result = await quickRun({ version: '1' });
    expect(result).toMatchObject({
      outcome: 'REJECTED',
      finalWeightPercent: 0,
      exposure: { canaryRequests: 0, badRequests: 0 },
    });
  });

  it('is refused when the HTTP-status metric never arrives, unless that is waived', async () => {
    const checks = 'errors: { http5xx: { namespace: Shop, name: Typo } }';
    const silent = { world: { liveVersion: '1', httpStream: 'silent' } };
    const service = quickService(checks);
    const refused = await quickRun(silent, {}, service);
    expect(refused).toMatchObject({ outcome: 'REJECTED', peakWeightPercent: 0 });
    expect(refused.reason.sentence).toContain('http-stream-silent');

    const waivers = { 'http-stream-reports': 'the live version is the last one without it' };
    const waived = await quickRun(silent, {}, { ...service, spec: { ...service.spec, waivers } });
    expect(waived.outcome).toBe('PROMOTED');
    expect(eventsOf(waived)).toContain('gate-waived');
  });

  it('is not refused when the metric arrives', async () => {
    const service = quickService('errors: { http5xx: { namespace: Shop, name: Http5xx } }');
    expect((await quickRun({}, {}, service)).outcome).toBe('PROMOTED');
  });
});

describe('a horizon', () => {
  it('that comes while the rollout is held says that the simulation stopped first, and counts the states so far', async () => {
    const gap = { metrics: { gaps: [{ from: '2m' }] } };
    const result = await quickRun({ ...gap, horizon: '12m' });
    expect(result).toMatchObject({
      outcome: 'ROLLBACK_INCOMPLETE',
      finalWeightPercent: 50,
      detectedAt: null,
    });
    expect(result.reason.sentence).toMatch(/^The simulation stopped first, at its horizon of 12m/);
    expect(result.reason.sentence).toContain('Holding');
    expect(headlineOf(result.report).what).toBe('Not finished: 50 % of the traffic is on version 2');
    // start, two shifts, three states a tick, and the bake that waits now
    expect(result.stateTransitions).toBe(1 + 2 + 3 * 11 + 1);
    expect(result.endedAt).toBe('2026-11-21T09:12:20.000Z');
    expect(eventsOf(result)).not.toContain('taken-over');
  });
});

describe('a person', () => {
  it('who aborts has all traffic on stable within seconds', async () => {
    const result = await quickRun({ people: [{ at: '7m10s', does: 'abort', who: 'ana', message: 'stop' }] });
    expect(result).toMatchObject({ outcome: 'ABORTED', finalWeightPercent: 0 });
    expect(result.reason.sentence).toBe('Aborted by ana: stop');
  });

  it('who raises the canary by hand is noticed before the next shift, and it is taken back', async () => {
    const result = await quickRun({ people: [{ at: '4m', does: 'set-weight', weight: '30%' }] });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    expect(result.reason.sentence).toContain('DriftError');
  });

  it.each(['2%', '0%'])('who lowers the canary by hand to %s has aborted it', async (weight) => {
    const result = await quickRun({ people: [{ at: '4m', does: 'set-weight', weight }] });
    expect(result).toMatchObject({ outcome: 'ABORTED', finalWeightPercent: 0 });
    expect(result.reason.sentence).toMatch(/^Somebody lowered the new version on shop-api:live by hand/);
    expect(Date.parse(result.endedAt) - Date.parse(result.startedAt)).toBeLessThan((240 + 70) * 1000);
  });

  it('whose signals follow each other is obeyed by their strength', async () => {
    const pause = { at: '2m', does: 'pause' };
    const stubborn = [pause, { at: '3m', does: 'promote' }, { at: '4m', does: 'approve' }];
    const waiting = await quickRun({ people: stubborn, horizon: '1h' });
    expect(waiting).toMatchObject({ outcome: 'ROLLBACK_INCOMPLETE', finalWeightPercent: 10 });
    const aborted = await quickRun({ people: [...stubborn, { at: '5m', does: 'abort', message: 'stop' }] });
    expect(aborted).toMatchObject({ outcome: 'ABORTED', finalWeightPercent: 0 });
    const resumed = await quickRun({ people: [...stubborn, { at: '5m', does: 'resume' }] });
    expect(resumed.outcome).toBe('PROMOTED');
  });

  it('whose pause nobody ends is rolled back after a day', async () => {
    const result = await quickRun({ people: [{ at: '2m', does: 'pause' }], horizon: '2d' });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    expect(result.reason.sentence).toBe('Paused by ana, and nobody resumed it for 1d.');
  });

  it('whose hotfix is live keeps it', async () => {
    const result = await quickRun({ people: [{ at: '4m40s', does: 'hotfix', version: '3' }] });
    expect(result).toMatchObject({ outcome: 'SUPERSEDED', finalWeightPercent: 0 });
  });

  it('who stops the execution leaves the guard to finish', async () => {
    const result = await quickRun({ people: [{ at: '7m10s', does: 'stop-execution' }] });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    expect(eventsOf(result)).toContain('taken-over');
    expect(Date.parse(result.safeAt ?? '') - Date.parse('2026-11-21T09:07:30Z')).toBeLessThan(3000);
  });

  it('who stops the execution leaves the sweeper to finish when the guard never hears of it', async () => {
    const result = await quickRun({
      people: [{ at: '7m10s', does: 'stop-execution' }],
      faults: { events: [{ does: 'drop', of: 'execution' }] },
    });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    expect(Date.parse(result.safeAt ?? '') - Date.parse('2026-11-21T09:07:30Z')).toBeLessThan(61_000);
  });
});

describe('an API of AWS', () => {
  it('that loses the answer of a write does not stop a good rollout', async () => {
    const result = await quickRun({ faults: { apis: [{ api: 'UpdateAlias', kind: 'lose-answer' }] } });
    expect(result.outcome).toBe('PROMOTED');
  });

  it('that throttles a shift for long makes the rollout safe, not stuck', async () => {
    const result = await quickRun({
      faults: { apis: [{ api: 'UpdateAlias', kind: 'throttle', from: '4m', for: '4m' }] },
    });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
  });

  it('that denies the rollback until the end leaves it incomplete, and says so', async () => {
    const result = await quickRun({
      ...BAD,
      horizon: '1h',
      faults: { apis: [{ api: 'UpdateAlias', kind: 'deny', from: '1m' }] },
    });
    expect(result).toMatchObject({ outcome: 'ROLLBACK_INCOMPLETE', finalWeightPercent: 10, safeAt: null });
    expect(eventsOf(result)).toContain('rollback-delayed');
  });

  it('that throttles metrics for a while only makes the rollout wait or go back', async () => {
    const result = await quickRun({
      faults: { apis: [{ api: 'GetMetricData', kind: 'throttle', from: '3m', for: '20s' }] },
    });
    expect(result.outcome).toBe('PROMOTED');
  });
});

describe('the store', () => {
  it('that is out while the canary is bad does not keep traffic from going back', async () => {
    const result = await quickRun({ ...BAD, faults: { store: [{ from: '1m30s', for: '20m' }] } });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    // traffic was safe long before the record could be closed
    expect(result.exposure.canaryRequests).toBeLessThan(6000 * 0.1 * 5);
    expect(Date.parse(result.endedAt)).toBeGreaterThanOrEqual(Date.parse('2026-11-21T09:21:50Z'));
  });

  it('that is out at the start means a refusal once it is back', async () => {
    const result = await quickRun({ faults: { store: [{ from: '0s', for: '10m' }] } });
    expect(result).toMatchObject({ outcome: 'REJECTED', finalWeightPercent: 0 });
  });
});

describe('metrics', () => {
  it('of the canary alone that are missing never lead to a promotion', async () => {
    const result = await quickRun({ metrics: { gaps: [{ of: 'canary' }] } });
    expect(result.outcome).toBe('ROLLED_BACK');
  });

  it('that become forbidden never lead to a promotion', async () => {
    const result = await quickRun({ metrics: { problems: [{ from: '2m', status: 'Forbidden' }] } });
    expect(result.outcome).toBe('ROLLED_BACK');
  });

  it('show a hanging canary although its requests are counted late', async () => {
    const result = await quickRun({ canary: { hang: '20%' } });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', reason: { check: 'errors' } });
  });

  it('show a canary that crashes before its first line', async () => {
    const result = await quickRun({ canary: { crash: true } });
    expect(result.outcome).toBe('ROLLED_BACK');
    expect(result.exposure.badRequests).toBe(result.exposure.canaryRequests);
  });
});
