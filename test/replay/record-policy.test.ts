// Which values of a changed service file a record can answer, by what was counted and by what it knows of the hour before.
import { describe, expect, test } from 'vitest';
import type { LatencyBaseline } from '../../src/core/judge/measures.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { resolveServiceFile, ServiceFileSchema } from '../../src/core/service-file.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { answerable } from '../../src/replay/record-policy.ts';
import { isJudged } from '../../src/replay/record-replay.ts';
import { firstState } from '../../src/replay/record-state.ts';
import { played } from '../scenarios/examples.ts';

const specWith = (checks: object): ServiceSpec =>
  resolveServiceFile(
    ServiceFileSchema.parse({
      service: 'shop',
      target: { lambdaAlias: { function: 'shop', alias: 'live', interface: 'event' } },
      checks,
    }),
  );
const COUNTED: LatencyBaseline = { p50Ms: 50, p90Ms: 90, p99Ms: 200, isCounted: true };
const BY_PERCENTILES: LatencyBaseline = { ...COUNTED, isCounted: false };
const ORDERS = { metric: { namespace: 'Shop', name: 'Orders' }, per: 'request', better: 'higher' };

function ask(was: object, asked: object, latency: LatencyBaseline | null = COUNTED, ...values: string[]) {
  return answerable({ spec: specWith(was), latency, values: new Set(values) }, specWith(asked));
}

describe('answered in full', () => {
  test.each<[string, object, object, LatencyBaseline | null]>([
    ['limits of errors', {}, { errors: { limit: '3%', floor: '1%', tolerance: 'x3' } }, COUNTED],
    ['no latency at all', {}, { latency: false }, COUNTED],
    ['the alert limit of latency', {}, { latency: { limit: '900ms' } }, COUNTED],
    ['a limit that only alerts now', { latency: { onLimit: 'rollback' } }, {}, COUNTED],
    ['latency by percentiles', {}, { latency: { tolerance: 'x2' } }, BY_PERCENTILES],
    ['a limit by percentiles', {}, { latency: { onLimit: 'rollback', limit: '1s' } }, BY_PERCENTILES],
    ['latency without a past', {}, { latency: { tolerance: 'x2' } }, null],
    [
      'the tolerance of a check of one’s own',
      { orders: ORDERS },
      { orders: { ...ORDERS, tolerance: 'x0.8' } },
      COUNTED,
    ],
    ['fewer checks', { orders: ORDERS, alarms: ['A', 'B'] }, { alarms: ['B'] }, COUNTED],
  ])('%s', (_what, was, asked, latency) => {
    expect(ask(was, asked, latency)).toEqual({ spec: specWith(asked), notes: [] });
  });

  test('throttles that were recorded, although nobody held the canary to them', () => {
    expect(ask({ throttles: false }, { throttles: { limit: '2%' } }, COUNTED, 'throttles').notes).toEqual([]);
  });
});

describe('judged as it was', () => {
  test.each<[string, object, object, LatencyBaseline | null, string]>([
    [
      'thresholds of latency',
      {},
      { latency: { tolerance: 'x2' } },
      COUNTED,
      'checks.latency.tolerance is not changed',
    ],
    [
      'a limit that was counted',
      { latency: { onLimit: 'rollback' } },
      { latency: { onLimit: 'rollback', limit: '900ms' } },
      COUNTED,
      'checks.latency.limit is not changed',
    ],
    [
      'a limit that was not',
      {},
      { latency: { onLimit: 'rollback' } },
      null,
      'checks.latency.onLimit is not changed',
    ],
    [
      'another metric',
      { orders: ORDERS },
      { orders: { ...ORDERS, metric: { namespace: 'Shop', name: 'Sales' } } },
      COUNTED,
      'checks.orders is judged as it was',
    ],
  ])('%s', (_what, was, asked, latency, said) => {
    const { spec, notes } = ask(was, asked, latency);
    expect(notes.join(' ')).toContain(said);
    expect(spec.checks).toEqual(specWith(was).checks);
  });

  test('latency that nobody measured is not judged', () => {
    const { spec, notes } = ask({ latency: false }, {});
    expect(notes).toEqual(['checks.latency is not judged: no response times were recorded.']);
    expect(spec.checks.latency).toBeNull();
  });

  test('throttles that nobody counted', () => {
    expect(ask({ throttles: false }, { throttles: { limit: '2%' } }).notes).toEqual([
      'checks.throttles is not judged: no throttled requests were recorded.',
    ]);
  });
});

describe('the first state of the judge', () => {
  const stateWith = (prepared: Rollout, limitPercent: number) => {
    const { spec } = prepared;
    const errors = { ...spec.checks.errors, limitPercent, floorPercent: Math.min(0.1, limitPercent / 2) };
    return firstState(prepared, { ...spec, checks: { ...spec.checks, errors } });
  };
  const prepared = async (): Promise<Rollout> => {
    const { record } = (await played('error-spike')).result;
    if (!isJudged(record)) throw new Error('not judged');
    return record.prepared;
  };
  /** As if the hour before had been so bad that the limit was moved. */
  const usuallyAt = (rollout: Rollout, borderShare: number): Rollout => ({
    ...rollout,
    judge: {
      ...rollout.judge,
      streams: {
        ...rollout.judge.streams,
        'errors-limit': { ...rollout.judge.streams['errors-limit'], borderShare } as never,
      },
    },
  });

  test('is the recorded one where nothing is changed', async () => {
    const rollout = await prepared();
    expect(firstState(rollout, rollout.spec)).toEqual({ judge: rollout.judge, notes: [] });
  });

  test('has the limit that is asked for', async () => {
    const { judge, notes } = stateWith(await prepared(), 2);
    expect(judge.streams['errors-limit']?.borderShare).toBe(0.02);
    expect(notes).toEqual([]);
  });

  test('keeps to what was usual, where that is known to be above both limits', async () => {
    const { judge, notes } = stateWith(usuallyAt(await prepared(), 0.06), 0.5);
    expect(judge.streams['errors-limit']?.borderShare).toBe(0.06);
    expect(notes).toEqual([]);
  });

  test('says so where it is not known whether the usual rate was above a lower limit', async () => {
    const { notes } = stateWith(await prepared(), 0.12);
    expect(notes[0]).toMatch(/^checks\.errors\.limit is taken as it is: .* above 0\.12 % is not recorded\.$/);
  });

  test('begins afresh for a check that the rollout did not have', async () => {
    const rollout = await prepared();
    const { streams, ...judge } = rollout.judge;
    const { errors: _left, ...others } = streams;
    const again = firstState({ ...rollout, judge: { ...judge, streams: others } }, rollout.spec);
    expect(Object.keys(again.judge.streams).sort()).toEqual(Object.keys(streams).sort());
  });
});
