// Records and rows that a release before this one wrote: whoever asks for them after an upgrade gets an answer.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportCommandOn } from '../../src/cli/commands/report.ts';
import { statusCommandOn } from '../../src/cli/commands/status.ts';
import { whyCommandOn } from '../../src/cli/commands/why.ts';
import type { AuditFact } from '../../src/core/audit/facts.ts';
import type { AuditRecord } from '../../src/core/audit/record.ts';
import { ROOT } from '../support/architecture.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { rechained } from '../support/rechained.ts';
import { judgedFact, preparedRollout, START_MS } from '../support/rollout-fixtures.ts';
import { runInMemory } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The release before intervals knew the rest of a row. */
function withoutIntervals<Value>(value: Value): Value {
  const text = JSON.stringify(value, (key, inner) => (key === 'interval' ? undefined : inner));
  return JSON.parse(text);
}

/** The record of an example as that release had written it, with a chain that is whole. */
async function saveOldRecord(folder: string): Promise<void> {
  const file = join(folder, 'record.json');
  await runInMemory(['simulate', join(ROOT, 'examples/error-spike'), '--audit', file], { cwd: folder });
  const record: AuditRecord = JSON.parse(readFileSync(file, 'utf8'));
  const chain = rechained(record.entries.map(({ fact }) => withoutIntervals(fact)));
  const prepared = withoutIntervals(record.prepared);
  writeFileSync(file, JSON.stringify({ ...record, ...chain, prepared }));
}

describe('the record of a release that knew no intervals', () => {
  it.each([
    ['why', ['why', '--file', 'record.json'], 3, 'Rolled back to version'],
    ['replay', ['replay', 'record.json'], 3, 'All 3 judgements come out as they were recorded.'],
    ['verify', ['verify', '--file', 'record.json'], 0, 'held'],
    ['report', ['report', '--file', 'record.json', '--out', 'report.html'], 0, 'report.html'],
  ])('is answered by %s', async (_verb, argv, expected, text) => {
    using folder = tempFolder({});
    await saveOldRecord(folder.path);
    const { code, out, err } = await runInMemory(argv, { cwd: folder.path });
    expect({ code, err: err.includes('unexpected') }).toEqual({ code: expected, err: false });
    expect(`${out}${err}`).toContain(text);
  });
});

describe('a rollout that an upgrade of the engine met', () => {
  const reading = {
    check: 'errors',
    label: 'error rate',
    unit: '%',
    ...{ stable: 0.4, canary: 4.8, limit: 0.6, better: 'lower', variancePercent: 1100, sample: 1106 },
    ...{ evidence: 400, streams: {}, stillNeeded: null, action: 'consider rollback' },
  };

  it.each(['why', 'status', 'report'])('is answered by %s', async (verb) => {
    using folder = tempFolder({});
    const engine = fakeEngine();
    await preparedRollout(engine.store, 'r1');
    const fact = judgedFact(START_MS + 60_000);
    const old = { ...fact, verdict: { ...fact.verdict, checks: [reading] } } as unknown as AuditFact & {
      readonly kind: 'judged';
    };
    await engine.store.recordFact('r1', old);
    const commands = [whyCommandOn, statusCommandOn, reportCommandOn].map((on) => on(engine.open));
    const { code, err } = await runInMemory([verb, 'r1'], { commands, cwd: folder.path });
    expect({ code, err: err.includes('unexpected') }).toEqual({ code: 0, err: false });
  });
});
