// `stepshift why`: the last decision with its numbers, what is waited for, and what comes next, in every state of a rollout.
import { describe, expect, it } from 'vitest';
import { whyCommandOn } from '../../../src/cli/commands/why.ts';
import type { CheckReading, Verdict } from '../../../src/core/verdict.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import {
  intent,
  interruptBy,
  outcome,
  rolledBack,
  rolloutRow,
  START_MS,
  signalBy,
  storyEvent,
} from '../../support/rollout-fixtures.ts';
import { type CliWorld, runInMemory } from '../../support/run-cli.ts';
import { shiftedRollout } from '../../support/shifted-rollout.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function run(engine: FakeEngine, argv: readonly string[] = [], world: CliWorld = {}) {
  return runInMemory(['why', ...argv], { commands: [whyCommandOn(engine.open)], ...world });
}

async function json(engine: FakeEngine, ...argv: string[]) {
  const { code, out } = await run(engine, [...argv, '--format', 'json']);
  return { code, data: JSON.parse(out) };
}

function baking(verdict?: Verdict, doubts: readonly string[] = []): Promise<FakeEngine> {
  return shiftedRollout({ ...(verdict === undefined ? {} : { verdict }), doubts });
}

const READING: CheckReading = {
  check: 'errors',
  label: 'error rate',
  unit: '%',
  stable: 0.4,
  canary: 4.8,
  limit: 0.6,
  better: 'lower',
  variancePercent: 1100,
  sample: 1106,
  interval: [3.5, 6.3],
  evidence: 400,
  streams: { errors: 400 },
  stillNeeded: null,
  action: 'consider rollback',
};

function verdict(kind: Verdict['kind'], change: Partial<CheckReading> = {}): Verdict {
  const reading = { ...READING, ...change };
  return {
    kind,
    reason: {
      check: reading.check,
      value: reading.canary,
      limit: reading.limit,
      sample: reading.sample,
      baseline: reading.stable,
      windowSeconds: 180,
      sentence: 'Error rate 4.8 % against 0.4 %.',
    },
    checks: [reading],
    alerts: [],
  };
}

