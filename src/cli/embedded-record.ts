// The record of a rollout that a report carries with it: read out of the HTML file as it was written into it.
import { gunzipSync } from 'node:zlib';
import { InvalidInputError, type Problem } from '../core/errors.ts';

/** Of the script element of that type; browsers neither show nor run it. */
const OPENING = '<script type="application/gzip+base64" id="stepshift-record">';
const CLOSING = '</script>';
/** However its attributes stand: two of these in a file are two records. What somebody wrote into a name has no `<` left. */
const ANY_RECORD = /<script\b[^>]*\bstepshift-record\b/gi;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function isHtml(text: string): boolean {
  return /^\uFEFF?\s*</.test(text);
}

/**
 * The JSON text of the record. Throws InvalidInputError (`report-without-record`, `report-damaged`, `record-too-large`).
 * @param html the whole report
 * @param file how problems name it
 * @param maxBytes of the unpacked record: a few kilobytes can unpack to gigabytes
 */
export function embeddedRecord(html: string, file: string, maxBytes: number): string {
  const found = [...html.matchAll(ANY_RECORD)].length;
  if (found === 0) throw refusal(file, WITHOUT_RECORD);
  if (found > 1) throw refusal(file, { ...DAMAGED, got: `${found} records` });
  const start = html.indexOf(OPENING);
  const end = html.indexOf(CLOSING, start);
  if (start === -1 || end === -1) throw refusal(file, { ...DAMAGED, got: 'another form of it' });
  const packed = html.slice(start + OPENING.length, end).trim();
  if (packed === '' || packed.length % 4 !== 0 || !BASE64.test(packed)) {
    throw refusal(file, { ...DAMAGED, got: `${packed.length} characters that are no whole base64` });
  }
  return unpacked(Buffer.from(packed, 'base64'), file, maxBytes);
}

function unpacked(bytes: Buffer, file: string, maxBytes: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(gunzipSync(bytes, { maxOutputLength: maxBytes }));
  } catch (error) {
    const { code = 'no gzip' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw refusal(file, { ...TOO_LARGE, got: `more than ${maxBytes} bytes` });
    }
    throw refusal(file, { ...DAMAGED, got: `${bytes.length} bytes that cannot be unpacked (${code})` });
  }
}

type Words = Pick<Problem, 'code' | 'what' | 'got' | 'allowed' | 'fix'>;

const WITHOUT_RECORD: Words = {
  code: 'report-without-record',
  what: 'this page carries no record of a rollout',
  got: 'HTML without the element «stepshift-record»',
  allowed: 'a report that stepshift wrote, of a rollout that was opened',
  fix: 'Write the report again: stepshift report ROLLOUT',
};

const DAMAGED: Words = {
  code: 'report-damaged',
  what: 'the record in this report is not as it was written',
  got: '',
  allowed: 'the report as stepshift wrote it, byte by byte',
  fix: 'Take the file from where it was written, or write it again: stepshift report ROLLOUT',
};

const TOO_LARGE: Words = {
  code: 'record-too-large',
  what: 'the record in this report is larger than that of any rollout',
  got: '',
  allowed: 'a report that stepshift wrote',
  fix: 'Do not trust this file; write the report again: stepshift report ROLLOUT',
};

function refusal(file: string, words: Words): InvalidInputError {
  return new InvalidInputError([{ ...words, what: `${file}: ${words.what}`, where: file }]);
}
