// `stepshift replay report.html` and of a saved record: without a service file, without AWS, and not of a record that
// somebody touched.

import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { AuditRecord } from '../../src/core/audit/record.ts';
import { ROOT } from '../support/architecture.ts';
import { rechained } from '../support/rechained.ts';
import { runInMemory } from '../support/run-cli.ts';

let folder = '';
let simulated: { readonly outcome: string; readonly reason: object; readonly detectedAt: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stepshift-'));
  const files = ['--report', join(folder, 'report.html'), '--audit', join(folder, 'record.json')];
  const { out } = await runInMemory(['simulate', 'examples/error-spike', ...files, '--format', 'json'], {
    cwd: ROOT,
  });
  simulated = JSON.parse(out);
  await runInMemory(
    [
      'simulate',
      'examples/version-missing',
      '--report',
      join(folder, 'refused.html'),
      '--audit',
      join(folder, 'refused.json'),
    ],
    { cwd: ROOT },
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const replay = (...argv: string[]) => runInMemory(['replay', ...argv], { cwd: folder });
const json = async (...argv: string[]) => JSON.parse((await replay(...argv, '--format', 'json')).out);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const record = (): AuditRecord => JSON.parse(read('record.json'));
const write = (name: string, content: string | object): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

/** A report with another record in it, which is in order but for what was changed. */
function reportWith(change: (text: string) => string): string {
  return read('report.html').replace(
    /(id="stepshift-record">)([^<]+)/,
    (_whole, tag: string, packed: string) => {
      const text = gunzipSync(Buffer.from(packed.trim(), 'base64')).toString('utf8');
      return tag + gzipSync(change(text)).toString('base64');
    },
  );
}

function miscounted(text: string): string {
  return text.replace(/"errors":(\d+)/, (_all, errors: string) => `"errors":${Number(errors) + 1}`);
}

describe('a report and a saved record', () => {
  test.each(['report.html', 'record.json'])('%s gives the verdict that the rollout had', async (file) => {
    const ended = await replay(file, '--format', 'json');
    expect(ended).toMatchObject({ code: 3, err: '' });
    const answer = JSON.parse(ended.out);
    expect(answer).toMatchObject({
      outcome: simulated.outcome,
      endedAt: simulated.detectedAt,
      reason: simulated.reason,
      recorded: { outcome: 'ROLLED_BACK', isDecidedAlike: true },
      whatIf: null,
      notes: [expect.stringMatching(/^All \d+ judgements come out as they were recorded\.$/)],
    });
    // those of a recording, and how the rollout itself ended
    expect(Object.keys(answer)).toEqual([
      'recording',
      'outcome',
      'endedAt',
      'elapsedSeconds',
      'weightPercent',
      'exposure',
      'reason',
      'checks',
      'timeline',
      'recorded',
      'whatIf',
      'notes',
    ]);
  });

  it('say how the rollout itself ended, where that was not for its checks', async () => {
    const other = join(ROOT, 'examples/aborted-by-person');
    await runInMemory(['simulate', other, '--audit', 'aborted.json'], { cwd: folder });
    const { outcome, recorded, notes } = await json('aborted.json');
    expect([outcome, recorded.outcome, notes[1]]).toEqual([
      'PASSED',
      'ABORTED',
      'The rollout itself ended as ABORTED.',
    ]);
  });

  it('say so where it had not ended yet', async () => {
    const facts = record().entries.map(({ fact }) => fact);
    const running = rechained(facts.filter(({ kind }) => kind !== 'ended'));
    write('running.json', { ...record(), ...running });
    expect((await json('running.json')).notes[1]).toBe(
      'The rollout itself had not ended when this was recorded.',
    );
  });

  it('tell the same story as text', async () => {
    const { out } = await replay('report.html');
    expect(out).toContain('checkout  checkout-42  version 42');
    expect(out).toMatch(
      /✖ Would have been rolled back at 21\/11\/2026 09:03:24 GMT — Rolled back checkout v42/,
    );
    expect(out).toMatch(/judgements come out as they were recorded/);
    expect(out).toBe((await replay('record.json')).out);
  });

  it('stream the timeline and then the result as ndjson', async () => {
    const lines = (await replay('report.html', '--format', 'ndjson')).out.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '').event).toBe('traffic-shifted');
    expect(JSON.parse(lines.at(-1) ?? '').outcome).toBe('ROLLED_BACK');
  });

  it('answer a change of the service file that is in them', async () => {
    const changes = ['--what-if', 'checks.errors.floor=20%', '--what-if', 'checks.errors.limit=40%'];
    const { outcome, whatIf } = await json('report.html', ...changes);
    expect(outcome).toBe('ROLLED_BACK');
    expect(whatIf).toMatchObject({
      changes: ['checks.errors.floor=20%', 'checks.errors.limit=40%'],
      outcome: expect.stringMatching(/PASSED|INCONCLUSIVE/),
    });
    const { code, out } = await replay('report.html', ...changes);
    expect(code).toBe(3);
    expect(out).toMatch(/What if checks\.errors\.floor=20% and checks\.errors\.limit=40%/);
  });

  it('answer another service file, and what it cannot be told by', async () => {
    const service = join(ROOT, 'examples/latency/service.yaml');
    const { whatIf, notes } = await json(
      'report.html',
      '--service',
      service,
      '--what-if',
      'sensitivity=high',
    );
    expect(whatIf.changes).toEqual([`--service ${service}`, 'sensitivity=high']);
    expect(notes.length).toBeGreaterThan(0);
    const same = await json('report.html', '--service', join(ROOT, 'examples/error-spike/service.yaml'));
    expect(same.whatIf.endedAt).toBe(same.endedAt);
  });

  it('name the change that is wrong', async () => {
    const { code, err } = await replay('report.html', '--what-if', 'checks.errors.limit=2');
    expect(code).toBe(2);
    expect(err).toContain('--what-if checks.errors.limit=2');
  });
});

