// `stepshift validate FILE…`: are these service files right? Every problem of every file at once.
import { resolve } from 'node:path';
import { InvalidInputError, type Problem } from '../../core/errors.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { readServiceFile } from '../service-source.ts';

export const validateCommand: CliCommand = {
  verb: 'validate',
  summary: 'Check service files; print every problem with its fix',
  notes: ['Reads the files and asks nobody. What AWS says to them: stepshift doctor.'],
  examples: ['validate services/checkout.yaml', 'validate services/*.yaml --format json'],
  exitCodes: { promotedOrClean: 'every file is right' },
  configure: (command) => {
    command.argument('<files...>', 'service files');
  },
  run: async (files, _options, { cwd }) => {
    const problems: Problem[] = [];
    const services: { file: string; service: string; specDigest: string }[] = [];
    for (const file of files) {
      try {
        const { spec, specDigest } = await readServiceFile(resolve(cwd, file), file);
        services.push({ file, service: spec.service, specDigest });
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        problems.push(...error.problems);
      }
    }
    if (problems.length > 0) throw new InvalidInputError(problems);
    return {
      code: EXIT.promotedOrClean,
      data: { valid: true, services },
      text: services
        .map(({ file, service, specDigest }) => `ok  ${file}  ${service}  ${specDigest.slice(0, 12)}`)
        .join('\n'),
      lines: services.map((service) => ({ valid: true, ...service })),
    };
  },
};
