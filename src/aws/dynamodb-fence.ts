// The part of the DynamoDB store that says who may move traffic: lease and fence, the way back, the end.
// Fence and row change in one transaction or not at all. When it is refused, everything is read again: then either an
// earlier try of our own stands there, whose answer was lost, or somebody else was first.
import { FencedError, TransientError } from '../core/errors.ts';
import type { Fence, RolloutRow, RolloutStore } from '../ports.ts';
import { FORWARD_PHASES, isTerminal, phaseChange } from './dynamodb-row.ts';
import { readRow, requireRow } from './dynamodb-rows.ts';
import { type Change, KEYS, type RolloutTable, readItem, transact } from './dynamodb-table.ts';

type FenceMethods = Pick<RolloutStore, 'takeLease' | 'readFence' | 'beginRevert' | 'close'>;

/** How often a refused write is looked at again before the workflow's own Retry takes over. */
const MAX_TRIES = 4;

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
  const isTaken = await transact(table, [
    {
      key: KEYS.fence(targetId),
      set: 'SET #owner = :me, #epoch = :epoch, #mode = :forward',
      condition: 'attribute_not_exists(pk) OR (attribute_not_exists(#owner) AND #epoch = :before)',
      values: { ':me': rolloutId, ':epoch': epoch, ':before': before.epoch, ':forward': 'FORWARD' },
    },
    // nobody would ever give back a lease that an ended rollout takes
    { key: KEYS.row(rolloutId), condition: 'attribute_not_exists(#outcome)' },
  ]);
  if (isTaken) return { taken: true, epoch };
  const row = await readRow(table, rolloutId);
  if (row?.outcome != null) throw new FencedError(`${rolloutId} has ended (${row.phase}) and takes no lease`);
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
  const isOpen = await transact(table, [
    {
      key: KEYS.fence(row.targetId),
      set: 'SET #epoch = :next, #mode = :revert',
      condition: '#owner = :me AND #epoch = :epoch',
      values: { ':me': rolloutId, ':epoch': fence.epoch, ':next': epoch, ':revert': 'REVERT' },
    },
    phaseChange(rolloutId, 'REVERTING', FORWARD_PHASES),
  ]);
  if (!isOpen) return undefined;
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
  const fence = await readFence(table, row.targetId);
  const isOwner = fence.owner === rolloutId;
  const isClosed = await transact(table, [
    {
      key: KEYS.row(rolloutId),
      set: 'SET #phase = :phase, #outcome = :phase, #reason = :reason, #endedAtMs = :at REMOVE #active, #token',
      condition: '#phase = :before',
      values: {
        ':phase': end.outcome,
        ':reason': JSON.stringify(end.reason),
        ':at': end.atMs,
        ':before': row.phase,
      },
    },
    {
      key: KEYS.fence(row.targetId),
      ...(isOwner ? { set: 'SET #mode = :closed REMOVE #owner' } : {}),
      condition: isOwner ? '#owner = :me' : 'attribute_not_exists(#owner) OR #owner <> :me',
      values: { ':me': rolloutId, ...(isOwner ? { ':closed': 'CLOSED' } : {}) },
    },
    ...(isOwner && end.outcome === 'PROMOTED' ? [approval(row)] : []),
  ]);
  return isClosed ? true : undefined;
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

async function tried<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new TransientError(`${what}: the record kept changing while it was written`);
}
