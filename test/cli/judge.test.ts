// `stepshift judge`: one answer to each period and end, at once; a mistake ends it without a verdict.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { judgeCommandOn } from '../../src/cli/commands/judge.ts';
import { HEALTHY, type Traffic } from '../replay/recorded-traffic.ts';
import { protocolLines } from '../replay/written-recordings.ts';
import { type CliRun, runInMemory } from '../support/run-cli.ts';

const GOOD: Traffic = {
  seed: 3,
  requestsPerMinute: 3000,
  plan: [{ weight: 0.1, minutes: 8 }],
  stable: HEALTHY,
  canary: () => HEALTHY,
};
const BAD: Traffic = { ...GOOD, canary: () => ({ ...HEALTHY, errorRate: 0.1 }) };

interface Answered extends CliRun {
  readonly answers: readonly { readonly id: string; readonly verdict: string; readonly reason: string }[];
}

async function judged(chunks: Iterable<string | Uint8Array>, ...options: string[]): Promise<Answered> {
  const written: string[] = [];
  const command = judgeCommandOn(() => ({
    input: Readable.from(chunks),
    write: async (text) => {
      written.push(text);
      return true;
    },
  }));
  const run = await runInMemory(['judge', ...options], { commands: [command] });
  return { ...run, answers: written.map((line) => JSON.parse(line)) };
}

describe('answers', () => {
  test('a good rollout goes on and passes: one answer to each period and to the end, none to the start', async () => {
    const { code, out, err, answers } = await judged([protocolLines('good', GOOD)]);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
    expect(answers.map(({ verdict }) => verdict)).toEqual([...Array(8).fill('continue'), 'pass']);
    for (const answer of answers) {
      expect(Object.keys(answer)).toEqual(['id', 'verdict', 'reason']);
      expect(answer).toMatchObject({ id: 'good', reason: expect.stringMatching(/\w.*\.$/) });
    }
  });

  test('a bad one is rolled back, and a later start begins from nothing', async () => {
    const alone = await judged([protocolLines('good', GOOD)]);
    const { answers } = await judged([protocolLines('bad', BAD), protocolLines('good', GOOD)]);
    expect(answers.slice(0, 9).map(({ verdict }) => verdict)).toContain('rollback');
    expect(answers.slice(9)).toEqual(alone.answers);
  });

  test.each([['json'], ['ndjson'], ['text']])('--format %s changes nothing', async (format) => {
    const plain = await judged([protocolLines('good', GOOD)]);
    expect(await judged([protocolLines('good', GOOD)], '--format', format)).toEqual(plain);
  });

  test('blank lines, carriage returns, a byte-order mark and a missing last line break do no harm', async () => {
    const lines = protocolLines('good', GOOD);
    const strange = `\ufeff${lines.trimEnd().replaceAll('\n', '\r\n\r\n')}`;
    expect(await judged([Buffer.from(strange)])).toEqual(await judged([lines]));
  });

  test('how the bytes are cut does not matter', async () => {
    const bytes = Buffer.from(protocolLines('größer', { ...GOOD, plan: [{ weight: 0.1, minutes: 2 }] }));
    const whole = await judged([bytes]);
    expect(whole.answers).toHaveLength(3);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const borders = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = borders.slice(1).map((border, index) => bytes.subarray(borders[index], border));
        expect(await judged(pieces)).toEqual(whole);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('nothing is fine', async () => {
    expect(await judged([])).toEqual({ code: 0, out: '', err: '', answers: [] });
  });
});

describe('mistakes', () => {
  const lines = protocolLines('good', GOOD).trimEnd().split('\n');

  test.each<[string, string | Uint8Array, string, string]>([
    ['no JSON', '{"type":\n', 'not-json', 'stdin:3'],
    ['an unknown type', '{"type":"stop"}\n', 'unknown-word', 'stdin:3 (type)'],
    ['a period twice', `${lines[1]}\n`, 'wrong-time', 'stdin:3 (t)'],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x0a]), 'not-text', 'stdin:3\n'],
    ['a line without an end', 'x'.repeat(9 * 1024 * 1024), 'line-too-long', 'stdin:3'],
  ])(
    '%s ends it with the number of the line, and what follows is not answered',
    async (_what, line, slug, where) => {
      const before = `${lines.slice(0, 2).join('\n')}\n`;
      const { code, out, err, answers } = await judged([before, line, lines.slice(2).join('\n')]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`${slug}  `);
      expect(err).toContain(where);
      expect(answers).toHaveLength(1);
    },
  );

  test('a line that is no UTF-8 spoils none before it, however the bytes come', async () => {
    const good = Buffer.from(`${lines.slice(0, 4).join('\n')}\n`);
    const { code, err, answers } = await judged([
      Buffer.concat([good, Buffer.from([0xff, 0xfe, 0x80, 0x0a])]),
    ]);
    expect(code).toBe(2);
    expect(answers).toHaveLength(3);
    expect(err).toContain('not-text  ');
    expect(err).toContain('stdin:5\n');
  });

  test('half a character at the end is no text either', async () => {
    const { err, answers } = await judged([`${lines.slice(0, 2).join('\n')}\n`, Buffer.from([0xe2, 0x82])]);
    expect(answers).toHaveLength(1);
    expect(err).toContain('stdin:3\n');
  });

  test('of many problems in a line ten are told and the others counted', async () => {
    const strange = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`k${index}`, 1]));
    const { err } = await judged([`${JSON.stringify({ type: 'end', id: 'good', ...strange })}\n`]);
    expect(err.match(/unknown-key {2}/g)).toHaveLength(10);
    expect(err).toContain('and 15 more\n  stdin:1\n');
  });

  test('an argument that nobody asked for is refused', async () => {
    expect(await runInMemory(['judge', 'file.jsonl'])).toMatchObject({ code: 2 });
  });
});

