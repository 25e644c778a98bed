// The SDK's real clients on answers from files: what was asked is kept as it left the client, whatever it asks too much fails.
import * as z from 'zod';
import { type Answer, readAnswer } from './answer.ts';

/** A request as the SDK hands it to its HTTP handler. */
const RequestSchema = z.object({
  method: z.string(),
  hostname: z.string(),
  path: z.string(),
  query: z.record(z.string(), z.string()).default({}),
  headers: z.record(z.string(), z.string()),
  body: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
});

export interface SentRequest {
  /** Name of the operation where one URL serves all of them, else method, path and query. */
  readonly call: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Call → names of answers, in the order in which they are given. */
export type Script = Readonly<Record<string, readonly string[]>>;

export function replay(script: Script) {
  const sent: SentRequest[] = [];
  const left = new Map(Object.entries(script).map(([call, names]) => [call, [...names]]));
  const handle = async (request: unknown) => {
    const one = sentRequest(RequestSchema.parse(request));
    sent.push(one);
    const name = left.get(one.call)?.shift();
    if (name === undefined) throw new Error(`no answer is left for ${one.call}`);
    return { response: responseOf(readAnswer(name)) };
  };
  return {
    sent,
    /** Answers that nobody asked for. */
    unused: () => [...left.values()].flat(),
    config: {
      region: 'eu-west-2',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      // one answer a request: the SDK's own tries would wait in real time
      maxAttempts: 1,
      requestHandler: { handle } as never,
    },
  };
}

function sentRequest({ method, hostname, path, query, headers, body = '' }: z.infer<typeof RequestSchema>) {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const asked = new URLSearchParams(query).toString();
  const target = headers['x-amz-target']?.split('.')[1] ?? new URLSearchParams(text).get('Action');
  const call = target ?? `${method} ${path}${asked === '' ? '' : `?${asked}`}`;
  return { call, method, host: hostname, path, headers, body: text };
}

function responseOf({ status, headers, body }: Answer) {
  return { statusCode: status, headers: { ...headers }, body: new TextEncoder().encode(body) };
}
