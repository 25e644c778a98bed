// Every way in which a rollout store appends a fact: what must be there before, the call, and the fact that it leaves.
import type { AuditFact, GapFact } from '../../src/core/audit/facts.ts';
import { openGate } from '../../src/core/gates.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  executionArn,
  intent,
  interruptBy,
  judgedFact,
  outcome,
  preparedRollout,
  ROLLED_BACK,
  rolloutDocument,
  rolloutRow,
  SPEC,
  START_MS,
  signalBy,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';

export interface Transition {
  readonly name: string;
  /** Makes `r1` ready for the call. */
  readonly ready: (store: RolloutStore) => Promise<Rollout>;
  readonly act: (store: RolloutStore, rollout: Rollout) => Promise<unknown>;
  readonly fact: (rollout: Rollout) => AuditFact;
}

const GAP: GapFact = { kind: 'gap', atMs: START_MS, why: 'The record was away.' };
const ALARM = interruptBy('Checkout5xx');
const PAUSE = signalBy('ana', 'pause');

const nothing = async (): Promise<Rollout> => rolloutDocument('r1');
const prepared = (store: RolloutStore): Promise<Rollout> => preparedRollout(store, 'r1');
async function opened(store: RolloutStore): Promise<Rollout> {
  await store.openRollout(rolloutRow('r1'));
  return rolloutDocument('r1');
}
async function leased(store: RolloutStore): Promise<Rollout> {
  const rollout = await opened(store);
  await store.takeLease(TARGET_ID, 'r1');
  return rollout;
}
async function authorised(store: RolloutStore): Promise<Rollout> {
  const rollout = await prepared(store);
  await store.authoriseShift(rollout, intent(rollout, 1, 5));
  return rollout;
}
async function reverting(store: RolloutStore): Promise<Rollout> {
  const rollout = await prepared(store);
  await store.beginRevert('r1');
  return rollout;
}

export const TRANSITIONS: readonly Transition[] = [
  {
    name: 'openRollout',
    ready: nothing,
    act: (store) => store.openRollout(rolloutRow('r1')),
    fact: () => ({
      kind: 'opened',
      atMs: START_MS,
      rolloutId: 'r1',
      executionArn: executionArn('r1'),
      service: 'checkout',
      version: '42',
      specDigest: 'a'.repeat(64),
      targetId: TARGET_ID,
      deadlineAtMs: START_MS + 86_400_000,
    }),
  },
  {
    name: 'takeLease',
    ready: opened,
    act: (store) => store.takeLease(TARGET_ID, 'r1'),
    fact: () => ({ kind: 'leased', epoch: 1 }),
  },
  {
    name: 'recordGates',
    ready: leased,
    act: (store) => store.recordGates('r1', [openGate('target-readable', 'It can be read.')]),
    fact: () => ({
      kind: 'gated',
      gates: [{ gate: 'target-readable', open: true, waivedBecause: null }],
    }),
  },
  {
    name: 'recordPrepared',
    ready: leased,
    act: (store, rollout) =>
      store.recordPrepared({ ...rollout, acceptedAlarms: [{ name: 'Old5xx', reason: 'This is the fix.' }] }),
    fact: ({ epoch }) => ({
      kind: 'prepared',
      epoch,
      stableVersion: '41',
      canaryVersion: '42',
      stages: SPEC.stages.map(({ weightPercent }) => ({ weightPercent, approval: false })),
      onInconclusive: 'ask',
      acceptedAlarms: ['Old5xx'],
    }),
  },
  {
    name: 'authoriseShift',
    ready: prepared,
    act: (store, rollout) => store.authoriseShift(rollout, intent(rollout, 1, 5)),
    fact: (rollout) => intent(rollout, 1, 5),
  },
  {
    name: 'recordShifted',
    ready: authorised,
    act: (store, rollout) => store.recordShifted(rollout, outcome(rollout, 1, 5)),
    fact: (rollout) => outcome(rollout, 1, 5),
  },
  {
    name: 'recordShifted on the way back',
    ready: reverting,
    act: (store, rollout) => store.recordShifted(rollout, outcome(rollout, 1, 5)),
    fact: (rollout) => outcome(rollout, 1, 5),
  },
  {
    name: 'latch',
    ready: prepared,
    act: (store) => store.latch('r1', ALARM),
    fact: () => ({ kind: 'latched', interrupt: ALARM }),
  },
  {
    name: 'signal',
    ready: prepared,
    act: (store) => store.signal('r1', PAUSE),
    fact: () => ({ kind: 'signalled', signal: PAUSE }),
  },
  {
    name: 'commitPromotion',
    ready: prepared,
    act: (store, rollout) => store.commitPromotion(rollout),
    fact: ({ epoch }) => ({ kind: 'committed', epoch }),
  },
  {
    name: 'beginRevert',
    ready: prepared,
    act: (store) => store.beginRevert('r1'),
    fact: ({ epoch }) => ({ kind: 'reverting', epoch: epoch + 1 }),
  },
  {
    name: 'close',
    ready: reverting,
    act: (store) => store.close('r1', ROLLED_BACK),
    fact: () => ({ kind: 'ended', ...ROLLED_BACK }),
  },
  ...[
    GAP,
    judgedFact(START_MS),
    intent(rolloutDocument('r1'), 9, 0),
    outcome(rolloutDocument('r1'), 9, 0),
  ].map((fact) => ({
    name: `recordFact of ${fact.kind}`,
    ready: prepared,
    act: (store: RolloutStore) => store.recordFact('r1', fact),
    fact: () => fact,
  })),
];
