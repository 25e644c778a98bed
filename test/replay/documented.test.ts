// The examples of docs/replay.md are what the readers of recordings and messages understand.
import { expect, test } from 'vitest';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { cloudwatchIds } from '../../src/replay/cloudwatch-ids.ts';
import { judgeLines } from '../../src/replay/judge-lines.ts';
import { stepshiftJudge } from '../../src/replay/line-judge.ts';
import { recordingReader } from '../../src/replay/recording-reader.ts';
import { fencesOf, readDocument } from '../docs/markdown.ts';
import { read } from '../support/architecture.ts';

const DOCUMENT = 'docs/replay.md';
const FENCES = fencesOf(DOCUMENT, readDocument(DOCUMENT)).filter(({ language }) => language === 'json');

function fenceWith(begin: string): readonly string[] {
  const found = FENCES.find(({ text }) => text.startsWith(begin));
  if (found === undefined) throw new Error(`no example that begins with ${begin}`);
  return found.text.trim().split('\n');
}

test('a recording', () => {
  const reader = recordingReader('x');
  for (const line of fenceWith('{"format"')) expect(reader.take(line, 'x')).toBeNull();
  expect(reader.end()).toMatchObject({ version: '42', periods: [{ canary: { requests: 61 } }] });
});

test('the truth', () => {
  const reader = recordingReader('x');
  const [header = '', period = ''] = fenceWith('{"format"');
  const periods = ['09:00', '09:01', '09:02', '09:03'].map((time) => period.replace('T09:00', `T${time}`));
  for (const line of [header, ...periods, ...fenceWith('{"outcome"')]) reader.take(line, 'x');
  expect(reader.end()?.truth).toEqual({ isBad: true, onsetMs: Date.UTC(2026, 0, 5, 9, 12) });
});

test('messages of the line protocol', () => {
  const answer = judgeLines(stepshiftJudge());
  const answers = fenceWith('{"type"').map((line) => answer(line, 'x'));
  expect(answers.map((each) => each?.verdict ?? null)).toEqual([null, 'continue', 'inconclusive']);
});

test('ids of CloudWatch', () => {
  const { spec } = parseServiceText(read('examples/replay/service.yaml'), 'service.yaml');
  const queries: readonly { readonly Id: string }[] = JSON.parse(fenceWith('[').join('\n'));
  for (const { Id } of queries) expect(cloudwatchIds(spec)).toContain(Id);
});
