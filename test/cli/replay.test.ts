// `stepshift replay`: what people and tools get, exit codes, and how mistakes in data and options are told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HEALTHY } from '../replay/recorded-traffic.ts';
import { headedLines } from '../replay/written-recordings.ts';
import { ROOT } from '../support/architecture.ts';
import { runInMemory } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SERVICE = ['--service', 'examples/replay/service.yaml'] as const;
const run = (...argv: string[]) => runInMemory(['replay', ...argv], { cwd: ROOT });
const replayed = (file: string, ...more: string[]) => run(`examples/replay/${file}`, ...SERVICE, ...more);
const example = (name: string): string => readFileSync(join(ROOT, 'examples/replay', name), 'utf8');

describe('a recording', () => {
  test.each([
    ['good.jsonl', 0, 'PROMOTED'],
    ['bad.jsonl', 3, 'ROLLED_BACK'],
    ['line-protocol.jsonl', 3, 'ROLLED_BACK'],
    ['get-metric-data.json', 3, 'ROLLED_BACK'],
  ])('%s ends with exit code %d and says %s in JSON', async (file, code, outcome) => {
    const ended = await replayed(file, '--format', 'json');
    expect(ended).toMatchObject({ code, err: '' });
    const answer = JSON.parse(ended.out);
    expect(answer).toMatchObject({
      outcome,
      whatIf: null,
      reason: { sentence: expect.stringMatching(/\w/) },
    });
    // other tools read exactly this
    expect(Object.keys(answer)).toEqual([
      'recording',
      'outcome',
      'endedAt',
      'elapsedSeconds',
      'weightPercent',
      'exposure',
      'reason',
      'checks',
      'timeline',
      'whatIf',
      'notes',
    ]);
    expect(Object.keys(answer.timeline[0])).toEqual([
      'at',
      'elapsedSeconds',
      'event',
      'weightPercent',
      'sentence',
    ]);
  });

  test('is decided alike in every form, but for times of day that nobody knows', async () => {
    const answers = [];
    for (const file of ['bad.jsonl', 'line-protocol.jsonl', 'get-metric-data.json']) {
      const { elapsedSeconds, weightPercent, exposure, endedAt } = JSON.parse(
        (await replayed(file, '--format', 'json')).out,
      );
      answers.push({ elapsedSeconds, weightPercent, requests: exposure.canaryRequests, endedAt });
    }
    const [headed, spoken, asked] = answers;
    expect(headed?.endedAt).toMatch(/^2026-01-05T09:1\d:00.000Z$/);
    expect(spoken).toEqual({ ...headed, endedAt: null });
    expect(asked).toEqual(headed);
  });

  test('too little traffic waits for a person', async () => {
    const quiet = headedLines({
      seed: 1,
      requestsPerMinute: 3,
      plan: [{ weight: 0.05, minutes: 40 }],
      stable: HEALTHY,
      canary: () => HEALTHY,
    });
    using folder = tempFolder({ 'quiet.jsonl': quiet, 'service.yaml': example('service.yaml') });
    const argv = ['replay', 'quiet.jsonl', '--service', 'service.yaml', '--format', 'json'];
    const { code, out } = await runInMemory(argv, { cwd: folder.path });
    expect(code).toBe(10);
    expect(JSON.parse(out).outcome).toBe('INCONCLUSIVE');
  });

  test('streams the timeline and then the result as ndjson', async () => {
    const { out } = await replayed('bad.jsonl', '--format', 'ndjson');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0].event).toBe('traffic-shifted');
    expect(lines.at(-1).outcome).toBe('ROLLED_BACK');
    expect(lines.slice(0, -1)).toEqual(
      JSON.parse((await replayed('bad.jsonl', '--format', 'json')).out).timeline,
    );
  });

  test('weights and lateness are taken from the command line', async () => {
    const ended = async (...more: string[]) =>
      JSON.parse((await replayed('get-metric-data.json', '--format', 'json', ...more)).out);
    const shifted = await ended('--weights', '10%@09:00,60%@09:05');
    expect(
      shifted.timeline.filter(({ event }: { event: string }) => event === 'traffic-shifted'),
    ).toMatchObject([
      { at: '2026-01-05T09:00:00.000Z', weightPercent: 10 },
      { at: '2026-01-05T09:05:00.000Z', weightPercent: 60 },
    ]);
    expect((await ended('--lateness', '2m')).elapsedSeconds).toBe((await ended()).elapsedSeconds + 120);
  });
});

