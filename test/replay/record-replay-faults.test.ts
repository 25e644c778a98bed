// Records of rollouts with every kind of fault in them, as the hunt makes them: steps that are tried again, answers that
// are lost, clocks that differ. The replay comes to the end that the rollout came to.
import { expect, test } from 'vitest';
import { type AuditEntry, factsOf } from '../../src/core/audit/facts.ts';
import { type AuditRecord, RECORD_FORMAT } from '../../src/core/audit/record.ts';
import { isJudged, type JudgedRecord, replayRecord } from '../../src/replay/record-replay.ts';
import { runSeed } from '../hunt/run-seed.ts';

async function recordsOf(seed: number): Promise<readonly JudgedRecord[]> {
  const { trace } = await runSeed(seed);
  return Object.entries(trace.prepared ?? {}).flatMap(([rolloutId, prepared]) => {
    const entries: readonly AuditEntry[] = trace.moments.flatMap((moment) =>
      moment.kind === 'recorded' && moment.rolloutId === rolloutId ? [moment.entry] : [],
    );
    const head = { n: entries.length, hash: entries.at(-1)?.hash ?? '' };
    const record: AuditRecord = { format: RECORD_FORMAT, rolloutId, head, entries, events: [], prepared };
    return isJudged(record) ? [record] : [];
  });
}

/**
 * 249: a look that rolled back was tried again, and the second one counted. 822, 1028: the clock of the shift was ahead of
 * the one of the look.
 */
const SEEDS = [...Array.from({ length: 30 }, (_, index) => index + 1), 249, 822, 1028];

test.each(SEEDS)('seed %d', async (seed) => {
  for (const record of await recordsOf(seed)) {
    const { replay } = replayRecord(record);
    const [ended] = factsOf(record.entries, 'ended');
    const isVerdict = ended?.outcome === 'PROMOTED' || ended?.outcome === 'ROLLED_BACK';
    if (isVerdict) expect(replay.outcome).toBe(ended.outcome);
    if (ended?.outcome === 'ROLLED_BACK') expect(replay.reason).toEqual(ended.reason);
    expect(replay.timeline.map(({ atMs }) => atMs)).toContain(replay.fromMs);
  }
});

test('the seeds have both verdicts, and rollouts that judged nothing to the end', async () => {
  const outcomes = new Set<string | undefined>();
  for (const seed of SEEDS) {
    for (const { entries } of await recordsOf(seed)) outcomes.add(factsOf(entries, 'ended')[0]?.outcome);
  }
  expect([...outcomes]).toEqual(expect.arrayContaining(['PROMOTED', 'ROLLED_BACK', 'ABORTED']));
});
