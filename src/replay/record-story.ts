// What people and alarms said to a recorded rollout, in the story of its replay.
import type { EventName } from '../core/events.ts';
import type { Interrupt, Signal, SignalName } from '../core/signals.ts';
import { tell, type Walk } from './replay-walk.ts';

const SAID: Readonly<Record<SignalName, { readonly event: EventName; readonly did: string }>> = {
  pause: { event: 'rollout-paused', did: 'paused it' },
  resume: { event: 'rollout-resumed', did: 'let it go on' },
  approve: { event: 'stage-approved', did: 'approved' },
  promote: { event: 'promotion-requested', did: 'cut the bakes short' },
};

export function tellSignal(walk: Walk, { signal, actor, atMs, message }: Signal): void {
  const { event, did } = SAID[signal];
  tell(walk, atMs, event, `Recorded: ${actor} ${did}${message === '' ? '.' : `: ${message}`}`);
}

export function tellInterrupt(walk: Walk, { atMs, reason }: Interrupt): void {
  tell(walk, atMs, 'interrupt-latched', `Recorded: ${reason.sentence}`);
}
