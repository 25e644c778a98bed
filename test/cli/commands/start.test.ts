// `stepshift start`: the name it gives, and how it follows a rollout to its end.
import { describe, expect, it } from 'vitest';
import { rolloutName, startCommandOn } from '../../../src/cli/commands/start.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import { preparedRollout, START_MS, storyEvent } from '../../support/rollout-fixtures.ts';
import { runInMemory } from '../../support/run-cli.ts';

const ID = 'checkout-42-1f2e3d4c';

/** Runs it; whenever it sleeps, the next thing happens. */
function run(
  engine: FakeEngine,
  argv: readonly string[],
  happenings: readonly (() => Promise<unknown>)[] = [],
) {
  let nowMs = START_MS;
  const left = [...happenings];
  const command = startCommandOn(engine.open, {
    suffix: () => '1f2e3d4c',
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
      await left.shift()?.();
    },
  });
  return runInMemory(['start', ...argv], { commands: [command] });
}

describe('the name of a rollout', () => {
  it.each([
    ['checkout', '42', 'checkout-42-1f2e3d4c'],
    ['checkout', 'release 7/β', 'checkout-release-7--1f2e3d4c'],
    ['checkout', '[x]', 'checkout--x--1f2e3d4c'],
  ])('is readable and allowed as the name of an execution: %s %s', (service, version, name) => {
    expect(rolloutName(service, version, '1f2e3d4c')).toBe(name);
  });

  it('is at most 80 characters, and the suffix is whole', () => {
    const name = rolloutName('checkout', 'v'.repeat(200), '1f2e3d4c');
    expect(name).toHaveLength(80);
    expect(name).toMatch(/^checkout-v+-1f2e3d4c$/);
  });
});

describe('stepshift start', () => {
  it('starts and tells how to see and stop it', async () => {
    const engine = fakeEngine();
    const { code, out } = await run(engine, ['checkout', '42']);
    expect(code).toBe(0);
    expect(engine.starts).toEqual([{ rolloutId: ID, request: { service: 'checkout', version: '42' } }]);
    expect(out).toContain(`Started ${ID}.`);
    expect(out).toContain(`stepshift watch ${ID}`);
  });

  it('gives tools the ids as one JSON value', async () => {
    const { out } = await run(fakeEngine(), ['checkout', '42', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ rolloutId: ID, service: 'checkout', version: '42' });
  });

  it.each([
    ['CHECK', '42'],
    ['checkout', '$LATEST'],
    ['checkout', '42; rm'],
    ['checkout', 'v'.repeat(129)],
  ])('refuses names that nothing can have before it looks for an engine: %j %j', async (service, version) => {
    const open = () => Promise.reject(new Error('AWS was asked'));
    const ways = { suffix: () => '', now: () => 0, sleep: async () => {} };
    const run = await runInMemory(['start', service, version], { commands: [startCommandOn(open, ways)] });
    expect(run.code).toBe(2);
    expect(run.err).toMatch(/^wrong-name {2}/);
  });

  it.each([
    [['checkout']],
    [['checkout', '42', '--wait', '--timeout', 'soon']],
    // without --wait the exit code 0 says «started», and a pipeline would take it for a promotion
    [['checkout', '42', '--timeout', '2h']],
    [['checkout', '42', '--plain']],
  ])('starts nothing on a wrong command line: %j', async (argv) => {
    const engine = fakeEngine();
    expect((await run(engine, argv)).code).toBe(2);
    expect(engine.starts).toEqual([]);
  });
});

