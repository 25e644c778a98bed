// The lines of a stream as they come, each with its number; never more than one line is held back.
import { InvalidInputError } from '../core/errors.ts';

export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

/** Far above any line that a recorder writes; keeps a stream without line breaks from filling the memory. */
const MAX_LINE_CHARACTERS = 8 * 1024 * 1024;

/**
 * UTF-8, with or without a byte-order mark; blank lines are counted and left out.
 * Throws InvalidInputError (`not-text`, `line-too-long`), and whatever the stream throws.
 * @param name of the stream, for problems
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array | string>,
  name: string,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 0;
  const take = (text: string): TextLine => {
    number += 1;
    return { text, number };
  };
  for await (const chunk of chunks) {
    const pieces = (rest + decode(decoder, chunk, `${name}:${number + 1}`)).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = take(piece);
      if (piece.trim() !== '') yield line;
    }
    if (rest.length > MAX_LINE_CHARACTERS) throw tooLong(`${name}:${number + 1}`);
  }
  rest += decode(decoder, undefined, `${name}:${number + 1}`);
  if (rest.trim() !== '') yield take(rest);
}

type Decoder = InstanceType<typeof TextDecoder>;

function decode(decoder: Decoder, chunk: Uint8Array | string | undefined, where: string): string {
  if (typeof chunk === 'string') return chunk;
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new InvalidInputError([
      {
        code: 'not-text',
        what: 'this is not UTF-8 text',
        where: `${where} or soon after`,
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
      got: `more than ${MAX_LINE_CHARACTERS} characters`,
      allowed: 'one JSON object a line',
      fix: 'End each message with a line break',
    },
  ]);
}