describe('refused, with the place and what to do', () => {
  test.each([
    ['--weights', ['report.html', '--weights', '5%@09:00'], 'knows itself which weight applied when'],
    ['--lateness', ['record.json', '--lateness', '0s'], 'knows itself which weight applied when'],
    ['--history', ['report.html', '--history', '.'], 'either one recording or --history'],
    ['a file that is not there', ['nothing.html'], 'unreadable-file'],
    ['a file that is not there, with a service', ['nothing.html', '--service', 'x.yaml'], 'unreadable-file'],
    ['a folder', ['.'], 'it is not a file'],
    ['a recording alone', [join(ROOT, 'examples/replay/bad.jsonl')], 'needs --service'],
  ])('%s', async (_what, argv, said) => {
    const { code, out, err } = await replay(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test.each<[string, () => string | object, string]>([
    ['no JSON', () => `{"format": "stepshift-record/1", "entries": [`, 'not-json'],
    ['another format', () => ({ ...record(), format: 'stepshift-record/2' }), 'stepshift-record/1'],
    ['a document of another release', () => ({ ...record(), prepared: { schemaVersion: 2 } }), 'prepared'],
    ['an entry less', () => ({ ...record(), entries: record().entries.slice(0, -1) }), 'record-broken'],
    ['a number that was changed', () => miscounted(JSON.stringify(record())), 'record-broken'],
    [
      'the record of another rollout',
      () => ({ ...record(), rolloutId: 'checkout-43' }),
      'it should be the opening of checkout-43',
    ],
    [
      'another service file beside whole facts',
      () => JSON.stringify(record()).replaceAll('"limitPercent":1,', '"limitPercent":50,'),
      'is not the one that the rollout was judged by',
    ],
    [
      'facts of another release',
      () => ({
        ...record(),
        ...rechained([...record().entries.map(({ fact }) => fact), { kind: 'moon' } as never]),
      }),
      'unknown-fact',
    ],
  ])('a record with %s', async (_what, content, said) => {
    write('broken.json', content());
    const { code, out, err } = await replay('broken.json');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test.each<[string, () => string, string]>([
    ['no record in it', () => '<!doctype html><p>hello</p>', 'report-without-record'],
    ['a record that is no JSON', () => reportWith((text) => text.slice(0, 200)), 'not-json'],
    ['a record that was changed', () => reportWith(miscounted), 'record-broken'],
    [
      'a record cut off',
      () => read('report.html').replace(/(id="stepshift-record">.{40})[^<]+/, '$1'),
      'report-damaged',
    ],
  ])('a report with %s', async (_what, html, said) => {
    write('broken.html', html());
    const { code, out, err } = await replay('broken.html');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('a report of 200 MB, unread', async () => {
    write('huge.html', '<!doctype html>');
    truncateSync(join(folder, 'huge.html'), 200 * 1024 * 1024);
    const { code, err } = await replay('huge.html');
    expect(code).toBe(2);
    expect(err).toContain('209715200 bytes');
  });

  it('a rollout that was refused: nothing of it was judged', async () => {
    for (const file of ['refused.html', 'refused.json']) {
      const { code, out, err } = await replay(file);
      expect({ file, code, out }).toEqual({ file, code: 5, out: '' });
      expect(err).toContain('nothing-judged');
      expect(err).toContain('REJECTED');
    }
  });
});

describe('a record whose facts and hashes were changed together', () => {
  it('is replayed, and every judgement that comes out otherwise is told', async () => {
    const facts = record().entries.map(({ fact }) =>
      fact.kind === 'judged' && fact.next === 'roll-back'
        ? {
            ...fact,
            periods: fact.periods.map((period) => ({
              ...period,
              canary: period.canary && { ...period.canary, errors: 0 },
            })),
          }
        : fact,
    );
    write('forged.json', { ...record(), ...rechained(facts) });
    const { outcome, recorded, notes } = await json('forged.json');
    expect(outcome).not.toBe('ROLLED_BACK');
    expect(recorded).toMatchObject({ outcome: 'ROLLED_BACK', isDecidedAlike: false });
    expect(notes[0]).toMatch(/^This release decides entry \d+ otherwise: the verdict is /);
  });
});
