// The part of the DynamoDB store through which people and alarms reach a rollout: the latch, the signals, the token.
// What stands is read, what shall stand is written on condition that nobody was quicker; else it is read again.
import { FORWARD_PHASES, isTerminal } from '../core/phase.ts';
import { type Interrupt, isStronger, type Signal, type Signals, withSignal } from '../core/signals.ts';
import type { RolloutStore } from '../ports.ts';
import { append } from './dynamodb-audit.ts';
import { IS_OPEN, inPhase, requireRow, rowOf } from './dynamodb-row.ts';
import { changeItem, KEYS, type RolloutTable, readItem } from './dynamodb-table.ts';
import { tried } from './dynamodb-tries.ts';

type SignalMethods = Pick<RolloutStore, 'latch' | 'signal' | 'putToken'>;

export function signalMethods(table: RolloutTable): SignalMethods {
  return {
    latch: (rolloutId, interrupt) => tried(`latch of ${rolloutId}`, () => latch(table, rolloutId, interrupt)),
    signal: (rolloutId, signal) =>
      tried(`signal to ${rolloutId}`, () => keepSignal(table, rolloutId, signal)),
    putToken: async (rolloutId, token, order) => {
      const isDone = await changeItem(table, {
        key: KEYS.row(rolloutId),
        set: 'SET #token = :token, #tokenOrder = :order',
        condition: `${IS_OPEN} AND (attribute_not_exists(#tokenOrder) OR #tokenOrder <= :order)`,
        values: { ':token': token, ':order': order },
      });
      // a token that comes too late is of no use to anybody; a missing row is a defect
      if (!isDone) await requireRow(table, rolloutId);
    },
  };
}

/** undefined: the row moved between read and write; try again. */
async function latch(
  table: RolloutTable,
  rolloutId: string,
  interrupt: Interrupt,
): Promise<Interrupt | null | undefined> {
  const item = await readItem(table, KEYS.row(rolloutId));
  if (item === undefined) return null;
  const { phase, interrupt: standing } = rowOf(item);
  if (phase === 'PROMOTING' || isTerminal(phase)) return null;
  if (!isStronger(interrupt, standing)) return standing;
  const isUnchanged = standing === null ? 'attribute_not_exists(#interrupt)' : '#interrupt = :standing';
  const result = await append(table, rolloutId, { kind: 'latched', interrupt }, [
    {
      key: KEYS.row(rolloutId),
      set: 'SET #interrupt = :interrupt',
      condition: `${IS_OPEN} AND #phase <> :promoting AND ${isUnchanged}`,
      values: {
        ':interrupt': JSON.stringify(interrupt),
        ':promoting': 'PROMOTING',
        ...(standing === null ? {} : { ':standing': item['interrupt'] }),
      },
    },
  ]);
  return result === 'appended' ? interrupt : undefined;
}

/** undefined: the row moved between read and write; try again. */
async function keepSignal(
  table: RolloutTable,
  rolloutId: string,
  signal: Signal,
): Promise<Signals | null | undefined> {
  const item = await readItem(table, KEYS.row(rolloutId));
  if (item === undefined) return null;
  const { phase, signals: standing } = rowOf(item);
  if (!FORWARD_PHASES.includes(phase)) return null;
  const signals = withSignal(standing, signal);
  const { key, condition, values } = inPhase(rolloutId, FORWARD_PHASES);
  const { signals: stored } = item;
  const result = await append(table, rolloutId, { kind: 'signalled', signal }, [
    {
      key,
      set:
        signals.paused === null
          ? 'SET #signals = :signals REMOVE #paused'
          : 'SET #signals = :signals, #paused = :paused',
      condition: `${condition} AND ${stored === undefined ? 'attribute_not_exists(#signals)' : '#signals = :stored'}`,
      values: {
        ...values,
        ':signals': JSON.stringify(signals),
        ...(signals.paused === null ? {} : { ':paused': signals.paused.actor }),
        ...(stored === undefined ? {} : { ':stored': stored }),
      },
    },
  ]);
  if (result === 'refused') return undefined;
  if (result === 'appended') return signals;
  // a signal that was heard before says nothing new, also when another one undid it since
  const row = await requireRow(table, rolloutId);
  return FORWARD_PHASES.includes(row.phase) ? row.signals : null;
}
