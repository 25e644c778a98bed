// What examples/replay holds, made from seeds: a good and a bad rollout in every form, and a few to back-test with.
import { type Behaviour, HEALTHY, recordedMinutes, type Traffic } from './recorded-traffic.ts';
import { referenceRows } from './reference-rows.ts';
import { cloudwatchJson, headedLines, protocolLines, type WrittenTruth } from './written-recordings.ts';

const STANDARD = [5, 25, 50, 95].map((percent) => ({ weight: percent / 100, minutes: 10 }));
const GOOD: Traffic = {
  seed: 42,
  requestsPerMinute: 1800,
  plan: STANDARD,
  stable: HEALTHY,
  canary: () => HEALTHY,
};

/** A minute of the second stage. */
const ONSET_MINUTE = 12;

function harmed(change: Partial<Behaviour>, seed: number, fromMinute = ONSET_MINUTE): Traffic {
  return {
    ...GOOD,
    seed,
    canary: (minute) => (minute < fromMinute ? HEALTHY : { ...HEALTHY, ...change }),
  };
}

function good(seed: number, change: Partial<Traffic> = {}): string {
  return headedLines({ ...GOOD, seed, ...change }, { outcome: 'good' });
}

/** Failed requests from the onset on are known to be bad; of slow ones nobody counted any. */
function truthOf(traffic: Traffic, onsetMinute: number, areFailuresBad: boolean): WrittenTruth {
  const truth: WrittenTruth = { outcome: 'bad', onset: onsetMinute * 60 };
  if (!areFailuresBad) return truth;
  const during = recordedMinutes(traffic).filter(({ minute }) => minute >= 0);
  const bad = during.map(({ minute, canary }) => (minute < onsetMinute ? 0 : (canary?.errors ?? 0)));
  return { ...truth, bad };
}

const FAILING = harmed({ errorRate: 0.03 }, 7);
const FAILING_AT_ONCE = harmed({ errorRate: 0.2 }, 21, 0);
const FAILING_A_LITTLE = harmed({ errorRate: 0.003 }, 22);
const SLOW = harmed({ medianMs: 200 }, 23, 0);

/** Text by file name. */
export const EXAMPLE_RECORDINGS: Readonly<Record<string, string>> = {
  'good.jsonl': headedLines(GOOD),
  'bad.jsonl': headedLines(FAILING, truthOf(FAILING, ONSET_MINUTE, true)),
  'line-protocol.jsonl': protocolLines('checkout-42', FAILING),
  'get-metric-data.json': cloudwatchJson({ ...FAILING, plan: STANDARD.slice(0, 2) }),
  'reference-rows.jsonl': referenceRows(5_000_000, false),
  'reference-rows-thousandth.jsonl': referenceRows(5000, true),
  'history/2026-01-05-good.jsonl': good(11),
  'history/2026-01-06-quiet-night.jsonl': good(12, { requestsPerMinute: 60 }),
  'history/2026-01-07-errors-at-once.jsonl': headedLines(FAILING_AT_ONCE, truthOf(FAILING_AT_ONCE, 0, true)),
  'history/2026-01-08-few-errors.jsonl': headedLines(
    FAILING_A_LITTLE,
    truthOf(FAILING_A_LITTLE, ONSET_MINUTE, true),
  ),
  'history/2026-01-09-slow.jsonl': headedLines(SLOW, truthOf(SLOW, 0, false)),
  'history/2026-01-12-unknown.jsonl': protocolLines('checkout-48', { ...GOOD, seed: 13 }),
};
