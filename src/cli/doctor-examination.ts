// Goes through the doctor's tables: credentials first, since without them nothing else can be looked at; then all rows side
// by side, and the services a few at a time.

import { type DoctorRow, type DoctorSummary, type Finding, summarise } from '../core/doctor.ts';
import { ACCOUNT_CHECKS } from '../core/doctor-account-checks.ts';
import { ENGINE_CHECKS } from '../core/doctor-engine-checks.ts';
import type { DoctorReader } from '../core/doctor-reader.ts';
import { RECORD_CHECK, SERVICE_CHECKS, type ServiceSubject } from '../core/doctor-service-checks.ts';
import { messageOf } from '../core/errors.ts';
import { EXIT, type ExitCode } from './command.ts';
import { isRegionMissing, isWithoutCredentials } from './failures.ts';

/** Lambda answers about 15 calls a second that read configurations; a service asks for three. */
const SERVICES_AT_ONCE = 4;

export interface Diagnosis extends DoctorSummary {
  readonly engine: string;
  readonly findings: readonly Finding[];
  readonly code: ExitCode;
}

/** @param subjects services of files; empty: those that are registered */
export async function diagnose(
  reader: DoctorReader,
  engineName: string,
  subjects: readonly ServiceSubject[],
): Promise<Diagnosis> {
  const stranger = await whyNobody(reader);
  if (stranger !== null) return diagnosisOf(engineName, [stranger], EXIT.noPermission);
  const [engine, services] = await Promise.all([
    examineAll([...ACCOUNT_CHECKS, ...ENGINE_CHECKS], reader, { engineName }),
    subjects.length > 0 ? examineServices(reader, subjects) : examineRegistered(reader),
  ]);
  const findings = [...engine, ...services];
  return diagnosisOf(engineName, findings, exitCodeOf(findings));
}

function diagnosisOf(engine: string, findings: readonly Finding[], code: ExitCode): Diagnosis {
  return { engine, findings, code, ...summarise(findings) };
}

/** Without a word about the engine there is no word about a start. */
function exitCodeOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ severity }) => severity === 'fail')) return EXIT.rejected;
  const unseen = findings.find(({ check, severity }) => check === 'engine' && severity === 'unknown');
  if (unseen === undefined) return EXIT.promotedOrClean;
  return unseen.missingAction === null ? EXIT.unexpected : EXIT.noPermission;
}

/** null: AWS knows the caller, or could not be asked, which each row then finds out for itself. */
async function whyNobody(reader: DoctorReader): Promise<Finding | null> {
  try {
    await reader.region();
    await reader.identity();
    return null;
  } catch (error) {
    if (isRegionMissing(error)) return NO_REGION;
    return isWithoutCredentials(error) ? noCredentials(error) : null;
  }
}

const NO_REGION = nobody({
  check: 'region',
  code: 'no-region',
  what: 'No AWS Region is known, so nothing was looked at.',
  fix: 'Set AWS_REGION, or a profile with a region, to where the engine is',
});

function noCredentials(error: unknown): Finding {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return nobody({
    check: 'credentials',
    code: 'credentials-missing',
    what: `There are no valid AWS credentials, so nothing was looked at: ${messageOf(cause)}`,
    fix: 'Log in (aws sso login, or the way of your company), or set AWS_PROFILE',
  });
}

function nobody({ check, code, what, fix }: Pick<Finding, 'check' | 'code' | 'what' | 'fix'>): Finding {
  return {
    check,
    service: null,
    code,
    severity: 'fail',
    what,
    where: 'environment',
    fix,
    command: null,
    missingAction: null,
  };
}

async function examineAll<Subject>(
  rows: readonly DoctorRow<Subject>[],
  reader: DoctorReader,
  subject: Subject,
): Promise<readonly Finding[]> {
  return (await Promise.all(rows.map(({ examine }) => examine(reader, subject)))).flat();
}

async function examineServices(
  reader: DoctorReader,
  subjects: readonly ServiceSubject[],
): Promise<readonly Finding[]> {
  return inTurns(subjects, (subject) => examineAll(SERVICE_CHECKS, reader, subject));
}

async function examineRegistered(reader: DoctorReader): Promise<readonly Finding[]> {
  // where they cannot be listed, the row of the services says so
  const names = await reader.services().catch(() => []);
  return inTurns(names, async (service) => {
    const findings = await RECORD_CHECK.examine(reader, service);
    if (findings.length > 0) return findings;
    const record = await reader.service(service);
    if (record === null) return findings;
    const { spec, specDigest } = record;
    return examineAll(SERVICE_CHECKS, reader, { service, spec, specDigest, file: null });
  });
}

async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (let at = 0; at < items.length; at += SERVICES_AT_ONCE) {
    const turn = items.slice(at, at + SERVICES_AT_ONCE);
    findings.push(...(await Promise.all(turn.map(work))).flat());
  }
  return findings;
}