describe('a rollout that runs', () => {
  it('is told with the check that decided, every number behind it, and what comes next', async () => {
    const { code, out } = await run(await baking(verdict('hold')), ['r1'], { columns: 80 });
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "checkout-api:live  version 42 against 41  rollout r1

      … 5 % of the traffic is on version 42: held, error rate looks worse — Error rate
        4.8 % against 0.4 %.
        51 canary requests, 2 bad

      since    05/01/2026 09:00:01 GMT
      judged   last at 05/01/2026 09:01:00 GMT
      check    error rate (errors): consider rollback
      canary   4.8 %, interval 3.5–6.3 %
      stable   0.4 %
      allowed  ≤ 0.6 %
      sample   1,106 requests on the canary, over 3m
      to go on - The check errors has to pass again.
               - The bake has to be over, which is at 05/01/2026 09:10:01 GMT at the
                 earliest.
      next     50 % once it passes; at 09:30:01 a person is asked
      "
    `);
  });

  it('names how many requests are still needed, and when the bake is over', async () => {
    const thin = verdict('hold', { stillNeeded: 700, action: 'cannot tell yet' });
    const { data } = await json(await baking(thin), 'r1');
    expect(data.toGoOn).toEqual([
      'About 700 more canary requests have to come before «error rate» can tell.',
      'The bake has to be over, which is at 05/01/2026 09:10:01 GMT at the earliest.',
    ]);
  });

  it('puts a doubt before a verdict that would go on', async () => {
    const doubt = 'The alarm Checkout5xx is gone.';
    const { data } = await json(await baking(verdict('pass'), [doubt]), 'r1');
    expect(data).toMatchObject({ state: 'held', doubts: [doubt], reason: { check: null, sentence: doubt } });
    expect(data.toGoOn).toContain(`This doubt has to go: ${doubt}`);
  });

  it('says who has to answer, until when, and ends with 10', async () => {
    const engine = await baking();
    await engine.store.recordEvent(storyEvent('r1', 'decision-needed', START_MS + 600_000));
    const { code, data } = await json(engine, 'r1');
    expect(code).toBe(10);
    expect(data).toMatchObject({ state: 'asked', since: '2026-01-05T09:10:00.000Z' });
    expect(data.toGoOn[0]).toBe(
      'A person has to answer: stepshift approve r1, or stepshift abort r1 -m "why". If nobody does by 06/01/2026 09:10:00 GMT, it is rolled back.',
    );
  });

  it('asks for no approval where only a doubt is in the way, which no answer removes', async () => {
    const engine = await baking(verdict('pass'), ['The sweeper was never seen.']);
    await engine.store.recordEvent(storyEvent('r1', 'decision-needed', START_MS + 600_000));
    const { toGoOn } = (await json(engine, 'r1')).data;
    expect(toGoOn[0]).toBe(
      'A person has to remove what is in doubt, or take it back: stepshift abort r1 -m "why". If nobody does by 06/01/2026 09:10:00 GMT, it is rolled back.',
    );
    expect(toGoOn.join(' ')).not.toContain('approve');
  });

  it('demands nothing of the checks that an answer makes good for', async () => {
    const thin = verdict('inconclusive', { stillNeeded: 700, action: 'cannot tell yet' });
    const engine = await baking(thin);
    await engine.store.recordEvent(storyEvent('r1', 'decision-needed', START_MS + 600_000));
    const { toGoOn } = (await json(engine, 'r1')).data;
    expect(toGoOn[0]).toContain('stepshift approve r1');
    expect(toGoOn[0]).toMatch(/It goes on without an answer once its checks pass\.$/);
    expect(toGoOn.join(' ')).not.toContain('700');
  });

  it('does not wait for a bake that a person cut short', async () => {
    const engine = await baking(verdict('hold'));
    expect((await json(engine, 'r1')).data.toGoOn.join(' ')).toContain('The bake has to be over');
    await engine.store.signal('r1', signalBy('ana', 'promote'));
    expect((await json(engine, 'r1')).data.toGoOn).toEqual(['The check errors has to pass again.']);
  });

  it('holds nothing against a stage that was seen at the weight before', async () => {
    const engine = await baking(verdict('inconclusive'), ['The sweeper was never seen.']);
    const { rollout } = (await engine.store.readRow('r1')) ?? {};
    if (rollout == null) throw new Error('no document');
    await engine.store.authoriseShift(rollout, intent(rollout, 2, 50));
    await engine.store.recordShifted(rollout, outcome(rollout, 2, 50));
    await engine.store.recordEvent(storyEvent('r1', 'traffic-shifted', START_MS + 700_000));
    const { data } = await json(engine, 'r1');
    expect(data).toMatchObject({ state: 'unjudged', doubts: [] });
    expect(data.toGoOn).toHaveLength(1);
    expect(data.toGoOn[0]).toContain('The bake has to be over');
  });

  it('says who paused it and what ends the pause', async () => {
    const engine = await baking(verdict('pass'));
    await engine.store.signal('r1', signalBy('ana', 'pause'));
    const { data } = await json(engine, 'r1');
    expect(data).toMatchObject({ state: 'paused', since: '2026-01-05T09:01:00.000Z' });
    expect(data.reason.sentence).toContain('ana said so.');
    expect(data.toGoOn[0]).toContain('stepshift resume r1');
    expect(data.toGoOn[0]).toContain('06/01/2026 09:01:00 GMT');
  });

  it('asks nothing of anybody once it is to stop', async () => {
    const engine = await baking();
    await engine.store.latch('r1', interruptBy('Checkout5xx'));
    const { data } = await json(engine, 'r1');
    expect(data).toMatchObject({
      state: 'stopping',
      reason: { check: 'alarms', sentence: 'Checkout5xx asked to stop.' },
      toGoOn: [],
    });
    expect(data.next).toContain('41');
  });

  it('that nobody looked at yet says so', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('r1'));
    expect((await json(engine, 'r1')).data).toMatchObject({ state: 'starting', judgedAt: null, check: null });
  });
});

describe('a rollout that has ended', () => {
  it('gives the reason of its end, and ends with the code of its outcome', async () => {
    const engine = await baking();
    await rolledBack(engine.store, 'r1');
    const { code, out } = await run(engine, ['r1']);
    expect(code).toBe(3);
    expect(out).toContain('Rolled back to version 41');
    expect(out).toContain('It was worse.');
    expect(out).toContain('stepshift report r1');
    expect(out).not.toContain('to go on');
  });

  it('that was never started says why', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('r1'));
    const reason = plainReason('The alias does not exist.');
    await engine.store.close('r1', { outcome: 'REJECTED', reason, atMs: START_MS + 1000 });
    const { code, out } = await run(engine, ['r1']);
    expect(code).toBe(5);
    expect(out).toContain('The alias does not exist.');
  });
});

describe('without an id', () => {
  it('it is the newest that runs, and the others are mentioned', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('older'));
    const other = { targetId: 'lambda-alias/search/live', startedAtMs: START_MS + 5000 };
    await engine.store.openRollout(rolloutRow('newer', other));
    const { out, err } = await run(engine);
    expect(out).toContain('rollout newer');
    expect(err).toBe('1 more are running: stepshift status\n');
  });

  it('it is the newest that has ended and has a record, where none runs', async () => {
    const engine = await baking();
    await rolledBack(engine.store, 'r1');
    engine.ended = ['no-record', 'r1'].map((rolloutId) => ({ rolloutId, startedAtMs: 0, endedAtMs: 1 }));
    const { code, data } = await json(engine);
    expect({ code, id: data.rolloutId }).toEqual({ code: 3, id: 'r1' });
  });

  it('and without any rollout it says so, exit code 5', async () => {
    const { code, out, err } = await run(fakeEngine());
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(/^no-rollout-yet {2}/);
  });
});

describe('from a file', () => {
  const elsewhere = whyCommandOn(() => Promise.reject(new Error('AWS was asked')));

  it.each([
    ['error-spike', 3],
    ['approval-unanswered', 3],
    ['healthy', 0],
  ])('the record of %s tells what the engine would, without asking AWS', async (example, expected) => {
    using folder = tempFolder({});
    const scenario = `${process.cwd()}/examples/${example}`;
    await runInMemory(['simulate', scenario, '--audit', 'record.json'], { cwd: folder.path });
    const { code, out } = await runInMemory(['why', '--file', 'record.json'], {
      cwd: folder.path,
      commands: [elsewhere],
      columns: 80,
    });
    expect(code).toBe(expected);
    expect(out).toContain('stepshift report --file record.json');
    expect(out.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });

  it('a report does as well', async () => {
    using folder = tempFolder({});
    const scenario = `${process.cwd()}/examples/error-spike`;
    await runInMemory(['simulate', scenario, '--report', 'report.html'], { cwd: folder.path });
    const world = { cwd: folder.path, commands: [elsewhere] };
    expect(await runInMemory(['why', '--file', 'report.html'], world)).toMatchObject({ code: 3, err: '' });
  });

  it('and not together with a rollout', async () => {
    const { code, err } = await runInMemory(['why', 'r1', '--file', 'a.json'], { commands: [elsewhere] });
    expect(code).toBe(2);
    expect(err).toMatch(/^wrong-usage {2}/);
  });
});

it('does not let stored text drive the terminal', async () => {
  const engine = await baking(verdict('hold', { label: '\u001b[2Jerror rate' }), ['\u001b[2Jgone']);
  expect((await run(engine, ['r1'])).out).not.toContain('\u001b');
});

it('refuses a rollout that the engine does not know', async () => {
  const { code, err } = await run(fakeEngine(), ['nobody']);
  expect(code).toBe(5);
  expect(err).toMatch(/^rollout-unknown {2}/);
});
