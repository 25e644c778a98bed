// One HTTP answer of AWS, read from a file of this folder: status line, headers, an empty line, the body as it was sent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Every answer of AWS has an id of its request and a date; a body has a type. Names of headers are in small letters. */
const AnswerSchema = z.strictObject({
  status: z.int().min(200).max(599),
  headers: z
    .record(z.string().regex(/^[a-z0-9-]+$/), z.string().min(1))
    .refine((headers) => 'x-amzn-requestid' in headers, 'has no x-amzn-requestid')
    .refine(({ date = '' }) => Number.isFinite(Date.parse(date)), 'has no date'),
  body: z.string(),
});

export type Answer = z.infer<typeof AnswerSchema>;

/** @param name file without `.http`, for example `lambda/get-alias.weighted` */
export function readAnswer(name: string): Answer {
  return parseAnswer(readFileSync(join(import.meta.dirname, `${name}.http`), 'utf8'), name);
}

/** What `curl -i` prints. Throws an Error that names the file. */
export function parseAnswer(text: string, name: string): Answer {
  const [head = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n\n');
  const [statusLine = '', ...lines] = head.split('\n');
  const status = Number(/^HTTP\/(?:1\.1|2) (\d{3})\b/.exec(statusLine)?.[1]);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const read = AnswerSchema.safeParse({
    status,
    headers: Object.fromEntries(headers),
    body: rest.join('\n\n'),
  });
  if (!read.success) throw new Error(`${name}.http is no HTTP answer: ${z.prettifyError(read.error)}`);
  return read.data;
}
