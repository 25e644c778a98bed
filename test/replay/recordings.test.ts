// Recordings as lines: both forms tell the same, several rollouts in one file are kept apart, mistakes name their line.
import { describe, expect, test } from 'vitest';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import type { Recording } from '../../src/replay/recording.ts';
import { recordingReader } from '../../src/replay/recording-reader.ts';
import { read as readFile } from '../support/architecture.ts';
import { HEALTHY, type Traffic } from './recorded-traffic.ts';
import { headedLines, protocolLines, RECORDED_AT_MS } from './written-recordings.ts';

const { spec: SPEC } = parseServiceText(readFile('examples/replay/service.yaml'), 'service.yaml');

const TRAFFIC: Traffic = {
  seed: 5,
  requestsPerMinute: 600,
  plan: [
    { weight: 0.05, minutes: 3 },
    { weight: 0.5, minutes: 2 },
  ],
  stable: HEALTHY,
  canary: () => HEALTHY,
};

function read(text: string): readonly Recording[] {
  const reader = recordingReader('file.jsonl', SPEC.checks.custom);
  const lines = text.trimEnd().split('\n');
  const found = lines.flatMap((line, index) => reader.take(line, `file.jsonl:${index + 1}`) ?? []);
  return [...found, ...[reader.end()].filter((last) => last !== null)];
}

function problemOf(text: string): unknown {
  try {
    read(text);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems[0];
    throw error;
  }
  return null;
}

const HEADER = {
  format: 'stepshift-recording/1',
  periodSeconds: 60,
  startedAt: '2026-01-05T09:00:00Z',
  shifts: [
    { at: '2026-01-05T09:00:00Z', weightPercent: 5 },
    { at: '2026-01-05T09:02:00Z', weightPercent: 25 },
  ],
};
const ROW = { requests: 10, errors: 1 };
const PERIOD = { at: '2026-01-05T09:00:00Z', stable: ROW, canary: ROW };
const text = (...lines: readonly unknown[]): string => lines.map((line) => JSON.stringify(line)).join('\n');
const at = (minute: number): string => `2026-01-05T09:${String(minute).padStart(2, '0')}:00Z`;

