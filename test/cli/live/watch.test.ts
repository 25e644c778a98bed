// `stepshift watch`: how it follows a rollout, on a terminal, in lines, as a stream, and every way in which it ends.
import { describe, expect, it } from 'vitest';
import { watchCommandOn } from '../../../src/cli/commands/watch.ts';
import { standingReader } from '../../../src/cli/live/standing.ts';
import { PermissionError, TransientError } from '../../../src/core/errors.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import { type FakeEngine, fakeEngine } from '../../support/fake-engine.ts';
import { type FakeScreen, fakeScreen } from '../../support/fake-screen.ts';
import {
  intent,
  judgedFact,
  outcome,
  preparedRollout,
  rolloutRow,
  START_MS,
  storyEvent,
} from '../../support/rollout-fixtures.ts';
import { type CliWorld, runInMemory } from '../../support/run-cli.ts';

const ID = 'checkout-42-1f2e3d4c';
type Happening = (() => unknown) | null;

/** Runs it; each second the next thing happens, and at the end of all things whoever watches presses Ctrl-C. */
async function watch(
  engine: FakeEngine,
  argv: readonly string[],
  happenings: readonly Happening[] = [],
  world: CliWorld = {},
) {
  let nowMs = START_MS;
  let sleptMs = 0;
  const left = [...happenings];
  const listeners = new Set<() => void>();
  const time = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
      sleptMs += ms;
      if (sleptMs < 1000) return;
      sleptMs -= 1000;
      if (left.length === 0) for (const listener of listeners) listener();
      else await left.shift()?.();
    },
  };
  const onInterrupt = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const command = watchCommandOn(engine.open, time);
  const run = await runInMemory(['watch', ...argv], { onInterrupt, ...world, commands: [command] });
  return { ...run, listening: listeners.size };
}

async function runningEngine(): Promise<FakeEngine> {
  const engine = fakeEngine();
  const { store } = engine;
  const rollout = await preparedRollout(store, ID);
  await store.authoriseShift(rollout, intent(rollout, 1, 5));
  await store.recordShifted(rollout, outcome(rollout, 1, 5));
  await store.recordEvent(storyEvent(ID, 'traffic-shifted', START_MS + 1000));
  return engine;
}

async function rollBack({ store }: FakeEngine): Promise<void> {
  await store.beginRevert(ID);
  const reason = plainReason('Errors 4.8 % against 0.4 %.', 'errors');
  await store.close(ID, { outcome: 'ROLLED_BACK', reason, atMs: START_MS + 70_000 });
  await store.recordEvent(storyEvent(ID, 'rollout-rolled-back', START_MS + 70_000));
}

const drawn = (screen: FakeScreen): string => screen.written.join('');

