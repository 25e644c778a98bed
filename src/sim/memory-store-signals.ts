// The part of the in-memory store through which people and alarms reach a rollout: the latch, the signals, the token.
import { FORWARD_PHASES, isTerminal } from '../core/phase.ts';
import { isStronger, withSignal } from '../core/signals.ts';
import type { RolloutStore } from '../ports.ts';
import { append } from './memory-store-evidence.ts';
import { changeRow, frozenCopy, requireRow, type Tables } from './memory-store-tables.ts';

type SignalMethods = Pick<RolloutStore, 'latch' | 'signal' | 'putToken'>;

export function signalMethods(tables: Tables): SignalMethods {
  return {
    latch: async (rolloutId, interrupt) => {
      const row = tables.rows.get(rolloutId);
      if (row === undefined || row.phase === 'PROMOTING' || isTerminal(row.phase)) return null;
      if (!isStronger(interrupt, row.interrupt)) return row.interrupt;
      append(tables, rolloutId, { kind: 'latched', interrupt });
      return changeRow(tables, row, { interrupt: frozenCopy(interrupt) }).interrupt;
    },
    signal: async (rolloutId, signal) => {
      const row = tables.rows.get(rolloutId);
      if (row === undefined || !FORWARD_PHASES.includes(row.phase)) return null;
      // a signal that was heard before says nothing new, also when another one undid it since
      if (!append(tables, rolloutId, { kind: 'signalled', signal })) return row.signals;
      return changeRow(tables, row, { signals: frozenCopy(withSignal(row.signals, signal)) }).signals;
    },
    putToken: async (rolloutId, token, order) => {
      const row = requireRow(tables, rolloutId);
      const kept = tables.tokenOrders.get(rolloutId);
      if (isTerminal(row.phase) || (kept !== undefined && order < kept)) return;
      tables.tokenOrders.set(rolloutId, order);
      changeRow(tables, row, { token });
    },
  };
}
