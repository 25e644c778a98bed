// A file that holds the record of a rollout, told apart from recordings, and whether it may be replayed.
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { factsOf } from '../core/audit/facts.ts';
import { type AuditRecord, RECORD_FORMAT } from '../core/audit/record.ts';
import { InvalidInputError, RejectedError } from '../core/errors.ts';
import { isJudged, type JudgedRecord } from '../replay/record-replay.ts';
import { specDigest } from '../spec-digest.ts';
import { assertKnownFacts, readRecordFile } from './audit-record.ts';
import { isHtml } from './embedded-record.ts';
import { firstBad } from './examination.ts';

/** A record says what it is in its first line, and a page of HTML in its first character. */
const HEAD_BYTES = 4096;

/** By the head of the file; `unreadable`: whoever reads it says why. */
export async function kindOfFile(cwd: string, file: string): Promise<'record' | 'other' | 'unreadable'> {
  const head = await headOf(resolve(cwd, file)).catch(() => null);
  if (head === null) return 'unreadable';
  return isHtml(head) || head.includes(RECORD_MARK) ? 'record' : 'other';
}

/** Of any release. */
const RECORD_MARK = `"${RECORD_FORMAT.replace(/\d+$/, '')}`;

async function headOf(path: string): Promise<string> {
  await using handle = await open(path);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

/**
 * The record of a file. Throws InvalidInputError where it is not what was written or of another release, RejectedError
 * (`nothing-judged`) where there is nothing to replay.
 */
export async function readJudgedRecord(cwd: string, file: string): Promise<JudgedRecord> {
  const record = await readRecordFile(cwd, file);
  assertWhole(record, file);
  assertKnownFacts(record.entries, file);
  if (!isJudged(record)) throw nothingJudged(record, file);
  const [opened] = factsOf(record.entries, 'opened');
  // the chain covers the digest, and not the document
  if (opened !== undefined && opened.specDigest !== specDigest(record.prepared.spec)) {
    throw broken(file, 'its service file is not the one that the rollout was judged by');
  }
  return record;
}

function assertWhole(record: AuditRecord, file: string): void {
  const bad = firstBad(record);
  if (bad !== null) throw broken(file, `first bad entry: ${bad.n} (${bad.why})`);
}

function broken(file: string, got: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'record-broken',
      what: `the record in ${file} is not what was written, and is not replayed`,
      where: file,
      got,
      allowed: 'a record whose chain of hashes is whole',
      fix: `See what can still be trusted: stepshift verify --file ${file}`,
    },
  ]);
}

function nothingJudged({ entries }: AuditRecord, file: string): RejectedError {
  const ended = entries.flatMap(({ fact }) => (fact.kind === 'ended' ? [fact] : []))[0];
  return new RejectedError([
    {
      code: 'nothing-judged',
      what: `${file} is of a rollout in which nothing was judged`,
      where: file,
      got: ended === undefined ? 'no judgement' : `${ended.outcome}: ${ended.reason.sentence}`,
      allowed: 'a rollout that gave its canary traffic',
      fix: 'Replay another one; why this one was refused stands in its report',
    },
  ]);
}
