// Step «Abandon rollout»: a start that was refused or failed; cleans up what it left and says why. Idempotent.

import * as z from 'zod';
import { FencedError, IncompleteError, messageOf } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { FailureSchema, failureMessage } from '../core/failure.ts';
import type { End } from '../core/phase.ts';
import { rolloutIdOf } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { refusals } from './gates.ts';
import { type LenientRollout, storedRollout } from './lenient-rollout.ts';
import { StartInputSchema } from './start-request.ts';
import { defineStep } from './step.ts';
import { openWayBack, recordRestored, requireOwnTarget, restore } from './take-back.ts';
import { tellEnd } from './tell-end.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'events'>;

/** The execution's own input with the Catch's finding in it; everything else may be wrong with it. */
const FailedRequestSchema = z.looseObject({
  service: z.string().catch('unknown'),
  failure: FailureSchema.optional().catch(undefined),
});

export interface Abandoned {
  readonly rolloutId: string;
  /** REJECTED, unless the sweeper was there first. */
  readonly outcome: End;
  readonly reason: Reason;
}

export const abandonRollout = defineStep({
  name: 'abandon-rollout',
  does: 'Cleans up after a start that was refused or failed, and says why',
  trigger: { kind: 'state', states: ['Abandon rollout'] },
  uses: ['clock', 'store', 'routers', 'events'],
  input: StartInputSchema,
  takesAnySize: true,
  run: async ({ request, execution }, ports): Promise<Abandoned> => {
    const rolloutId = rolloutIdOf(execution);
    const { service, failure } = FailedRequestSchema.catch({ service: 'unknown', failure: undefined }).parse(
      request,
    );
    const row = await ownRow(rolloutId, execution, ports);
    const message = failure === undefined ? 'the start failed without a reason' : failureMessage(failure);
    const reason = plainReason(`Not started: ${refusalSentence(row) ?? message}`);
    if (row !== null) {
      if (row.outcome === null) await cleanUp(row, reason, ports);
      return { rolloutId, ...((await tellEnd(rolloutId, ports)) ?? { outcome: 'REJECTED', reason }) };
    }
    const source = { rolloutId, spec: { service } };
    const data = { code: failure?.Error ?? null };
    await ports.events.publish([
      rolloutEvent(source, 'rollout-rejected', ports.clock.now(), reason.sentence, data),
    ]);
    return { rolloutId, outcome: 'REJECTED', reason };
  },
});

/** A refused second start under a used name must not touch the row of the first. */
async function ownRow(rolloutId: string, execution: string, { store }: Used): Promise<RolloutRow | null> {
  const row = await store.readRow(rolloutId);
  return row?.executionArn === execution ? row : null;
}

async function cleanUp(row: RolloutRow, reason: Reason, ports: Used): Promise<void> {
  const { clock, store, events } = ports;
  const rollout = storedRollout(row);
  try {
    if (rollout !== null) await takeBack(rollout, ports);
    await store.close(row.rolloutId, { outcome: 'REJECTED', reason, atMs: clock.now() });
  } catch (error) {
    const what = rollout === null ? `the record of ${row.rolloutId}` : targetLabel(rollout.spec.target);
    const sentence = `Nothing was shifted, but ${what} could not be cleaned up yet: ${messageOf(error)}. It is tried again.`;
    const source = { rolloutId: row.rolloutId, spec: { service: row.service } };
    await events.publish([rolloutEvent(source, 'rollback-delayed', clock.now(), sentence)]);
    throw error;
  }
}

/** Undoes what the start had prepared. A third version that is live is left alone. */
async function takeBack(rollout: LenientRollout, ports: Used): Promise<void> {
  const wayBack = await openWayBack(rollout, ports);
  if (wayBack.state === 'closed') return;
  if (wayBack.state === 'promoting') throw new FencedError(`${rollout.rolloutId} is being promoted`);
  const restored = await restore(rollout, wayBack, () => requireOwnTarget(rollout, ports), ports);
  const left = restored.live?.canaryPercent ?? 0;
  if (left !== 0) throw new IncompleteError(`read back ${left} % on the new version`);
  await recordRestored(rollout, wayBack, restored, ports);
}

function refusalSentence(row: RolloutRow | null): string | null {
  const problems = refusals(row?.gates ?? []);
  if (problems.length === 0) return null;
  return problems.map((problem) => `${problem.what} (${problem.code}). ${problem.fix}`).join('; ');
}
