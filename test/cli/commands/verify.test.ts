// `stepshift verify`: records that are whole, records that somebody touched, records that tell of what must not be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyCommandOn } from '../../../src/cli/commands/verify.ts';
import type { AuditEntry } from '../../../src/core/audit/facts.ts';
import { type AuditRecord, RECORD_FORMAT } from '../../../src/core/audit/record.ts';
import type { RolloutStore } from '../../../src/ports.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import {
  intent,
  outcome,
  preparedRollout,
  rolloutRow,
  START_MS,
  storyEvent,
} from '../../support/rollout-fixtures.ts';
import type { RolloutTeller } from '../../support/rollout-teller.ts';
import { runInMemory } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { TraceBuilder } from '../../support/trace-builder.ts';

const NO_ENGINE = verifyCommandOn(() => Promise.reject(new Error('AWS was asked')));

function verify(engine: FakeEngine, ...argv: string[]) {
  return runInMemory(['verify', ...argv], { commands: [verifyCommandOn(engine.open)] });
}

async function verifyFile(content: string | object, ...argv: string[]) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  using folder = tempFolder({ 'record.json': text });
  const world = { cwd: folder.path, commands: [NO_ENGINE] };
  return await runInMemory(['verify', '--file', 'record.json', ...argv], world);
}

function recordOf({ rolloutId, entries }: RolloutTeller): AuditRecord {
  const head = { n: entries.length, hash: entries.at(-1)?.hash ?? '' };
  return { format: RECORD_FORMAT, rolloutId, head, entries, events: [], prepared: null };
}

function wentWell(): AuditRecord {
  return recordOf(new TraceBuilder().rollout().goesWell());
}

function changed(record: AuditRecord, n: number, change: Partial<AuditEntry>): AuditRecord {
  return {
    ...record,
    entries: record.entries.map((entry) => (entry.n === n ? { ...entry, ...change } : entry)),
  };
}

/** An engine that reads something else from its table than was written. */
function touched(
  engine: FakeEngine,
  change: (entries: readonly AuditEntry[]) => readonly AuditEntry[],
): FakeEngine {
  const readAudit: RolloutStore['readAudit'] = async (id) => change(await engine.store.readAudit(id));
  const open: FakeEngine['open'] = async (name) => ({
    ...(await engine.open(name)),
    store: { ...engine.store, readAudit },
  });
  return { ...engine, open };
}

async function runningRollout(): Promise<FakeEngine> {
  const engine = fakeEngine();
  const rollout = await preparedRollout(engine.store, 'r1');
  await engine.store.authoriseShift(rollout, intent(rollout, 1, 5));
  await engine.store.recordShifted(rollout, outcome(rollout, 1, 5));
  await engine.store.recordEvent(storyEvent('r1', 'traffic-shifted', START_MS + 1000));
  return engine;
}

