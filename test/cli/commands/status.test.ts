// `stepshift status`: one rollout running, one ended, one unknown, and the list of those that run.
import { describe, expect, it } from 'vitest';
import { statusCommandOn } from '../../../src/cli/commands/status.ts';
import type { EventName } from '../../../src/core/events.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import {
  executionArn,
  interruptBy,
  preparedRollout,
  rolledBack,
  rolloutRow,
  START_MS,
  signalBy,
  storyEvent,
} from '../../support/rollout-fixtures.ts';
import { runInMemory } from '../../support/run-cli.ts';
import { shiftedRollout } from '../../support/shifted-rollout.ts';

function run(engine: FakeEngine, ...argv: string[]) {
  return runInMemory(['status', ...argv], { commands: [statusCommandOn(engine.open)] });
}

describe('stepshift status of one rollout', () => {
  it('tells phase, weight, newest judgement and story while it runs, with exit code 0', async () => {
    const { code, out } = await run(await shiftedRollout(), 'r1');
    expect(code).toBe(0);
    expect(out).toContain('checkout-api:live  version 42 against 41');
    expect(out).toContain('BAKING: 5 % of the traffic on version 42');
    expect(out).toContain('Too few requests so far.');
    expect(out).toContain('traffic-shifted happened.');
  });

  it('tells of a wish to stop that is latched', async () => {
    const engine = await shiftedRollout();
    await engine.store.latch('r1', interruptBy('Checkout5xx'));
    expect((await run(engine, 'r1')).out).toContain('Asked to stop: Checkout5xx asked to stop.');
  });

  it('tells who paused it and how it goes on, and who wants it promoted, until it has ended', async () => {
    const engine = await shiftedRollout();
    await engine.store.signal('r1', signalBy('ana', 'pause'));
    await engine.store.signal('r1', signalBy('ben', 'promote'));
    const { out } = await run(engine, 'r1');
    expect(out).toContain('Paused by ana at 05/01/2026 09:01:00 GMT (ana said so.).');
    expect(out).toContain('stepshift resume r1');
    expect(out).toContain('Bakes are cut short by ben at ');
    const { signals } = JSON.parse((await run(engine, 'r1', '--format', 'json')).out);
    expect(signals).toMatchObject({ paused: { actor: 'ana' }, promoted: { actor: 'ben' }, approvals: [] });
    await rolledBack(engine.store, 'r1');
    expect((await run(engine, 'r1')).out).not.toContain('Paused by');
  });

  it('asks the person that the rollout waits for, exit code 10, until somebody answers', async () => {
    const engine = await shiftedRollout();
    const tell = (event: EventName, second: number) =>
      engine.store.recordEvent(storyEvent('r1', event, START_MS + second * 1000));
    const asks = async () => {
      const { code, out } = await run(engine, 'r1');
      return { code, isTold: out.includes('stepshift approve r1') && out.includes('stepshift abort r1 -m') };
    };
    await tell('decision-needed', 600);
    await tell('canary-held', 660);
    expect(await asks()).toEqual({ code: 10, isTold: true });
    await engine.store.signal('r1', signalBy('ana', 'pause'));
    expect(await asks()).toEqual({ code: 0, isTold: false });
    await tell('rollout-paused', 700);
    await engine.store.signal('r1', signalBy('ana', 'resume'));
    expect(await asks()).toEqual({ code: 0, isTold: false });
    await tell('decision-needed', 720);
    expect(await asks()).toEqual({ code: 10, isTold: true });
    await tell('stage-approved', 780);
    expect(await asks()).toEqual({ code: 0, isTold: false });
  });

  it('asks nobody to let go on what is to be taken back', async () => {
    const engine = await shiftedRollout();
    await engine.store.recordEvent(storyEvent('r1', 'decision-needed', START_MS + 600_000));
    await engine.store.latch('r1', interruptBy('Checkout5xx'));
    const { code, out } = await run(engine, 'r1');
    expect(code).toBe(0);
    expect(out).not.toContain('stepshift approve');
  });

  it('ends with the exit code of the outcome', async () => {
    const engine = await shiftedRollout();
    const reason = plainReason('Errors 4.8 % against 0.4 %.', 'errors');
    await engine.store.beginRevert('r1');
    await engine.store.close('r1', { outcome: 'ROLLED_BACK', reason, atMs: START_MS + 90_000 });
    const { code, out } = await run(engine, 'r1');
    expect(code).toBe(3);
    expect(out).toContain('Errors 4.8 % against 0.4 %.');
  });

  it('gives tools the report and the phase as one JSON value', async () => {
    const { out } = await run(await shiftedRollout(), 'r1', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      rolloutId: 'r1',
      phase: 'BAKING',
      executionArn: executionArn('r1'),
      interrupt: null,
      outcome: null,
      finalWeightPercent: 5,
      timeline: [{ event: 'traffic-shifted' }],
    });
  });

  it('does not let stored text drive the terminal', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('r1', { version: '42\u001b[2J' }));
    expect((await run(engine, 'r1')).out).not.toContain('\u001b');
  });

  it('refuses a rollout that the engine does not know, without a stack trace', async () => {
    const { code, out, err } = await run(fakeEngine(), 'nobody');
    expect(code).toBe(5);
    expect(out).toBe('');
    expect(err).toContain('rollout-unknown');
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe('stepshift status without a rollout', () => {
  it('lists those that run, oldest first', async () => {
    const engine = fakeEngine();
    await engine.store.openRollout(rolloutRow('later', { startedAtMs: START_MS + 5000 }));
    await engine.store.openRollout(rolloutRow('earlier', { targetId: 'lambda-alias/search/live' }));
    const { code, out } = await run(engine);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/\s+/)[0])).toEqual(['rollout', 'earlier', 'later', '']);
    expect(JSON.parse((await run(engine, '--format', 'json')).out)).toMatchObject({
      active: [
        { rolloutId: 'earlier', phase: 'PENDING', startedAt: '2026-01-05T09:00:00.000Z' },
        { rolloutId: 'later' },
      ],
    });
  });

  it('says so when none runs', async () => {
    expect(await run(fakeEngine())).toEqual({ code: 0, out: 'No rollout is running.\n', err: '' });
  });
});

