// Handler for people: a signal to a running rollout. `abort` latches the wish to stop; it asks nothing of the workflow.
import * as z from 'zod';
import { plainReason } from '../core/verdict.ts';
import { interruptRollout } from './interrupt-rollout.ts';
import { defineStep } from './step.ts';

const SignalSchema = z.strictObject({
  rolloutId: z.string().min(1).max(80),
  signal: z.literal('abort'),
  /** Who says so, as the caller claims it. */
  actor: z.string().min(1).max(200),
  message: z.string().max(300).default(''),
});

export interface SignalAnswer {
  readonly rolloutId: string;
  /** latched: traffic is being taken back · ended: nothing runs under this id · past-stopping: already being promoted. */
  readonly state: 'latched' | 'ended' | 'past-stopping';
  readonly sentence: string;
}

export const signalRollout = defineStep({
  name: 'signal-rollout',
  does: 'Latches a person’s wish to stop a rollout',
  trigger: { kind: 'signal' },
  uses: ['clock', 'store', 'tokens', 'events'],
  input: SignalSchema,
  run: async ({ rolloutId, actor, message }, ports): Promise<SignalAnswer> => {
    const row = await ports.store.readRow(rolloutId);
    if (row === null) return { rolloutId, state: 'ended', sentence: `There is no rollout ${rolloutId}.` };
    if (row.outcome !== null) {
      return {
        rolloutId,
        state: 'ended',
        sentence: `The rollout ended before: ${row.outcome}. Nothing was changed.`,
      };
    }
    const sentence = `Aborted by ${actor}${message === '' ? '' : `: ${message}`}`;
    const interrupt = {
      kind: 'abort' as const,
      source: actor,
      atMs: ports.clock.now(),
      reason: plainReason(sentence),
    };
    const standing = await interruptRollout(row, interrupt, ports);
    return standing === null
      ? {
          rolloutId,
          state: 'past-stopping',
          sentence: `Version ${row.version} is being promoted already; start a rollout of the old version instead.`,
        }
      : { rolloutId, state: 'latched', sentence: `Traffic is being taken back. ${standing.reason.sentence}` };
  },
});
