// Since when a rollout stands as it does, and which row decided: what `why` says in each state.
import { describe, expect, it } from 'vitest';
import { liveFacts } from '../../src/core/live-view-facts.ts';
import { buildReport } from '../../src/core/report-builder.ts';
import { reportEvidence } from '../../src/core/report-evidence.ts';
import type { CheckReading, Verdict } from '../../src/core/verdict.ts';
import { whyOf } from '../../src/core/why.ts';
import type { RolloutStore } from '../../src/ports.ts';
import { memoryStore } from '../../src/sim/memory-store.ts';
import {
  intent,
  judgedFact,
  outcome,
  preparedRollout,
  START_MS,
  storyEvent,
} from '../support/rollout-fixtures.ts';

const MINUTE_MS = 60_000;

async function whyIn(store: RolloutStore) {
  const row = await store.readRow('r1');
  if (row === null) throw new Error('no row');
  const [events, audit] = [await store.readEvents('r1'), await store.readAudit('r1')];
  return whyOf(buildReport({ row, events, ...reportEvidence(audit) }), liveFacts(row, audit));
}

/** At the first stage since a second after the start, and held in the minute after its bake. */
async function held(change: Partial<Verdict> = {}) {
  const store = memoryStore();
  const rollout = await preparedRollout(store, 'r1');
  await store.authoriseShift(rollout, intent(rollout, 1, 5));
  await store.recordShifted(rollout, outcome(rollout, 1, 5));
  await store.recordEvent(storyEvent('r1', 'traffic-shifted', START_MS + 1000));
  const look = judgedFact(START_MS + 11 * MINUTE_MS);
  await store.recordFact('r1', { ...look, verdict: { ...look.verdict, ...change } });
  await store.recordEvent(storyEvent('r1', 'canary-held', START_MS + 11 * MINUTE_MS));
  return { store, rollout };
}

describe('since when', () => {
  it('it is held, once its bake was over', async () => {
    const { store } = await held();
    expect(await whyIn(store)).toMatchObject({ state: 'held', since: '2026-01-05T09:11:00.000Z' });
  });

  it('it is at the second stage, whatever held the first', async () => {
    const { store, rollout } = await held();
    await store.authoriseShift(rollout, intent(rollout, 2, 50));
    const shifted = { ...outcome(rollout, 2, 50), atMs: START_MS + 12 * MINUTE_MS };
    await store.recordShifted(rollout, shifted);
    const look = judgedFact(START_MS + 23 * MINUTE_MS);
    await store.recordFact('r1', { ...look, stageIndex: 1 });
    expect(await whyIn(store)).toMatchObject({ state: 'held', since: '2026-01-05T09:12:00.000Z' });
  });

  it('it goes back', async () => {
    const { store } = await held();
    await store.beginRevert('r1');
    await store.recordEvent(storyEvent('r1', 'rollback-started', START_MS + 12 * MINUTE_MS));
    const why = await whyIn(store);
    expect(why).toMatchObject({ state: 'reverting', since: '2026-01-05T09:12:00.000Z', toGoOn: [] });
  });

  it('it is promoted', async () => {
    const { store, rollout } = await held();
    await store.commitPromotion(rollout);
    await store.recordEvent(storyEvent('r1', 'promotion-committed', START_MS + 12 * MINUTE_MS));
    const why = await whyIn(store);
    expect(why).toMatchObject({ state: 'promoting', since: '2026-01-05T09:12:00.000Z', toGoOn: [] });
  });
});

it('shows the row whose value the reason names, where a check has several', async () => {
  const reading: CheckReading = {
    check: 'latency',
    label: 'response time (p50)',
    ...{ unit: 'ms', stable: 100, canary: 110, limit: 150, better: 'lower', variancePercent: 10 },
    ...{ sample: 500, interval: null, evidence: 1, streams: {}, stillNeeded: null, action: 'acceptable' },
  };
  const tail = { ...reading, label: 'response time (p99)', canary: 900 };
  const { store } = await held({
    reason: { ...judgedFact(START_MS).verdict.reason, check: 'latency', value: 900 },
    checks: [reading, tail],
  });
  expect((await whyIn(store)).check?.label).toBe('response time (p99)');
});
