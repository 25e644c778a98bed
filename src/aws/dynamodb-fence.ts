// The part of the DynamoDB store that says who may move traffic: lease and fence, the way back, the end.
// Fence, row and audit change in one transaction or not at all. When it is refused, everything is read again: then either an
// earlier try of our own stands there, whose answer was lost, or somebody else was first.
import { FencedError } from '../core/errors.ts';
import { FORWARD_PHASES, isTerminal, mayEnd } from '../core/phase.ts';
import type { Fence, RolloutRow, RolloutStore } from '../ports.ts';
import { append } from './dynamodb-audit.ts';
import { IS_OPEN, phaseChange, requireRow } from './dynamodb-row.ts';
import { type Change, KEYS, type RolloutTable, readItem } from './dynamodb-table.ts';
import { tried } from './dynamodb-tries.ts';

type FenceMethods = Pick<RolloutStore, 'takeLease' | 'readFence' | 'beginRevert' | 'close'>;

export function fenceMethods(table: RolloutTable): FenceMethods {
  return {
    takeLease: (targetId, rolloutId) =>
      tried(`lease of ${targetId}`, () => takeLease(table, targetId, rolloutId)),
    readFence: (targetId) => readFence(table, targetId),
    beginRevert: (rolloutId) => tried(`way back of ${rolloutId}`, () => beginRevert(table, rolloutId)),
    close: async (rolloutId, end) => {
      await tried(`end of ${rolloutId}`, () => close(table, rolloutId, end));
    },
  };
}

export async function readFence(table: RolloutTable, targetId: string): Promise<Fence> {
  const item = await readItem(table, KEYS.fence(targetId));
  if (item === undefined) return { owner: null, epoch: 0, mode: 'CLOSED' };
  const { owner = null, epoch, mode } = item;
  return { owner, epoch, mode } as Fence;
}

/** undefined: the lease changed hands between write and read; try again. */
async function takeLease(
  table: RolloutTable,
  targetId: string,
  rolloutId: string,
): Promise<Awaited<ReturnType<RolloutStore['takeLease']>> | undefined> {
  const before = await readFence(table, targetId);
  if (before.owner === rolloutId) return { taken: true, epoch: before.epoch };
  if (before.owner !== null) return { taken: false, owner: before.owner };
  const epoch = before.epoch + 1;
  const result = await append(table, rolloutId, { kind: 'leased', epoch }, [
    {
      key: KEYS.fence(targetId),
      set: 'SET #owner = :me, #epoch = :epoch, #mode = :forward',
      condition: 'attribute_not_exists(pk) OR (attribute_not_exists(#owner) AND #epoch = :before)',
      values: { ':me': rolloutId, ':epoch': epoch, ':before': before.epoch, ':forward': 'FORWARD' },
    },
    // nobody would ever give back a lease that an ended rollout takes
    { key: KEYS.row(rolloutId), condition: IS_OPEN },
  ]);
  if (result === 'appended') return { taken: true, epoch };
  const { phase } = await requireRow(table, rolloutId);
  if (isTerminal(phase)) throw new FencedError(`${rolloutId} has ended (${phase}) and takes no lease`);
  return undefined;
}

/** undefined: fence or row moved between read and write; try again. */
async function beginRevert(
  table: RolloutTable,
  rolloutId: string,
): Promise<Awaited<ReturnType<RolloutStore['beginRevert']>> | undefined> {
  const row = await requireRow(table, rolloutId);
  if (isTerminal(row.phase)) return { state: 'closed', row };
  if (row.phase === 'PROMOTING') return { state: 'promoting', row };
  const fence = await readFence(table, row.targetId);
  if (fence.owner !== rolloutId) {
    throw new FencedError(`${rolloutId} has nothing to take back: the lease is ${fence.owner ?? 'nobody'}'s`);
  }
  if (row.phase === 'REVERTING') return { state: 'reverting', isFirst: false, epoch: fence.epoch, row };
  const epoch = fence.epoch + 1;
  const result = await append(table, rolloutId, { kind: 'reverting', epoch }, [
    {
      key: KEYS.fence(row.targetId),
      set: 'SET #epoch = :next, #mode = :revert',
      condition: '#owner = :me AND #epoch = :epoch',
      values: { ':me': rolloutId, ':epoch': fence.epoch, ':next': epoch, ':revert': 'REVERT' },
    },
    phaseChange(rolloutId, 'REVERTING', FORWARD_PHASES),
  ]);
  if (result !== 'appended') return undefined;
  // read again: an interrupt may have been latched between the first read and the write
  return { state: 'reverting', isFirst: true, epoch, row: await requireRow(table, rolloutId) };
}

/** undefined: fence or row moved between read and write; try again. */
async function close(
  table: RolloutTable,
  rolloutId: string,
  end: Parameters<RolloutStore['close']>[1],
): Promise<true | undefined> {
  const row = await requireRow(table, rolloutId);
  if (isTerminal(row.phase)) return true;
  const { outcome, reason, atMs } = end;
  if (!mayEnd(row.phase, outcome)) {
    throw new FencedError(`${rolloutId} is ${row.phase}: it cannot end as ${outcome}`);
  }
  const fence = await readFence(table, row.targetId);
  const isOwner = fence.owner === rolloutId;
  const result = await append(table, rolloutId, { kind: 'ended', atMs, outcome, reason }, [
    ended(row, end),
    {
      key: KEYS.fence(row.targetId),
      ...(isOwner ? { set: 'SET #mode = :closed REMOVE #owner' } : {}),
      condition: isOwner ? '#owner = :me' : 'attribute_not_exists(#owner) OR #owner <> :me',
      values: { ':me': rolloutId, ...(isOwner ? { ':closed': 'CLOSED' } : {}) },
    },
    ...(isOwner && outcome === 'PROMOTED' ? [approval(row)] : []),
  ]);
  return result === 'appended' ? true : undefined;
}

/** The row stays in the sparse index: an ended rollout is watched until `endWatch`. */
function ended({ rolloutId, phase }: RolloutRow, end: Parameters<RolloutStore['close']>[1]): Change {
  return {
    key: KEYS.row(rolloutId),
    set: 'SET #phase = :phase, #outcome = :phase, #reason = :reason, #endedAtMs = :at REMOVE #token',
    condition: '#phase = :before',
    values: {
      ':phase': end.outcome,
      ':reason': JSON.stringify(end.reason),
      ':at': end.atMs,
      ':before': phase,
    },
  };
}

function approval(row: RolloutRow): Change {
  return {
    key: KEYS.approved(row.targetId),
    set: 'SET #version = :version, #rolloutId = :rolloutId',
    // always true: every item has a key once it is written, and none before
    condition: 'attribute_exists(pk) OR attribute_not_exists(pk)',
    values: { ':version': row.version, ':rolloutId': row.rolloutId },
  };
}
