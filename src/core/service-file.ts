// The service file as people write it: the one source of the type, the errors, the editor's JSON Schema and the reference.
import * as z from 'zod';
import { InvalidInputError } from './errors.ts';
import { PRESETS } from './presets.ts';
import { duration, percent } from './quantities.ts';
import { resolveChecks } from './resolve-checks.ts';
import { ChecksSchema } from './service-checks.ts';
import { explainServiceKey } from './service-keys.ts';
import { checkOneTarget, checkStagesRise, checkWeightStep } from './service-rules.ts';
import type { ServiceSpec, Stage } from './service-spec.ts';
import { checkChecksFitTarget } from './service-target-rules.ts';
import { TARGET_KINDS, type Target } from './targets/index.ts';
import { parseBySchema } from './zod-problems.ts';

const DAYS_7 = 7 * 86_400;

const StageSchema = z
  .strictObject({
    weight: percent({ min: 0, max: 100, excludesMin: true }).meta({
      description: 'Share of the traffic on the canary, above 0% and at most 100%',
      examples: ['5%'],
    }),
    bake: duration({ min: 1, max: DAYS_7 }).meta({
      description: 'How long the canary is judged at this weight before the next one, at most 7d',
      examples: ['10m'],
    }),
    approval: z
      .boolean()
      .default(false)
      .meta({
        description:
          'Whether a person must approve before this stage is left; it is judged while it waits, and unanswered for 24 hours it rolls back',
        examples: [true],
      }),
  })
  .meta({ description: 'A weight and how long to bake there' });

const StagesSchema = z
  .union([
    z.enum(Object.keys(PRESETS)).meta({ description: 'The name of a preset' }),
    z.array(StageSchema).min(1).max(30).check(checkStagesRise).meta({
      description: 'Weights that rise from stage to stage; promotion follows the last one',
    }),
  ])
  .prefault('standard')
  .meta({
    description:
      'The plan: quick, standard, careful, a CodeDeploy name, or a list of 1 to 30 stages with rising weights',
    examples: ['standard'],
  });

/** Only these gates may be waived: the others guard what AWS itself refuses, or would blind the judge for good. */
const WaiversSchema = z
  .strictObject({
    'not-blind-to-http-errors': z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({
        description:
          'Why it is fine to start although HTTP 500 answers would not be seen; kept in every record',
        examples: ['answers are checked by the alarm Checkout5xx'],
      }),
    'http-stream-reports': z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({
        description:
          'Why it is fine to start although the metric of checks.errors.http5xx is silent; kept in every record',
        examples: ['the live version is the last one without countHttpStatus'],
      }),
  })
  .prefault({})
  .meta({ description: 'Gates that are passed although they are shut, each with its reason' });

const writtenTargets = Object.fromEntries(
  TARGET_KINDS.map(({ key, writtenSchema }) => [key, writtenSchema.optional()]),
);

export const ServiceFileSchema = z
  .strictObject({
    service: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/)
      .meta({
        description:
          'Name of the service: a lower-case letter, then lower-case letters, digits and hyphens, at most 40',
        examples: ['checkout'],
      }),
    target: z.strictObject(writtenTargets).check(checkOneTarget).meta({
      description: 'What carries the traffic: exactly one kind',
      minProperties: 1,
      maxProperties: 1,
    }),
    stages: StagesSchema,
    checks: ChecksSchema,
    sensitivity: z
      .enum(['normal', 'high'])
      .default('normal')
      .meta({
        description:
          'How soon harm is believed: normal rolls back at most 1 % of the releases that are within their tolerances, high at most 5 % and finds harm with about a tenth fewer bad requests',
        examples: ['normal'],
      }),
    maxHold: duration({ min: 0, max: DAYS_7 })
      .prefault('20m')
      .meta({
        description: 'How long a stage may be held over its bake while too little is known, at most 7d',
        examples: ['20m'],
      }),
    onInconclusive: z
      .enum(['ask', 'advance', 'rollback'])
      .default('ask')
      .meta({
        description:
          'What follows when the hold is over and still nothing is known: ask a person (unanswered for 24 hours it rolls back), advance, or rollback',
        examples: ['ask'],
      }),
    notify: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/)
      .optional()
      .meta({
        description:
          'Who is told: every message of this service carries it as the SNS attribute `channel`, for subscriptions to filter on; a name, never a URL, never a secret',
        examples: ['checkout-team'],
      }),
    waivers: WaiversSchema,
  })
  .check(checkWeightStep)
  .check(checkChecksFitTarget)
  .meta({
    title: 'Stepshift service file',
    description: 'One service: its target, its plan, its checks, who is told',
  });

/** What a service file says, quantities read, defaults filled in. */
export type ServiceFile = z.output<typeof ServiceFileSchema>;
/** What people write. */
export type WrittenServiceFile = z.input<typeof ServiceFileSchema>;

/** The canonical spec: presets written out, every quantity a number with its unit in its name. */
export function resolveServiceFile(file: ServiceFile): ServiceSpec {
  const target = resolveTarget(file.target);
  return {
    service: file.service,
    target,
    stages: resolveStages(file.stages),
    checks: resolveChecks(file.checks, target.kind),
    sensitivity: file.sensitivity,
    maxHoldSeconds: file.maxHold,
    onInconclusive: file.onInconclusive,
    notify: file.notify ?? null,
    waivers: Object.fromEntries(
      Object.entries(file.waivers).flatMap(([gate, reason]) =>
        reason === undefined ? [] : [[gate, reason]],
      ),
    ),
  };
}

/** From any value (parsed YAML, the props of a construct) to the spec. Throws InvalidInputError with every problem. */
export function parseServiceFile(written: unknown): ServiceSpec {
  const { value, problems } = parseBySchema(ServiceFileSchema, written, explainServiceKey);
  if (problems !== null) throw new InvalidInputError(problems);
  return resolveServiceFile(value);
}

function resolveStages(stages: ServiceFile['stages']): Stage[] {
  if (typeof stages === 'string') return [...(PRESETS[stages] ?? [])];
  return stages.map(({ weight, bake, approval }) => ({
    weightPercent: weight,
    bakeSeconds: bake,
    ...(approval ? { approval } : {}),
  }));
}

function resolveTarget(target: ServiceFile['target']): Target {
  for (const kind of TARGET_KINDS) {
    const written = target[kind.key];
    // the table erases the link between a kind and its written shape; the schema above has checked it
    if (written !== undefined) return kind.fromWritten(written as never);
  }
  throw new TypeError('a service file without a target passed its schema');
}
