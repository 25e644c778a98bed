// What an SDK client really sends: a request handler that answers at once and keeps every body, past all mocks of commands.

/** The part of a request that tests look at; the SDK's own type is not among our dependencies. */
interface SentRequest {
  readonly body?: unknown;
}

export function wire(answer: (body: string) => string) {
  const bodies: string[] = [];
  const requestHandler = {
    handle: async (request: SentRequest) => {
      const body =
        request.body instanceof Uint8Array
          ? new TextDecoder().decode(request.body)
          : String(request.body ?? '');
      bodies.push(body);
      return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode(answer(body)) } };
    },
  };
  const config = {
    region: 'eu-west-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler as never,
  };
  return { bodies, config };
}
