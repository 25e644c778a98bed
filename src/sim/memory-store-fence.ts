// The part of the in-memory store that says who may move traffic: lease, fence, the way forward, the way back, the end.
import { FencedError, Interrupted, Paused } from '../core/errors.ts';
import { isTerminal, mayEnd } from '../core/phase.ts';
import type { Rollout } from '../core/rollout.ts';
import { leadsToFirstStage, pausedSentence } from '../core/signals.ts';
import type { Fence, RolloutRow, RolloutStore } from '../ports.ts';
import { append, isOnRecord } from './memory-store-evidence.ts';
import { changeRow, fenceOf, frozenCopy, requireRow, setFence, type Tables } from './memory-store-tables.ts';

type FenceMethods = Pick<
  RolloutStore,
  'takeLease' | 'readFence' | 'authoriseShift' | 'recordShifted' | 'commitPromotion' | 'beginRevert' | 'close'
>;

export function fenceMethods(tables: Tables): FenceMethods {
  return {
    takeLease: async (targetId, rolloutId) => takeLease(tables, targetId, rolloutId),
    readFence: async (targetId) => fenceOf(tables, targetId),
    beginRevert: async (rolloutId) => beginRevert(tables, rolloutId),
    close: async (rolloutId, end) => close(tables, rolloutId, end),
    ...forwardMethods(tables),
  };
}

function forwardMethods(
  tables: Tables,
): Pick<FenceMethods, 'authoriseShift' | 'recordShifted' | 'commitPromotion'> {
  return {
    authoriseShift: async (rollout, intent) => {
      const row = requireForward(tables, rollout);
      if (row.phase === 'PROMOTING') throw new FencedError(`${row.rolloutId} is past its last shift`);
      if (isOnRecord(tables, row.rolloutId, intent)) return;
      if (!leadsToFirstStage(intent)) requireUnpaused(row);
      append(tables, row.rolloutId, intent);
      changeRow(tables, row, {
        phase: 'SHIFTING',
        authorisedWeightPercent: Math.max(row.authorisedWeightPercent, intent.weightPercent),
        stageIndex: intent.stageIndex ?? row.stageIndex,
      });
    },
    recordShifted: async (rollout, outcome) => {
      const row = requireRow(tables, rollout.rolloutId);
      const isNew = append(tables, row.rolloutId, outcome);
      // what was begun meanwhile, the way back or the end, is not undone by a late record
      if (isNew && row.phase === 'SHIFTING') changeRow(tables, row, { phase: 'BAKING' });
    },
    commitPromotion: async (rollout) => {
      const { rolloutId, epoch } = rollout;
      const { phase } = requireRow(tables, rolloutId);
      // only this rollout's own commit leads there
      if (phase === 'PROMOTING' || phase === 'PROMOTED') return;
      const row = requireForward(tables, rollout);
      requireUnpaused(row);
      changeRow(tables, row, { phase: 'PROMOTING' });
      append(tables, rolloutId, { kind: 'committed', epoch });
    },
  };
}

/** @throws Interrupted, FencedError */
function requireForward(tables: Tables, rollout: Rollout): RolloutRow {
  const row = requireRow(tables, rollout.rolloutId);
  if (row.interrupt !== null) throw new Interrupted(row.interrupt.reason.sentence);
  const { owner, epoch, mode } = fenceOf(tables, row.targetId);
  if (owner !== row.rolloutId || epoch !== rollout.epoch || mode !== 'FORWARD') {
    throw new FencedError(
      `${row.rolloutId} at epoch ${rollout.epoch} may not go forward: the fence is ${owner ?? 'nobody'}'s, epoch ${epoch}, ${mode}`,
    );
  }
  return row;
}

/** @throws Paused */
function requireUnpaused({ rolloutId, signals }: RolloutRow): void {
  if (signals.paused !== null) throw new Paused(pausedSentence(rolloutId, signals.paused));
}

function takeLease(
  tables: Tables,
  targetId: string,
  rolloutId: string,
): Awaited<ReturnType<RolloutStore['takeLease']>> {
  const fence = fenceOf(tables, targetId);
  if (fence.owner === rolloutId) return { taken: true, epoch: fence.epoch };
  if (fence.owner !== null) return { taken: false, owner: fence.owner };
  const { phase } = requireRow(tables, rolloutId);
  // nobody would ever give back a lease that an ended rollout takes
  if (isTerminal(phase)) throw new FencedError(`${rolloutId} has ended (${phase}) and takes no lease`);
  const epoch = fence.epoch + 1;
  setFence(tables, targetId, { owner: rolloutId, epoch, mode: 'FORWARD' });
  append(tables, rolloutId, { kind: 'leased', epoch });
  return { taken: true, epoch };
}

function beginRevert(tables: Tables, rolloutId: string): Awaited<ReturnType<RolloutStore['beginRevert']>> {
  const row = requireRow(tables, rolloutId);
  if (isTerminal(row.phase)) return { state: 'closed', row };
  if (row.phase === 'PROMOTING') return { state: 'promoting', row };
  const fence = fenceOf(tables, row.targetId);
  if (fence.owner !== rolloutId) {
    throw new FencedError(`${rolloutId} has nothing to take back: the lease is ${fence.owner ?? 'nobody'}'s`);
  }
  if (row.phase === 'REVERTING') return { state: 'reverting', isFirst: false, epoch: fence.epoch, row };
  const raised: Fence = { owner: rolloutId, epoch: fence.epoch + 1, mode: 'REVERT' };
  setFence(tables, row.targetId, raised);
  const reverting = changeRow(tables, row, { phase: 'REVERTING' });
  append(tables, rolloutId, { kind: 'reverting', epoch: raised.epoch });
  return { state: 'reverting', isFirst: true, epoch: raised.epoch, row: reverting };
}

function close(tables: Tables, rolloutId: string, end: Parameters<RolloutStore['close']>[1]): void {
  const row = requireRow(tables, rolloutId);
  if (isTerminal(row.phase)) return;
  if (!mayEnd(row.phase, end.outcome)) {
    throw new FencedError(`${rolloutId} is ${row.phase}: it cannot end as ${end.outcome}`);
  }
  const { outcome, reason, atMs } = end;
  append(tables, rolloutId, { kind: 'ended', atMs, outcome, reason });
  changeRow(tables, row, {
    phase: outcome,
    outcome,
    reason: frozenCopy(reason),
    endedAtMs: atMs,
    token: null,
  });
  tables.watched.add(rolloutId);
  const fence = fenceOf(tables, row.targetId);
  if (fence.owner !== rolloutId) return;
  setFence(tables, row.targetId, { owner: null, epoch: fence.epoch, mode: 'CLOSED' });
  if (outcome === 'PROMOTED') tables.approvedVersions.set(row.targetId, row.version);
}
