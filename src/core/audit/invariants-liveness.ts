// What must come about once nothing fails any more: every rollout ends, traffic comes back, targets are free again.
import { checked, invariant } from './invariant.ts';
import { lasts, needsSettled, REACTION_MS, SLOW_TICK_MS, SWEEP_MS } from './settled.ts';
import {
  canaryShare,
  factsOfKind,
  type PlacedFact,
  type RolloutStory,
  type Shares,
  type Story,
} from './story.ts';

const L1 = invariant(
  'L1',
  {
    says: 'Every rollout ends, soon after its deadline at the latest.',
    needs: needsSettled,
  },
  (story) =>
    lasts(story).map(({ rollout, end, settled, quarantineMs }) => {
      const { rolloutId, ended } = rollout;
      const byMs = Math.max(settled.healedAtMs, end.deadlineAtMs) + REACTION_MS + quarantineMs;
      const wrong = ended === null ? 'never ended' : `ended ${ended.atMs - byMs} ms too late`;
      return checked(ended?.at ?? null, ended !== null && ended.atMs <= byMs, () => `${rolloutId} ${wrong}`);
    }),
);

const L2 = invariant(
  'L2',
  {
    says: 'A wish to stop takes all traffic back, or ends the rollout, or people hear that stable could not serve it.',
    needs: `${needsSettled}, with a latched wish to stop`,
  },
  (story) =>
    lasts(story).flatMap((last) => {
      const { rollout, settled } = last;
      return factsOfKind(rollout, 'latched').map((latched) => {
        const byMs = Math.max(settled.healedAtMs, latched.atMs) + REACTION_MS + slowTickMs(rollout, latched);
        return checked(latched.at, isSafeBy(byMs, latched, rollout, story), () => {
          return `${rollout.rolloutId} still had traffic on the canary ${byMs - latched.atMs} ms after the wish to stop`;
        });
      });
    }),
);

function slowTickMs(rollout: RolloutStory, { at }: PlacedFact): number {
  const last = factsOfKind(rollout, 'judged').findLast((judged) => judged.at < at);
  return last?.fact.next === 'bake-slowly' ? SLOW_TICK_MS : 0;
}

function isSafeBy(
  byMs: number,
  latched: PlacedFact<'latched'>,
  rollout: RolloutStory,
  story: Story,
): boolean {
  if (rollout.ended !== null && rollout.ended.atMs <= byMs) return true;
  const isDeclared = rollout.published.some(
    ({ at, atMs, event }) => event.event === 'stable-unhealthy' && at > latched.at && atMs <= byMs,
  );
  return isDeclared || canaryShare(sharesAt(byMs, rollout, story), rollout) === 0;
}

function sharesAt(instantMs: number, { opened }: RolloutStory, { changes }: Story): Shares {
  const ofTarget = changes.get(opened?.fact.targetId ?? '') ?? [];
  return ofTarget.findLast(({ atMs }) => atMs <= instantMs)?.shares ?? {};
}

const L3 = invariant(
  'L3',
  {
    says: 'What an ended execution left open is settled within two sweeps.',
    needs: `${needsSettled}, with an execution that ended before its rollout`,
  },
  (story) =>
    lasts(story).flatMap(({ rollout, settled, quarantineMs }) => {
      const { rolloutId, ended } = rollout;
      return story.trace.moments.flatMap((moment, at) => {
        if (moment.kind !== 'execution-ended' || moment.rolloutId !== rolloutId) return [];
        if (ended !== null && ended.at < at) return [];
        // in place a sweep cannot close before the quarantine, so the one after it does
        const waitMs = quarantineMs === 0 ? 0 : quarantineMs + SWEEP_MS;
        const byMs = Math.max(settled.healedAtMs, moment.atMs) + 2 * SWEEP_MS + waitMs;
        const isSettled = ended !== null && ended.atMs <= byMs;
        return [checked(at, isSettled, () => `${rolloutId} was left open when its execution had ended`)];
      });
    }),
);

const L4 = invariant(
  'L4',
  {
    says: 'When all rollouts of a target have ended, it can be claimed again.',
    needs: needsSettled,
  },
  (story) => {
    const { settled } = story.trace;
    const all = lasts(story);
    return (settled?.targets ?? []).flatMap(({ targetId, canBeClaimed }) => {
      const ofTarget = all.filter(({ rollout }) => rollout.opened?.fact.targetId === targetId);
      if (ofTarget.length === 0 || ofTarget.some(({ end }) => end.outcome === null)) return [];
      return [checked(null, canBeClaimed, () => `${targetId} cannot be claimed although nothing runs on it`)];
    });
  },
);

/** Guard, sweeper and execution may each take back once more, and each try on a load balancer writes up to three times. */
const MAX_WAY_BACK_WRITES = 10;
/** In place every try writes again until the quarantine is over; with full jitter up to 30 s one falls on 5 s at the most. */
const QUARANTINE_TRY_MS = 5000;

const L7 = invariant(
  'L7',
  {
    says: 'Writes come to an end: at most those of the plan and a bounded way back.',
    needs: needsSettled,
  },
  (story) =>
    lasts(story).map(({ rollout, settled, quarantineMs }) => {
      const after = rollout.writes.filter(({ atMs }) => atMs > settled.healedAtMs);
      const forward = after.filter(({ writer }) => writer.action !== 'restore');
      const orders = new Set(forward.map(({ writer }) => `${writer.epoch}/${writer.seq}`)).size;
      const planned = (rollout.prepared?.fact.stages.length ?? 0) + 2;
      const back = after.length - forward.length;
      const allowed = MAX_WAY_BACK_WRITES + quarantineMs / QUARANTINE_TRY_MS;
      return checked(after.at(-1)?.at ?? null, orders <= planned && back <= allowed, () => {
        return `${rollout.rolloutId} made ${orders} orders forwards and ${back} writes back after everything had healed`;
      });
    }),
);

export const LIVENESS = [L1, L2, L3, L4, L7] as const;
