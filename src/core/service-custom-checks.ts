// Checks that a team defines for itself, as people write them. The keys say what kind a check is: `hold` makes a gauge,
// `per` a rate, everything else is a value.
import * as z from 'zod';
import { closest } from './closest.ts';
import { duration, ratio } from './quantities.ts';
import { CountedSourceSchema, GaugeSourceSchema, ValueSourceSchema } from './service-metrics.ts';
import { refuse } from './service-rules.ts';
import type { CustomCheck } from './service-spec.ts';
import { oneOfShapes, type WrittenMap, wordOr } from './shapes.ts';

type Better = 'higher' | 'lower';

export const DEFAULT_TOLERANCE: Readonly<Record<Better, number>> = { higher: 0.95, lower: 1.5 };

const better = z.enum(['higher', 'lower']).meta({
  description: 'Which way is good: higher (orders) or lower (refusals, waiting time)',
  examples: ['higher'],
});
const tolerance = ratio({ min: 0, max: 100, excludesMin: true })
  .optional()
  .meta({
    description:
      'How many times the number of stable the canary may have: with better: higher at least so many, below x1 (x0.95 unless set); with better: lower at most so many, above x1 (x1.5 unless set)',
    examples: ['x0.95'],
  });

const RateSchema = z
  .strictObject({
    metric: CountedSourceSchema,
    per: wordOr('request', CountedSourceSchema, 'a metric such as { namespace: Shop, name: Visits }').meta({
      description: 'What the events are counted against: request, or a metric of its own',
      examples: ['request'],
    }),
    better,
    tolerance,
    lag: duration({ min: 0, max: 3600 })
      .prefault('2m')
      .meta({
        description:
          'How long after its request an event may be counted, at most 1h: the rate learns nothing for so long after every raise of the weight; 0s where events are counted with their request',
        examples: ['2m'],
      }),
  })
  .check(checkTolerance)
  .meta({ description: 'A rate: events per request, or per event of another metric' });

const ValueSchema = z
  .strictObject({ metric: ValueSourceSchema, better, tolerance })
  .check(checkTolerance)
  .meta({ description: 'A value a minute, for example a percentile' });

const AboveSchema = z
  .strictObject({
    above: z.number().meta({
      description: 'Hold above this number, in the unit of the metric itself and without it',
      examples: [80],
    }),
  })
  .meta({ description: 'A fixed limit' });

const GaugeSchema = z
  .strictObject({
    metric: GaugeSourceSchema,
    hold: wordOr('unusual', AboveSchema, '{ above: 80 } with a limit of yours').meta({
      description: 'When the canary is held: unusual (above what stable usually has), or { above: 80 }',
      examples: ['unusual'],
    }),
    onLimit: z
      .enum(['hold', 'rollback'])
      .default('hold')
      .meta({
        description: 'What a gauge above its limit brings about; rollback only with hold: { above: … }',
        examples: ['hold'],
      }),
  })
  .check(checkLimitBeforeRollback)
  .meta({ description: 'A level that is watched (CPU, memory, queue): no proof, but a reason to wait' });

const KINDS = {
  rate: { schema: RateSchema, keys: ['metric', 'per', 'better', 'tolerance', 'lag'] },
  value: { schema: ValueSchema, keys: ['metric', 'better', 'tolerance'] },
  gauge: { schema: GaugeSchema, keys: ['metric', 'hold', 'onLimit'] },
} as const satisfies Record<CustomCheck['kind'], object>;

/** Keys of any kind of check. */
export const ALL_CHECK_KEYS = ['metric', 'per', 'better', 'tolerance', 'lag', 'hold', 'onLimit'] as const;

export const CustomCheckSchema = oneOfShapes(
  // the value first: its statistic is the one that can be missing, and the first description is the one told
  [ValueSchema, RateSchema, GaugeSchema],
  (written) => KINDS[kindOfCheck(written)].schema,
);

/** By the keys that are there, or that are meant by a slip of the pen. */
export function kindOfCheck(written: WrittenMap): CustomCheck['kind'] {
  const keys = meantKeys(written);
  if (keys.has('hold')) return 'gauge';
  return keys.has('per') ? 'rate' : 'value';
}

/** A metric alone could be any kind, and a lag makes no rate without what its events are counted against. */
export function saysItsKind(written: WrittenMap): boolean {
  const keys = meantKeys(written);
  return ALL_CHECK_KEYS.some((key) => key !== 'metric' && key !== 'lag' && keys.has(key));
}

/** Whether a key under `checks` is meant as a check of its own, and not a slip in the name of another one. */
export function isCustomCheck(written: WrittenMap): boolean {
  const keys = meantKeys(written);
  return ['metric', 'per', 'better', 'hold'].some((key) => keys.has(key));
}

/** What is allowed in this check, and what has the key when another kind has it. */
export function keysOfKind(kind: CustomCheck['kind']): readonly string[] {
  return KINDS[kind].keys;
}

function meantKeys(written: WrittenMap): ReadonlySet<string> {
  return new Set(Object.keys(written).map((key) => closest(key, ALL_CHECK_KEYS) ?? key));
}

function checkTolerance(
  payload: z.core.ParsePayload<{ readonly better: Better; readonly tolerance?: number | undefined }>,
): void {
  const { better: way, tolerance: given } = payload.value;
  if (typeof given !== 'number' || (way === 'higher' ? given < 1 : given > 1)) return;
  const side = way === 'higher' ? 'below x1' : 'above x1';
  refuse(payload, ['tolerance'], `with better: ${way} the tolerance is ${side}, and x${given} is not`, {
    code: 'tolerance-on-wrong-side',
    allowed: `${side}, for example x${DEFAULT_TOLERANCE[way]}`,
    fix: given === 1 ? `Write x${DEFAULT_TOLERANCE[way]}` : wrongSideFix(way, given),
  });
}

function wrongSideFix(way: Better, given: number): string {
  const mirrored = Number((1 / given).toPrecision(2));
  return `Write x${mirrored}, or better: ${way === 'higher' ? 'lower' : 'higher'}`;
}

function checkLimitBeforeRollback(
  payload: z.core.ParsePayload<{ readonly hold: unknown; readonly onLimit: string }>,
): void {
  const { hold, onLimit } = payload.value;
  if (hold !== 'unusual' || onLimit !== 'rollback') return;
  refuse(payload, ['onLimit'], 'a gauge rolls back at a limit only, and hold: unusual is none', {
    code: 'rollback-without-limit',
    allowed: 'hold, or rollback together with hold: { above: … }',
    fix: 'Write hold: { above: 80 } with your limit, or remove onLimit',
  });
}
