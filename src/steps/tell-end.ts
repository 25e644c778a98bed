// Tells how a rollout ended, from its row alone: whoever tells it, and however often, it is the same event.
import { type EventName, rolloutEvent } from '../core/events.ts';
import { type End, isTerminal } from '../core/phase.ts';
import { targetLabel } from '../core/targets/index.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { refusals } from './gates.ts';
import { type LenientRollout, LenientRolloutSchema } from './lenient-rollout.ts';

const EVENT_OF: Readonly<Record<End, EventName>> = {
  PROMOTED: 'rollout-promoted',
  ROLLED_BACK: 'rollout-rolled-back',
  ABORTED: 'rollout-aborted',
  REJECTED: 'rollout-rejected',
  SUPERSEDED: 'rollout-superseded',
};

export interface Ended {
  readonly outcome: End;
  readonly reason: Reason;
}

/**
 * Reads the end that is on record, which another try or another actor may have written first, and tells it.
 * null when the rollout has not ended.
 */
export async function tellEnd(
  rolloutId: string,
  { store, events }: Pick<Ports, 'store' | 'events'>,
): Promise<Ended | null> {
  const row = await store.readRow(rolloutId);
  return row === null ? null : tellRowEnd(row, { events });
}

/** The same for a row that was read before. */
export async function tellRowEnd(row: RolloutRow, { events }: Pick<Ports, 'events'>): Promise<Ended | null> {
  const { phase: outcome, endedAtMs, rolloutId, service } = row;
  if (!isTerminal(outcome) || endedAtMs === null) return null;
  const reason = row.reason ?? plainReason('This rollout had ended before.');
  const rollout = LenientRolloutSchema.nullable().catch(null).parse(row.rollout);
  const sentence = rollout === null ? reason.sentence : endSentence(outcome, reason, rollout);
  const source = { rolloutId, spec: { service } };
  await events.publish([
    rolloutEvent(source, EVENT_OF[outcome], endedAtMs, sentence, dataOf(outcome, reason, row)),
  ]);
  return { outcome, reason };
}

/** For a person, complete in itself. */
function endSentence(outcome: End, reason: Reason, rollout: LenientRollout): string {
  switch (outcome) {
    case 'PROMOTED':
      return promotedSentence(rollout);
    case 'ROLLED_BACK':
    case 'ABORTED':
      return `${targetLabel(rollout.spec.target)} is back on version ${rollout.stable.version}, verified. ${reason.sentence}`;
    case 'REJECTED':
    case 'SUPERSEDED':
      return reason.sentence;
  }
}

export function promotedSentence({ spec, canary, stable }: LenientRollout): string {
  return `${spec.service} version ${canary.version} takes all traffic, verified; version ${stable.version} is retired.`;
}

function dataOf(outcome: End, { check, value, limit }: Reason, { gates, interrupt }: RolloutRow) {
  switch (outcome) {
    case 'PROMOTED':
      return { weightPercent: 100 };
    case 'REJECTED':
      return { code: refusals(gates ?? [])[0]?.code ?? null };
    case 'ROLLED_BACK':
      return { weightPercent: 0, check, value, limit };
    case 'ABORTED':
      return { weightPercent: 0, check, value, limit, actor: interrupt?.source ?? null };
    case 'SUPERSEDED':
      return { weightPercent: null, check, value, limit };
  }
}
