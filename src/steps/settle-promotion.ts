// Step «Settle promotion»: the answer of the commit was lost, so the record is asked in a way that a late commit cannot overtake.
import { messageOf } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { defineStep } from './step.ts';

export const settlePromotion = defineStep({
  name: 'settle-promotion',
  does: 'Finds out whether the promotion was committed; while that is unknown, it is asked again',
  trigger: { kind: 'state', states: ['Settle promotion'] },
  uses: ['clock', 'store', 'events'],
  input: RolloutSchema,
  run: async (rollout, { clock, store, events }): Promise<Rollout> => {
    try {
      // Opening the way back excludes the commit and is excluded by it. A mere read could say «not committed» and be
      // overtaken by a commit still in flight, and then neither way would be open.
      const wayBack = await store.beginRevert(rollout.rolloutId);
      const isCommitted = wayBack.state === 'promoting' || wayBack.row.phase === 'PROMOTED';
      return { ...rollout, next: isCommitted ? 'finish-promotion' : 'roll-back' };
    } catch (error) {
      const sentence = `Nobody knows whether the promotion of version ${rollout.canary.version} was committed, so traffic stays as it is: ${messageOf(error)}. The record is asked again.`;
      await events.publish([rolloutEvent(rollout, 'promotion-delayed', clock.now(), sentence)]);
      throw error;
    }
  },
});
