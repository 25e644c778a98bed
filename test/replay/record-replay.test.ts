// The record of a rollout, played again: what was decided comes out once more, whatever the record went through on its
// way, and a changed service file answers only what the record can tell.
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { embeddedRecord } from '../../src/cli/embedded-record.ts';
import { reportOfRecord } from '../../src/cli/record-report.ts';
import { whatIfSpec } from '../../src/cli/what-if.ts';
import { reportPage } from '../../src/cli/write-report.ts';
import { type AuditFact, factsOf } from '../../src/core/audit/facts.ts';
import type { Outcome } from '../../src/core/rollout.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { writeOut } from '../../src/core/written-service.ts';
import { isJudged, type JudgedRecord, replayRecord } from '../../src/replay/record-replay.ts';
import { renderReportHtml } from '../../src/report/render-report.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';
import { EXAMPLE_NAMES, played } from '../scenarios/examples.ts';

const MEGABYTE = 1024 * 1024;
const BARE = { isSimulated: true, executionArn: null, serviceFile: null, examination: null, whatIf: [] };

/** As a person has it: in a report, which was written to a file and read again. */
async function carried({ report, record }: SimulationResult): Promise<JudgedRecord | null> {
  // examination and table have tests of their own, and cost more than all that is asked for here
  const bytes = gzipSync(JSON.stringify(record));
  const document = { ...BARE, report, record: bytes.toString('base64') };
  const html = renderReportHtml(document, await reportPage());
  const read = JSON.parse(embeddedRecord(html, 'report.html', 64 * MEGABYTE));
  expect(read).toEqual(JSON.parse(JSON.stringify(record)));
  return isJudged(read) ? read : null;
}

/** What the rollout came to, in the words of a replay; an abort or a third version on the target is no verdict. */
const SAME: Readonly<Record<Outcome, readonly string[]>> = {
  PROMOTED: ['PROMOTED'],
  ROLLED_BACK: ['ROLLED_BACK'],
  ABORTED: ['PASSED', 'INCONCLUSIVE'],
  SUPERSEDED: ['PASSED', 'INCONCLUSIVE'],
  REJECTED: [],
  ROLLBACK_INCOMPLETE: [],
};

/** The look or the wish to stop after which nothing was decided any more. */
function decidedAtMs({ entries }: JudgedRecord): number {
  const looks = factsOf(entries, 'judged');
  const decisive = looks.find(({ next }) => next === 'roll-back') ?? looks.at(-1);
  const [latched] = factsOf(entries, 'latched');
  const isLast = decisive?.next === 'roll-back' || decisive?.next === 'commit-promotion';
  return isLast ? decisive.atMs : (latched?.interrupt.atMs ?? Number.NaN);
}

const REJECTED = ['already-in-alarm', 'blind-to-http-errors', 'version-missing'];
/** A step found the third version, and no look. */
const FOUND_BY_A_WRITE = ['hotfix-supersedes'];

/** Waits of a day, of which `approval-unanswered` is one too, and enough: each costs as much as fifteen others. */
const DAY_LONG = ['cpu-high', 'low-traffic'];

describe('a report that is replayed', () => {
  test.each(EXAMPLE_NAMES.filter((name) => !DAY_LONG.includes(name)))(
    '%s comes out as it was',
    async (name) => {
      const { result } = await played(name);
      const record = await carried(result);
      if (record === null) {
        expect(REJECTED).toContain(name);
        return;
      }
      const { replay, notes } = replayRecord(record);
      expect(notes).toEqual([]);
      expect(SAME[result.outcome]).toContain(replay.outcome);
      const told = result.outcome === 'PROMOTED' ? result.reason.sentence.split('Last judgement: ')[1] : null;
      expect(replay.reason).toEqual({ ...result.reason, sentence: told ?? result.reason.sentence });
      expect(new Date(replay.endedAtMs).toISOString()).toBe(
        FOUND_BY_A_WRITE.includes(name) ? result.endedAt : new Date(decidedAtMs(record)).toISOString(),
      );
      // what is told side by side at the end is what the report shows of the decision
      if (replay.outcome === 'PROMOTED') expect(replay.checks).toEqual(result.report.checks);
    },
  );
});

