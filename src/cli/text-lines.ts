// The lines of a stream as they come, each with its number; never more than one line is held back.
import { InvalidInputError } from '../core/errors.ts';

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Far above any line that a recorder writes; keeps a stream without line breaks from filling the memory. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * UTF-8, with or without a byte-order mark; blank lines are counted and left out. Every line is decoded on its own, so
 * that one that is no text spoils none before it.
 * Throws InvalidInputError (`not-text`, `line-too-long`), and whatever the stream throws.
 * @param name of the stream, for problems
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: Uint8Array[] = [];
  let number = 0;
  const take = (bytes: Uint8Array): TextLine => {
    number += 1;
    const text = decode(decoder, Buffer.concat([...rest, bytes]), `${name}:${number}`);
    rest = [];
    return { text: number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, number };
  };
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      const line = take(bytes.subarray(from, end));
      from = end + 1;
      if (line.text.trim() !== '') yield line;
    }
    rest.push(bytes.subarray(from));
    if (lengthOf(rest) > MAX_LINE_BYTES) throw tooLong(`${name}:${number + 1}`);
  }
  const last = take(new Uint8Array());
  if (last.text.trim() !== '') yield last;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

type Decoder = InstanceType<typeof TextDecoder>;

function decode(decoder: Decoder, bytes: Uint8Array, where: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InvalidInputError([
      {
        code: 'not-text',
        what: 'this line is not UTF-8 text',
        where,
        got: 'bytes that no UTF-8 text has',
        allowed: 'one JSON object a line, in UTF-8',
        fix: 'Write it as UTF-8',
      },
    ]);
  }
}

function tooLong(where: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'line-too-long',
      what: 'this line has no end',
      where,
      got: `more than ${MAX_LINE_BYTES} bytes`,
      allowed: 'one JSON object a line',
      fix: 'End each message with a line break',
    },
  ]);
}
