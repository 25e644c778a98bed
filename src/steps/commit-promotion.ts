// Step «Commit promotion»: the point of no return, written durably on condition that nobody wanted to stop.
import { rolloutEvent } from '../core/events.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { defineStep } from './step.ts';

export const commitPromotion = defineStep({
  name: 'commit-promotion',
  does: 'Writes the point of no return, unless an interrupt came first',
  trigger: { kind: 'state', states: ['Commit promotion'] },
  uses: ['clock', 'store', 'events'],
  input: RolloutSchema,
  run: async (rollout, { clock, store, events }): Promise<Rollout> => {
    await store.commitPromotion(rollout);
    const sentence = `Version ${rollout.canary.version} passed every stage; from here it becomes the stable one.`;
    await events.publish([rolloutEvent(rollout, 'promotion-committed', clock.now(), sentence)]);
    return { ...rollout, next: 'finish-promotion' };
  },
});
