// The promises of a rollout store about evidence.
import { expect, it } from 'vitest';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  observation,
  outcome,
  preparedRollout,
  rolloutDocument,
  START_MS,
  storyEvent,
} from '../support/rollout-fixtures.ts';

export function evidencePromises(store: () => RolloutStore): void {
  it('is empty for a rollout that left none', async () => {
    expect(await store().readObservations('r1')).toEqual([]);
    expect(await store().readWrites('r1')).toEqual([]);
    expect(await store().readEvents('r1')).toEqual([]);
  });

  it('keeps one observation an instant, oldest first, with every number as it was', async () => {
    await preparedRollout(store(), 'r1');
    const [first, second, third] = [
      observation(START_MS),
      observation(START_MS + 900),
      observation(START_MS + 60_000),
    ];
    for (const seen of [third, first, second, first]) await store().recordObservation('r1', seen);
    expect(await store().readObservations('r1')).toEqual([first, second, third]);
  });

  it('keeps more observations than fit one page of a table', async () => {
    await preparedRollout(store(), 'r1');
    const seen = Array.from({ length: 250 }, (_, index) => observation(START_MS + index * 60_000));
    for (const one of seen) await store().recordObservation('r1', one);
    expect(await store().readObservations('r1')).toEqual(seen);
  });

  it('keeps each intent and each outcome once, in the order of the writes', async () => {
    const rollout = rolloutDocument('r1');
    const writes = [intent(rollout, 2, 5), outcome(rollout, 2, 5), intent(rollout, 11, 50)];
    for (const record of [...writes.toReversed(), ...writes]) await store().recordWrite('r1', record);
    expect(await store().readWrites('r1')).toEqual(writes);
  });

  it('keeps the first record of a write', async () => {
    const record = intent(rolloutDocument('r1'), 1, 5);
    await store().recordWrite('r1', record);
    await store().recordWrite('r1', { ...record, atMs: record.atMs + 1 });
    expect(await store().readWrites('r1')).toEqual([record]);
  });

  it('keeps a restore beside the shift that it overtook, although both count the same write', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const shift = intent(rollout, 1, 5);
    const restore = { ...intent({ ...rollout, epoch: rollout.epoch + 1 }, 1, 0), action: 'restore' as const };
    await store().authoriseShift(rollout, shift);
    await store().recordWrite('r1', restore);
    expect(await store().readWrites('r1')).toEqual([shift, restore]);
  });

  it('keeps the story once, oldest first', async () => {
    const started = storyEvent('r1', 'rollout-started', START_MS);
    const shifted = storyEvent('r1', 'traffic-shifted', START_MS + 1000);
    const again = storyEvent('r1', 'traffic-shifted', START_MS + 600_000);
    for (const event of [again, shifted, started, shifted]) await store().recordEvent(event);
    expect(await store().readEvents('r1')).toEqual([started, shifted, again]);
  });

  it('tells two events of the same instant apart', async () => {
    await store().recordEvent(storyEvent('r1', 'stage-passed', START_MS));
    await store().recordEvent(storyEvent('r1', 'promotion-committed', START_MS));
    expect((await store().readEvents('r1')).map(({ event }) => event).toSorted()).toEqual([
      'promotion-committed',
      'stage-passed',
    ]);
  });

  it('keeps the evidence of rollouts apart', async () => {
    await store().recordObservation('r1', observation(START_MS));
    await store().recordWrite('r1', intent(rolloutDocument('r1'), 1, 5));
    await store().recordEvent(storyEvent('r1', 'rollout-started', START_MS));
    expect(await store().readObservations('r11')).toEqual([]);
    expect(await store().readWrites('r11')).toEqual([]);
    expect(await store().readEvents('r11')).toEqual([]);
  });
}
