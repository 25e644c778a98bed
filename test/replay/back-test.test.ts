// The figures of a back-test on rollouts whose worth can be counted by hand.
import { expect, test } from 'vitest';
import type { ReplayOutcome } from '../../src/core/report-document.ts';
import { plainReason } from '../../src/core/verdict.ts';
import { type BackTestRow, backTestRow, backTestScore } from '../../src/replay/back-test.ts';
import type { Recording, Truth } from '../../src/replay/recording.ts';
import type { Replay } from '../../src/replay/replay.ts';

const GOOD: Truth = { isBad: false, onsetMs: null };
const bad = (onsetSeconds: number | null): Truth => ({
  isBad: true,
  onsetMs: onsetSeconds === null ? null : onsetSeconds * 1000,
});

/** The canary's first traffic comes at second 100. */
function row(
  truth: Truth | null,
  outcome: ReplayOutcome,
  endedSeconds: number,
  badRequests = 0,
): BackTestRow {
  const recording: Recording = {
    name: 'r',
    version: '42',
    isClockKnown: false,
    startedAtMs: 0,
    periodSeconds: 60,
    shifts: [],
    firstShift: { atMs: 100_000, weightPercent: 5 },
    edgesMs: [],
    history: [],
    periods: [],
    truth,
    notJudged: [],
  };
  const replay: Replay = {
    outcome,
    fromMs: 100_000,
    endedAtMs: endedSeconds * 1000,
    weightPercent: 5,
    exposure: { canaryRequests: 1000, badRequests },
    reason: plainReason('Because.'),
    checks: [],
    timeline: [],
  };
  return backTestRow(recording, replay);
}

test.each<[string, Truth | null, ReplayOutcome, number, BackTestRow['judged'], number | null]>([
  ['a good one that was promoted', GOOD, 'PROMOTED', 2500, 'right', null],
  ['a good one that passed to the end', GOOD, 'PASSED', 2500, 'right', null],
  ['a good one that was rolled back', GOOD, 'ROLLED_BACK', 400, 'false rollback', null],
  ['a good one that was held', GOOD, 'INCONCLUSIVE', 2500, 'inconclusive', null],
  ['a bad one that was rolled back', bad(340), 'ROLLED_BACK', 400, 'detected', 60],
  ['a bad one from its first request on', bad(null), 'ROLLED_BACK', 400, 'detected', 300],
  ['one that was rolled back before it was bad', bad(460), 'ROLLED_BACK', 400, 'too early', null],
  ['a bad one that was promoted', bad(340), 'PROMOTED', 2500, 'missed', null],
  ['a bad one that passed to the end', bad(340), 'PASSED', 2500, 'missed', null],
  ['a bad one that was held', bad(340), 'INCONCLUSIVE', 2500, 'inconclusive', null],
  ['one that nobody knows of', null, 'ROLLED_BACK', 400, null, null],
])('%s', (_what, truth, outcome, endedSeconds, judged, detectSeconds) => {
  const made = row(truth, outcome, endedSeconds);
  expect(made).toMatchObject({ judged, detectSeconds, elapsedSeconds: endedSeconds - 100 });
});

test('counts, medians and the 95th percentile by nearest rank', () => {
  const detected = Array.from({ length: 20 }, (_, i) => row(bad(100), 'ROLLED_BACK', 160 + 60 * i, i + 1));
  const score = backTestScore([
    ...detected,
    row(bad(100), 'PROMOTED', 2500, 900),
    row(bad(300), 'ROLLED_BACK', 200),
    row(bad(100), 'INCONCLUSIVE', 2500),
    row(GOOD, 'PROMOTED', 2500),
    row(GOOD, 'ROLLED_BACK', 400),
    row(GOOD, 'INCONCLUSIVE', 2500),
    row(null, 'PASSED', 2500),
    row(null, 'ROLLED_BACK', 300),
  ]);
  expect(score).toEqual({
    rollouts: 28,
    good: { rollouts: 3, falseRollbacks: 1, inconclusive: 1 },
    bad: {
      rollouts: 23,
      detected: 20,
      tooEarly: 1,
      missed: 1,
      inconclusive: 1,
      // 60 s to 1,200 s in steps of a minute: the 10th and the 19th of twenty
      detectSeconds: { total: 12_600, median: 600, p95: 1140 },
      // 0, 0, 1 … 20, 900: the 12th and the 22nd of twenty-three
      badRequests: { total: 1110, median: 10, p95: 20 },
    },
    unknown: { rollouts: 2, outcomes: { PROMOTED: 0, PASSED: 1, ROLLED_BACK: 1, INCONCLUSIVE: 0 } },
  });
});

test('nothing is no figure', () => {
  expect(backTestScore([])).toMatchObject({
    rollouts: 0,
    bad: { detectSeconds: null, badRequests: null },
  });
});