describe('stepshift start --accept-alarm', () => {
  it('sends each alarm with its reason', async () => {
    const engine = fakeEngine();
    const { code } = await run(engine, [
      ...['checkout', '43', '--accept-alarm', 'Checkout5xx', '--reason', ' 43 fixes it '],
      ...['--accept-alarm', 'Queue depth', '--reason', 'follows from it'],
    ]);
    expect(code).toBe(0);
    const acceptAlarms = { Checkout5xx: '43 fixes it', 'Queue depth': 'follows from it' };
    expect(engine.starts.map(({ request }) => request)).toEqual([
      { service: 'checkout', version: '43', acceptAlarms },
    ]);
  });

  it.each([
    ['reason-missing', ['--accept-alarm', 'A']],
    ['reason-missing', ['--reason', 'because']],
    ['reason-missing', ['--accept-alarm', 'A', '--accept-alarm', 'B', '--reason', 'because']],
    ['alarm-twice', ['--accept-alarm', 'A', '--reason', 'x', '--accept-alarm', 'A', '--reason', 'y']],
    ['wrong-option', ['--accept-alarm', 'A', '--reason', ' ']],
    ['wrong-option', ['--accept-alarm', 'A', '--reason', 'x'.repeat(301)]],
    ['wrong-option', ['--accept-alarm', '', '--reason', 'x']],
    ['wrong-option', ['--accept-alarm', 'A'.repeat(256), '--reason', 'x']],
    [
      'too-many-alarms',
      Array.from({ length: 21 }, (_, n) => ['--accept-alarm', `A${n}`, '--reason', 'x']).flat(),
    ],
  ])('starts nothing and says %s (%#)', async (problem, argv) => {
    const engine = fakeEngine();
    const { code, err } = await run(engine, ['checkout', '43', ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(`${problem}  `);
    expect(engine.starts).toEqual([]);
  });
});

describe('stepshift start --wait', () => {
  it('tells each event once while it waits, then ends with the outcome', async () => {
    const engine = fakeEngine();
    const { store } = engine;
    const reason = plainReason('Errors 4.8 % against 0.4 %.', 'errors');
    const { code, out, err } = await run(
      engine,
      ['checkout', '42', '--wait'],
      [
        () => preparedRollout(store, ID),
        () => store.recordEvent(storyEvent(ID, 'rollout-started', START_MS)),
        () => store.recordEvent(storyEvent(ID, 'canary-failed', START_MS + 60_000)),
        () => store.beginRevert(ID),
        () => store.close(ID, { outcome: 'ROLLED_BACK', reason, atMs: START_MS + 70_000 }),
      ],
    );
    expect(code).toBe(3);
    expect(err.match(/rollout-started happened/g)).toHaveLength(1);
    expect(err.match(/canary-failed happened/g)).toHaveLength(1);
    expect(out).toContain('Errors 4.8 % against 0.4 %.');
  });

  it('tells a start that was refused before it had a record by its execution', async () => {
    const engine = fakeEngine();
    const { code, out } = await run(
      engine,
      ['nobody', '42', '--wait'],
      [
        async () => {
          engine.execution = { isRunning: false, cause: 'Not started: no service named nobody' };
        },
      ],
    );
    expect(code).toBe(5);
    expect(out).toBe('Not started: no service named nobody\n');
  });

  it('waits on when the execution is over and the record is open: guard or sweeper finish it', async () => {
    const engine = fakeEngine();
    const { store } = engine;
    engine.execution = { isRunning: false, cause: 'stopped' };
    await preparedRollout(store, ID);
    const { code } = await run(
      engine,
      ['checkout', '42', '--wait'],
      [
        () => store.beginRevert(ID),
        () => store.close(ID, { outcome: 'ROLLED_BACK', reason: plainReason('taken over'), atMs: START_MS }),
      ],
    );
    expect(code).toBe(3);
  });

  it('stops watching at the time-out and says that the rollout goes on', async () => {
    const engine = fakeEngine();
    await preparedRollout(engine.store, ID);
    const { code, out } = await run(engine, ['checkout', '42', '--wait', '--timeout', '1m']);
    expect(code).toBe(7);
    expect(out).toContain('still running');
  });

  it('Ctrl-C leaves the rollout alone and says so', async () => {
    const engine = fakeEngine();
    await preparedRollout(engine.store, ID);
    const ways = { suffix: () => '1f2e3d4c', now: () => START_MS, sleep: async () => {} };
    const { code, out } = await runInMemory(['start', 'checkout', '42', '--wait'], {
      commands: [startCommandOn(engine.open, ways)],
      onInterrupt: (listener) => {
        listener();
        return () => {};
      },
    });
    expect(code).toBe(130);
    expect(out).toContain('Detached. The rollout goes on.');
    expect(engine.signals).toEqual([]);
  });
});
