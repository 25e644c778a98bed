// Handler for people: a signal to a running rollout. It is latched first; then a bake that waits is woken.
import * as z from 'zod';
import { withoutSecrets } from '../core/secrets.ts';
import { SIGNALS } from '../core/signals.ts';
import { plainReason } from '../core/verdict.ts';
import type { RolloutRow } from '../ports.ts';
import { interruptRollout } from './interrupt-rollout.ts';
import { defineStep } from './step.ts';
import { type Asked, type SignalPorts, tellRollout } from './tell-rollout.ts';

const SignalSchema = z.strictObject({
  rolloutId: z.string().min(1).max(80),
  signal: z.enum(['abort', ...SIGNALS]),
  /** Who says so, as the caller claims it. */
  actor: z.string().min(1).max(200),
  // what stands in for a secret may be longer than it was
  message: z
    .string()
    .max(300)
    .default('')
    .transform((text) => withoutSecrets(text).slice(0, 300)),
  /** The stage that is meant, from 0; left out: the one that the rollout is at. Only `approve` is bound to it. */
  stageIndex: z.int().min(0).optional(),
});

export interface SignalAnswer {
  readonly rolloutId: string;
  /**
   * latched: traffic is being taken back · kept: the rollout acts by it from now on · unchanged: it stood already, or
   * there is nothing for it to do · ended: it is over · unknown: there is no such rollout · past-stopping: being promoted or
   * taken back, or promoted when it was to be aborted.
   */
  readonly state: 'latched' | 'kept' | 'unchanged' | 'ended' | 'unknown' | 'past-stopping';
  readonly sentence: string;
}

export const signalRollout = defineStep({
  name: 'signal-rollout',
  does: 'Latches what a person tells a rollout: abort, pause, resume, approve or promote',
  trigger: { kind: 'signal' },
  uses: ['clock', 'store', 'tokens', 'events'],
  input: SignalSchema,
  run: async ({ rolloutId, signal, ...asked }, ports): Promise<SignalAnswer> => {
    const row = await ports.store.readRow(rolloutId);
    if (row === null) return { rolloutId, state: 'unknown', sentence: `There is no rollout ${rolloutId}.` };
    // whoever aborts wants the traffic back, and here it is not
    if (row.outcome === 'PROMOTED' && signal === 'abort') return { rolloutId, ...pastStopping(row) };
    if (row.outcome !== null) {
      return {
        rolloutId,
        state: 'ended',
        sentence: `The rollout ended before: ${row.outcome}. Nothing was changed.`,
      };
    }
    const answer =
      signal === 'abort' ? await abort(row, asked, ports) : await tellRollout(row, signal, asked, ports);
    return { rolloutId, ...answer };
  },
});

async function abort(
  row: RolloutRow,
  { actor, message }: Asked,
  ports: SignalPorts,
): Promise<Omit<SignalAnswer, 'rolloutId'>> {
  const sentence = `Aborted by ${actor}${message === '' ? '' : `: ${message}`}`;
  const interrupt = {
    kind: 'abort' as const,
    source: actor,
    atMs: ports.clock.now(),
    causedAtMs: null,
    reason: plainReason(sentence),
  };
  const standing = await interruptRollout(row, interrupt, ports);
  return standing === null
    ? pastStopping(row)
    : { state: 'latched', sentence: `Traffic is being taken back. ${standing.reason.sentence}` };
}

function pastStopping({ version, outcome }: RolloutRow): Omit<SignalAnswer, 'rolloutId'> {
  const how = outcome === 'PROMOTED' ? 'was promoted' : 'is being promoted';
  return {
    state: 'past-stopping',
    sentence: `Version ${version} ${how} already; start a rollout of the old version instead.`,
  };
}
