// CloudWatch alarms in memory: levels that can be read, transitions that can be heard.
import type { AlarmReading } from '../core/judge/types.ts';
import type { AlarmSource } from '../ports.ts';

type AlarmState = Exclude<AlarmReading['state'], 'MISSING'>;

/** What «CloudWatch Alarm State Change» tells. */
export interface AlarmTransition {
  readonly name: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  readonly atMs: number;
}

export interface MemoryAlarms extends AlarmSource {
  /** Makes the alarm, or changes it. Only a change of state is a transition: an alarm born in ALARM tells nobody. */
  set(name: string, state: AlarmState, reason: string, atMs: number): void;
  remove(name: string): void;
  /** The listener hears a transition when the new state can be read. */
  onTransition(listener: (transition: AlarmTransition) => void): void;
}

export function memoryAlarms(): MemoryAlarms {
  const alarms = new Map<string, AlarmReading & { readonly state: AlarmState }>();
  const listeners: ((transition: AlarmTransition) => void)[] = [];
  return {
    read: async (names) =>
      names.map(
        (name) => alarms.get(name) ?? { name, state: 'MISSING', reason: 'no such alarm', updatedAtMs: null },
      ),
    set: (name, state, reason, atMs) => {
      const from = alarms.get(name)?.state;
      if (from === state) return;
      alarms.set(name, { name, state, reason, updatedAtMs: atMs });
      if (from === undefined) return;
      for (const listener of listeners) listener({ name, from, to: state, reason, atMs });
    },
    remove: (name) => {
      alarms.delete(name);
    },
    onTransition: (listener) => {
      listeners.push(listener);
    },
  };
}
