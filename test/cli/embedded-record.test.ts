// The record inside a report: read back byte by byte, and nothing else taken for it.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { embeddedRecord, isHtml } from '../../src/cli/embedded-record.ts';
import { InvalidInputError } from '../../src/core/errors.ts';

const MAX_BYTES = 1_000_000;
const TAG = '<script type="application/gzip+base64" id="stepshift-record">';

const packed = (text: string): string => gzipSync(text).toString('base64');
const page = (...elements: string[]): string =>
  `<!doctype html>\n<html><body><p>report</p>${elements.join('')}</body></html>\n`;
const element = (content: string): string => `${TAG}${content}</script>`;

function codeOf(html: string): string {
  try {
    embeddedRecord(html, 'report.html', MAX_BYTES);
    return 'none';
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [problem] = error.problems;
    expect(problem?.what).toMatch(/^report\.html: /);
    expect(problem?.fix).not.toBe('');
    return problem?.code ?? '';
  }
}

describe('a record in a page', () => {
  test('is read back as it was put in, whatever it says', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(embeddedRecord(page(element(packed(text))), 'report.html', MAX_BYTES)).toBe(text);
      }),
    );
  });

  test('may have line breaks around it', () => {
    expect(embeddedRecord(page(element(`\n${packed('{}')}\n`)), 'report.html', MAX_BYTES)).toBe('{}');
  });

  test('is not looked for in what somebody wrote into the report', () => {
    const said = '<p>id=&quot;stepshift-record&quot; id=stepshift-record #stepshift-record</p>';
    const data = String.raw`<script type="application/json">{"why":"\u003cscript id=\"stepshift-record\">"}</script>`;
    expect(embeddedRecord(page(said, data, element(packed('{}'))), 'report.html', MAX_BYTES)).toBe('{}');
  });
});

describe('refused', () => {
  const whole = packed(
    JSON.stringify({ long: 'x'.repeat(500), random: Array.from({ length: 90 }, (_, i) => i * i) }),
  );
  test.each([
    ['a page of somebody else', page(), 'report-without-record'],
    ['two records', page(element(packed('{}')), element(packed('{}'))), 'report-damaged'],
    [
      'a second one in another form',
      page(element(packed('{}')), "<script id='stepshift-record'></script>"),
      'report-damaged',
    ],
    ['another type', page(`<script id="stepshift-record">${packed('{}')}</script>`), 'report-damaged'],
    ['nothing inside', page(element('')), 'report-damaged'],
    ['a file that was cut off', page(element(whole)).slice(0, 300), 'report-damaged'],
    ['base64 that was cut off', page(element(whole.slice(0, -40))), 'report-damaged'],
    ['base64 that was cut off within four', page(element(whole.slice(0, -41))), 'report-damaged'],
    ['no base64', page(element('{"format":"stepshift-record/1"}')), 'report-damaged'],
    ['markup inside', page(element(`${packed('{}')}<b>`)), 'report-damaged'],
    ['no gzip', page(element(Buffer.from('{"format":1}').toString('base64'))), 'report-damaged'],
    [
      'no UTF-8',
      page(element(gzipSync(Buffer.from([0xff, 0xfe, 0xfd])).toString('base64'))),
      'report-damaged',
    ],
    ['a bomb', page(element(packed(' '.repeat(MAX_BYTES + 1)))), 'record-too-large'],
  ])('%s', (_what, html, code) => {
    expect(codeOf(html)).toBe(code);
  });

  test('a byte that was changed anywhere never gives another record', () => {
    const html = page(element(whole));
    const from = html.indexOf(TAG) + TAG.length;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.constantFrom(...'Ab9+/'), (place, letter) => {
        const changed = html.slice(0, from + place) + letter + html.slice(from + place + 1);
        let read: string;
        try {
          read = embeddedRecord(changed, 'report.html', MAX_BYTES);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
          return;
        }
        // the header of gzip holds a clock and the name of a system, which are no part of the text
        expect(read).toBe(embeddedRecord(html, 'report.html', MAX_BYTES));
      }),
    );
  });
});

test.each([
  ['<!doctype html>', true],
  ['\uFEFF\n <html>', true],
  ['{"format":"stepshift-record/1"}', false],
  ['', false],
])('%j is a page: %s', (text, expected) => {
  expect(isHtml(text)).toBe(expected);
});
