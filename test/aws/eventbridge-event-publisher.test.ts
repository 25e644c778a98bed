// Publishing: the shape on the bus, ten at a time, and that no failure reaches the caller.
import { EventBridgeClient, PutEventsCommand, type PutEventsRequest } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { eventbridgeEventPublisher } from '../../src/aws/eventbridge-event-publisher.ts';
import { storyEvent } from '../support/rollout-fixtures.ts';

const AT_MS = Date.UTC(2026, 0, 5, 9);

function setUp() {
  const client = new EventBridgeClient({ region: 'eu-west-2' });
  const lines: unknown[][] = [];
  const log = { error: (...line: unknown[]) => void lines.push(line) };
  return {
    mock: mockClient(client),
    publisher: eventbridgeEventPublisher({ client, busName: 'StepshiftEngine', log }),
    lines,
  };
}

function manyEvents(count: number) {
  return Array.from({ length: count }, (_, index) => storyEvent('r1', 'traffic-shifted', AT_MS + index));
}

describe('eventbridgeEventPublisher', () => {
  it('puts the event as the detail, under our source and its own name', async () => {
    const { mock, publisher, lines } = setUp();
    mock.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    const event = storyEvent('r1', 'traffic-shifted', AT_MS);
    await publisher.publish([event]);
    expect(mock.call(0).args[0].input).toEqual({
      Entries: [
        {
          EventBusName: 'StepshiftEngine',
          Source: 'stepshift',
          DetailType: 'stepshift.traffic-shifted',
          Time: new Date(AT_MS),
          Detail: JSON.stringify(event),
        },
      ],
    });
    expect(lines).toEqual([]);
  });

  it('puts ten at a time, all of them, in order', async () => {
    const { mock, publisher } = setUp();
    mock.on(PutEventsCommand).resolves({});
    const events = manyEvents(23);
    await publisher.publish(events);
    const entries = mock.calls().map((call) => (call.args[0].input as PutEventsRequest).Entries ?? []);
    expect(entries.map((some) => some.length)).toEqual([10, 10, 3]);
    expect(entries.flat().map((entry) => entry.Detail)).toEqual(events.map((event) => JSON.stringify(event)));
  });

  it('puts nothing when there is nothing to tell', async () => {
    const { mock, publisher } = setUp();
    await publisher.publish([]);
    expect(mock.calls()).toHaveLength(0);
  });

  it('puts what AWS did not take once more, and only that', async () => {
    const { mock, publisher, lines } = setUp();
    mock
      .on(PutEventsCommand)
      .resolvesOnce({
        FailedEntryCount: 1,
        Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }],
      })
      .resolves({ FailedEntryCount: 0, Entries: [{ EventId: '2' }] });
    const events = manyEvents(2);
    await publisher.publish(events);
    const [, again, ...more] = mock.calls().map((call) => (call.args[0].input as PutEventsRequest).Entries);
    expect(again?.map((entry) => entry.Detail)).toEqual([JSON.stringify(events[1])]);
    expect(more).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('logs the entries that AWS did not take twice, and does not throw', async () => {
    const { mock, publisher, lines } = setUp();
    mock
      .on(PutEventsCommand)
      .resolvesOnce({
        FailedEntryCount: 1,
        Entries: [{ EventId: '1' }, { ErrorCode: 'ThrottlingException' }],
      })
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'sorry' }] });
    await publisher.publish(manyEvents(2));
    expect(lines).toEqual([
      ['event-not-published', { rolloutId: 'r1', event: 'traffic-shifted', why: 'InternalFailure' }],
    ]);
  });

  it('logs every event of a call that failed, goes on with the rest, and does not throw', async () => {
    const { mock, publisher, lines } = setUp();
    mock.on(PutEventsCommand).rejectsOnce({ name: 'AccessDeniedException', message: 'no' }).resolves({});
    await publisher.publish(manyEvents(11));
    expect(lines).toHaveLength(10);
    expect(mock.calls()).toHaveLength(2);
  });
});
