// Planted bugs of alarms and people: latch, token, age of an event, approvals, pauses.
import { NO_SIGNALS } from '../../../src/core/signals.ts';
import type { RolloutRow, RolloutStore } from '../../../src/ports.ts';
import { longTicks, only } from './grounds.ts';
import { changed, type PlantedBug } from './planted-bug.ts';
import { appendAgain, changeRow } from './raw-tables.ts';

export const WISHES_TO_STOP: readonly PlantedBug[] = [
  {
    name: 'token-read-before-latch',
    says: 'who wants to stop reads the token of the bake before the wish is latched',
    breaks: ['L2'],
    wants: only('abort', 'shift-traffic', 100),
    ground: longTicks('latch'),
    ports: (ports, { step }) =>
      step === 'handle-alarm-event' || step === 'signal-rollout'
        ? { ...ports, store: readingTokenFirst(ports.store) }
        : ports,
  },
  {
    name: 'latch-read-before-token',
    says: 'a bake looks at the latch first and leaves its token after that',
    breaks: ['L2'],
    wants: only('abort', 'bake', 100),
    ground: longTicks('putToken'),
    ports: (ports, { step }) =>
      step === 'bake' ? { ...ports, store: lookingBeforeToken(ports.store) } : ports,
  },
  {
    name: 'ok-unlatches',
    says: 'an alarm that is OK again takes its wish to stop back',
    breaks: ['S5', 'S7'],
    wants: {
      faults: ['alarm-flaps', 'events-reordered'],
      aim: { point: 'handle-alarm-event/tokens.SendTaskFailure', kind: 'crash', nth: 1 },
    },
    steps: (steps) =>
      changed(steps, 'handle-alarm-event', async (input, ports, real) => {
        const { detail } = input as { readonly detail: { readonly state: { readonly value: string } } };
        if (detail.state.value !== 'OK') return real(input, ports);
        const rows = await ports.store.listActive();
        const alarmed = rows.filter(({ interrupt }) => interrupt?.kind === 'alarm');
        for (const { rolloutId, interrupt } of alarmed) {
          if (interrupt !== null) await ports.store.latch(rolloutId, { ...interrupt, source: UNLATCH });
        }
        return { interrupted: [] };
      }),
    store: (store, tables) => ({
      ...store,
      latch: async (rolloutId, interrupt) => {
        const row = tables.rows.get(rolloutId);
        if (interrupt.source !== UNLATCH || row === undefined) return store.latch(rolloutId, interrupt);
        return changeRow(tables, row, { interrupt: null }).interrupt;
      },
    }),
  },
  {
    name: 'latch-replaced',
    says: 'the last wish to stop stands, not the first',
    breaks: ['S12'],
    wants: { faults: ['alarm-fires', 'alarm-flaps', 'event-duplicated', 'abort'] },
    store: (store, tables) => ({
      ...store,
      latch: async (rolloutId, interrupt) => {
        const row = tables.rows.get(rolloutId);
        if (row == null || row.interrupt === null) return store.latch(rolloutId, interrupt);
        appendAgain(tables, rolloutId, { kind: 'latched', interrupt });
        return changeRow(tables, row, { interrupt }).interrupt;
      },
    }),
  },
  {
    name: 'event-time-unchecked',
    says: 'an alarm event from before the start stops the rollout',
    breaks: ['S11'],
    wants: { faults: ['event-forged', 'event-delayed', 'alarm-flaps', 'start-other'] },
    ports: (ports, { step }) => {
      if (step !== 'handle-alarm-event') return ports;
      const listActive = async (): Promise<readonly RolloutRow[]> =>
        (await ports.store.listActive()).map((row) => ({ ...row, startedAtMs: 0 }));
      return {
        ...ports,
        clock: { ...ports.clock, now: () => Date.now() },
        store: { ...ports.store, listActive },
        alarms: {
          read: async (names) =>
            names.map((name) => ({ name, state: 'ALARM', reason: 'believed', updatedAtMs: null })),
        },
      };
    },
  },
  {
    name: 'approval-of-any-stage',
    says: 'an approval counts for whatever stage the rollout is in',
    breaks: ['S14'],
    ports: (ports, { step }) =>
      step === 'judge-canary' ? { ...ports, store: approvingAnyStage(ports.store) } : ports,
  },
  {
    name: 'pause-forgotten',
    says: 'a rollout that a person paused goes on',
    breaks: ['S21'],
    wants: { faults: ['pause'] },
    ports: (ports, { step }) =>
      step === 'judge-canary' ? { ...ports, store: forgettingPauses(ports.store) } : ports,
  },
];

const UNLATCH = 'the alarm is OK again';

/** What is read after the latch is what stood before it. */
function readingTokenFirst(store: RolloutStore): RolloutStore {
  const before = new Map<string, string | null>();
  return {
    ...store,
    latch: async (rolloutId, interrupt) => {
      before.set(rolloutId, (await store.readRow(rolloutId))?.token ?? null);
      return store.latch(rolloutId, interrupt);
    },
    readRow: async (rolloutId) => {
      const row = await store.readRow(rolloutId);
      const token = before.get(rolloutId);
      return row === null || token === undefined ? row : { ...row, token };
    },
  };
}

function lookingBeforeToken(store: RolloutStore): RolloutStore {
  let looked: RolloutRow | null = null;
  return {
    ...store,
    putToken: async (rolloutId, token, order) => {
      looked = await store.readRow(rolloutId);
      await store.putToken(rolloutId, token, order);
    },
    readRow: async () => looked,
  };
}

/** What it sees is on record as it was; what it makes of it is wrong. */
function approvingAnyStage(store: RolloutStore): RolloutStore {
  return {
    ...store,
    readRow: async (rolloutId) => {
      const row = await store.readRow(rolloutId);
      if (row === null) return row;
      const approvals = row.signals.approvals.map((approval) => ({
        ...approval,
        stageIndex: row.stageIndex,
      }));
      return { ...row, signals: { ...row.signals, approvals } };
    },
  };
}

function forgettingPauses(store: RolloutStore): RolloutStore {
  let signals = NO_SIGNALS;
  return {
    ...store,
    readRow: async (rolloutId) => {
      const row = await store.readRow(rolloutId);
      if (row === null) return row;
      signals = row.signals;
      return { ...row, signals: { ...signals, paused: null } };
    },
    recordFact: (rolloutId, fact) =>
      store.recordFact(rolloutId, fact.kind === 'judged' ? { ...fact, signals } : fact),
  };
}
