// `stepshift report`: of rollouts that run and of past ones, from the engine, from a saved record and from a report; and
// a report still comes out where the record is of another release.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { reportCommandOn } from '../../../src/cli/commands/report.ts';
import { verifyCommandOn } from '../../../src/cli/commands/verify.ts';
import { embeddedRecord } from '../../../src/cli/embedded-record.ts';
import type { AuditEntry } from '../../../src/core/audit/facts.ts';
import type { RolloutStore } from '../../../src/ports.ts';
import { ROOT } from '../../support/architecture.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import { judgedFact, rolledBack, rolloutRow, START_MS } from '../../support/rollout-fixtures.ts';
import { runInMemory } from '../../support/run-cli.ts';
import { shiftedRollout } from '../../support/shifted-rollout.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepshift-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const noAws = () => Promise.reject(new Error('AWS was asked'));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const report = (engine: Pick<FakeEngine, 'open'>, ...argv: string[]) =>
  runInMemory(['report', ...argv], { cwd: folder, commands: [reportCommandOn(engine.open)] });
const offline = (...argv: string[]) => report({ open: noAws }, ...argv);

/** An engine that another release has written to. */
function withEntries(engine: FakeEngine, change: (entries: readonly AuditEntry[]) => readonly AuditEntry[]) {
  const readAudit: RolloutStore['readAudit'] = async (id) => change(await engine.store.readAudit(id));
  const open: FakeEngine['open'] = async (name) => ({
    ...(await engine.open(name)),
    store: { ...engine.store, readAudit },
  });
  return { open };
}

async function simulated(name: string): Promise<void> {
  const files = ['--audit', join(folder, 'record.json'), '--report', join(folder, 'simulated.html')];
  await runInMemory(['simulate', `examples/${name}`, ...files], { cwd: ROOT });
}

describe('of a rollout of an engine', () => {
  it('that still runs is written to reports/, which is made', async () => {
    const engine = await shiftedRollout();
    const { code, out, err } = await report(engine, 'r1', '--engine', 'MyEngine');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(
      /^▶ Running: 5 % of the traffic is on version 42 — .*\nreport: reports\/r1\.html\n$/s,
    );
    expect(engine.opened).toEqual(['MyEngine']);
    expect(read('reports/r1.html')).toContain('<!doctype html>');
  });

  it('that was rolled back is a success too, and says what came of it', async () => {
    const engine = await shiftedRollout();
    await rolledBack(engine.store, 'r1');
    const { code, out } = await report(engine, 'r1', '--out', 'out/mine.html');
    expect(code).toBe(0);
    expect(out).toMatch(/^✖ Rolled back to version 41 at .* — .*\nreport: out\/mine\.html\n$/s);
    expect(existsSync(join(folder, 'reports'))).toBe(false);
  });

  it('gives tools the report model, and where it was written', async () => {
    const engine = await shiftedRollout();
    const data = JSON.parse((await report(engine, 'r1', '--format', 'json')).out);
    expect(data).toMatchObject({ file: 'reports/r1.html', notes: [], rolloutId: 'r1', outcome: null });
    expect(data.timeline).toHaveLength(1);
  });

  it('carries the record, which verify reads', async () => {
    const engine = await shiftedRollout();
    await report(engine, 'r1');
    const verify = (...argv: string[]) =>
      runInMemory(['verify', ...argv], { cwd: folder, commands: [verifyCommandOn(engine.open)] });
    expect(await verify('--file', 'reports/r1.html')).toEqual(await verify('r1'));
  });

  it('is refused where the engine knows no such rollout, and nothing is written', async () => {
    const { code, out, err } = await report(fakeEngine(), 'nobody');
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain('rollout-unknown');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that only began has a report without a record of judgements', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('r1'));
    expect((await report(engine, 'r1')).code).toBe(0);
  });

  it('of another release comes out without what is not known of it', async () => {
    const moon = withEntries(await shiftedRollout(), (entries) =>
      entries.map((entry) =>
        entry.fact.kind === 'judged' ? { ...entry, fact: { kind: 'moon' } as never } : entry,
      ),
    );
    const { code, err } = await report(moon, 'r1');
    expect(code).toBe(0);
    expect(err).toContain('Left out: 1 entry of another release');
  });

  it('of another release whose chain is whole is not examined, and says so', async () => {
    const engine = await shiftedRollout();
    await engine.store.recordFact('r1', { ...judgedFact(START_MS + 120_000), alarms: 'none' } as never);
    const { code, out, err } = await report(engine, 'r1', '--format', 'json');
    expect(code).toBe(0);
    expect(err).toContain('The record was not examined: another release wrote it');
    expect(JSON.parse(out).notes).toHaveLength(2);
  });
});