describe('a recording', () => {
  test('in our own form has its weights, its history and every minute', () => {
    const [recording, ...more] = read(headedLines(TRAFFIC));
    expect(more).toEqual([]);
    expect(recording).toMatchObject({
      name: 'file.jsonl',
      version: '42',
      isClockKnown: true,
      startedAtMs: RECORDED_AT_MS,
      firstShift: { atMs: RECORDED_AT_MS, weightPercent: 5 },
      shifts: [{ weightPercent: 5 }, { atMs: RECORDED_AT_MS + 180_000, weightPercent: 50 }],
      truth: null,
    });
    expect(recording?.history).toHaveLength(60);
    expect(recording?.history.at(-1)?.startMs).toBe(RECORDED_AT_MS - 60_000);
    expect(recording?.periods.map(({ startMs }) => (startMs - RECORDED_AT_MS) / 60_000)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(recording?.periods[0]?.canary).toMatchObject({ metrics: { conversion: expect.any(Number) } });
  });

  test('in the line protocol tells the same, counted from its start', () => {
    const [headed] = read(headedLines(TRAFFIC));
    const [spoken] = read(protocolLines('checkout-42', TRAFFIC));
    expect(spoken).toMatchObject({ name: 'checkout-42', isClockKnown: false, startedAtMs: 0 });
    const timesOf = (recording: Recording | undefined) =>
      [...(recording?.history ?? []), ...(recording?.periods ?? [])].map(({ startMs, stable, canary }) => ({
        seconds: (startMs - (recording?.startedAtMs ?? 0)) / 1000,
        requests: [stable?.requests, canary?.requests],
      }));
    expect(timesOf(spoken)).toEqual(timesOf(headed));
    expect(spoken?.shifts.map(({ weightPercent }) => weightPercent)).toEqual([5, 50]);
  });

  test('a file may hold many, in either form', () => {
    const three = [1, 2, 3].map((seed) => protocolLines(`r${seed}`, { ...TRAFFIC, seed })).join('');
    expect(read(three).map(({ name }) => name)).toEqual(['r1', 'r2', 'r3']);
    const two = read(headedLines(TRAFFIC) + headedLines({ ...TRAFFIC, seed: 9 }));
    expect(two.map(({ name }) => name)).toEqual(['file.jsonl', 'file.jsonl #2']);
    expect(two[0]?.periods[0]).not.toEqual(two[1]?.periods[0]);
  });

  test.each([
    ['our own form', headedLines, RECORDED_AT_MS],
    [
      'the line protocol',
      (traffic: Traffic, truth?: object) => protocolLines('r', traffic, truth as never),
      0,
    ],
  ])('in %s the truth belongs to its rollout, by instant or by second', (_what, write, startMs) => {
    const truth = { outcome: 'bad', onset: 60, bad: [0, 0, 3, 4, 5] } as const;
    const [first, second] = read(write(TRAFFIC, truth) + write(TRAFFIC));
    expect(first?.truth).toEqual({ isBad: true, onsetMs: startMs + 60_000 });
    expect(first?.periods.map(({ bad }) => bad)).toEqual([0, 0, 3, 4, 5]);
    expect(second?.truth).toBeNull();
    const [known] = read(write(TRAFFIC, { outcome: 'bad', onset: '2026-01-05T09:02:00Z' } as never));
    expect(known?.truth?.onsetMs).toBe(Date.UTC(2026, 0, 5, 9, 2));
    expect(read(write(TRAFFIC, { outcome: 'good' }))[0]?.truth).toEqual({ isBad: false, onsetMs: null });
  });

  test('minutes before the first shift are history, a missing one is a period without a report', () => {
    const [recording] = read(
      text(
        { ...HEADER, shifts: [{ at: '2026-01-05T09:02:30Z', weightPercent: 5 }] },
        ...[0, 1, 2, 5].map((minute) => ({ ...PERIOD, at: at(minute) })),
      ),
    );
    expect(recording?.history.map(({ startMs }) => startMs)).toEqual([Date.parse(at(0)), Date.parse(at(1))]);
    expect(recording?.periods.map(({ startMs, canary }) => [startMs, canary?.requests ?? null])).toEqual([
      [Date.parse(at(2)), 10],
      [Date.parse(at(3)), null],
      [Date.parse(at(4)), null],
      [Date.parse(at(5)), 10],
    ]);
  });

  test('nothing at all is no recording', () => {
    expect(recordingReader('x').end()).toBeNull();
  });
});

describe('a recording that is wrong', () => {
  test.each<[string, string, string, string]>([
    ['no JSON', 'hello', 'not-json', 'file.jsonl:1'],
    ['another form', text({ hello: 1 }), 'unknown-recording', 'file.jsonl:1'],
    ['a list', text([1]), 'unknown-recording', 'file.jsonl:1'],
    [
      'a later form',
      text({ ...HEADER, format: 'stepshift-recording/2' }),
      'unknown-word',
      'file.jsonl:1 (format)',
    ],
    ['an unknown key', text({ ...HEADER, period: 60 }), 'unknown-key', 'file.jsonl:1 (period)'],
    ['no shifts', text({ ...HEADER, shifts: [] }), 'out-of-range', 'file.jsonl:1 (shifts)'],
    [
      'shifts that go back',
      text({ ...HEADER, shifts: HEADER.shifts.toReversed() }),
      'wrong-time',
      'file.jsonl:1 (shifts[1].at)',
    ],
    [
      'a time without its zone',
      text({ ...HEADER, startedAt: '2026-01-05T09:00:00' }),
      'wrong-format',
      'file.jsonl:1 (startedAt)',
    ],
    [
      'edges that fall',
      text({ ...HEADER, latencyEdgesMs: [2, 1] }),
      'edges-must-rise',
      'file.jsonl:1 (latencyEdgesMs[1])',
    ],
    [
      'no weight above 0',
      text({ ...HEADER, shifts: [{ at: at(0), weightPercent: 0 }] }, PERIOD),
      'nothing-recorded',
      'file.jsonl:1',
    ],
    ['no period', text(HEADER), 'nothing-recorded', 'file.jsonl:1'],
    [
      'a typo in a row',
      text(HEADER, { ...PERIOD, canary: { ...ROW, error: 1 } }),
      'unknown-key',
      'file.jsonl:2 (canary.error)',
    ],
    [
      'more errors than requests',
      text(HEADER, { ...PERIOD, canary: { requests: 1, errors: 2 } }),
      'more-than-requests',
      'file.jsonl:2 (canary.errors)',
    ],
    [
      'a histogram without edges',
      text(HEADER, { ...PERIOD, stable: { ...ROW, hist: [5, 5] } }),
      'wrong-histogram',
      'file.jsonl:2 (stable.hist)',
    ],
    [
      'a metric as text',
      text(HEADER, { ...PERIOD, canary: { ...ROW, metrics: { cpu: '45' } } }),
      'wrong-type',
      'file.jsonl:2 (canary.metrics.cpu)',
    ],
    ['a period twice', text(HEADER, PERIOD, PERIOD), 'wrong-time', 'file.jsonl:3 (at)'],
    [
      'a period off the grid',
      text(HEADER, PERIOD, { ...PERIOD, at: '2026-01-05T09:01:30Z' }),
      'wrong-time',
      'file.jsonl:3 (at)',
    ],
    [
      'history that overlaps',
      text({ ...HEADER, history: [{ at: at(0), stable: ROW }] }, PERIOD),
      'wrong-time',
      'file.jsonl:2 (at)',
    ],
    [
      'a hole of a month',
      text(HEADER, PERIOD, { ...PERIOD, at: '2026-02-05T09:00:00Z' }),
      'wrong-time',
      'file.jsonl:1',
    ],
    [
      'a truth of the wrong length',
      text(HEADER, PERIOD, { outcome: 'bad', bad: [1, 2] }),
      'wrong-truth',
      'file.jsonl:3 (bad)',
    ],
    [
      'more bad requests than requests',
      text(HEADER, PERIOD, { ...PERIOD, at: at(1) }, { outcome: 'bad', bad: [10, 11] }),
      'wrong-truth',
      'file.jsonl:4 (bad[1])',
    ],
    [
      'the truth twice',
      text(HEADER, PERIOD, { outcome: 'bad' }, { outcome: 'bad' }),
      'wrong-truth',
      'file.jsonl:4',
    ],
    [
      'a period after the truth',
      text(HEADER, PERIOD, { outcome: 'bad' }, { ...PERIOD, at: at(1) }),
      'out-of-order',
      'file.jsonl:4',
    ],
    [
      'a message after the truth',
      protocolLines('r', TRAFFIC).split('\n').toSpliced(2, 0, '{"outcome":"good"}').join('\n'),
      'out-of-order',
      'file.jsonl:4',
    ],
    [
      'a good rollout with an onset',
      text(HEADER, PERIOD, { outcome: 'good', onset: 60 }),
      'wrong-truth',
      'file.jsonl:3 (onset)',
    ],
    [
      'a shift before the start',
      text({ ...HEADER, startedAt: at(1) }),
      'wrong-time',
      'file.jsonl:1 (shifts[0].at)',
    ],
    ...(
      [
        ['half a conversion', { conversion: 2.5 }, 'wrong-count', 'conversion'],
        ['conversions below 0', { conversion: -1 }, 'out-of-range', 'conversion'],
        ['a gauge below 0', { cpu: -50 }, 'out-of-range', 'cpu'],
        ['throttles above all', { throttles: 500 }, 'out-of-range', 'throttles'],
      ] as const
    ).flatMap(([what, metrics, code, name]): [string, string, string, string][] => [
      [
        what,
        text(HEADER, { ...PERIOD, canary: { ...ROW, metrics } }),
        code,
        `file.jsonl:2 (canary.metrics.${name})`,
      ],
      [
        `${what}, before the rollout`,
        text({ ...HEADER, history: [{ at: '2026-01-05T08:59:00Z', stable: { ...ROW, metrics } }] }),
        code,
        `file.jsonl:1 (history[0].stable.metrics.${name})`,
      ],
    ]),
    [
      'a truth of no known kind',
      text(HEADER, PERIOD, { outcome: 'ugly' }),
      'unknown-word',
      'file.jsonl:3 (outcome)',
    ],
    [
      'a truth with a typo',
      text(HEADER, PERIOD, { outcome: 'bad', onsett: 3 }),
      'unknown-key',
      'file.jsonl:3 (onsett)',
    ],
    ['a broken line in the middle', `${text(HEADER, PERIOD)}\n{"at":`, 'not-json', 'file.jsonl:3'],
    ['the protocol out of order', text({ type: 'end', id: 'a' }), 'out-of-order', 'file.jsonl:1 (type)'],
  ])('%s', (_what, lines, code, where) => {
    expect(problemOf(lines)).toMatchObject({ code, where });
  });
});
