// Frames of the live view as people see them, at 80 and 120 columns, coloured and plain; and that every frame fits.
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FrameSize, frame } from '../../../src/cli/live/frame.ts';
import { type Keys, NO_KEYS } from '../../../src/cli/live/keys.ts';
import { widthOf } from '../../../src/cli/live/width.ts';
import { liveView } from '../../../src/core/live-view.ts';
import { endOf, type Scene, sceneOf } from './scenes.ts';

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  baking: () => sceneOf({ example: 'healthy', state: 'passing', after: 60 }),
  gathering: () => sceneOf({ example: 'healthy', state: 'gathering' }),
  'looks-worse': () => sceneOf({ example: 'latency', state: 'held' }),
  'thin-sample': () => sceneOf({ example: 'low-traffic', state: 'held', after: 30 }),
  'alarm-firing': () => sceneOf({ example: 'alarm-fires', state: 'stopping', everyMs: 100 }),
  'not-watched': async () => {
    const scene = await sceneOf({ example: 'healthy', state: 'passing', after: 60 });
    return { ...scene, nowMs: scene.nowMs + 12 * 60_000 };
  },
  'just-shifted': () => sceneOf({ example: 'healthy', state: 'unjudged', after: 15 }),
  paused: () => sceneOf({ example: 'paused', state: 'paused', after: 10 }),
  asked: () => sceneOf({ example: 'approval', state: 'asked', after: 10 }),
  'rolling-back': () => sceneOf({ example: 'rollback-api-throttled', state: 'reverting', after: 1 }),
  'rolled-back': () => endOf('error-spike'),
  'rolled-back-by-alarm': () => endOf('alarm-fires'),
  promoted: () => endOf('healthy'),
  aborted: () => endOf('aborted-by-person'),
  rejected: () => endOf('version-missing'),
  superseded: () => endOf('hotfix-supersedes'),
  incomplete: async () => {
    const { report, ...rest } = await endOf('error-spike');
    return {
      ...rest,
      report: { ...report, outcome: 'ROLLBACK_INCOMPLETE', finalWeightPercent: 5, safeAt: null },
    };
  },
};
const scenes = new Map<string, Scene>();

beforeAll(async () => {
  // one after the other: each of them replaces the timers of this process
  for (const [name, make] of Object.entries(SCENES)) scenes.set(name, await make());
}, 120_000);

function drawn(name: string, size: FrameSize, hasColour: boolean, keys: Keys = NO_KEYS): readonly string[] {
  const scene = scenes.get(name);
  if (scene === undefined) throw new Error(`no scene ${name}`);
  return frame(liveView(scene), size, { keys, hasKeys: true, canSignal: true }, hasColour);
}

const SIZES: readonly FrameSize[] = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
];
const CASES = Object.keys(SCENES).flatMap((name) =>
  SIZES.flatMap((size) => [false, true].map((hasColour) => ({ name, size, hasColour }))),
);

