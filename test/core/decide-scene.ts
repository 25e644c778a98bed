// A rollout in its first stage of two, and what is decided of it at a minute.
import { ASK_SECONDS } from '../../src/core/budget.ts';
import { decide } from '../../src/core/decide.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { NO_SIGNALS, type Signals } from '../../src/core/signals.ts';
import { plainReason, type Verdict } from '../../src/core/verdict.ts';
import { SPEC, START_MS, sampleRollout } from '../support/step-world.ts';

export const DAY_MINUTES = ASK_SECONDS / 60;
export const DOUBT = 'The target cannot be read now.';
const NO_DOUBTS: readonly string[] = [];

export function verdict(kind: Verdict['kind']): Verdict {
  return { kind, reason: plainReason(`because of ${kind}`, 'errors'), checks: [], alerts: [] };
}

export function at(minutes: number): number {
  return START_MS + minutes * 60_000;
}

export function mark(minutes: number, actor = 'ana') {
  return { actor, atMs: at(minutes), message: '' };
}

export const APPROVED: Signals = { ...NO_SIGNALS, approvals: [{ ...mark(1), stageIndex: 0 }] };
export const PROMOTED: Signals = { ...NO_SIGNALS, promoted: mark(1) };

/** In its first stage of two, 5 minutes of bake and 20 of hold, for which a person has to approve. */
export function asking(stage: Partial<Rollout['stage']> = {}, change: Partial<Rollout> = {}): Rollout {
  const stages = SPEC.stages.map((each) => ({ ...each, approval: true }));
  const sample = sampleRollout({ spec: { ...SPEC, stages }, ...change });
  return { ...sample, stage: { ...sample.stage, ...stage } };
}

export function quiet(stage: Partial<Rollout['stage']> = {}, change: Partial<Rollout> = {}): Rollout {
  const sample = sampleRollout(change);
  return { ...sample, stage: { ...sample.stage, ...stage } };
}

export function told(
  before: Rollout,
  kind: Verdict['kind'],
  minutes: number,
  signals: Signals = NO_SIGNALS,
  doubts = NO_DOUBTS,
) {
  const { rollout, events } = decide(before, verdict(kind), at(minutes), { doubts, signals });
  return { rollout, next: rollout.next, events: events.map(({ event }) => event) };
}
