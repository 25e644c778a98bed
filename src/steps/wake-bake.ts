// Lets a bake that waits be looked at now. What is to be seen is durable before: the bake stores its token, then reads.
import type { Ports, RolloutRow } from '../ports.ts';

/** Latch first, token second, as for an interrupt. A wait that is over was followed by a look. Answers the row as it is now. */
export async function wakeBake(
  rolloutId: string,
  { store, tokens }: Pick<Ports, 'store' | 'tokens'>,
): Promise<RolloutRow | null> {
  const fresh = await store.readRow(rolloutId);
  if (fresh?.token) await tokens.wake(fresh.token);
  return fresh;
}