describe('a real process', () => {
  const children: ChildProcessWithoutNullStreams[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill();
  });

  function start() {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/stepshift.ts'), 'judge']);
    children.push(child);
    // what is written after its end is lost, which is what some of these tests are about
    child.stdin.on('error', () => {});
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      child,
      send: (line: string | undefined) => child.stdin.write(`${line}\n`),
      nextAnswer: async () => JSON.parse((await answers.next()).value ?? 'null'),
      isOver: async () => (await answers.next()).done === true,
      end: once(child, 'close').then(([code]) => ({ code, stderr })),
    };
  }

  test('answers each line before the next one is sent, and a mistake while stdin stays open', async () => {
    const judge = start();
    const [first, ...periods] = protocolLines('live', GOOD).trimEnd().split('\n').slice(0, 4);
    judge.send(first);
    for (const period of periods) {
      judge.send(period);
      expect(await judge.nextAnswer()).toMatchObject({ id: 'live', verdict: 'continue' });
    }
    judge.send('{"type":"period","id":"live"}');
    const { code, stderr } = await judge.end;
    expect(code).toBe(2);
    expect(stderr).toContain('stdin:5');
    expect(await judge.isOver()).toBe(true);
  });

  test('says nothing when nobody reads any more', async () => {
    const judge = start();
    const [first, period, ...rest] = protocolLines('live', GOOD).trimEnd().split('\n');
    judge.send(first);
    judge.send(period);
    expect(await judge.nextAnswer()).toMatchObject({ id: 'live' });
    judge.child.stdout.destroy();
    for (const line of rest) judge.send(line);
    expect(await judge.end).toEqual({ code: 0, stderr: '' });
  });

  test('ends at an interrupt', async () => {
    const judge = start();
    const [first, period] = protocolLines('live', GOOD).split('\n');
    judge.send(first);
    judge.send(period);
    await judge.nextAnswer();
    judge.child.kill('SIGINT');
    await judge.end;
    expect(judge.child.signalCode).toBe('SIGINT');
  });
});
