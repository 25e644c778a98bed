// `simulate --watch`: the same result as without, drawn, in lines or as a stream; and left half way.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RealTime } from '../../../src/cli/live/waker.ts';
import { watchSimulation } from '../../../src/cli/live/watch-simulation.ts';
import { memoryStore } from '../../../src/sim/memory-store.ts';
import { fakeScreen } from '../../support/fake-screen.ts';
import { type CliWorld, runInMemory } from '../../support/run-cli.ts';

const example = (name: string): string => join(import.meta.dirname, '../../../examples', name);
const FAST = ['--speed', '100000'];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepshift-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const run = (argv: readonly string[], world: CliWorld = {}) =>
  runInMemory(['simulate', ...argv], { cwd: folder, ...world });

describe('simulate --watch', () => {
  it.each(['healthy', 'error-spike', 'approval', 'alb-hang', 'rollback-api-throttled'])(
    'changes nothing of what %s answers',
    async (name) => {
      const plain = await run([example(name), '--format', 'json']);
      const watched = await run([example(name), '--format', 'json', '--watch']);
      expect(watched.out).toBe(plain.out);
      expect(watched.code).toBe(plain.code);
    },
  );

  it('changes nothing of the record and of the report either', async () => {
    const files = (name: string) => ['--audit', `${name}.json`, '--format', 'json'];
    await run([example('latency'), ...files('plain')]);
    await run([example('latency'), ...files('watched'), '--watch']);
    const [plain, watched] = await Promise.all(
      ['plain', 'watched'].map((name) => readFile(join(folder, `${name}.json`), 'utf8')),
    );
    expect(watched).toBe(plain);
  });

  it('changes nothing of the record when it is drawn either', async () => {
    const audit = (name: string) => ['--audit', `${name}.json`];
    await run([example('approval'), ...audit('plain')]);
    const screen = fakeScreen(100, 30);
    const argv = [example('approval'), ...audit('drawn'), '--watch', '--speed', '5000'];
    await run(argv, { screen, isTerminal: true });
    const [plain, drawn] = await Promise.all(
      ['plain', 'drawn'].map((name) => readFile(join(folder, `${name}.json`), 'utf8')),
    );
    expect(screen.written.length).toBeGreaterThan(2);
    expect(drawn).toBe(plain);
  });

  // Node tells of a negative time-out on stderr, which moves the cursor, and every frame after it stands in the wrong place
  it('never sleeps for less than nothing, however the clock runs on between two glances at it', async () => {
    let nowMs = 0;
    const slept: number[] = [];
    const time: RealTime = {
      now: () => {
        nowMs += 7;
        return nowMs;
      },
      sleep: async (ms) => {
        slept.push(ms);
      },
    };
    const leaving = new Set<() => void>();
    const context = {
      screen: fakeScreen(),
      hasColour: false,
      remark: () => {},
      emit: () => {},
      onInterrupt: (listener: () => void) => {
        leaving.add(listener);
        return () => void leaving.delete(listener);
      },
    };
    const left = await watchSimulation(context, time, 120, async ({ show }) => {
      const store = memoryStore();
      for (let frame = 0; ; frame += 1) {
        await show({ store, rolloutId: 'none', nowMs: frame });
        if (frame === 9) for (const leave of leaving) leave();
      }
    });
    expect(left).toBeNull();
    expect(slept.length).toBeGreaterThan(9);
    expect(Math.min(...slept)).toBeGreaterThan(0);
  });

  it('is drawn on a screen, and the cursor is there afterwards', async () => {
    const screen = fakeScreen(100, 30);
    const { code, out } = await run([example('error-spike'), '--watch', ...FAST], {
      screen,
      isTerminal: true,
    });
    expect(code).toBe(3);
    expect(screen.written.join('')).toContain('Rolled back to version 41');
    expect(screen.written.at(-1)).toContain('\u001b[?25h');
    // the timeline is on the screen already
    expect(out).not.toContain('↗ shifted');
    expect(out).toContain('exit     3');
  });

  it('without a screen tells on stderr how it stands, and prints what it always prints', async () => {
    const plain = await run([example('error-spike')]);
    const { out, err } = await run([example('error-spike'), '--watch']);
    expect(out).toBe(plain.out);
    expect(err.match(/traffic, verified/g)).toHaveLength(1);
    expect(err).toMatch(/5 % of the traffic is on version 42: too early to judge \(.*baking 00:58 of 10:00/);
  });

  it('streams the same values as ndjson as without', async () => {
    const plain = await run([example('error-spike'), '--format', 'ndjson']);
    const watched = await run([example('error-spike'), '--format', 'ndjson', '--watch']);
    expect(watched.out).toBe(plain.out);
  });

  it('Ctrl-C ends it: exit code 130, nothing written, and time is real again', async () => {
    let interrupt = (): void => {};
    const onInterrupt: NonNullable<CliWorld['onInterrupt']> = (listener) => {
      interrupt = listener;
      return () => {};
    };
    const screen = fakeScreen();
    const write = (text: string): void => {
      screen.written.push(text);
      interrupt();
    };
    const argv = [example('healthy'), '--watch', '--speed', '6000', '--report', 'report.html'];
    const { setTimeout: real } = globalThis;
    const { code, out } = await run(argv, { screen: { ...screen, write }, isTerminal: true, onInterrupt });
    expect(code).toBe(130);
    expect(out).toContain('Left before the end');
    expect(await readdir(folder)).toEqual([]);
    expect(globalThis.setTimeout).toBe(real);
  });

  it.each([
    ['--speed alone', ['--speed', '60'], 'wrong-usage'],
    ['a speed of nothing', ['--watch', '--speed', '0'], 'wrong-option'],
    ['a speed that is none', ['--watch', '--speed', 'fast'], 'wrong-option'],
  ])('refuses %s', async (_what, argv, slug) => {
    const { code, err } = await run([example('healthy'), ...argv]);
    expect(code).toBe(2);
    expect(err).toContain(slug);
  });
});
