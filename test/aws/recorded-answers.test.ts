// The answers themselves: each file is an HTTP answer, says what it stands on, and is used.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAnswer, readAnswer } from './recorded/answer.ts';
import { replay } from './recorded/replay.ts';

const FOLDER = join(import.meta.dirname, 'recorded');
const NAMES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.http'))
  .map((file) => file.replace(/\.http$/, ''))
  .toSorted();
const ROWS = [
  ...readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(
    /^\| `([^`]+)` \| (\w+) \| \[[^\]]+\]\((\S+)\) \|$/gm,
  ),
].map(([, name = '', standsOn = '', source = '']) => ({ name, standsOn, source }));

const HEAD = 'x-amzn-requestid: 1\ndate: Mon, 05 Jan 2026 09:05:00 GMT';

describe('a recorded answer', () => {
  it('stands in the README, each once, with a public source', () => {
    expect(ROWS.map(({ name }) => name).toSorted()).toEqual(NAMES);
    for (const { standsOn, source } of ROWS) {
      expect(['seen', 'written', 'assumed', 'wrong', 'recorded']).toContain(standsOn);
      expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com|smithy\.io)\//);
    }
  });

  it.each(NAMES)('%s is an HTTP answer with a body of its type', (name) => {
    const { headers, body } = readAnswer(name);
    const type = headers['content-type'] ?? '';
    if (body !== '' && /json/.test(type)) expect(JSON.parse(body)).toBeTypeOf('object');
    if (/xml/.test(type)) expect(body).toMatch(/^<(\w+) [\s\S]*<\/\1>\n$/);
  });

  it('is given to a client by a test', () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((file) => /^recorded-.*\.test\.ts$/.test(file))
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .join('\n');
    // a table of cases may leave the operation out
    const isUsed = (name: string) => {
      const [, file = ''] = name.split('/');
      return [file, file.slice(file.indexOf('.') + 1)].some((word) => tests.includes(`'${word}'`));
    };
    expect(NAMES.filter((name) => !isUsed(name))).toEqual([]);
  });
});

describe('the loader', () => {
  it('takes what curl -i prints', () => {
    expect(
      parseAnswer(`HTTP/2 200 \r\nX-Amzn-RequestId: 1\r\ndate: ${new Date(0).toUTCString()}\r\n\r\n{}`, 'it'),
    ).toEqual({
      status: 200,
      headers: { 'x-amzn-requestid': '1', date: 'Thu, 01 Jan 1970 00:00:00 GMT' },
      body: '{}',
    });
  });

  it('keeps empty lines of the body', () => {
    expect(parseAnswer(`HTTP/1.1 200 OK\n${HEAD}\n\na\n\nb`, 'it').body).toBe('a\n\nb');
  });

  it.each([
    ['no status line', `${HEAD}\n\n{}`, 'status'],
    ['no id of its request', 'HTTP/1.1 200 OK\ndate: Mon, 05 Jan 2026 09:05:00 GMT\n\n', 'x-amzn-requestid'],
    ['no date', 'HTTP/1.1 200 OK\nx-amzn-requestid: 1\n\n', 'has no date'],
    ['a line that is no header', `HTTP/1.1 200 OK\n${HEAD}\nnot a header\n\n`, 'headers'],
  ])('refuses an answer with %s, and names the file', (_case, text, words) => {
    expect(() => parseAnswer(text, 'lambda/it')).toThrow(/^lambda\/it\.http is no HTTP answer/);
    expect(() => parseAnswer(text, 'lambda/it')).toThrow(words);
  });
});

describe('a replay', () => {
  const request = {
    method: 'POST',
    hostname: 'monitoring.eu-west-2.amazonaws.com',
    path: '/',
    headers: { 'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms' },
    body: '{}',
  };

  it('fails on a call that has no answer left, and tells which answers nobody asked for', async () => {
    const { config, unused } = replay({ GetMetricData: ['cloudwatch/throttling'] });
    const { handle } = config.requestHandler as { handle: (request: object) => Promise<unknown> };
    await expect(handle(request)).rejects.toThrow('no answer is left for DescribeAlarms');
    expect(unused()).toEqual(['cloudwatch/throttling']);
  });
});