describe('stepshift verify of a rollout', () => {
  it('reads its record from the engine and says, line by line, what holds', async () => {
    const { code, out } = await verify(await runningRollout(), 'r1', '--engine', 'MyEngine');
    expect(code).toBe(0);
    expect(out).toContain('r1  5 entries, it had not ended');
    expect(out).toMatch(/^✔ S3 {2}held 1× +No write of ours/m);
    expect(out).toMatch(/^· S7 {2}not evaluated {2}needs a rollout that was promoted$/m);
    expect(out).toMatch(/✔ The record is whole, and \d+ invariants hold/);
  });

  it('gives tools one JSON value, or one line an invariant and the summary', async () => {
    const engine = await runningRollout();
    const data = JSON.parse((await verify(engine, 'r1', '--format', 'json')).out);
    expect(data).toMatchObject({ isClean: true, rolloutId: 'r1', entries: 5, outcome: null, firstBad: null });
    expect(data.invariants).toHaveLength(28);
    expect(data.invariants[2]).toMatchObject({ id: 'S3', state: 'held', evaluations: 1, breaches: [] });
    const lines = (await verify(engine, 'r1', '--format', 'ndjson')).out.trimEnd().split('\n');
    expect(lines).toHaveLength(29);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ isClean: true, entries: 5 });
  });

  it('keeps the record in a file, which says the same without an engine', async () => {
    using folder = tempFolder({});
    const engine = await runningRollout();
    const saved = await runInMemory(['verify', 'r1', '--save', 'record.json'], {
      cwd: folder.path,
      commands: [verifyCommandOn(engine.open)],
    });
    expect(saved.err).toBe('record: record.json\n');
    const again = await verifyFile(readFileSync(join(folder.path, 'record.json'), 'utf8'));
    expect(again).toEqual({ code: 0, out: saved.out, err: '' });
  });

  it('refuses a rollout that the engine does not know', async () => {
    const { code, out, err } = await verify(fakeEngine(), 'nobody');
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain('rollout-unknown');
  });

  it('refuses a rollout of a release that kept no record', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('r1'));
    const old = touched(engine, () => []);
    const open: FakeEngine['open'] = async (name) => {
      const opened = await old.open(name);
      return { ...opened, store: { ...opened.store, readAuditHead: async () => ({ n: 0, hash: '' }) } };
    };
    const { code, err } = await verify({ ...old, open }, 'r1');
    expect(code).toBe(5);
    expect(err).toContain('record-empty');
  });

  it.each([
    [['r1', '--file', 'record.json']],
    [['--file', 'record.json', '--save', 'other.json']],
    [['--save', 'other.json']],
    [[]],
  ])('takes a rollout or a file: %j is refused', async (argv) => {
    const { code, err } = await runInMemory(['verify', ...argv], { commands: [NO_ENGINE] });
    expect(code).toBe(2);
    expect(err).toContain('verify takes either a rollout or --file');
  });

  it('refuses an id that no rollout can have before it looks for an engine', async () => {
    const { code, err } = await runInMemory(['verify', 'a b'], { commands: [NO_ENGINE] });
    expect(code).toBe(2);
    expect(err).toMatch(/^wrong-name {2}/);
  });

  it('does not let a record drive the terminal', async () => {
    const rollout = new TraceBuilder().rollout().started().shift(0).reverting().gap('\u001b[2J');
    expect((await verifyFile(recordOf(rollout))).out).not.toContain('\u001b');
  });
});

describe('a record that somebody touched', () => {
  it('is named by its first bad entry, and what stands before it is checked', async () => {
    const whole = wentWell();
    const fact = { ...whole.entries[7]?.fact, weightPercent: 49 } as AuditEntry['fact'];
    const { code, out } = await verifyFile(changed(whole, 7, { fact }));
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      '✖ The record is not what was written. First bad entry: 7 (its content is not what was written).',
    );
    expect(out).toMatch(/^✖ S13 violated/m);
    expect(out).toMatch(/^✔ S4 {2}held 1×/m);
    // it did end as PROMOTED, after the bad entry: to say that it had not would be as wrong as to believe it
    expect(out).toContain('r1  16 entries, whether it ended cannot be told');
  });

  it.each<[string, (record: AuditRecord) => AuditRecord, string]>([
    [
      'an entry is missing',
      (record) => ({ ...record, entries: record.entries.toSpliced(4, 1) }),
      'First bad entry: 4 (entry 4 is missing: the next one is 5',
    ],
    [
      'the newest entries are cut off',
      (record) => ({ ...record, entries: record.entries.slice(0, 10) }),
      'First bad entry: 10 (entry 10 is missing: the record counts',
    ],
    [
      'all entries are gone',
      (record) => ({ ...record, entries: [] }),
      'First bad entry: 0 (entry 0 is missing: the record counts',
    ],
    [
      'two entries changed places',
      (record) => ({ ...record, entries: record.entries.with(3, record.entries[4] as AuditEntry) }),
      'First bad entry: 3 (entry 3 is missing: the next one is 4',
    ],
    [
      'a hash is another',
      (record) => changed(record, 2, { hash: 'f'.repeat(64) }),
      'First bad entry: 2 (its content is not what was written',
    ],
    [
      'a fact is no fact any more',
      (record) => changed(record, 5, { fact: '{"kind":"out' as unknown as AuditEntry['fact'] }),
      'First bad entry: 5 (its content is not what was written',
    ],
    [
      'it is the record of another rollout',
      (record) => ({ ...record, rolloutId: 'r2' }),
      'First bad entry: 0 (it should be the opening of r2, and is that of r1',
    ],
  ])('%s', async (_what, touch, words) => {
    const { code, out } = await verifyFile(touch(wentWell()));
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('is found in the table of an engine as well', async () => {
    const engine = touched(await runningRollout(), (entries) =>
      entries.map((entry) =>
        entry.n === 3
          ? { ...entry, fact: { ...entry.fact, weightPercent: 50 } as AuditEntry['fact'] }
          : entry,
      ),
    );
    const { code, out } = await verify(engine, 'r1', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      isClean: false,
      firstBad: { entry: 3, why: 'its content is not what was written' },
    });
  });

  it('is never taken for clean, whichever character of its entries was exchanged', async () => {
    const text = JSON.stringify(wentWell());
    const [from, to] = [text.indexOf('"head"'), text.indexOf('"events"')];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: to - 1 }),
        fc.constantFrom(...'07af"{x'),
        async (at, char) => {
          fc.pre(text[at] !== char);
          const { code } = await verifyFile(text.slice(0, at) + char + text.slice(at + 1));
          expect([1, 2]).toContain(code);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a record that tells of what must not be', () => {
  it('ends with exit code 1 and names invariant and entry', async () => {
    const rollout = new TraceBuilder().rollout().started().shift(0);
    rollout.intent(rollout.shiftTo(1));
    const place = rollout.entries.length - 1;
    const { code, out } = await verifyFile(recordOf(rollout));
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `entry ${place}: r1: the shift to stage 1 came without a judgement that let stage 0 go on`,
    );
    expect(out).toMatch(/^✖ Violated: S4\./m);
  });

  it('names an event that does not belong to the end', async () => {
    const record = wentWell();
    const events = [storyEvent('r1', 'rollout-rolled-back', START_MS)];
    const { code, out } = await verifyFile({ ...record, events }, '--format', 'json');
    expect(code).toBe(1);
    const { invariants } = JSON.parse(out);
    expect(invariants.find(({ id }: { id: string }) => id === 'S12').breaches).toEqual([
      { entry: null, sentence: 'r1 ended as PROMOTED and told rollout-rolled-back' },
    ]);
  });
});

