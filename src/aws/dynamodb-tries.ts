// Reads and conditional writes that belong together: when somebody moved the record in between, both are done again.
import { TransientError } from '../core/errors.ts';

/** How often a refused write is looked at again before the workflow's own Retry takes over. */
const MAX_TRIES = 4;

/** `attempt` answers undefined when what it read was not there any more when it wrote. */
export async function tried<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new TransientError(`${what}: the record kept changing while it was written`);
}
