// Event handler: our own events, back from the bus; keeps the story with the record and tells people by severity.
import * as z from 'zod';
import { EVENTS, type EventName, severityOf } from '../core/events.ts';
import { defineStep } from './step.ts';

const RolloutEventSchema = z.strictObject({
  event: z.enum(Object.keys(EVENTS) as [EventName, ...EventName[]]),
  atMs: z.number(),
  rolloutId: z.string(),
  service: z.string(),
  sentence: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

/** EventBridge's envelope; our event is its detail. */
const EnvelopeSchema = z.looseObject({ detail: RolloutEventSchema });

export const notifyPeople = defineStep({
  name: 'notify-people',
  does: 'Keeps the event with the record and tells people by severity',
  trigger: { kind: 'rollout-event' },
  uses: ['store', 'notifier'],
  input: EnvelopeSchema,
  run: async ({ detail }, { store, notifier }): Promise<void> => {
    // people first: what they must know most is told when the store is away
    const told = await Promise.allSettled([
      notifier.tell({
        severity: severityOf(detail.event),
        subject: `${detail.service}: ${detail.event.replaceAll('-', ' ')}`,
        event: detail,
      }),
      store.recordEvent(detail),
    ]);
    const failed = told.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  },
});
