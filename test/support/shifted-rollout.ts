// An engine in which one rollout, r1, is at its first stage since 09:00:01 and was looked at a minute later.
import type { JudgedFact } from '../../src/core/audit/facts.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';
import { intent, judgedFact, outcome, preparedRollout, START_MS, storyEvent } from './rollout-fixtures.ts';

/** @param seen what the look saw otherwise */
export async function shiftedRollout(seen: Partial<JudgedFact> = {}): Promise<FakeEngine> {
  const engine = fakeEngine();
  const { store } = engine;
  const rollout = await preparedRollout(store, 'r1');
  await store.authoriseShift(rollout, intent(rollout, 1, 5));
  await store.recordShifted(rollout, outcome(rollout, 1, 5));
  await store.recordEvent(storyEvent('r1', 'traffic-shifted', START_MS + 1000));
  await store.recordFact('r1', { ...judgedFact(START_MS + 60_000), ...seen });
  return engine;
}