describe('frames', () => {
  it.each(CASES)('$name at $size.columns columns, colour: $hasColour', async ({ name, size, hasColour }) => {
    const file = `${name}-${size.columns}${hasColour ? '-colour' : ''}.txt`;
    const text = `${drawn(name, size, hasColour).join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'frames', file));
  });

  it.each(CASES.filter(({ hasColour }) => hasColour))(
    'colour adds nothing to $name at $size.columns columns',
    ({ name, size }) => {
      const uncoloured = drawn(name, size, true).map((line) => withoutColour(line).trimEnd());
      expect(uncoloured).toEqual(drawn(name, size, false));
    },
  );

  it.each([
    ['abort', { asks: 'abort', typed: 'support sees wrong totals' }],
    ['promote', { asks: 'promote' }],
    ['help', { asks: 'help' }],
    ['why', { isWhyShown: true }],
  ] as const)('the foot when a person pressed the key of %s', async (name, change) => {
    const lines = drawn('baking', { columns: 80, rows: 24 }, false, { ...NO_KEYS, ...change });
    const file = join(import.meta.dirname, 'frames', `key-${name}-80.txt`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(file);
  });
});

describe('at 80 columns', () => {
  it.each(Object.keys(SCENES).filter((name) => name !== 'rejected'))(
    '%s shows value, limit, interval, sample and verdict of each check',
    (name) => {
      const lines = drawn(name, { columns: 80, rows: 24 }, false);
      const worst = lines.findIndex((line, row) => row > 0 && line.startsWith('▶ '));
      const headings = ['canary', 'allowed', 'likely', 'sample', 'verdict'];
      expect(lines[worst - 1]?.split(/ +/)).toEqual(expect.arrayContaining(headings));
    },
  );

  it('the reason is whole where rows are free', () => {
    const text = drawn('looks-worse', { columns: 80, rows: 24 }, false).join(' ').replaceAll(/ +/g, ' ');
    expect(text).toContain(scenes.get('looks-worse')?.report.reason.sentence);
  });
});

describe('whatever the size of the terminal', () => {
  const HOSTILE = 'a\u001b[31m\u202eevil\r\n名前が長い👩‍👩‍👧'.repeat(40);

  function hostile({ report, facts, nowMs }: Scene): Scene {
    return {
      nowMs,
      facts,
      report: {
        ...report,
        target: HOSTILE,
        rolloutId: HOSTILE,
        canaryVersion: HOSTILE,
        reason: { ...report.reason, sentence: HOSTILE },
        checks: report.checks.map((check) => ({ ...check, label: HOSTILE, unit: HOSTILE })),
        timeline: report.timeline.map((entry) => ({ ...entry, sentence: HOSTILE })),
      },
    };
  }

  it('a frame fits, holds no control characters and says something', () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 200 }),
      rows: fc.integer({ min: 1, max: 60 }),
    });
    const asked = fc.constantFrom<Keys['asks']>('nothing', 'help', 'abort', 'approve', 'promote');
    const name = fc.constantFrom(...Object.keys(SCENES));
    fc.assert(
      fc.property(
        name,
        size,
        asked,
        fc.boolean(),
        fc.boolean(),
        (of, { columns, rows }, asks, isHostile, has) => {
          const scene = scenes.get(of);
          if (scene === undefined) throw new Error(`no scene ${of}`);
          const view = liveView(isHostile ? hostile(scene) : scene);
          const keys = { ...NO_KEYS, asks, isWhyShown: has, typed: HOSTILE, notice: HOSTILE };
          const foot = { keys, hasKeys: true, canSignal: has };
          const lines = frame(view, { columns, rows }, foot, has).map(withoutColour);
          expect(lines.length).toBeLessThanOrEqual(rows);
          expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
          expect(lines.filter((line) => /[\p{Cc}\u202e]/u.test(line))).toEqual([]);
          expect(lines[0]?.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([60, 40, 20])('a person who is asked is told the key for it at %d columns', (columns) => {
    expect(drawn('asked', { columns, rows: 12 }, false).at(-1)).toContain('[c] let it go on');
  });

  it('a small terminal tells until when an answer is awaited before who and where', () => {
    const lines = drawn('asked', { columns: 40, rows: 12 }, false);
    expect(lines.join(' ')).toContain('next: approve, then promotion');
  });

  it.each([
    ['abort', /^ {2}Why: wrong tot▏$/],
    ['promote', /^ {2}Promote version 4/],
    ['approve', /^ {2}Let version 42 go/],
  ] as const)('a tiny terminal shows what is asked before %s', (asks, last) => {
    const keys = { ...NO_KEYS, asks, typed: 'wrong tot', notice: 'Sending …' };
    expect(drawn('asked', { columns: 20, rows: 5 }, false, keys).at(-1)).toMatch(last);
  });

  it('a tiny terminal still says how it stands', () => {
    const text = drawn('rolling-back', { columns: 20, rows: 5 }, false).join(' ').replaceAll(/ +/g, ' ');
    expect(text).toContain('NOT SAFE YET');
  });
});

function withoutColour(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return line.replaceAll(/\u001b\[\d+m/g, '');
}
