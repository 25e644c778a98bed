// The part of the DynamoDB store that a rollout needs to go forward: permission to shift, and the point of no return.
// Fence and row are asked in one transaction. When it is refused, a consistent read tells why, or that an earlier try of
// our own, whose answer was lost, was the one that got through.
import { FencedError, Interrupted } from '../core/errors.ts';
import type { Rollout } from '../core/rollout.ts';
import type { RolloutRow, RolloutStore, WriteRecord } from '../ports.ts';
import { writeItemOf } from './dynamodb-evidence.ts';
import { readFence } from './dynamodb-fence.ts';
import { FORWARD_PHASES, phaseChange } from './dynamodb-row.ts';
import { requireRow } from './dynamodb-rows.ts';
import { type Change, changeItem, createItem, KEYS, type RolloutTable, transact } from './dynamodb-table.ts';

type ForwardMethods = Pick<RolloutStore, 'authoriseShift' | 'recordShifted' | 'commitPromotion'>;

export function forwardMethods(table: RolloutTable): ForwardMethods {
  return {
    authoriseShift: (rollout, intent) => authoriseShift(table, rollout, intent),
    recordShifted: async (rollout, outcome) => {
      await createItem(table, writeItemOf(rollout.rolloutId, outcome));
      // what was begun meanwhile, the way back or the end, is not undone by a late record
      await changeItem(table, phaseChange(rollout.rolloutId, 'BAKING', ['SHIFTING']));
    },
    commitPromotion: (rollout) => commitPromotion(table, rollout),
  };
}

async function authoriseShift(table: RolloutTable, rollout: Rollout, intent: WriteRecord): Promise<void> {
  const row = await requireRow(table, rollout.rolloutId);
  const fence = ownFence(row, rollout);
  const mayMove = uninterrupted(phaseChange(row.rolloutId, 'SHIFTING', FORWARD_PHASES));
  const weightPercent = Math.max(row.authorisedWeightPercent, intent.weightPercent);
  const shifting: Change = {
    ...mayMove,
    set: `${mayMove.set}, #authorisedWeightPercent = :weight`,
    values: { ...mayMove.values, ':weight': weightPercent },
  };
  if (await transact(table, [fence, shifting], [writeItemOf(row.rolloutId, intent)])) return;
  // The intent may be there from an earlier try: then only the permission is asked again. A shut fence never reopens
  // and a latch is never cleared, so nothing else can have refused the first and let the second pass.
  if (await transact(table, [fence, asCheck(row.rolloutId)])) return;
  throw await refusal(table, rollout);
}

async function commitPromotion(table: RolloutTable, rollout: Rollout): Promise<void> {
  const row = await requireRow(table, rollout.rolloutId);
  const promoting = uninterrupted(phaseChange(row.rolloutId, 'PROMOTING', FORWARD_PHASES));
  if (await transact(table, [ownFence(row, rollout), promoting])) return;
  const { phase } = await requireRow(table, rollout.rolloutId);
  // only this rollout's own commit leads there
  if (phase === 'PROMOTING' || phase === 'PROMOTED') return;
  throw await refusal(table, rollout);
}

/** The fence as it must be for its owner to go forward. */
function ownFence(row: RolloutRow, rollout: Rollout): Change {
  return {
    key: KEYS.fence(row.targetId),
    condition: '#owner = :me AND #epoch = :epoch AND #mode = :forward',
    values: { ':me': rollout.rolloutId, ':epoch': rollout.epoch, ':forward': 'FORWARD' },
  };
}

function uninterrupted(change: Change): Change {
  return { ...change, condition: `${change.condition} AND attribute_not_exists(#interrupt)` };
}

/** The condition of a change without the change: DynamoDB refuses values that no expression uses. */
function asCheck(rolloutId: string): Change {
  const { key, condition, values } = uninterrupted(phaseChange(rolloutId, 'SHIFTING', FORWARD_PHASES));
  const { ':phase': _unused, ...used } = values ?? {};
  return { key, condition, values: used };
}

/** Why the way forward is shut: the wish to stop first, because it has a reason that people want to read. */
async function refusal(table: RolloutTable, rollout: Rollout): Promise<Error> {
  const row = await requireRow(table, rollout.rolloutId);
  if (row.interrupt !== null) return new Interrupted(row.interrupt.reason.sentence);
  const { owner, epoch, mode } = await readFence(table, row.targetId);
  return new FencedError(
    `${row.rolloutId} at epoch ${rollout.epoch} (${row.phase}) may not go forward: the fence is ${owner ?? 'nobody'}'s, epoch ${epoch}, ${mode}`,
  );
}
