// The tag on a target: what is written differs from what was read, and reads back as the order that wrote it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelOver, tagIn, tagOf, tagText } from '../../src/core/traffic-tag.ts';

const tags = fc.record({
  rolloutId: fc.stringMatching(/^[A-Za-z0-9-_]{1,80}$/),
  epoch: fc.nat(),
  seq: fc.nat(),
});

describe('the tag of a write', () => {
  it('reads back as the order that wrote it, whatever was there, and always changes what was there', () => {
    const descriptions = fc.oneof(
      fc.string(),
      tags.map((tag) => labelOver('', tag)),
    );
    fc.assert(
      fc.property(descriptions, tags, fc.integer({ min: 1, max: 20 }), (before, tag, times) => {
        const written = [before];
        for (let time = 0; time < times; time += 1) written.push(labelOver(written.at(-1) ?? '', tag));
        expect(new Set(written).size).toBe(written.length);
        for (const label of written.slice(1)) {
          expect(tagIn(label)).toBe(tagText(tag));
          // Lambda cuts nothing: a longer description is refused
          expect(label.length).toBeLessThanOrEqual(256);
        }
      }),
    );
  });

  it.each(['', 'by hand', 'stepshift', 'stepshift a b', 'my stepshift a/1/1'])(
    'is not read out of %j',
    (description) => expect(tagIn(description)).toBeNull(),
  );

  it('is read from a record as it was written, and from nothing else', () => {
    fc.assert(
      fc.property(tags, (tag) => {
        expect(tagOf(tagText(tag))).toEqual(tag);
      }),
    );
    for (const text of [null, '', 'r1', 'r1/1', 'r1/1/x', 'r1/-1/2', 'a b/1/2'])
      expect(tagOf(text)).toBeNull();
  });
});
