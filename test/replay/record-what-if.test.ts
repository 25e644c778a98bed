// The what-if table: every row is what `--what-if` with the same words answers, and only what the record can tell.
import { describe, expect, it, test } from 'vitest';
import { whatIfSpec } from '../../src/cli/what-if.ts';
import { factsOf } from '../../src/core/audit/facts.ts';
import { isoTime } from '../../src/core/uk-time.ts';
import { writeOut } from '../../src/core/written-service.ts';
import { isJudged, type JudgedRecord, replayRecord } from '../../src/replay/record-replay.ts';
import { whatIfRows } from '../../src/replay/record-what-if.ts';
import { played } from '../scenarios/examples.ts';

async function recordOf(name: string): Promise<JudgedRecord> {
  const { record } = (await played(name)).result;
  if (!isJudged(record)) throw new Error(`${name} was not judged`);
  return record;
}

const ERRORS = [
  'checks.errors.limit=0.5%',
  'checks.errors.limit=2%',
  'checks.errors.tolerance=x1.25',
  'checks.errors.tolerance=x2',
  'checks.errors.floor=0.05%',
  'checks.errors.floor=0.2%',
];

describe('the rows', () => {
  test.each([
    ['error-spike', [null, ...ERRORS, 'sensitivity=high']],
    ['latency', [null, 'checks.latency=false', ...ERRORS, 'sensitivity=high']],
    ['alarm-fires', [null, 'checks.alarms=[]', ...ERRORS, 'sensitivity=high']],
  ])('of %s ask about what decided, then about errors', async (name, changes) => {
    const rows = whatIfRows(await recordOf(name));
    expect(rows.map(({ change }) => change)).toEqual(changes);
  });

  test.each(['error-spike', 'latency', 'alarm-fires', 'conversion-drop', 'no-traffic'])(
    'of %s say what --what-if says',
    async (name) => {
      const record = await recordOf(name);
      const { spec } = record.prepared;
      const rows = whatIfRows(record);
      expect(rows.length).toBeGreaterThan(3);
      for (const { change, at, outcome, weightPercent, exposure } of rows) {
        const asked = whatIfSpec(
          { service: spec.service, ...writeOut(spec) },
          change === null ? [] : [change],
        );
        const { replay, notes } = replayRecord(record, asked);
        expect({ change, notes }).toEqual({ change, notes: [] });
        expect({ at, outcome, weightPercent, exposure }).toEqual({
          at: isoTime(replay.endedAtMs),
          outcome: replay.outcome,
          weightPercent: replay.weightPercent,
          exposure: replay.exposure,
        });
      }
    },
  );

  it('tell that without the deciding check it would have gone on', async () => {
    for (const name of ['latency', 'alarm-fires']) {
      const [asIs, without] = whatIfRows(await recordOf(name));
      expect([asIs?.outcome, without?.outcome], name).toEqual(['ROLLED_BACK', 'PASSED']);
    }
  });

  it('are about the tolerance of a check of one’s own that decided', async () => {
    const changes = whatIfRows(await recordOf('conversion-drop')).map(({ change }) => change);
    expect(changes.filter((change) => change?.startsWith('checks.conversion.tolerance=x0.'))).toHaveLength(2);
    expect(changes).toHaveLength(10);
  });

  it('are fewer where a rollout waited for long', async () => {
    const record = await recordOf('no-traffic');
    expect(factsOf(record.entries, 'judged').length).toBeGreaterThan(200);
    expect(whatIfRows(record)).toHaveLength(4);
  });
});