describe('what if', () => {
  test('both outcomes are told side by side, the exit code is that of the file as it is', async () => {
    const changes = ['checks.errors.tolerance=x100', 'checks.errors.floor=9%', 'checks.errors.limit=10%'];
    const options = changes.flatMap((change) => ['--what-if', change]);
    const { code, out } = await replayed('bad.jsonl', ...options, '--format', 'json');
    expect(code).toBe(3);
    const { outcome, exposure, whatIf } = JSON.parse(out);
    expect([outcome, whatIf.outcome, whatIf.changes]).toEqual(['ROLLED_BACK', 'PROMOTED', changes]);
    expect(whatIf.exposure.badRequests).toBeGreaterThan(exposure.badRequests);
    expect(whatIf.elapsedSeconds).toBe(2400);
  });

  test('a change that changes nothing has the same outcome', async () => {
    const { out } = await replayed('bad.jsonl', '--what-if', 'checks.errors.limit=1%', '--format', 'json');
    const { whatIf, recording: _recording, notes: _notes, ...asIs } = JSON.parse(out);
    expect(whatIf).toEqual({ changes: ['checks.errors.limit=1%'], ...asIs });
  });

  test('a slip is told with the key that was meant', async () => {
    const { code, err } = await replayed('bad.jsonl', '--what-if', 'checks.errors.limt=2%');
    expect(code).toBe(2);
    expect(err).toContain('--what-if checks.errors.limt=2%');
    expect(err).toContain('Did you mean limit?');
  });
});

