// A recorded rollout decided again comes out as it did; with a changed record it does not.
import { describe, expect, it } from 'vitest';
import { type AuditEntry, factsOf, type JudgedFact } from '../../src/core/audit/facts.ts';
import { redecide } from '../../src/core/audit/redecide.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { Ports } from '../../src/ports.ts';
import { play } from './examples.ts';

interface Recorded {
  readonly prepared: Rollout;
  readonly entries: readonly AuditEntry[];
}

async function recorded(name: string): Promise<Recorded> {
  let store: Ports['store'] | undefined;
  const { result } = await play(name, {
    wrapPorts: (ports) => {
      store = ports.store;
      return ports;
    },
  });
  const { rolloutId } = result.report;
  const row = await store?.readRow(rolloutId);
  if (store === undefined || !row?.rollout) throw new Error(`${name} was never prepared`);
  return { prepared: row.rollout, entries: await store.readAudit(rolloutId) };
}

/** The record with every judgement changed that the change has something to say about. */
function changed(
  { entries }: Recorded,
  change: (fact: JudgedFact) => JudgedFact | null,
): readonly AuditEntry[] {
  return entries.map((entry) =>
    entry.fact.kind === 'judged' ? { ...entry, fact: change(entry.fact) ?? entry.fact } : entry,
  );
}

describe('a recorded rollout', () => {
  it.each([
    'error-spike',
    'approval',
    'paused',
    'promoted-by-person',
    'hotfix-under-alarm',
    'hotfix-supersedes',
    'low-traffic',
    'metrics-late',
    'alb-hang',
  ])('%s is decided the same way again', async (name) => {
    const { prepared, entries } = await recorded(name);
    const { decisions, difference } = redecide(prepared, entries);
    expect(difference).toBeNull();
    expect(decisions).toBe(factsOf(entries, 'judged').length);
    expect(decisions).toBeGreaterThan(0);
  });
});

describe('a changed record', () => {
  it('of a count is found at the judgement that leaned on it', async () => {
    const record = await recorded('error-spike');
    const entries = changed(record, (fact) =>
      fact.verdict.kind === 'rollback'
        ? {
            ...fact,
            periods: fact.periods.map((period) => ({
              ...period,
              canary: period.canary && { ...period.canary, errors: 0 },
            })),
          }
        : null,
    );
    const { difference } = redecide(record.prepared, entries);
    expect(difference?.why).toMatch(/^the verdict is (hold|pass), and rollback is recorded$/);
    expect(entries[difference?.n ?? 0]?.fact).toMatchObject({ kind: 'judged', next: 'roll-back' });
  });

  it.each<[string, string, (fact: JudgedFact) => JudgedFact | null]>([
    ['what followed', 'paused', (fact) => (fact.next === 'shift-traffic' ? { ...fact, next: 'bake' } : null)],
    ['what somebody said', 'approval', (fact) => ({ ...fact, signals: { ...fact.signals, approvals: [] } })],
    [
      'an alarm',
      'hotfix-under-alarm',
      (fact) => ({
        ...fact,
        alarms: [...fact.alarms, { name: 'Another', state: 'ALARM', reason: '', updatedAtMs: null }],
      }),
    ],
    [
      'a doubt',
      'paused',
      (fact) => (fact.next === 'shift-traffic' ? { ...fact, doubts: ['Not so sure.'] } : null),
    ],
    ['the history', 'paused', (fact) => ({ ...fact, historyEvents: fact.historyEvents - 10 })],
  ])('of %s is found', async (_what, name, change) => {
    const record = await recorded(name);
    expect(redecide(record.prepared, changed(record, change)).difference).not.toBeNull();
  });

  it('without the shift that led to a stage is found', async () => {
    const { prepared, entries } = await recorded('paused');
    const without = entries.filter(({ fact }) => fact.kind !== 'outcome' || fact.seq !== 2);
    expect(redecide(prepared, without).difference?.why).toMatch(/^stage 2 was judged/);
  });
});

describe('a step that was tried again', () => {
  it('leaves two judgements from one document, and both come out as recorded', async () => {
    const { prepared, entries } = await recorded('healthy');
    const judged = entries.filter(({ fact }) => fact.kind === 'judged');
    const twice = judged[3];
    if (twice === undefined) throw new Error('judged too rarely');
    const repeated = entries.flatMap((entry) => (entry === twice ? [entry, entry] : [entry]));
    expect(redecide(prepared, repeated).difference).toBeNull();
  });

  it('may be recorded long after the tries that followed it', async () => {
    const { prepared, entries } = await recorded('latency');
    const judged = entries.filter(({ fact }) => fact.kind === 'judged');
    const [early, late] = [judged[2], judged.at(-2)];
    if (early?.fact.kind !== 'judged' || late === undefined) throw new Error('judged too rarely');
    const first = { ...early, fact: { ...early.fact, atMs: early.fact.atMs - 700 } };
    const delayed = entries.flatMap((entry) => (entry === late ? [entry, first] : [entry]));
    expect(redecide(prepared, delayed).difference).toBeNull();
  });
});