describe('a changed service file', () => {
  const records = new Map<string, JudgedRecord>();
  beforeAll(async () => {
    for (const name of ['error-spike', 'latency', 'alarm-fires', 'approval', 'healthy', 'cpu-high']) {
      const { record } = (await played(name)).result;
      if (isJudged(record)) records.set(name, record);
    }
  });
  const recordOf = (name: string): JudgedRecord => {
    const record = records.get(name);
    if (record === undefined) throw new Error(`${name} was not judged`);
    return record;
  };
  const changed = ({ prepared: { spec } }: JudgedRecord, ...changes: string[]): ServiceSpec =>
    whatIfSpec({ service: spec.service, ...writeOut(spec) }, changes);
  const replayed = (name: string, ...changes: string[]) => {
    const record = recordOf(name);
    return replayRecord(record, changed(record, ...changes));
  };

  it('that changes nothing changes nothing', () => {
    for (const [name, record] of records) {
      expect(replayed(name), name).toEqual(replayRecord(record));
    }
  });

  it('with a laxer limit stops later, and costs more bad requests', () => {
    const asIs = replayRecord(recordOf('error-spike')).replay;
    const { replay, notes } = replayed('error-spike', 'checks.errors.floor=20%', 'checks.errors.limit=40%');
    expect(asIs.outcome).toBe('ROLLED_BACK');
    expect(replay.outcome).not.toBe('ROLLED_BACK');
    // nothing is known of what would have come
    expect(replay.endedAtMs).toBe(asIs.endedAtMs);
    expect(notes).toEqual([]);
  });

  it('with a stricter one stops sooner', () => {
    const asIs = replayRecord(recordOf('latency')).replay;
    const { replay } = replayed('latency', 'sensitivity=high');
    expect(replay.endedAtMs).toBeLessThanOrEqual(asIs.endedAtMs);
    expect(replay.outcome).toBe('ROLLED_BACK');
  });

  it('without the alarm that fired is not stopped by it', () => {
    const asIs = replayRecord(recordOf('alarm-fires')).replay;
    const { replay, notes } = replayed('alarm-fires', 'checks.alarms=[]');
    expect([asIs.outcome, replay.outcome]).toEqual(['ROLLED_BACK', 'PASSED']);
    expect(notes).toEqual([]);
  });

  it('with another way to take a stage that nobody knows goes that way', () => {
    expect(replayRecord(recordOf('cpu-high')).replay.outcome).toBe('ROLLED_BACK');
    const { replay } = replayed('cpu-high', 'onInconclusive=rollback');
    expect(replay.outcome).toBe('ROLLED_BACK');
    expect(replay.endedAtMs).toBeLessThan(
      replayRecord(recordOf('cpu-high')).replay.endedAtMs - 20 * 3_600_000,
    );
  });

  it('that asks for an approval which nobody gave says where it would have waited', () => {
    const { spec } = recordOf('healthy').prepared;
    const [first, ...rest] = spec.stages;
    if (first === undefined) throw new Error('no stage');
    const stages = [{ ...first, approval: true }, ...rest];
    const { replay } = replayRecord(recordOf('healthy'), { ...spec, stages });
    expect(replay.timeline.map(({ event }) => event)).toContain('decision-needed');
  });

  it('with a shorter bake has passed sooner, and keeps watching at the weight that was there', () => {
    const { replay } = replayed('healthy', 'stages[0].bake=5m');
    const [shift, passed] = replay.timeline.filter(({ event }) =>
      ['traffic-shifted', 'stage-passed'].includes(event),
    );
    expect((passed?.atMs ?? 0) - (shift?.atMs ?? 0)).toBeLessThan(8 * 60_000);
    expect(replay.outcome).toBe('PROMOTED');
  });

  it.each([
    ['stages[1].bake=2h', 'Longer bakes are not judged: what was recorded went on from 25 % before.'],
    ['checks.latency.tolerance=x3', 'checks.latency.tolerance is not changed'],
    ['checks.latency.percentile=p99', 'checks.latency.percentile is not changed'],
    ['checks.latency.onLimit=rollback', 'checks.latency.onLimit is not changed'],
    ['checks.errors.http5xx={namespace: Shop, name: Http5xx}', 'checks.errors.http5xx is not changed'],
    ['checks.alarms=[Another]', 'Alarms that were not recorded are not judged: Another.'],
    ['stages=[{weight: 7%, bake: 10m}]', 'Weights are facts: the canary had 5 %, 25 %, 50 %, 95 %, not 7 %.'],
    [
      'checks.orders={metric: {namespace: Shop, name: Orders}, per: request, better: higher}',
      'checks.orders is not judged: its metric was not recorded.',
    ],
  ])('%s is not answered, and that is said', (change, said) => {
    const { replay, notes } = replayed('healthy', change);
    expect(notes.join(' ')).toContain(said);
    const { timeline, ...asIs } = replayRecord(recordOf('healthy')).replay;
    expect(replay).toMatchObject({
      outcome: asIs.outcome,
      endedAtMs: asIs.endedAtMs,
      exposure: asIs.exposure,
    });
  });

  it('is not asked of what the hour before the rollout would have to tell', () => {
    const { notes } = replayed('error-spike', 'checks.errors.limit=0.11%', 'checks.errors.floor=0.001%');
    expect(notes.join(' ')).toContain('checks.errors.limit is taken as it is');
  });
});

it('counts the requests that the report of the record counts', async () => {
  // ended by a person, so that no look settled its newest minutes
  const { record } = (await played('aborted-by-person')).result;
  if (!isJudged(record)) throw new Error('not judged');
  const { exposure } = reportOfRecord(record, null).report;
  expect(replayRecord(record).replay.exposure).toMatchObject(exposure);
});

describe('a step that was tried again', () => {
  it('leaves a judgement that is recorded late, and the replay goes on from the newest', async () => {
    const { record } = (await played('latency')).result;
    if (!isJudged(record)) throw new Error('not judged');
    const judged = record.entries.filter(({ fact }) => fact.kind === 'judged');
    const [early, last] = [judged[2], judged.at(-2)];
    if (early?.fact.kind !== 'judged' || last === undefined) throw new Error('judged too rarely');
    const late: AuditFact = { ...early.fact, atMs: early.fact.atMs - 700 };
    const entries = record.entries.flatMap((entry) =>
      entry === last ? [entry, { ...early, fact: late }] : [entry],
    );
    const again = replayRecord({ ...record, entries }).replay;
    expect(again).toEqual(replayRecord(record).replay);
  });

  it('leaves a shift that is recorded late, and the replay does not enter its stage again', async () => {
    const { record } = (await played('healthy')).result;
    if (!isJudged(record)) throw new Error('not judged');
    const shifts = record.entries.filter(({ fact }) => fact.kind === 'outcome' && fact.action === 'shift');
    const [first, second] = shifts;
    if (first === undefined || second === undefined) throw new Error('shifted too rarely');
    const entries = record.entries.flatMap((entry) => (entry === second ? [entry, first] : [entry]));
    expect(replayRecord({ ...record, entries }).replay).toEqual(replayRecord(record).replay);
  });
});
