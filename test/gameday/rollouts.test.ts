// The rollouts of the day go the way that the command line goes, over an installed engine.
import { describe, expect, it } from 'vitest';
import { ENGINE } from '../../gameday/core/names.ts';
import { engineRollouts } from '../../gameday/run/rollouts.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { rolloutRow } from '../support/rollout-fixtures.ts';

function rollouts() {
  const engine = fakeEngine();
  const time = { nowMs: 0 };
  const requests: unknown[] = [];
  const port = engineRollouts({
    open: engine.open,
    clock: {
      nowMs: () => time.nowMs,
      sleep: async (ms) => {
        time.nowMs += ms;
      },
    },
    suffix: () => 'abc',
    request: async (detail) => {
      requests.push(detail);
    },
  });
  return { engine, port, requests };
}

describe('rollouts of the day', () => {
  it('are started under a name of their own, on the engine of the day', async () => {
    const { engine, port } = rollouts();
    const { rolloutId } = await port.start('7');
    expect(rolloutId).toBe('gameday-7-abc');
    expect(engine.starts).toEqual([{ rolloutId, request: { service: 'gameday', version: '7' } }]);
    await port.abort(rolloutId, 'enough');
    expect(engine.signals).toEqual([{ rolloutId, signal: 'abort', message: 'enough' }]);
    expect(engine.opened).toEqual([ENGINE]);
  });

  it('are found by their version when an event asked for them', async () => {
    const { engine, port, requests } = rollouts();
    const row = rolloutRow('gameday-7', { version: '7' });
    await engine.store.openRollout(row);
    expect(await port.startByEvent('7')).toEqual({
      rolloutId: row.rolloutId,
      executionArn: row.executionArn,
    });
    expect(requests).toEqual([{ service: 'gameday', version: '7' }]);
  });

  it('are null when the event brought nothing about', async () => {
    expect(await rollouts().port.startByEvent('7')).toBeNull();
  });

  it('have a report once they have a record', async () => {
    const { engine, port } = rollouts();
    const row = rolloutRow('gameday-8');
    expect(await port.report(row.rolloutId)).toBeNull();
    await engine.store.openRollout(row);
    expect(await port.report(row.rolloutId)).toMatchObject({ rolloutId: row.rolloutId, outcome: null });
  });

  it('tell why a start was refused, once its execution has ended', async () => {
    const { engine, port } = rollouts();
    expect(await port.refusal('arn')).toBeNull();
    engine.execution = { isRunning: false, cause: 'a gate is shut' };
    expect(await port.refusal('arn')).toBe('a gate is shut');
  });

  it('are all aborted at the end of the day, and one that does not end is told', async () => {
    const { engine, port } = rollouts();
    await port.stopAll();
    expect(engine.signals).toEqual([]);
    const row = rolloutRow('gameday-8');
    await engine.store.openRollout(row);
    await expect(port.stopAll()).rejects.toThrow('does not end');
    expect(engine.signals).toMatchObject([{ rolloutId: row.rolloutId, signal: 'abort' }]);
  });
});
