// The part of the DynamoDB store that a rollout needs to go forward: permission to shift, and the point of no return.
// Fence, row and audit are one transaction. When it is refused, a consistent read tells why, or that an earlier try of
// our own, whose answer was lost, was the one that got through.
import type { IntentFact, OutcomeFact } from '../core/audit/facts.ts';
import { FencedError, Interrupted, Paused } from '../core/errors.ts';
import { FORWARD_PHASES } from '../core/phase.ts';
import type { Rollout } from '../core/rollout.ts';
import { leadsToFirstStage, pausedSentence } from '../core/signals.ts';
import type { RolloutRow, RolloutStore } from '../ports.ts';
import { append } from './dynamodb-audit.ts';
import { readFence } from './dynamodb-fence.ts';
import { inPhase, phaseChange, requireRow } from './dynamodb-row.ts';
import { type Change, KEYS, type RolloutTable, transact } from './dynamodb-table.ts';

type ForwardMethods = Pick<RolloutStore, 'authoriseShift' | 'recordShifted' | 'commitPromotion'>;

export function forwardMethods(table: RolloutTable): ForwardMethods {
  return {
    authoriseShift: (rollout, intent) => authoriseShift(table, rollout, intent),
    recordShifted: (rollout, outcome) => recordShifted(table, rollout, outcome),
    commitPromotion: (rollout) => commitPromotion(table, rollout),
  };
}

async function authoriseShift(table: RolloutTable, rollout: Rollout, intent: IntentFact): Promise<void> {
  const row = await requireRow(table, rollout.rolloutId);
  const fence = ownFence(row, rollout);
  const unstopped = uninterrupted(phaseChange(row.rolloutId, 'SHIFTING', FORWARD_PHASES));
  const mayMove = leadsToFirstStage(intent) ? unstopped : unpaused(unstopped);
  const shifting: Change = {
    ...mayMove,
    set: `${mayMove.set}, #authorisedWeightPercent = :weight, #stageIndex = :stageIndex`,
    values: {
      ...mayMove.values,
      ':weight': Math.max(row.authorisedWeightPercent, intent.weightPercent),
      ':stageIndex': intent.stageIndex ?? row.stageIndex,
    },
  };
  const result = await append(table, row.rolloutId, intent, [fence, shifting]);
  if (result === 'appended') return;
  // Authorised before: then only the permission is asked again. A shut fence never reopens and a latch is never cleared.
  // A pause comes too late for it: the write may be on its way.
  const isOpen = uninterrupted(inPhase(row.rolloutId, FORWARD_PHASES));
  if (result === 'repeated' && (await transact(table, [fence, isOpen]))) return;
  throw await refusal(table, rollout);
}

async function recordShifted(
  table: RolloutTable,
  { rolloutId }: Rollout,
  outcome: OutcomeFact,
): Promise<void> {
  const baking = phaseChange(rolloutId, 'BAKING', ['SHIFTING']);
  if ((await append(table, rolloutId, outcome, [baking])) !== 'refused') return;
  // what was begun meanwhile, the way back or the end, is not undone by a late record
  await append(table, rolloutId, outcome);
}

async function commitPromotion(table: RolloutTable, rollout: Rollout): Promise<void> {
  const { rolloutId, epoch } = rollout;
  const row = await requireRow(table, rolloutId);
  if (isCommitted(row)) return;
  const promoting = unpaused(uninterrupted(phaseChange(rolloutId, 'PROMOTING', FORWARD_PHASES)));
  const changes = [ownFence(row, rollout), promoting];
  if ((await append(table, rolloutId, { kind: 'committed', epoch }, changes)) === 'appended') return;
  if (isCommitted(await requireRow(table, rolloutId))) return;
  throw await refusal(table, rollout);
}

/** Only this rollout's own commit leads there. */
function isCommitted({ phase }: RolloutRow): boolean {
  return phase === 'PROMOTING' || phase === 'PROMOTED';
}

/** The fence as it must be for its owner to go forward. */
function ownFence(row: RolloutRow, rollout: Rollout): Change {
  return {
    key: KEYS.fence(row.targetId),
    condition: '#owner = :me AND #epoch = :epoch AND #mode = :forward',
    values: { ':me': rollout.rolloutId, ':epoch': rollout.epoch, ':forward': 'FORWARD' },
  };
}

function uninterrupted<T extends Change>(change: T): T {
  return { ...change, condition: `${change.condition} AND attribute_not_exists(#interrupt)` };
}

function unpaused<T extends Change>(change: T): T {
  return { ...change, condition: `${change.condition} AND attribute_not_exists(#paused)` };
}

/** Why the way forward is shut: the wish to stop first, because it has a reason that people want to read. */
async function refusal(table: RolloutTable, rollout: Rollout): Promise<Error> {
  const row = await requireRow(table, rollout.rolloutId);
  if (row.interrupt !== null) return new Interrupted(row.interrupt.reason.sentence);
  const { owner, epoch, mode } = await readFence(table, row.targetId);
  const { paused } = row.signals;
  const isOurs = owner === row.rolloutId && epoch === rollout.epoch && mode === 'FORWARD';
  if (isOurs && FORWARD_PHASES.includes(row.phase) && paused !== null) {
    return new Paused(pausedSentence(row.rolloutId, paused));
  }
  return new FencedError(
    `${row.rolloutId} at epoch ${rollout.epoch} (${row.phase}) may not go forward: the fence is ${owner ?? 'nobody'}'s, epoch ${epoch}, ${mode}`,
  );
}
