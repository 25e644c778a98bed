// The options of the CDK app, given as context (`-c engine=Name` or in cdk.json), checked like any other input.
import type { Node } from 'constructs';
import * as z from 'zod';
import { InvalidInputError } from '../src/core/errors.ts';
import { parseBySchema } from '../src/core/zod-problems.ts';
import type { EngineStackProps } from './engine-stack.ts';
import { DEFAULT_ENGINE_NAME, ENGINE_NAME } from './names.ts';

/** The command line hands over texts, cdk.json may hold the values themselves. */
const ContextSchema = z.strictObject({
  engine: z.string().regex(ENGINE_NAME).default(DEFAULT_ENGINE_NAME),
  services: z.string().min(1).optional(),
  permissionsBoundary: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,400}$/)
    .meta({
      description: 'the ARN of a managed policy of this account',
      examples: ['arn:aws:iam::123456789012:policy/Boundary'],
    })
    .optional(),
  reservedConcurrency: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .meta({ description: 'a whole number from 1 to 1000', examples: [5] })
    .optional(),
  dashboard: z.union([z.stringbool(), z.boolean()]).default(false),
  tickSeconds: z.coerce.number().int().min(1).max(60).default(60),
  publishMachineVersion: z.union([z.stringbool(), z.boolean()]).default(true),
});

export interface AppContext {
  readonly engineName: string;
  /** null: the default folder, which may be missing. */
  readonly servicesFolder: string | null;
  /** ARN of a managed policy that bounds every role; null: none. */
  readonly permissionsBoundary: string | null;
  /** A stack of its own with a dashboard of the engine; left out: none. */
  readonly dashboard?: true;
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
  const { engine, services, permissionsBoundary, reservedConcurrency, dashboard, ...rest } = value;
  return {
    engineName: engine,
    servicesFolder: services ?? null,
    permissionsBoundary: permissionsBoundary ?? null,
    ...(dashboard ? { dashboard } : {}),
    engine: { ...rest, ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }) },
  };
}
