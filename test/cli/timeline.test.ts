// The story on a terminal: aligned, wrapped, readable without colour, deaf to what hostile text would do.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerLines, timelineLines } from '../../src/cli/timeline.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

const PLAIN = { hasColour: false, width: 100 };

describe('timelineLines', () => {
  it('shows UK time, icon, word and sentence, wrapped under its first word', () => {
    expect(timelineLines(SAMPLE_REPORT.timeline.slice(3, 8), PLAIN).join('\n')).toMatchInlineSnapshot(`
      "21/11/2026 13:57:00 GMT  ✔ passed        5 %: no harm seen in 2,310 canary requests
      21/11/2026 13:57:02 GMT  ↗ shifted       Version 42 now takes 25 % of the traffic, verified.
      21/11/2026 14:09:33 GMT  ✖ failed        errors: 53 of 1,106 canary requests failed (4.8 %) against
                                               0.4 % on stable (allowed: 0.6 %)
      21/11/2026 14:09:33 GMT  ↩ rolling back  Taking traffic back: 53 of 1,106 canary requests failed
      21/11/2026 14:09:37 GMT  ↩ rolled back   checkout-api:live is back on version 41, verified"
    `);
  });

  it('says the same with and without colour', () => {
    const coloured = timelineLines(SAMPLE_REPORT.timeline, { ...PLAIN, hasColour: true });
    const plain = timelineLines(SAMPLE_REPORT.timeline, PLAIN);
    expect(coloured.join('\n')).toContain('\u001b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of colours are what is removed
    expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(plain);
  });

  it('keeps every sentence within the width, without a control character, and loses no word', () => {
    const [first] = SAMPLE_REPORT.timeline;
    if (first === undefined) throw new Error('the sample has a timeline');
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1, maxLength: 60 }).filter((word) => /^[!-~]+$/.test(word)),
          { minLength: 1 },
        ),
        fc.integer({ min: 41, max: 200 }),
        (words, width) => {
          const entry = { ...first, sentence: `${words.join(' ')}\u001b[2J` };
          const lines = timelineLines([entry], { hasColour: false, width });
          for (const line of lines) {
            expect(line.length).toBeLessThanOrEqual(width);
            expect(line).not.toMatch(/\p{Cc}/u);
          }
          expect(lines.join('').replaceAll(' ', '')).toContain(words.join(''));
        },
      ),
    );
  });
});

describe('headerLines', () => {
  it('tells a rollback in a sentence with its numbers', () => {
    expect(headerLines(SAMPLE_REPORT, PLAIN).join('\n')).toMatchInlineSnapshot(`
      "✖ Rolled back to version 41 at 21/11/2026 14:09:37 GMT — Rolled back checkout v42 at 25 % after 24
        min: 53 of 1,106 canary requests failed (4.8 %) against 0.4 % on stable (allowed: 0.6 %); less
        than 1 in 100 chance of this if v42 were within tolerance.
        detected 21/11/2026 14:09:33 GMT · traffic safe 5s later, verified · 15,310 canary requests, 268
        bad"
    `);
  });

  it('tells a running rollout without an end', () => {
    const running = {
      ...SAMPLE_REPORT,
      outcome: null,
      endedAt: null,
      detectedAt: null,
      safeAt: null,
      finalWeightPercent: 25,
    };
    expect(headerLines(running, PLAIN)[0]).toMatch(/^▶ Running: 25 % of the traffic is on version 42 — /);
  });
});