describe('a file that is no record', () => {
  it.each([
    ['no JSON at all', 'entries:', 'not-json'],
    ['something else', '[1, 2]', 'wrong-type'],
    ['another format', JSON.stringify({ ...wentWell(), format: 'x/1' }), 'record.json (format)'],
    ['no entries', JSON.stringify({ ...wentWell(), entries: undefined }), 'entries is missing'],
    [
      'an entry without a place',
      JSON.stringify(changed(wentWell(), 3, { n: -1 })),
      'record.json (entries[3].n)',
    ],
    [
      'an event without a name',
      JSON.stringify({ ...wentWell(), events: [{}] }),
      'record.json (events[0].event)',
    ],
  ])('%s is refused with its place', async (_what, text, words) => {
    const { code, out, err } = await verifyFile(text);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });

  it.each([
    ['that lacks parts', {}],
    ['whose document cannot be read', { ...wentWell(), prepared: { canary: {} } }],
  ])('%s is not to be mended by hand', async (_what, record) => {
    const { code, out, err } = await verifyFile(record);
    // a document that cannot be read must not pass for one that never was, or no judgement would be decided again
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Fix: Save the record again (stepshift verify ROLLOUT --save record.json)');
    expect(err).not.toContain('Fix: Add');
  });

  it('tells of a file that is not there', async () => {
    const { code, err } = await runInMemory(['verify', '--file', '/nowhere/record.json'], {
      commands: [NO_ENGINE],
    });
    expect(code).toBe(2);
    expect(err).toContain('unreadable-file');
  });

  it('tells of a fact that this release does not know, when the chain says that it was written so', async () => {
    const rollout = new TraceBuilder().rollout().started();
    rollout.record({ kind: 'blessed', by: 'whom' } as never);
    const { code, err } = await verifyFile(recordOf(rollout));
    expect(code).toBe(2);
    expect(err).toContain('unknown-fact');
    expect(err).toContain('record.json (entries[6].fact');
  });
});

describe('stepshift simulate --audit', () => {
  it.each(['error-spike', 'healthy'])('keeps the record of %s, which verify finds clean', async (example) => {
    using folder = tempFolder({});
    const file = join(folder.path, 'record.json');
    await runInMemory(['simulate', `examples/${example}`, '--audit', file]);
    const { code, out } = await runInMemory(['verify', '--file', file]);
    expect(code).toBe(0);
    expect(out).toMatch(/^✔ S21 held \d+×/m);
  });
});
