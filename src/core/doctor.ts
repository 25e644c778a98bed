// What the doctor says: findings, and how one row of its tables becomes some. A check that could not be made is «unknown»
// with the reason, never fine.

import type { DoctorReader } from './doctor-reader.ts';
import { messageOf } from './errors.ts';
import type { ProblemCode } from './problems/index.ts';

/**
 * fail: a start would be refused, or its rollout could not get on · warn: look at it · unknown: could not be looked at.
 */
export type Severity = 'ok' | 'warn' | 'fail' | 'unknown';

/** What is as it should be; there is nothing to explain about it, so the registry of problems has none of them. */
type GoodFinding =
  | 'node-fits'
  | 'cdk-cli-fits'
  | 'region-set'
  | 'caller-known'
  | 'bootstrap-fits'
  | 'concurrency-has-room'
  | 'concurrency-no-room'
  | 'concurrency-shared'
  | 'concurrency-reserved'
  | 'trail-delivers'
  | 'engine-installed'
  | 'workflow-same'
  | 'sweeper-recent'
  | 'engine-alarms-quiet'
  | 'people-told'
  | 'chat-not-used'
  | 'chat-subscribed'
  | 'services-registered'
  | 'service-registered'
  | 'target-here'
  | 'alias-ready'
  | 'rule-ready'
  | 'versions-kept'
  | 'alarms-quiet'
  | 'alarms-none';

type FindingCode = ProblemCode | GoodFinding;

export interface Finding {
  /** Id of the row that found it. */
  readonly check: string;
  /** null: it is about the engine, the account or this machine. */
  readonly service: string | null;
  /** Slug for tools and docs, for example `engine-missing`. */
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence. */
  readonly what: string;
  /** Name of a resource, a file or a place in the account. */
  readonly where: string;
  /** What to do about it, imperative; null where nothing is to be done. */
  readonly fix: string | null;
  /** The fix as a line for the shell; capitals stand for what only the reader knows. Null where no command does it. */
  readonly command: string | null;
  /** The IAM action that was missing; null unless a read was refused. */
  readonly missingAction: string | null;
}

/** What a row says of its reading; the rest is filled in. */
export interface Judged {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly what: string;
  /** Left out: where the row looks. */
  readonly where?: string;
  readonly fix?: string;
  readonly command?: string;
}

/** When AWS refused a read. */
export class ReadRefused extends Error {
  readonly action: string;
  /** @param action the IAM action, for example `lambda:GetAlias` */
  constructor(action: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ReadRefused';
    this.action = action;
  }
}

/** When there is nothing to read, because something that another row tells of is missing. */
export class NothingToRead extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NothingToRead';
  }
}

/** One row of a table: what it reads, and what it makes of that. */
export interface DoctorCheck<Subject, Reading> {
  readonly id: string;
  /** IAM actions of its reads, besides the one that finds the engine's stack; docs/doctor.md lists those of all rows. */
  readonly needs: readonly string[];
  readonly where: (subject: Subject) => string;
  /** Left out: it is about no service. */
  readonly service?: (subject: Subject) => string;
  readonly read: (reader: DoctorReader, subject: Subject) => Promise<Reading>;
  readonly judge: (reading: Reading, subject: Subject) => readonly Judged[];
}

/** A row whose type of reading nobody else needs to know. */
export interface DoctorRow<Subject> {
  readonly id: string;
  readonly needs: readonly string[];
  /** Never throws: what could not be read is a finding. */
  readonly examine: (reader: DoctorReader, subject: Subject) => Promise<readonly Finding[]>;
}

export function row<Subject, Reading>(check: DoctorCheck<Subject, Reading>): DoctorRow<Subject> {
  const { id, needs, where, service, read, judge } = check;
  return {
    id,
    needs,
    examine: async (reader, subject) => {
      const judged = await judgedOf(
        () => read(reader, subject),
        (reading) => judge(reading, subject),
      );
      return judged.map((one) => ({
        check: id,
        service: service?.(subject) ?? null,
        where: where(subject),
        fix: null,
        command: null,
        missingAction: null,
        ...one,
      }));
    },
  };
}

type Unfilled = Judged & { readonly missingAction?: string };

async function judgedOf<Reading>(
  read: () => Promise<Reading>,
  judge: (reading: Reading) => readonly Judged[],
): Promise<readonly Unfilled[]> {
  let reading: Reading;
  try {
    reading = await read();
  } catch (error) {
    return [unknownBecause(error)];
  }
  return judge(reading);
}

function unknownBecause(error: unknown): Unfilled {
  if (error instanceof ReadRefused) {
    return {
      code: 'read-refused',
      severity: 'unknown',
      what: `Not looked at: ${error.action} is not allowed to you.`,
      fix: 'Allow it to whoever runs the doctor (docs/doctor.md has the policy), or ask somebody who may',
      missingAction: error.action,
    };
  }
  if (error instanceof NothingToRead) {
    return { code: 'nothing-to-read', severity: 'unknown', what: `Not looked at: ${error.message}.` };
  }
  return {
    code: 'read-failed',
    severity: 'unknown',
    what: `Not looked at, the read failed: ${messageOf(error)}`,
    fix: 'Run it again; if it stays, look at the network and at the state of the AWS service',
  };
}

/** What no read of a caller can show; said at the end, so that a clean result is not taken for more than it is. */
export const CANNOT_SEE: readonly string[] = [
  'whether the engine may assume the target roles and what those may do (a start finds out)',
  'what service control policies and permission boundaries take away from the engine',
  'whether a chat bot was invited to its channel, and whether anybody reads it',
];

export interface DoctorSummary {
  readonly counts: Readonly<Record<Severity, number>>;
  /** IAM actions that were refused, sorted. */
  readonly missingActions: readonly string[];
}

export function summarise(findings: readonly Finding[]): DoctorSummary {
  const counts: Record<Severity, number> = { ok: 0, warn: 0, fail: 0, unknown: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  const missing = findings.flatMap(({ missingAction }) => (missingAction === null ? [] : [missingAction]));
  return { counts, missingActions: [...new Set(missing)].sort() };
}
