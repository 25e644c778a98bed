// What a judgement may lean on: nothing that is unknown counts as success, and nothing older than the rollout counts at all.
import { isAdvance } from './earned.ts';
import type { JudgedFact } from './facts.ts';
import { type Checked, invariant } from './invariant.ts';
import { factsOfKind, type PlacedFact, type RolloutStory } from './story.ts';

const S8 = invariant(
  'S8',
  {
    says: 'Absence is not success: a pass has whole metrics, canary requests and quiet alarms, and no doubt advances.',
    needs: 'a judgement that passed or let a rollout go on',
  },
  ({ rollouts }) => rollouts.flatMap(passes),
);

function passes(rollout: RolloutStory): readonly Checked[] {
  const accepted = new Set(rollout.prepared?.fact.acceptedAlarms);
  let hasSample = false;
  return factsOfKind(rollout, 'judged').flatMap(({ at, fact }) => {
    // an accepted alarm that was seen to be quiet counts again
    for (const { name, state } of fact.alarms) if (state === 'OK') accepted.delete(name);
    hasSample ||= [...fact.periods, ...fact.open].some(({ canary }) => (canary?.requests ?? 0) > 0);
    if (fact.verdict.kind !== 'pass' && !isAdvance(fact)) return [];
    const wrong = unknownIn(fact, accepted, hasSample);
    return [{ at, wrong: wrong === null ? null : `${rollout.rolloutId}: ${wrong}` }];
  });
}

function unknownIn(fact: JudgedFact, accepted: ReadonlySet<string>, hasSample: boolean): string | null {
  const doubt = fact.doubts[0];
  if (isAdvance(fact) && doubt !== undefined) return `went on in spite of a doubt: ${doubt}`;
  if (fact.verdict.kind !== 'pass') return null;
  if (fact.metricsProblem !== null) return `passed on metrics that are not whole: ${fact.metricsProblem}`;
  const alarm = fact.alarms.find(
    ({ name, state }) => state !== 'OK' && !(state === 'ALARM' && accepted.has(name)),
  );
  if (alarm !== undefined) return `passed while alarm ${alarm.name} was ${alarm.state}`;
  return hasSample ? null : 'passed without a single request of the canary';
}

const S11 = invariant(
  'S11',
  {
    says: 'No rollout is stopped by something that happened before it began.',
    needs: 'a latched wish to stop whose cause has an own clock',
  },
  ({ rollouts }) =>
    rollouts.flatMap((rollout) => {
      const { opened, rolloutId } = rollout;
      if (opened === null) return [];
      return factsOfKind(rollout, 'latched').flatMap(({ at, fact }: PlacedFact<'latched'>) => {
        const { causedAtMs, source } = fact.interrupt;
        if (causedAtMs === null) return [];
        const earlyMs = opened.fact.atMs - causedAtMs;
        const wrong = `${rolloutId}: what ${source} tells of happened ${earlyMs} ms before its start`;
        return [{ at, wrong: earlyMs > 0 ? wrong : null }];
      });
    }),
);

export const EVIDENCE = [S8, S11] as const;
