// The checks of a service file as people write them: a map of four names that Stepshift knows and of checks of one's own.
import * as z from 'zod';
import type { IssueParams } from './issue-words.ts';
import { CustomCheckSchema, isCustomCheck, saysItsKind } from './service-custom-checks.ts';
import { KnownChecksSchema } from './service-known-checks.ts';
import { bareJsonSchema, isMap, issueUnder, parsedOr, type WrittenMap } from './shapes.ts';

type KnownChecks = z.output<typeof KnownChecksSchema>;
type WrittenKnownChecks = z.input<typeof KnownChecksSchema>;

/** Every key that is none of the known four is a check of one's own by that name. */
type WrittenChecks = WrittenKnownChecks & {
  readonly [name: string]: z.input<typeof CustomCheckSchema> | WrittenKnownChecks[keyof WrittenKnownChecks];
};

/** As read; what depends on the kind of target is not filled in yet. */
export type ChecksFile = KnownChecks & {
  readonly custom: Readonly<Record<string, z.output<typeof CustomCheckSchema>>>;
};

export const KNOWN_CHECKS: readonly string[] = Object.keys(KnownChecksSchema.shape);
const MAX_CUSTOM_CHECKS = 8;
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
/** Evidence is kept by name: these are names of Stepshift's own, and one that every object of JavaScript has. */
const TAKEN_NAME = /^(?:(?:errors|latency|throttles|alarms|silence)-.*|silence|constructor)$/;

export const ChecksSchema = z
  .custom<WrittenChecks>()
  .transform((written, context): ChecksFile => {
    if (!isMap(written)) return { ...parsedOr(KnownChecksSchema, written, context), custom: {} };
    const [known, own] = [true, false].map((isKnown) =>
      Object.fromEntries(Object.entries(written).filter(([name]) => KNOWN_CHECKS.includes(name) === isKnown)),
    ) as [WrittenMap, WrittenMap];
    return { ...parsedOr(KnownChecksSchema, known, context), custom: customChecks(own, context) };
  })
  .meta(mapJsonSchema())
  .prefault({})
  .meta({
    description:
      'What is judged: errors always are; a key of another name is a check of your own, at most 8 of them',
  });

function customChecks(own: WrittenMap, context: z.core.$RefinementCtx): ChecksFile['custom'] {
  const checks: Record<string, z.output<typeof CustomCheckSchema>> = {};
  const names = Object.keys(own);
  for (const [index, name] of names.entries()) {
    const written = own[name];
    if (!isMap(written) || !isCustomCheck(written)) {
      context.issues.push({ code: 'unrecognized_keys', keys: [name], input: own, path: [] });
      continue;
    }
    const problem =
      nameProblem(name) ?? kindProblem(written) ?? (index < MAX_CUSTOM_CHECKS ? null : tooMany(names.length));
    if (problem !== null) {
      const { message, ...params } = problem;
      context.issues.push({ code: 'custom', path: [name], message, params, input: written });
      continue;
    }
    const result = CustomCheckSchema.safeParse(written);
    if (result.success) checks[name] = result.data;
    else context.issues.push(...result.error.issues.map((issue) => issueUnder([name], issue, written)));
  }
  return checks;
}

type CheckProblem = IssueParams & { readonly message: string };

function nameProblem(name: string): CheckProblem | null {
  const common = {
    isPredicate: true,
    isAboutKey: true,
    allowed: 'a lower-case letter, then lower-case letters, digits and hyphens, at most 40',
  };
  if (!NAME.test(name)) {
    return {
      ...common,
      code: 'wrong-key',
      message: 'is not a name for a check',
      fix: 'Rename it, for example checkout-p90',
    };
  }
  if (!TAKEN_NAME.test(name)) return null;
  return {
    ...common,
    code: 'name-taken',
    message: 'has a name that Stepshift uses itself',
    fix: `Rename it, for example my-${name}`,
  };
}

function kindProblem(written: WrittenMap): CheckProblem | null {
  if (saysItsKind(written)) return null;
  return {
    isPredicate: true,
    isAboutKey: true,
    code: 'no-kind-of-check',
    message: 'does not say how its metric is judged',
    allowed: 'per and better (a rate of events), better alone (a value), or hold (a gauge)',
    fix: 'Add per: request and better: higher, or better: lower, or hold: unusual',
  };
}

function tooMany(count: number): CheckProblem {
  return {
    isPredicate: true,
    isAboutKey: true,
    code: 'too-many-checks',
    message: `is one check too many: there are ${count} of your own`,
    allowed: `at most ${MAX_CUSTOM_CHECKS} checks of your own`,
    fix: 'Keep those that would stop a release; watch the others by checks.alarms',
  };
}

/** For editors: the known keys, and any other as a check of one's own. */
function mapJsonSchema(): WrittenMap {
  return { ...bareJsonSchema(KnownChecksSchema), additionalProperties: bareJsonSchema(CustomCheckSchema) };
}