describe('of a file, without AWS', () => {
  test.each([
    ['error-spike', 'Rolled back to version 41'],
    ['version-missing', 'Not started'],
    ['aborted-by-person', 'Aborted'],
  ])('the record of %s', async (name, headline) => {
    await simulated(name);
    const { code, out } = await offline('--file', 'record.json', '--out', 'x.html');
    expect(code).toBe(0);
    expect(out).toContain(headline);
    expect(read('x.html')).toContain('<!doctype html>');
  });

  it('that is a report: the same record is in the new one', async () => {
    await simulated('error-spike');
    await offline('--file', 'simulated.html', '--out', 'again.html');
    const record = (name: string): unknown => JSON.parse(embeddedRecord(read(name), name, 64 * 1024 * 1024));
    expect(record('again.html')).toEqual(record('simulated.html'));
  });

  it('says of the rollout what its simulation said, but for what only the simulator knows', async () => {
    await simulated('error-spike');
    const {
      outcome: end,
      reason,
      course,
      checks,
      timeline,
      stages,
    } = JSON.parse((await offline('--file', 'record.json', '--format', 'json')).out);
    const model = JSON.parse(/id="stepshift-report">([^<]+)/.exec(read('simulated.html'))?.[1] ?? '');
    expect({ outcome: end, reason, course, checks, timeline, stages }).toEqual({
      outcome: model.outcome,
      reason: model.reason,
      course: model.course,
      checks: model.checks,
      timeline: model.timeline,
      stages: model.stages,
    });
  });

  it('that names a rollout like a path writes nothing outside of the folder', async () => {
    await simulated('error-spike');
    writeFileSync(
      join(folder, 'evil.json'),
      JSON.stringify({ ...JSON.parse(read('record.json')), rolloutId: '../evil' }),
    );
    const { code, err } = await offline('--file', 'evil.json');
    expect(code).toBe(2);
    expect(err).toMatch(/^wrong-name {2}/);
    expect(existsSync(join(folder, 'evil.html'))).toBe(false);
  });

  it('whose events are of another release leaves them out', async () => {
    await simulated('error-spike');
    const record = JSON.parse(read('record.json'));
    record.events[0].event = 'landed-on-the-moon';
    writeFileSync(join(folder, 'moon.json'), JSON.stringify(record));
    const { code, err } = await offline('--file', 'moon.json', '--out', 'x.html');
    expect(code).toBe(0);
    expect(err).toContain('Left out: 1 entry of another release');
  });
});

describe('a wrong command line', () => {
  test.each([
    [['r1', '--file', 'record.json'], 'report takes either a rollout or --file'],
    [[], 'report takes either a rollout or --file'],
    [['--out', 'x.html'], 'report takes either a rollout or --file'],
    [['a b'], 'wrong-name'],
    [['--file', 'nothing.json'], 'unreadable-file'],
    [['--file', 'nothing.json', '--out', ''], 'unreadable-file'],
  ])('%j is refused, and nothing is written', async (argv, said) => {
    const { code, out, err } = await offline(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names a place where nothing can be written', async () => {
    const { code, err } = await report(await shiftedRollout(), 'r1', '--out', '.');
    expect(code).toBe(2);
    expect(err).toContain('unwritable-file');
  });
});
