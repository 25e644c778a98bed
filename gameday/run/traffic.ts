// Sends requests to an alias at a constant rate and counts what comes back, as its callers would.
import type { AliasName, Answer, Clock, Functions, Traffic, VersionTally } from '../ports.ts';

/** More than this at once would be another kind of traffic; what is due meanwhile is left out. */
const MOST_IN_FLIGHT = 60;
/** Without one there would be no pause between requests. */
const NO_VERSION = 'none';

interface Drive {
  readonly name: AliasName;
  readonly everyMs: number;
  isOn: boolean;
}

export function constantTraffic(
  { nowMs, sleep }: Clock,
  { invoke }: Pick<Functions, 'invoke'>,
  onTrouble: (error: unknown) => void,
): Traffic {
  let drive: Drive | null = null;
  let loop: Promise<void> = Promise.resolve();
  const inFlight = new Set<Promise<void>>();
  let tally: Record<string, VersionTally> = {};

  const send = (name: AliasName): void => {
    const request = invoke(name, {})
      .then((answer) => {
        tally = withAnswer(tally, answer, nowMs());
      })
      // a request that AWS did not answer is no answer of a version
      .catch(onTrouble)
      .finally(() => inFlight.delete(request));
    inFlight.add(request);
  };

  const run = async (own: Drive): Promise<void> => {
    let dueMs = nowMs();
    while (own.isOn) {
      if (inFlight.size < MOST_IN_FLIGHT) send(own.name);
      // what is late is not made up for: that would be a burst
      dueMs = own.everyMs + (dueMs + own.everyMs < nowMs() ? nowMs() : dueMs);
      await sleep(Math.max(0, dueMs - nowMs()));
    }
  };

  const turnOff = (): void => {
    if (drive !== null) drive.isOn = false;
    drive = null;
  };

  return {
    drive: (name, requestsPerMinute) => {
      const everyMs = 60_000 / requestsPerMinute;
      if (drive?.name.functionName === name.functionName && drive.everyMs === everyMs) return;
      turnOff();
      const own: Drive = { name, everyMs, isOn: true };
      drive = own;
      // a stopped day ends its sleep with an error, which the experiment itself gets too
      loop = run(own).catch(() => {});
    },
    stop: async () => {
      turnOff();
      await loop;
      await Promise.all(inFlight);
    },
    tally: () => tally,
    restartTally: () => {
      tally = {};
    },
  };
}

function withAnswer(
  tally: Readonly<Record<string, VersionTally>>,
  { version, result, isSlow }: Answer,
  atMs: number,
): Record<string, VersionTally> {
  const key = version ?? NO_VERSION;
  const before = tally[key] ?? { requests: 0, failed: 0, slow: 0, lastAtMs: 0 };
  return {
    ...tally,
    [key]: {
      requests: before.requests + 1,
      failed: before.failed + (result === 'ok' ? 0 : 1),
      slow: before.slow + (isSlow ? 1 : 0),
      lastAtMs: Math.max(before.lastAtMs, atMs),
    },
  };
}
