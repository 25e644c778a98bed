// An emergency stop as it is planned, shown and made: which calls, what they change, what follows.
import type { AliasEmergency, ListenerEmergency } from '../../aws/emergency-stop.ts';
import { messageOf } from '../../core/errors.ts';

/** Version or target group → share, percent. */
export type Shares = Readonly<Record<string, number>>;

/** What was read, or why it was not. */
export type Reading<T> =
  | { readonly value: T }
  | { readonly value: null; readonly why: string; readonly error?: unknown };

/** One call that takes traffic back. */
export interface StopCall {
  readonly call: 'UpdateAlias' | 'DeleteRule' | 'ModifyRule' | 'ModifyListener';
  readonly on: string;
  /** The same, typed by hand. */
  readonly aws: string;
}

export interface EmergencyStop {
  /** What people call the target. */
  readonly target: string;
  /** Empty: there is nothing to take back. */
  readonly calls: readonly StopCall[];
  readonly before: Reading<Shares>;
  /** Makes the calls; answers what was read afterwards. */
  readonly run: () => Promise<Reading<Shares>>;
  /** What was done (or found, where there is no call), one sentence. */
  readonly sentence: string;
  /** What happens next and what a person may still have to do. */
  readonly afterwards: readonly string[];
}

/** The target's own API, and nothing else. */
export interface EmergencyWays {
  readonly alias: AliasEmergency;
  readonly listener: (region: string) => ListenerEmergency;
  readonly readCaller: () => Promise<string>;
  readonly now: () => number;
}

/** The Region is part of every ARN. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** A read that may be refused: a stop does not depend on it. */
export async function attempt<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    return { value: null, why: messageOf(error), error };
  }
}

/** What a running rollout makes of the stop, whatever the target is. */
export const ENGINE_FOLLOWS =
  'A running rollout finds the new version at 0 % within about a minute, takes that for an abort by hand and ends as ABORTED by itself (as SUPERSEDED when its promotion was committed). See it: stepshift status';