describe('text', () => {
  const GOLDEN = join(import.meta.dirname, 'golden');

  test.each<[string, string, readonly string[]]>([
    ['good', 'good.jsonl', []],
    ['bad', 'bad.jsonl', []],
    ['what-if', 'bad.jsonl', ['--what-if', 'checks.errors.floor=2%', '--what-if', 'checks.errors.limit=5%']],
    ['line-protocol', 'line-protocol.jsonl', []],
    ['get-metric-data', 'get-metric-data.json', []],
    ['reference-rows', 'reference-rows.jsonl', []],
    ['reference-rows-thousandth', 'reference-rows-thousandth.jsonl', []],
  ])('%s is told as its golden file says', async (name, file, options) => {
    const { out, code } = await replayed(file, ...options);
    await expect(`${out}\nexit ${code}\n`).toMatchFileSnapshot(join(GOLDEN, `replay-${name}.txt`));
  });

  test.each([80, 60])('no line is wider than a terminal of %d columns', async (columns) => {
    const argv = ['replay', 'examples/replay/bad.jsonl', ...SERVICE, '--what-if', 'checks.errors.limit=2%'];
    const { out } = await runInMemory(argv, { cwd: ROOT, isTerminal: true, columns });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
    const lines = out.replaceAll(/\u001b\[\d+m/g, '').split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });
});

describe('the rows of reference', () => {
  const rowsOf = async (file: string) => {
    const { checks } = JSON.parse((await replayed(file, '--format', 'json')).out);
    return checks.map(
      ({ label, stable, canary, variancePercent, sample, action }: Record<string, unknown>) => [
        label,
        stable,
        canary,
        Math.round(Number(variancePercent)),
        sample,
        action,
      ],
    );
  };

  test('each gives its advice once the sample is large enough', async () => {
    expect(await rowsOf('reference-rows.jsonl')).toEqual([
      ['error rate', 0.05, 0.08, 60, 5_000_000, 'monitor closely'],
      ['response time (p95)', 150, 195, 30, 5_000_000, 'investigate'],
      ['conversion', 3.2, 2.9, -9, 5_000_000, 'consider rollback'],
      ['cpu', 45, 47, 4, 5_000_000, 'acceptable'],
    ]);
  });

  test('none can tell on a thousandth of the requests', async () => {
    expect(await rowsOf('reference-rows-thousandth.jsonl')).toEqual([
      ['error rate', 0.05, 0.08, 60, 5000, 'cannot tell yet'],
      ['response time (p95)', 150, 195, 30, 5000, 'cannot tell yet'],
      ['conversion', 3.2, 2.9, -9, 5000, 'cannot tell yet'],
      ['cpu', 45, 47, 4, 5000, 'cannot tell yet'],
    ]);
  });
});

describe('mistakes', () => {
  const BROKEN = example('bad.jsonl').replace('"errors":', '"error":');

  test.each<[string, readonly string[], string]>([
    ['nothing to replay', [...SERVICE], 'wrong-usage'],
    ['a file and a folder', ['good.jsonl', '--history', '.', ...SERVICE], 'wrong-usage'],
    ['weights for a folder', ['--history', '.', '--weights', '5%@09:00', ...SERVICE], 'wrong-usage'],
    ['no service file', ['good.jsonl'], 'wrong-usage'],
    ['a service file that is not there', ['good.jsonl', '--service', 'nope.yaml'], 'unreadable-file'],
    ['a recording that is not there', ['nope.jsonl', ...SERVICE], 'unreadable-file'],
    ['a folder as a recording', ['history', ...SERVICE], 'unreadable-file'],
    ['an empty file', ['empty.jsonl', ...SERVICE], 'no-recording'],
    ['several rollouts', ['two.jsonl', ...SERVICE], 'several-rollouts'],
    ['a broken line', ['broken.jsonl', ...SERVICE], 'broken.jsonl:1 (history[0].stable.error)'],
    ['a text', ['text.txt', ...SERVICE], 'not-json'],
    ['half an answer', ['half.json', ...SERVICE], 'not-json'],
    ['other JSON', ['other.json', ...SERVICE], 'without MetricDataResults'],
    ['another JSON object on a line', ['line.json', ...SERVICE], 'unknown-recording'],
    ['an answer that is not complete', ['partial.json', ...SERVICE], 'stable_invocations: PartialData'],
    [
      'weights for a recording that knows them',
      ['good.jsonl', '--weights', '5%@09:00', ...SERVICE],
      '--weights',
    ],
    ['weights that are none', ['cw.json', '--weights', 'half', ...SERVICE], 'wrong-weights'],
    ['a lateness that is none', ['good.jsonl', '--lateness', 'soon', ...SERVICE], '--lateness'],
    ['a lateness of a day', ['good.jsonl', '--lateness', '1d', ...SERVICE], '--lateness'],
  ])('%s', async (_what, argv, said) => {
    const service = example('service.yaml');
    using folder = tempFolder({
      'examples/replay/service.yaml': service,
      'good.jsonl': example('good.jsonl'),
      'cw.json': example('get-metric-data.json'),
      'history/x.jsonl': '',
      'empty.jsonl': '\n\n',
      'two.jsonl': example('good.jsonl') + example('bad.jsonl'),
      'broken.jsonl': BROKEN,
      'text.txt': 'hello\nworld\n',
      'half.json': example('get-metric-data.json').slice(0, 5000),
      'line.json': '{"results":[]}\n',
      'other.json': '{\n  "results": []\n}\n',
      'partial.json': example('get-metric-data.json').replace('"Complete"', '"PartialData"'),
    });
    const { code, out, err } = await runInMemory(['replay', ...argv], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });
});
