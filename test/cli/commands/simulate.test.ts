// `stepshift simulate` and `stepshift demo`: what tools and people get, and how mistakes are told.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runInMemory } from '../../support/run-cli.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepshift-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const run = (...argv: string[]) => runInMemory(argv, { cwd: folder });
const example = (name: string): string => join(EXAMPLES, name);

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

const SERVICE = 'service: shop\ntarget: { lambdaAlias: { function: shop, alias: live, interface: event } }\n';
const SCENARIO = 'description: x\nversion: "2"\ntraffic: { constant: 600 }\n';

describe('simulate', () => {
  test.each([
    ['healthy', 0, 'PROMOTED', 100],
    ['error-spike', 3, 'ROLLED_BACK', 0],
    ['aborted-by-person', 4, 'ABORTED', 0],
    ['version-missing', 5, 'REJECTED', 0],
    ['hotfix-supersedes', 6, 'SUPERSEDED', 0],
  ])('%s ends with exit code %d and says %s in JSON', async (name, code, outcome, finalWeightPercent) => {
    const ended = await run('simulate', example(name), '--format', 'json');
    expect(ended.code).toBe(code);
    const answer = JSON.parse(ended.out);
    expect(answer).toMatchObject({
      outcome,
      finalWeightPercent,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      endedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      exposure: { canaryRequests: expect.any(Number), badRequests: expect.any(Number) },
      stateTransitions: expect.any(Number),
      reason: { sentence: expect.stringMatching(/\w/) },
    });
    // other tools read exactly this
    expect(Object.keys(answer)).toEqual([
      'outcome',
      'finalWeightPercent',
      'peakWeightPercent',
      'startedAt',
      'endedAt',
      'detectedAt',
      'safeAt',
      'exposure',
      'reason',
      'stateTransitions',
      'timeline',
    ]);
    expect(Object.keys(answer.reason)).toEqual(['check', 'value', 'limit', 'sentence']);
    expect(answer.timeline[0]).toMatchObject({ at: expect.any(String), event: expect.any(String) });
  });

  test('streams the timeline and then the result as ndjson', async () => {
    const { out } = await run('simulate', example('error-spike'), '--format', 'ndjson');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0].event).toBe('rollout-started');
    expect(lines.at(-1).outcome).toBe('ROLLED_BACK');
  });

  test('takes a scenario file as well as a folder', async () => {
    await write('service.yaml', SERVICE);
    await write('other.yaml', SCENARIO);
    expect((await run('simulate', 'other.yaml')).code).toBe(0);
  });

  test.each([
    ['hotfix-supersedes', 80],
    ['latency', 80],
    ['alarm-fires', 80],
    ['error-spike', 60],
  ])('%s has no line wider than a terminal of %d columns', async (name, columns) => {
    const { out } = await runInMemory(['simulate', example(name)], { isTerminal: true, columns });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
    const lines = out.replaceAll(/\u001b\[\d+m/g, '').split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  test('writes neither report nor record when both are to be one file', async () => {
    const files = ['--report', 'out.json', '--audit', './out.json'];
    const { code, err } = await run('simulate', example('error-spike'), ...files);
    expect(code).toBe(2);
    expect(err).toContain('--report and --audit name the same file');
    expect(await readdir(folder)).toEqual([]);
  });

  test('writes the report where it is wanted and says so on stderr', async () => {
    const { err } = await run('simulate', example('error-spike'), '--report', 'out/report.html');
    expect(err).toContain('out/report.html');
    expect(await readFile(join(folder, 'out/report.html'), 'utf8')).toContain('<!doctype html>');
  });

  test('other seeds give other requests', async () => {
    const exposed = async (seed: string): Promise<number> => {
      const { out } = await run('simulate', example('error-spike'), '--seed', seed, '--format', 'json');
      return JSON.parse(out).exposure.canaryRequests;
    };
    expect(await exposed('5')).toBe(await exposed('5'));
    expect(await exposed('5')).not.toBe(await exposed('6'));
  });

  test('tells the mistakes of both files at once, each with its place', async () => {
    await write('service.yaml', `${SERVICE}stagges: quick\n`);
    await write('scenario.yaml', `${SCENARIO}horizont: 1h\n`);
    const { code, err } = await run('simulate', '.');
    expect(code).toBe(2);
    expect(err).toContain('service.yaml:3:1');
    expect(err).toContain('scenario.yaml:4:1');
    expect(err).not.toContain('    at ');
  });

  test.each([
    ['a series that is not there', 'nope.csv', '0s', 'unreadable-file'],
    ['a series with a wrong line', 'wrong.csv', '0s', 'wrong.csv:2:1'],
    ['an offset past the end of the series', 'short.csv', '1h', 'offset'],
  ])('refuses %s', async (_what, file, offset, said) => {
    await write('service.yaml', SERVICE);
    await write('wrong.csv', 'timestamp,value\nnoon,1\n');
    await write('short.csv', '2014-04-10 00:00:00,1\n2014-04-10 00:05:00,1\n');
    const series = `traffic: { series: { file: ${file}, mean: 60, offset: ${offset} } }`;
    await write('scenario.yaml', `description: x\nversion: "2"\n${series}\n`);
    const { code, err } = await run('simulate', '.');
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  test.each([
    ['a folder without a scenario', ['simulate', '.'], 'unreadable-file'],
    ['a seed that is none', ['simulate', example('healthy'), '--seed', '-1'], '--seed'],
    [
      'a report in a folder that is not there',
      ['simulate', example('healthy'), '--report', 'a/b/c.html'],
      'unwritable-file',
    ],
  ])('refuses %s', async (_what, argv, said) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

describe('demo', () => {
  test('shows a good and a bad rollout, writes a report of each and ends well', async () => {
    const { code, out } = await run('demo');
    expect(code).toBe(0);
    expect(out).toContain('Promoted: all traffic is on version 42');
    expect(out).toContain('Rolled back to version 41');
    for (const file of ['reports/good-rollout.html', 'reports/bad-rollout.html']) {
      expect(out).toContain(file);
      expect(await readFile(join(folder, file), 'utf8')).toContain('<!doctype html>');
    }
  });

  test('gives both results as one JSON value', async () => {
    const { out } = await run('demo', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      good: { outcome: 'PROMOTED' },
      bad: { outcome: 'ROLLED_BACK' },
    });
  });
});
