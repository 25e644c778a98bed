// Step «Abandon rollout»: a start that was refused or failed; cleans up what it left and says why. Idempotent.

import * as z from 'zod';
import { SupersededError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { FailureSchema, failureMessage } from '../core/failure.ts';
import { rolloutIdOf } from '../core/rollout.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { refusals } from './gates.ts';
import { StartInputSchema } from './start-request.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

/** The execution's own input with the Catch's finding in it; everything else may be wrong with it. */
const FailedRequestSchema = z.looseObject({
  service: z.string().catch('unknown'),
  failure: FailureSchema.optional().catch(undefined),
});

export interface Abandoned {
  readonly rolloutId: string;
  readonly outcome: 'REJECTED';
  readonly reason: Reason;
}

export const abandonRollout = defineStep({
  name: 'abandon-rollout',
  does: 'Cleans up after a start that was refused or failed, and says why',
  trigger: { kind: 'state', states: ['Abandon rollout'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: StartInputSchema,
  run: async ({ request, execution }, ports): Promise<Abandoned> => {
    const rolloutId = rolloutIdOf(execution);
    const { service, failure } = FailedRequestSchema.catch({ service: 'unknown', failure: undefined }).parse(
      request,
    );
    const row = await ownRow(rolloutId, execution, ports);
    const message = failure === undefined ? 'the start failed without a reason' : failureMessage(failure);
    const reason = plainReason(`Not started: ${refusalSentence(row) ?? message}`);
    if (row !== null) await cleanUp(row, reason, ports);
    await ports.events.publish([
      rolloutEvent({ rolloutId, spec: { service } }, 'rollout-rejected', ports.clock.now(), reason.sentence, {
        code: refusals(row?.gates ?? [])[0]?.code ?? failure?.Error ?? null,
      }),
    ]);
    return { rolloutId, outcome: 'REJECTED', reason };
  },
});

/** A refused second start under a used name must not touch the row of the first. */
async function ownRow(rolloutId: string, execution: string, { store }: Used): Promise<RolloutRow | null> {
  const row = await store.readRow(rolloutId);
  return row !== null && row.executionArn === execution && row.outcome === null ? row : null;
}

async function cleanUp(row: RolloutRow, reason: Reason, { clock, store, routers }: Used): Promise<void> {
  const { rollout } = row;
  if (rollout !== null) {
    const revert = await store.beginRevert(row.rolloutId);
    const epoch = revert.state === 'reverting' ? revert.epoch : rollout.epoch + 1;
    try {
      await routers[rollout.spec.target.kind].restore(trafficOrder(rollout, epoch, 1));
    } catch (error) {
      // somebody else's version is live: there is nothing of ours to take back
      if (!(error instanceof SupersededError)) throw error;
    }
  }
  await store.close(row.rolloutId, { outcome: 'REJECTED', reason, atMs: clock.now() });
}

function refusalSentence(row: RolloutRow | null): string | null {
  const problems = refusals(row?.gates ?? []);
  if (problems.length === 0) return null;
  return problems.map((problem) => `${problem.what} (${problem.code}). ${problem.fix}`).join('; ');
}
