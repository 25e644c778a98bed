// The options of the CDK app, given as context (`-c engine=Name` or in cdk.json), checked like any other input.
import type { Node } from 'constructs';
import * as z from 'zod';
import { InvalidInputError } from '../src/core/errors.ts';
import { parseBySchema } from '../src/core/zod-problems.ts';
import type { EngineStackProps } from './engine-stack.ts';
import { DEFAULT_ENGINE_NAME } from './names.ts';

/** The command line hands over texts, cdk.json may hold the values themselves. */
const ContextSchema = z.strictObject({
  engine: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/)
    .default(DEFAULT_ENGINE_NAME),
  services: z.string().min(1).optional(),
  tickSeconds: z.coerce.number().int().min(1).max(60).default(60),
  publishMachineVersion: z.union([z.stringbool(), z.boolean()]).default(true),
});

export interface AppContext {
  readonly engineName: string;
  /** null: the default folder, which may be missing. */
  readonly servicesFolder: string | null;
  readonly engine: EngineStackProps;
}

/** Throws InvalidInputError. */
export function readContext(node: Node): AppContext {
  const given = Object.fromEntries(
    Object.keys(ContextSchema.shape).map((name) => [name, node.tryGetContext(name)]),
  );
  const { value, problems } = parseBySchema(ContextSchema, given);
  if (problems !== null) {
    throw new InvalidInputError(problems.map((problem) => ({ ...problem, where: `-c ${problem.where}=…` })));
  }
  const { engine, services, tickSeconds, publishMachineVersion } = value;
  return {
    engineName: engine,
    servicesFolder: services ?? null,
    engine: { tickSeconds, publishMachineVersion },
  };
}
