// A pause that is kept after the last look, when the next move is already being made: it holds the rollout all the same,
// and never takes it back.
import { describe, expect, it } from 'vitest';
import { type AuditFact, factsOf } from '../../src/core/audit/facts.ts';
import type { Signal, SignalName } from '../../src/core/signals.ts';
import type { Ports, RolloutStore } from '../../src/ports.ts';
import { signalRollout } from '../../src/steps/signal-rollout.ts';
import { eventsOf, quickRun } from '../sim/quick-service.ts';

const ROLLOUT_ID = 'shop-2';
const MINUTE_MS = 60_000;

type Move = 'authoriseShift' | 'commitPromotion';

/** Ana pauses right before the nth of these calls gets through, and resumes after so many minutes; null: never. */
async function play(move: Move, nth: number, resumedAfterMinutes: number | null) {
  let record: RolloutStore | undefined;
  let calls = 0;
  const wrapPorts = (ports: Ports): Ports => {
    record ??= ports.store;
    const say = (signal: SignalName) =>
      signalRollout.run({ rolloutId: ROLLOUT_ID, signal, actor: 'ana', message: '' }, ports);
    const before = async (): Promise<void> => {
      calls += 1;
      if (calls !== nth) return;
      expect(await say('pause')).toMatchObject({ state: 'kept' });
      if (resumedAfterMinutes !== null) {
        void ports.clock.sleep(resumedAfterMinutes * MINUTE_MS).then(() => say('resume'));
      }
    };
    const store = new Proxy(ports.store, {
      get: (target, key: keyof RolloutStore) => {
        const method = target[key] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (key === move) await before();
          return method(...args);
        };
      },
    });
    return { ...ports, store };
  };
  const result = await quickRun({ horizon: '30h' }, { wrapPorts });
  return { ...result, audit: (await record?.readAudit(ROLLOUT_ID)) ?? [] };
}

type Played = Awaited<ReturnType<typeof play>>;

/** When the pause and the resume were said, and what first came between or after. */
function instants({ audit }: Played, isMove: (fact: AuditFact) => boolean) {
  const places = audit.flatMap(({ fact, n }) => (isMove(fact) ? [n] : []));
  const said = (name: Signal['signal']): number =>
    audit.find(({ fact }) => fact.kind === 'signalled' && fact.signal.signal === name)?.n ?? Infinity;
  return { paused: said('pause'), resumed: said('resume'), moves: places };
}

describe('a pause that comes after the last look', () => {
  it('holds the point of no return until somebody resumes, and then it is promoted', async () => {
    const played = await play('commitPromotion', 1, 30);
    expect(played.outcome).toBe('PROMOTED');
    const { resumed, moves } = instants(played, ({ kind }) => kind === 'committed');
    expect(moves).toHaveLength(1);
    expect(moves[0]).toBeGreaterThan(resumed);
    expect(eventsOf(played)).not.toContain('rollback-started');
  });

  it('holds the next stage in the same way', async () => {
    const played = await play('authoriseShift', 2, 30);
    expect(played.outcome).toBe('PROMOTED');
    const { resumed, moves } = instants(
      played,
      (fact) => fact.kind === 'intent' && fact.action === 'shift' && fact.stageIndex === 1,
    );
    expect(moves).toHaveLength(1);
    expect(moves[0]).toBeGreaterThan(resumed);
  });

  it('is judged on while it stands, and taken back when nobody ends it', async () => {
    const played = await play('commitPromotion', 1, null);
    expect(played.outcome).toBe('ROLLED_BACK');
    expect(played.reason.sentence).toContain('Paused by ana, and nobody resumed it for 1d');
    expect(factsOf(played.audit, 'committed')).toEqual([]);
    expect(factsOf(played.audit, 'judged').length).toBeGreaterThan(100);
  });
});
