// Step «Settle promotion»: the answer of the commit was lost, so the record decides which way is open.
import { InvalidDocumentError } from '../core/errors.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { defineStep } from './step.ts';

export const settlePromotion = defineStep({
  name: 'settle-promotion',
  does: 'Reads whether the promotion was committed; while that is unreadable, it is asked again',
  trigger: { kind: 'state', states: ['Settle promotion'] },
  uses: ['store'],
  input: RolloutSchema,
  run: async (rollout, { store }): Promise<Rollout> => {
    const row = await store.readRow(rollout.rolloutId);
    if (row === null) throw new InvalidDocumentError(`no record of ${rollout.rolloutId}`);
    const isCommitted = row.phase === 'PROMOTING' || row.phase === 'PROMOTED';
    return { ...rollout, next: isCommitted ? 'finish-promotion' : 'roll-back' };
  },
});
