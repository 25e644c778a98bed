// Recordings on disk: one rollout in any form, or all of a folder, read as a stream so that size does not matter.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidInputError, messageOf, type Problem } from '../core/errors.ts';
import type { ProblemCode } from '../core/problems/index.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { showValue } from '../core/value-words.ts';
import { cloudwatchRecording } from '../replay/cloudwatch-recording.ts';
import { isCloudwatchResults } from '../replay/cloudwatch-results.ts';
import type { Recording } from '../replay/recording.ts';
import { recordingReader } from '../replay/recording-reader.ts';
import { parseWeights } from '../replay/weights.ts';
import { textLines } from './text-lines.ts';

/** A printed answer of CloudWatch is one JSON document, and is held in the memory as a whole. */
const MAX_DOCUMENT_CHARACTERS = 64 * 1024 * 1024;

export interface RecordingWish {
  readonly cwd: string;
  /** As it was named. */
  readonly file: string;
  readonly spec: ServiceSpec;
  /** As written on the command line; null: not given. */
  readonly weights: string | null;
}

/** The one rollout of a file. Throws InvalidInputError. */
export async function readRecording({ cwd, file, spec, weights }: RecordingWish): Promise<Recording> {
  const written = weights === null ? null : parseWeights(weights, '--weights');
  const document = await readDocument(cwd, file);
  if (document !== null) return cloudwatchRecording(document, { name: file, spec, weights: written });
  const recordings: Recording[] = [];
  for await (const recording of readRecordings(cwd, file, spec)) recordings.push(recording);
  const [only, ...more] = recordings;
  if (only === undefined) throw noRollout(file);
  if (more.length > 0) {
    throw refusal(
      file,
      'several-rollouts',
      'it holds more than one rollout',
      `${recordings.length} rollouts`,
      'Put it into a folder and use --history FOLDER, or keep one',
    );
  }
  if (weights !== null) throw weightsKnown(file, weights);
  return only;
}

/** Every rollout of a file of lines, one after the other. Throws InvalidInputError at the first line that is wrong. */
export async function* readRecordings(
  cwd: string,
  file: string,
  { checks }: ServiceSpec,
): AsyncGenerator<Recording> {
  const reader = recordingReader(file, checks.custom);
  for await (const { text, number } of linesOf(cwd, file)) {
    const recording = reader.take(text, `${file}:${number}`);
    if (recording !== null) yield recording;
  }
  const last = reader.end();
  if (last !== null) yield last;
}

/** Of a file that has lines for nobody. */
export function noRollout(file: string): InvalidInputError {
  return refusal(file, 'no-recording', 'it holds no rollout', 'an empty file');
}

/** Names of all `*.jsonl` in a folder, in order. Throws InvalidInputError. */
export async function listRecordings(cwd: string, folder: string): Promise<readonly string[]> {
  const names = await readdir(resolve(cwd, folder)).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(folder, error, 'a folder with recordings (*.jsonl)');
  });
  const files = names.filter((name) => name.endsWith('.jsonl')).sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw refusal(folder, 'no-recording', 'there is no *.jsonl in it', `${names.length} other files`);
}

/** The file as one JSON document when it is what CloudWatch printed; null when it is lines. Throws InvalidInputError. */
async function readDocument(cwd: string, file: string): Promise<unknown> {
  let text = '';
  for await (const line of linesOf(cwd, file)) {
    if (text === '' && isRecordedLine(line.text)) return null;
    text += `${line.text}\n`;
    if (text.length > MAX_DOCUMENT_CHARACTERS) {
      throw refusal(
        file,
        'unreadable-file',
        'it is too large for one document',
        `over ${text.length} characters`,
      );
    }
  }
  if (text === '') return null;
  const value = parseDocument(text, file);
  if (isCloudwatchResults(value)) return value;
  throw refusal(file, 'unknown-recording', 'it is JSON without MetricDataResults', showValue(value));
}

function parseDocument(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refusal(file, 'not-json', 'it is no JSON, neither as a whole nor by lines', messageOf(error));
  }
}

function isRecordedLine(line: string): boolean {
  try {
    return !isCloudwatchResults(JSON.parse(line));
  } catch {
    return false;
  }
}

async function* linesOf(cwd: string, file: string) {
  const path = resolve(cwd, file);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error, 'a file that this user may read');
  });
  if (!found.isFile()) throw refusal(file, 'unreadable-file', 'it is not a file', 'no file');
  try {
    yield* textLines(createReadStream(path), file);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw unreadable(file, error as NodeJS.ErrnoException, 'a file that this user may read');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is no folder, or part of its path is a file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
};

function unreadable(file: string, error: NodeJS.ErrnoException, allowed: string): InvalidInputError {
  const why = REASONS[error.code ?? ''] ?? error.message;
  return problem({
    code: 'unreadable-file',
    what: `${file} cannot be read: ${why}`,
    where: file,
    got: error.code ?? error.message,
    allowed,
    fix: 'Check the path',
  });
}

function refusal(
  file: string,
  code: ProblemCode,
  what: string,
  got: string,
  fix = 'See docs/replay.md for what a recording is',
): InvalidInputError {
  return problem({
    code,
    what: `${file} cannot be replayed: ${what}`,
    where: file,
    got,
    allowed: 'one recorded rollout',
    fix,
  });
}

function weightsKnown(file: string, got: string): InvalidInputError {
  return problem({
    code: 'wrong-option',
    what: `--weights is not for ${file}: the recording itself says which weight applied when`,
    where: 'command line',
    got,
    allowed: 'no --weights with this file',
    fix: 'Leave --weights out',
  });
}

function problem(one: Problem): InvalidInputError {
  return new InvalidInputError([one]);
}
