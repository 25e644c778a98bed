// `stepshift doctor [FILE…]`: what would keep a rollout from starting, and what to do about it. Reads only.
import { resolve } from 'node:path';
import { CANNOT_SEE } from '../../core/doctor.ts';
import type { DoctorReader } from '../../core/doctor-reader.ts';
import type { ServiceSubject } from '../../core/doctor-service-checks.ts';
import { InvalidInputError, type Problem } from '../../core/errors.ts';
import type { CliCommand, CommandContext, CommandResult } from '../command.ts';
import { type Diagnosis, diagnose } from '../doctor-examination.ts';
import { doctorText } from '../doctor-text.ts';
import { readToolchain } from '../doctor-toolchain.ts';
import { addEngineOption, engineName } from '../engine.ts';
import { readServiceFile } from '../service-source.ts';
import { styleOf } from '../timeline.ts';

type OpenReader = (engine: string, context: CommandContext) => Promise<DoctorReader>;

/** Loads the SDK's clients only now, as the engine's are. */
const openReader: OpenReader = async (engine, { cwd, env }) => {
  const { awsDoctorReader } = await import('../../aws/doctor-reader.ts');
  return awsDoctorReader({
    engineName: engine,
    readToolchain: () => readToolchain(cwd, env),
    now: () => Date.now(),
  });
};

export const doctorCommand = doctorCommandOn(openReader);

export function doctorCommandOn(open: OpenReader): CliCommand {
  return {
    verb: 'doctor',
    summary: 'Look for what would keep a rollout from starting',
    notes: ['Looks and changes nothing. Without files, at every service that is registered.'],
    examples: ['doctor', 'doctor services/checkout.yaml', 'doctor --engine StepshiftParis --format json'],
    exitCodes: {
      promotedOrClean: 'nothing was found that would make a start fail; warnings are allowed',
      unexpected: 'the engine could not be looked at',
      rejected: 'something would make a start fail',
      noPermission: 'no valid credentials, no Region, or no right to see the engine’s stack',
    },
    configure: (command) => {
      command.argument('[files...]', 'service files; without them, every registered service');
      addEngineOption(command);
    },
    run: async (files, options, context) => {
      const subjects = await readSubjects(files, context);
      const engine = engineName(options);
      const reader = await open(engine, context);
      return resultOf(await diagnose(reader, engine, subjects), context);
    },
  };
}

/** Throws InvalidInputError with the problems of all files. */
async function readSubjects(
  files: readonly string[],
  { cwd }: CommandContext,
): Promise<readonly ServiceSubject[]> {
  const problems: Problem[] = [];
  const subjects: ServiceSubject[] = [];
  for (const file of files) {
    try {
      const { spec, specDigest } = await readServiceFile(resolve(cwd, file), file);
      subjects.push({ service: spec.service, spec, specDigest, file });
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InvalidInputError(problems);
  return subjects;
}

function resultOf(diagnosis: Diagnosis, context: CommandContext): CommandResult {
  const { code, findings, ...summary } = diagnosis;
  const end = { canStart: code === 0, ...summary, cannotSee: CANNOT_SEE };
  return {
    code,
    data: { ...end, findings },
    text: doctorText(diagnosis, styleOf(context)),
    lines: [...findings, end],
  };
}
