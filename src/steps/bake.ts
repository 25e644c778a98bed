// Step «Bake»: leaves the token that wakes this wait, then looks whether somebody wanted to stop before it was there.
import * as z from 'zod';
import { Interrupted } from '../core/errors.ts';
import { FORWARD_PHASES } from '../core/phase.ts';
import { defineStep } from './step.ts';

export const bake = defineStep({
  name: 'bake',
  does: 'Registers the token that wakes the bake; the bake ends by its time-out or by a signal',
  trigger: { kind: 'state', states: ['Bake', 'Bake slowly'] },
  uses: ['store'],
  // of the document as little as possible: a wait must not fail on anything else in it
  input: z.strictObject({
    rollout: z.looseObject({ rolloutId: z.string(), historyEvents: z.number().catch(0) }),
    token: z.string().min(1),
  }),
  run: async ({ rollout, token }, { store }): Promise<Record<string, never>> => {
    // Token first, latch second. A handler latches first and reads the token second, so one of the two sees the other.
    // The history only grows, so that a function of an earlier wait that comes late does not hide this one's token.
    // A milder signal that falls in between is seen by the next look.
    await store.putToken(rollout.rolloutId, token, rollout.historyEvents);
    const row = await store.readRow(rollout.rolloutId);
    if (row === null) throw new Interrupted('the record of this rollout is gone');
    if (row.interrupt !== null) throw new Interrupted(row.interrupt.reason.sentence);
    // once the way back or the end was taken, waiting makes no sense
    if (!FORWARD_PHASES.includes(row.phase)) throw new Interrupted(`the record says ${row.phase}`);
    return {};
  },
});
