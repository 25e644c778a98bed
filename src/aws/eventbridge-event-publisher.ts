// Puts our events on the engine's bus. Never throws: telling the world must not change what happens to traffic.
import { Logger } from '@aws-lambda-powertools/logger';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { RolloutEvent } from '../core/events.ts';
import type { EventPublisher } from '../ports.ts';
import { chunks } from './chunks.ts';
import { RECORD_CLIENT_CONFIG } from './client-config.ts';
import { requireEnv } from './require-env.ts';

/** Most entries of one PutEvents (EventBridge API reference). */
const MAX_ENTRIES = 10;

interface PublisherOptions {
  readonly client?: EventBridgeClient;
  readonly busName?: string;
  readonly log?: Pick<Logger, 'error'>;
}

/** Reads STEPSHIFT_EVENT_BUS unless a bus is given. */
export function eventbridgeEventPublisher(options: PublisherOptions = {}): EventPublisher {
  const {
    client = new EventBridgeClient(RECORD_CLIENT_CONFIG),
    busName = requireEnv('STEPSHIFT_EVENT_BUS'),
    log = new Logger(),
  } = options;
  return {
    async publish(events) {
      for (const some of chunks(events, MAX_ENTRIES)) {
        for (const [event, why] of await putTwice(client, busName, some)) {
          log.error('event-not-published', { rolloutId: event.rolloutId, event: event.event, why });
        }
      }
    },
  };
}

interface Put {
  /** False: the whole call failed. */
  readonly isAnswered: boolean;
  /** Events that could not be put, and why. */
  readonly failed: readonly (readonly [RolloutEvent, string])[];
}

/** What the bus refused is put once more; a call that failed as a whole was repeated by its client already. */
async function putTwice(
  client: EventBridgeClient,
  busName: string,
  events: readonly RolloutEvent[],
): Promise<Put['failed']> {
  const { isAnswered, failed } = await putSome(client, busName, events);
  if (!isAnswered || failed.length === 0) return failed;
  const refused = failed.map(([event]) => event);
  return (await putSome(client, busName, refused)).failed;
}

/** PutEvents answers 200 also when entries failed. */
async function putSome(
  client: EventBridgeClient,
  busName: string,
  events: readonly RolloutEvent[],
): Promise<Put> {
  try {
    const command = new PutEventsCommand({ Entries: events.map((event) => entryOf(busName, event)) });
    const { Entries = [] } = await client.send(command);
    const failed = events.flatMap((event, index) => {
      const code = Entries[index]?.ErrorCode;
      return code === undefined ? [] : [[event, code] as const];
    });
    return { isAnswered: true, failed };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { isAnswered: false, failed: events.map((event) => [event, why.slice(0, 300)] as const) };
  }
}

function entryOf(busName: string, event: RolloutEvent): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: 'stepshift',
    DetailType: `stepshift.${event.event}`,
    Time: new Date(event.atMs),
    Detail: JSON.stringify(event),
  };
}
