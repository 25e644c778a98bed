// Step «Bake»: leaves the token that wakes this wait, then looks whether somebody wanted to stop before it was there.
import * as z from 'zod';
import { Interrupted } from '../core/errors.ts';
import { defineStep } from './step.ts';

/** Once the way back or the end was taken, waiting makes no sense. */
const FORWARD_PHASES: readonly string[] = ['PREPARED', 'SHIFTING', 'BAKING'];

export const bake = defineStep({
  name: 'bake',
  does: 'Registers the token that wakes the bake; the bake ends by its time-out or by a signal',
  trigger: { kind: 'state', states: ['Bake', 'Bake slowly'] },
  uses: ['store'],
  // of the document only its id: a wait must not fail on anything else in it
  input: z.strictObject({ rollout: z.looseObject({ rolloutId: z.string() }), token: z.string().min(1) }),
  run: async ({ rollout, token }, { store }): Promise<Record<string, never>> => {
    // Token first, latch second. A handler latches first and reads the token second, so one of the two sees the other.
    await store.putToken(rollout.rolloutId, token);
    const row = await store.readRow(rollout.rolloutId);
    if (row === null) throw new Interrupted('the record of this rollout is gone');
    if (row.interrupt !== null) throw new Interrupted(row.interrupt.reason.sentence);
    if (!FORWARD_PHASES.includes(row.phase)) throw new Interrupted(`the record says ${row.phase}`);
    return {};
  },
});
