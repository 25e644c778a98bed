// A service file on disk: read, checked, resolved, and pinned by its digest.
import * as z from 'zod';
import { InvalidInputError } from '../core/errors.ts';
import { planProblem } from '../core/plan.ts';
import { resolveServiceFile, ServiceFileSchema } from '../core/service-file.ts';
import { explainServiceKey } from '../core/service-keys.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { specDigest } from '../spec-digest.ts';
import { readTextFile } from './read-text-file.ts';
import { parseSource, readYaml } from './yaml-source.ts';

export interface ServiceSource {
  readonly spec: ServiceSpec;
  /** SHA-256 of the canonical spec, hex. */
  readonly specDigest: string;
  /** The file as it was written, presets and defaults left out. */
  readonly written: Readonly<Record<string, unknown>>;
}

/**
 * Throws InvalidInputError with every problem at once, a plan over the history budget among them.
 * @param displayName how problems name the file; the path as given unless told
 */
export async function readServiceFile(path: string, displayName = path): Promise<ServiceSource> {
  return parseServiceText(await readTextFile(path, displayName), displayName);
}

/** The same for a text that is already there. */
export function parseServiceText(text: string, fileName: string): ServiceSource {
  const source = readYaml(text, fileName);
  if (source.value === null) throw emptyFile(fileName);
  const spec = resolveServiceFile(parseSource(ServiceFileSchema, source, explainServiceKey));
  const overBudget = planProblem(spec);
  if (overBudget !== null) throw new InvalidInputError([source.locate(overBudget)]);
  return {
    spec,
    specDigest: specDigest(spec),
    written: z.record(z.string(), z.unknown()).parse(source.value),
  };
}

function emptyFile(fileName: string): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'empty-file',
      what: `${fileName} says nothing about a service`,
      where: fileName,
      got: 'nothing, or comments only',
      allowed: 'at least service and target',
      fix: 'Let it be written: stepshift init checkout --function checkout-api --alias live',
    },
  ]);
}
