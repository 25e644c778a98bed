// docs/how-to/see-http-errors.md, TypeScript block 1; written by test/docs/snippets.test.ts.
import { countHttpStatus } from '../../../src/emf/count-http-status.ts';

export const handler = countHttpStatus(async (event: { readonly path: string }) => {
  return { statusCode: 200, body: `You asked for ${event.path}` };
});
export {};
