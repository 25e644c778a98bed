// What many experiments do with the probe: two versions, a whole alias, and the name of what was thrown.
import type { Ports } from '../ports.ts';
import { PROBE } from './names.ts';

/** null: it was not refused. Throttling and lost connections are no answer and are thrown on. */
export async function errorNameOf(call: () => Promise<unknown>): Promise<string | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (!(error instanceof Error) || isNoAnswer(error)) throw error;
    return error.name;
  }
}

/** The service did not say what it thinks of the request. */
function isNoAnswer({ name }: Error): boolean {
  return /Throttl|TooManyRequests|Timeout|ServiceException|InternalError|ServiceUnavailable|StoppedError/.test(
    name,
  );
}

/** The version that the probe's alias serves, and another one; made where there is none. */
export async function probeVersions({ aliases, functions }: Pick<Ports, 'aliases' | 'functions'>): Promise<{
  readonly stable: string;
  readonly canary: string;
}> {
  const { version: stable } = await aliases.read(PROBE);
  const canary = await functions.publish(PROBE.functionName, 'good', `canary beside ${stable}`);
  return { stable, canary };
}

/** All traffic of the probe on one version. */
export async function wholeAlias({ aliases }: Pick<Ports, 'aliases'>, version: string): Promise<void> {
  await aliases.update(PROBE, { version, shares: {} });
}

/** Asks until there is an answer; null when there is none in time. */
export async function waitFor<Answer>(
  { clock }: Pick<Ports, 'clock'>,
  { everyMs, forMs }: { readonly everyMs: number; readonly forMs: number },
  ask: () => Promise<Answer | null>,
): Promise<Answer | null> {
  const endsAtMs = clock.nowMs() + forMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (clock.nowMs() >= endsAtMs) return null;
    await clock.sleep(everyMs);
  }
}