describe('stepshift status --past', () => {
  /** `newest` is still open, `gone` has no record, `search-1` is another service's. */
  async function pastEngine(): Promise<FakeEngine> {
    const engine = fakeEngine();
    const { store } = engine;
    const reason = plainReason(
      'Errors 4.8 % against 0.4 %, and a sentence that goes on for long enough to be wrapped.',
    );
    await preparedRollout(store, 'checkout-42');
    await store.beginRevert('checkout-42');
    await store.close('checkout-42', { outcome: 'ROLLED_BACK', reason, atMs: START_MS + 90_000 });
    const elsewhere = { service: 'search', version: '7', targetId: 'lambda-alias/search/live' };
    await store.openRollout(rolloutRow('search-1', elsewhere));
    await store.close('search-1', {
      outcome: 'REJECTED',
      reason: plainReason('No alias.'),
      atMs: START_MS + 1000,
    });
    await store.openRollout(rolloutRow('newest'));
    engine.ended = ['newest', 'gone', 'checkout-42', 'search-1'].map((rolloutId, index) => ({
      rolloutId,
      startedAtMs: START_MS - index * 60_000,
      endedAtMs: START_MS + 60_000 - index * 60_000,
    }));
    return engine;
  }

  it('lists what has ended, the newest first, with outcome and reason, in 80 columns', async () => {
    const engine = await pastEngine();
    const commands = [statusCommandOn(engine.open)];
    const { code, out } = await runInMemory(['status', '--past'], { commands, columns: 80 });
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "rollout      version  outcome      ended
      newest       42       open         05/01/2026 09:01:00 GMT
          Its execution has ended and its record has not: the guard or the sweeper fi…
      gone         –        no record    05/01/2026 09:00:00 GMT
          It ended before it had a record; no traffic was moved.
      checkout-42  42       ROLLED_BACK  05/01/2026 09:01:30 GMT
          Errors 4.8 % against 0.4 %, and a sentence that goes on for long enough to …
      search-1     7        REJECTED     05/01/2026 09:00:01 GMT
          No alias.
      "
    `);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('gives tools the same, null where nothing is known', async () => {
    const { out } = await run(await pastEngine(), '--past', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      isComplete: true,
      past: [
        { rolloutId: 'newest', outcome: null, version: '42' },
        { rolloutId: 'gone', outcome: null, version: null, service: null },
        { rolloutId: 'checkout-42', outcome: 'ROLLED_BACK', endedAt: '2026-01-05T09:01:30.000Z' },
        { rolloutId: 'search-1', outcome: 'REJECTED', service: 'search', sentence: 'No alias.' },
      ],
    });
  });

  it('of one service, and no more than asked for', async () => {
    const ids = async (...argv: string[]) => {
      const { out } = await run(await pastEngine(), '--past', '--format', 'json', ...argv);
      return JSON.parse(out).past.map(({ rolloutId }: { rolloutId: string }) => rolloutId);
    };
    expect(await ids('--service', 'search')).toEqual(['search-1']);
    expect(await ids('--limit', '2')).toEqual(['newest', 'gone']);
    expect(await ids('--service', 'nobody')).toEqual([]);
  });

  it('tells tools whether there may be older ones', async () => {
    const isComplete = async (...argv: string[]) =>
      JSON.parse((await run(await pastEngine(), '--past', '--format', 'json', ...argv)).out).isComplete;
    expect(await isComplete('--limit', '2')).toBe(false);
    expect(await isComplete('--limit', '5')).toBe(true);
  });

  it('says so when there is none', async () => {
    expect((await run(fakeEngine(), '--past')).out).toBe('No rollout has ended.\n');
    expect((await run(fakeEngine(), '--past', '--service', 'shop')).out).toBe(
      'No rollout of shop has ended.\n',
    );
  });

  it('does not look through a history without end, and says so', async () => {
    const engine = fakeEngine();
    engine.ended = Array.from({ length: 600 }, (_, index) => ({
      rolloutId: `r${index}`,
      startedAtMs: 0,
      endedAtMs: 1,
    }));
    const { out } = await run(engine, '--past', '--service', 'shop');
    expect(out).toBe('Only the newest 500 of all services were looked at.\nNone of shop is among them.\n');
  });

  it.each([
    ['r1', '--past'],
    ['--service', 'shop'],
    ['--limit', '5'],
    ['--past', '--limit', '0'],
    ['--past', '--limit', 'many'],
    ['--past', '--service', 'Shop'],
  ])('refuses %s %s before it looks for an engine', async (...argv) => {
    const command = statusCommandOn(() => Promise.reject(new Error('AWS was asked')));
    const { code, err } = await runInMemory(['status', ...argv], { commands: [command] });
    expect(code).toBe(2);
    expect(err).toMatch(/^wrong-(usage|option|name) {2}/);
  });
});

it.each(['a b', 'x/y', 'r'.repeat(81)])(
  'refuses an id that no rollout can have before it looks for an engine: %j',
  async (id) => {
    const command = statusCommandOn(() => Promise.reject(new Error('AWS was asked')));
    const { code, err } = await runInMemory(['status', id], { commands: [command] });
    expect(code).toBe(2);
    expect(err).toMatch(/^wrong-name {2}/);
  },
);