describe('watch in lines', () => {
  it('tells each event once on stdout, how it stands, and then the end', async () => {
    const engine = await runningEngine();
    const { code, out, err } = await watch(
      engine,
      [ID],
      [null, () => rollBack(engine)].concat(Array(5).fill(null)),
    );
    expect(code).toBe(3);
    expect(err).toBe('');
    expect(out.match(/traffic-shifted happened/g)).toHaveLength(1);
    expect(out.match(/rollout-rolled-back happened/g)).toHaveLength(1);
    expect(out).toContain('5 % of the traffic is on version 42: too early to judge');
    expect(out).toMatch(/✖ Rolled back to version 41 .* — Errors 4\.8 % against 0\.4 %\./);
    expect(out).toContain('exit     3');
  });

  it('says again how it stands when the state changes or minutes have gone by, not at every poll', async () => {
    const engine = await runningEngine();
    const judged = judgedFact(START_MS + 60_000);
    const { out } = await watch(
      engine,
      [ID],
      [...Array(60).fill(null), () => engine.store.recordFact(ID, judged), ...Array(330).fill(null)],
    );
    const lines = out.split('\n').filter((line) => line.includes('of the traffic is on version 42'));
    expect(lines.map((line) => line.replace(/.*version 42: ([^(]*) .*/, '$1'))).toEqual([
      'too early to judge',
      'nothing bad, too early to tell',
      'nothing bad, too early to tell',
    ]);
  });

  it('says once that nobody looks any more, before it is due to say anything', async () => {
    const engine = await runningEngine();
    const early = () => engine.store.recordFact(ID, judgedFact(START_MS + 1000));
    const { out } = await watch(engine, [ID], [...Array(100).fill(null), early, ...Array(250).fill(null)]);
    expect(out.match(/NOT WATCHED: nobody looked since 09:00:01/g)).toHaveLength(1);
  });

  it('says nothing of how it stands while that cannot be read', async () => {
    const engine = await runningEngine();
    const { store } = engine;
    const broken = { ...store };
    const open = async () => ({ ...(await engine.open('x')), store: broken });
    const fail = () => {
      broken.readRow = () => Promise.reject(new TransientError('throttled'));
    };
    const { out } = await watch(
      { ...engine, open },
      [ID],
      [...Array(9).fill(null), fail, ...Array(400).fill(null)],
    );
    expect(out.match(/of the traffic is on version 42/g)).toHaveLength(1);
    expect(out.match(/cannot be read: throttled/g)).toHaveLength(1);
  });

  it('is not drawn with --plain, nor where there is no screen', async () => {
    const screen = fakeScreen();
    const { out } = await watch(await runningEngine(), [ID, '--plain'], [null], { screen, isTerminal: true });
    expect(screen.written).toEqual([]);
    expect(out).toContain('too early to judge');
  });
});

describe('watch for tools', () => {
  it('streams each event and then the report as ndjson, nothing else', async () => {
    const engine = await runningEngine();
    const { code, out, err } = await watch(
      engine,
      [ID, '--format', 'ndjson'],
      [() => rollBack(engine), ...Array(5).fill(null)],
    );
    const values = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(3);
    expect(err).toBe('');
    expect(values.map(({ event, outcome }) => event ?? outcome)).toEqual([
      'traffic-shifted',
      'rollout-rolled-back',
      'ROLLED_BACK',
    ]);
  });

  it('prints one JSON value at the end, and its progress on stderr', async () => {
    const engine = await runningEngine();
    const { out, err } = await watch(
      engine,
      [ID, '--format', 'json'],
      [() => rollBack(engine), ...Array(5).fill(null)],
    );
    expect(JSON.parse(out)).toMatchObject({ rolloutId: ID, outcome: 'ROLLED_BACK' });
    expect(err).toContain('traffic-shifted happened');
  });
});

describe('the ways to end', () => {
  it('Ctrl-C detaches, says how to go on, and ends with 130', async () => {
    const { code, out, listening } = await watch(await runningEngine(), [ID]);
    expect(code).toBe(130);
    expect(out).toContain('Detached. The rollout goes on.');
    expect(out).toContain(`stepshift watch ${ID}`);
    expect(out).toContain(`stepshift abort ${ID} -m "why"`);
    expect(listening).toBe(0);
  });

  it('the time-out ends with 7', async () => {
    const { code, out } = await watch(await runningEngine(), [ID, '--timeout', '1m'], Array(200).fill(null));
    expect(code).toBe(7);
    expect(out).toContain('still running');
  });

  it('the time-out ends with 8 while the way back is not confirmed: nobody knows that traffic is safe', async () => {
    const engine = await runningEngine();
    await engine.store.recordEvent(storyEvent(ID, 'rollback-delayed', START_MS + 60_000));
    const { code, out } = await watch(engine, [ID, '--timeout', '1m'], Array(200).fill(null));
    expect(code).toBe(8);
    expect(out).toContain('not confirmed yet: rollback-delayed happened');
    expect(out).toContain('stepshift emergency-stop');
  });

  it('--until-asked ends with 10 as soon as a person is asked, and not before', async () => {
    const engine = await runningEngine();
    const ask = () => engine.store.recordEvent(storyEvent(ID, 'decision-needed', START_MS + 60_000));
    const { code, out } = await watch(
      engine,
      [ID, '--until-asked'],
      [null, null, ask, ...Array(5).fill(null)],
    );
    expect(code).toBe(10);
    expect(out).toContain(`stepshift approve ${ID}`);
  });

  it('an ended rollout is told at once', async () => {
    const engine = await runningEngine();
    await rollBack(engine);
    const { code, out } = await watch(engine, [ID]);
    expect(code).toBe(3);
    expect(out).toContain('traffic-shifted happened');
  });

  it('an end whose last event never comes is told without it', async () => {
    const engine = await runningEngine();
    await engine.store.beginRevert(ID);
    const reason = plainReason('It was worse.');
    await engine.store.close(ID, { outcome: 'ROLLED_BACK', reason, atMs: START_MS });
    expect((await watch(engine, [ID], Array(60).fill(null))).code).toBe(3);
  });

  it('a store that cannot be read for a while ends nothing; lost rights do', async () => {
    const engine = await runningEngine();
    const { store } = engine;
    const broken = { ...store };
    const open = async () => ({ ...(await engine.open('x')), store: broken });
    const readRow = store.readRow;
    const fail = (error: Error) => () => {
      broken.readRow = () => Promise.reject(error);
    };
    const mend = () => {
      broken.readRow = readRow;
    };
    const throttled = [null, fail(new TransientError('throttled')), ...Array(6).fill(null), mend];
    const run = await watch({ ...engine, open }, [ID], [...throttled, null, null, null]);
    expect(run.code).toBe(130);
    expect(run.out.match(/the record cannot be read: throttled/g)).toHaveLength(1);
    const denied = [null, fail(new PermissionError('expired')), ...Array(6).fill(null)];
    expect((await watch({ ...engine, open }, [ID], denied)).code).toBe(9);
  });
});

describe('which rollout', () => {
  it('without an id watches the one that runs', async () => {
    const { code, out } = await watch(await runningEngine(), []);
    expect(code).toBe(130);
    expect(out).toContain(ID);
  });

  it('lists those that run when there are several', async () => {
    const engine = await runningEngine();
    await engine.store.openRollout(rolloutRow('orders-7-aaaaaaaa', { targetId: 'other' }));
    const { code, err } = await watch(engine, []);
    expect(code).toBe(2);
    expect(err).toContain('which-rollout');
    expect(err).toContain(`${ID}, orders-7-aaaaaaaa`);
  });

  it.each([
    ['nothing runs', [], 5, 'nothing-runs'],
    ['an unknown id', ['nobody-1-00000000'], 5, 'rollout-unknown'],
    ['an id that nothing has', ['no id'], 2, 'wrong-name'],
    ['a time-out that is none', [ID, '--timeout', 'soon'], 2, 'wrong-option'],
  ])('%s', async (_what, argv, code, slug) => {
    const run = await watch(fakeEngine(), argv);
    expect(run.code).toBe(code);
    expect(run.err).toContain(slug);
  });
});

describe('watch on a screen', () => {
  const onScreen = (screen: FakeScreen): CliWorld => ({ screen, isTerminal: true, columns: 80 });

  it('draws, redraws the clock each second, and leaves the cursor visible under the last frame', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const ending = [null, null, null, () => rollBack(engine), ...Array(4).fill(null)];
    const { code, out } = await watch(engine, [ID], ending, onScreen(screen));
    expect(code).toBe(3);
    expect(drawn(screen)).toContain('too early to judge');
    expect(screen.written.filter((text) => text.includes('09:00:0')).length).toBeGreaterThan(2);
    expect(screen.written.at(-1)).toContain('\u001b[?25h');
    expect(out).toContain('Rolled back to version 41');
    expect(out).not.toContain('traffic-shifted happened');
  });

  it('sends an abort with its reason, and shows the answer', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const keys = ['a', ...'Wrong', 'space', ...'totals', 'enter'];
    const pressAll = () => {
      for (const key of keys) screen.press(key);
    };
    await watch(engine, [ID], [pressAll, null, null], onScreen(screen));
    expect(engine.signals).toEqual([{ rolloutId: ID, signal: 'abort', message: 'Wrong totals' }]);
    expect(drawn(screen)).toContain('It is latched.');
  });

  it('approves the stage that asks, and only that', async () => {
    const engine = await runningEngine();
    await engine.store.recordEvent(storyEvent(ID, 'decision-needed', START_MS + 2000));
    const screen = fakeScreen();
    const approve = () => {
      screen.press('c');
      screen.press('y');
    };
    await watch(engine, [ID], [approve, null], onScreen(screen));
    expect(engine.signals).toEqual([{ rolloutId: ID, signal: 'approve', message: '', stageIndex: 0 }]);
  });

  it('d detaches', async () => {
    const screen = fakeScreen();
    const world = onScreen(screen);
    const { code } = await watch(await runningEngine(), [ID], [() => screen.press('d'), null, null], world);
    expect(code).toBe(130);
    expect(screen.written.at(-1)).toContain('\u001b[?25h');
  });

  it('shows the cursor again when it ends with an error', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const { store } = engine;
    const broken = { ...store };
    const open = async () => ({ ...(await engine.open('x')), store: broken });
    const fail = () => {
      broken.readRow = () => Promise.reject(new Error('broken'));
    };
    const run = await watch(
      { ...engine, open },
      [ID],
      [null, fail, ...Array(5).fill(null)],
      onScreen(screen),
    );
    expect(run.code).toBe(1);
    expect(screen.written.at(-1)).toContain('\u001b[?25h');
  });

  it('reads the store 90 times in a minute, and the audit, which grows large, once a look', async () => {
    const engine = await runningEngine();
    const reads = new Map<string, number>();
    const store = new Proxy(engine.store, {
      get: (target, name: keyof typeof engine.store) => {
        reads.set(name, (reads.get(name) ?? 0) + 1);
        return target[name];
      },
    });
    const open = async () => ({ ...(await engine.open('x')), store });
    const minutes = Array.from({ length: 30 }, (_, minute) => [
      ...Array(59).fill(null),
      () => engine.store.recordFact(ID, judgedFact(START_MS + minute * 60_000)),
    ]).flat();
    await watch({ ...engine, open }, [ID], minutes, onScreen(fakeScreen()));
    expect(reads.get('readAudit')).toBe(31);
    reads.delete('readAudit');
    const perMinute = [...reads].map(([name, times]) => [name, Math.round(times / 30)]);
    expect(Object.fromEntries(perMinute)).toEqual({ readRow: 30, readEvents: 30, readAuditHead: 30 });
  });

  it('says in the first line that the record cannot be read, and since when, until it can', async () => {
    const engine = await runningEngine();
    const { store } = engine;
    const broken = { ...store };
    const open = async () => ({ ...(await engine.open('x')), store: broken });
    const fail = () => {
      broken.readRow = () => Promise.reject(new TransientError('throttled'));
    };
    const mend = () => {
      broken.readRow = store.readRow;
    };
    const screen = fakeScreen();
    const seen: string[] = [];
    const look = () => void seen.push(screen.written.splice(0).join(''));
    const quiet = Array(8).fill(null);
    await watch(
      { ...engine, open },
      [ID],
      [...quiet, look, fail, ...quiet, look, mend, ...quiet, look],
      onScreen(screen),
    );
    expect(seen[0]).not.toContain('CANNOT BE READ');
    expect(seen[1]).toMatch(/CANNOT BE READ since 09:00:(0[5-9]|1\d)\. Then: 5 % of the traffic/);
    // how long it has baked since nobody knows
    expect(seen[1]?.split('CANNOT BE READ')[1]).not.toMatch(/baking 00:1[2-9]/);
    expect(seen[2]).not.toContain('CANNOT BE READ');
    expect(seen[2]).toContain('too early to judge');
  });

  it('who leaves right after an abort leaves when it was sent, and is told what became of it', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const answer = Promise.withResolvers<void>();
    const open = async () => {
      const opened = await engine.open('x');
      return {
        ...opened,
        signal: async (wish: Parameters<typeof opened.signal>[0]) => {
          await answer.promise;
          return opened.signal(wish);
        },
      };
    };
    const pressAll = () => {
      for (const key of ['a', 'x', 'enter', 'd']) screen.press(key);
      // later than anything that the view waits for by itself
      setImmediate(() => answer.resolve());
    };
    const { code, out } = await watch({ ...engine, open }, [ID], [pressAll], onScreen(screen));
    expect(code).toBe(130);
    expect(engine.signals).toHaveLength(1);
    expect(out).toMatch(/It is latched\.\n.*Detached/);
  });

  it('who leaves twice waits for no answer', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const open = async () => ({
      ...(await engine.open('x')),
      signal: () => new Promise<never>(() => {}),
    });
    const pressAll = () => {
      for (const key of ['a', 'x', 'enter', 'd', 'ctrl-c']) screen.press(key);
    };
    const { code, out } = await watch({ ...engine, open }, [ID], [pressAll], onScreen(screen));
    expect(code).toBe(130);
    expect(out).toContain('An answer was not waited for.');
  });

  it('sends nothing after the end, while it waits for the last event', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const end = async () => {
      await engine.store.beginRevert(ID);
      await engine.store.close(ID, { outcome: 'ROLLED_BACK', reason: plainReason('Worse.'), atMs: START_MS });
    };
    const pressAll = () => {
      for (const key of ['a', 'x', 'enter', 'p', 'y']) screen.press(key);
    };
    const { code } = await watch(
      engine,
      [ID],
      [end, null, null, null, pressAll, ...Array(20).fill(null)],
      onScreen(screen),
    );
    expect(code).toBe(3);
    expect(engine.signals).toEqual([]);
  });

  it('sees what changed in the row alone', async () => {
    const { store } = await runningEngine();
    const row = await store.readRow(ID);
    if (row === null) throw new Error('no row');
    let paused = false;
    const mark = { actor: 'ana', atMs: START_MS, message: '' };
    const signals = () => ({ ...row.signals, paused: paused ? mark : null });
    const read = standingReader({ ...store, readRow: async () => ({ ...row, signals: signals() }) }, ID);
    const before = await read();
    expect(await read()).toBe(before);
    paused = true;
    expect((await read())?.facts.signals.paused).toEqual(mark);
  });

  it('shows why the engine refused a wish', async () => {
    const engine = await runningEngine();
    const screen = fakeScreen();
    const open = async () => ({
      ...(await engine.open('x')),
      signal: () => Promise.reject(new TransientError('no route to AWS')),
    });
    const pressAll = () => {
      for (const key of ['p', 'y']) screen.press(key);
    };
    await watch({ ...engine, open }, [ID], [pressAll, null, null], onScreen(screen));
    expect(drawn(screen)).toContain('promote failed: no route to AWS');
  });
});
