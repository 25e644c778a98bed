// Event handler: our own events, back from the bus; keeps the story with the record and tells people by severity.
import * as z from 'zod';
import { EVENTS, type EventName, type RolloutEvent, severityOf } from '../core/events.ts';
import type { RolloutStore } from '../ports.ts';
import { defineStep } from './step.ts';

const RolloutEventSchema = z.strictObject({
  event: z.enum(Object.keys(EVENTS) as [EventName, ...EventName[]]),
  atMs: z.number(),
  rolloutId: z.string(),
  service: z.string(),
  sentence: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const TOLD_AT_EVERY_TRY: readonly EventName[] = [
  'rollback-delayed',
  'promotion-delayed',
  'stable-unhealthy',
  'taken-over',
];
const QUIET_SECONDS = 300;

/** EventBridge's envelope; our event is its detail. */
const EnvelopeSchema = z.looseObject({ detail: RolloutEventSchema });

export const notifyPeople = defineStep({
  name: 'notify-people',
  does: 'Keeps the event with the record and tells people by severity',
  trigger: { kind: 'rollout-event' },
  uses: ['store', 'notifier'],
  input: EnvelopeSchema,
  run: async ({ detail }, { store, notifier }): Promise<void> => {
    const [isTold, channel] = await Promise.all([wasToldLately(detail, store), channelOf(detail, store)]);
    // people first: what they must know most is told when the store is away
    const told = await Promise.allSettled([
      isTold
        ? undefined
        : notifier.tell({
            severity: severityOf(detail.event),
            subject: `${detail.service}: ${detail.event.replaceAll('-', ' ')}`,
            channel,
            event: detail,
          }),
      store.recordEvent(detail),
    ]);
    const failed = told.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  },
});

/** null: none is named, or the record is away, and then everybody is told all the same. */
async function channelOf({ service }: RolloutEvent, store: RolloutStore): Promise<string | null> {
  try {
    return (await store.readService(service))?.spec.notify ?? null;
  } catch {
    return null;
  }
}

/** Of one trouble that is tried again and again people hear every five minutes, not at every try. */
async function wasToldLately(event: RolloutEvent, store: RolloutStore): Promise<boolean> {
  if (!TOLD_AT_EVERY_TRY.includes(event.event)) return false;
  try {
    const earlier = (await store.readEvents(event.rolloutId))
      .filter(({ event: name, atMs }) => name === event.event && atMs < event.atMs)
      .map(({ atMs }) => atMs);
    // a trouble that lasts for days leaves thousands of them
    const firstMs = earlier.reduce((least, atMs) => Math.min(least, atMs), Infinity);
    const turnOf = (atMs: number): number => Math.floor((atMs - firstMs) / (QUIET_SECONDS * 1000));
    const turn = turnOf(event.atMs);
    return earlier.some((atMs) => turnOf(atMs) === turn);
  } catch {
    // not knowing is no reason to keep silent
    return false;
  }
}
