// CloudWatch metrics as people write them: a name, a series, or metric math over some.
import * as z from 'zod';
import { closest } from './closest.ts';
import { checkMath } from './metric-math.ts';
import { refuse } from './service-rules.ts';
import { oneOfShapes, type Refusal, textWithPlaceholders, type WrittenMap } from './shapes.ts';

// Source: CloudWatch API reference, Metric: a namespace matches [^:].*
const namespace = z
  .string()
  .min(1)
  .max(255)
  .check((payload) => {
    if (!payload.value.startsWith(':')) return;
    const bare = payload.value.replace(/^:+/, '');
    refuse(payload, [], 'begins with a colon, and CloudWatch takes no such namespace', {
      code: 'wrong-format',
      isPredicate: true,
      allowed: 'a namespace that does not begin with a colon',
      fix: bare === '' ? 'Write the namespace of the metric, for example Stepshift' : `Write ${bare}`,
    });
  })
  .meta({ description: 'Namespace of the metric', examples: ['Stepshift'], pattern: '^[^:]' });

const metricName = (example: string) =>
  z
    .string()
    .min(1)
    .max(255)
    .meta({ description: 'Name of the metric', examples: [example] });

/** A metric whose statistic and dimensions are given: FunctionName and Version. */
export function namedMetric(example: string) {
  return z.strictObject({ namespace, name: metricName(example) });
}

// Source: CloudWatch user guide, «CloudWatch statistics definitions».
const BOUND = String.raw`(\d+(\.\d+)?%?)?`;
const ANY_STATISTIC = new RegExp(
  `^(SampleCount|Sum|Average|Minimum|Maximum|IQM|(p|tm|wm|tc|ts)\\d{1,2}(\\.\\d{1,4})?|(TM|WM|TC|TS|PR)\\(${BOUND}:${BOUND}\\))$`,
);
const COUNTING_STATISTIC = new RegExp(`^(Sum|SampleCount|TC\\(${BOUND}:${BOUND}\\))$`);

interface Statistic {
  readonly pattern: RegExp;
  /** What a text is that does not match. */
  readonly refusal: string;
  readonly allowed: string;
  /** To be meant by a slip of the pen. */
  readonly words: readonly string[];
  readonly example: string;
}

const ANY: Omit<Statistic, 'example'> = {
  pattern: ANY_STATISTIC,
  refusal: 'is no statistic of CloudWatch',
  allowed: 'Sum, Average, Minimum, Maximum, SampleCount, p90, tm95, TM(10%:90%) and their like',
  words: ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount', 'IQM'],
};
const COUNTING: Statistic = {
  pattern: COUNTING_STATISTIC,
  refusal: 'does not count events, and a rate is made of counts',
  allowed: 'Sum, SampleCount, or TC(:500) for a count up to a bound',
  words: ['Sum', 'SampleCount'],
  example: 'Sum',
};

function statistic({ pattern, refusal, allowed, words, example }: Statistic) {
  return z
    .string()
    .max(20)
    .check((payload) => {
      if (pattern.test(payload.value)) return;
      const meant = closest(payload.value, words);
      const fix =
        meant === undefined ? `Write one of them, for example ${example}` : `Did you mean ${meant}?`;
      refuse(payload, [], refusal, { code: 'wrong-format', isPredicate: true, allowed, fix });
    })
    .meta({ description: `Statistic: ${allowed}`, examples: [example], pattern: pattern.source });
}

const DimensionsSchema = z
  .record(
    z.string().regex(/^[!-9;-~][ -~]{0,254}$/),
    textWithPlaceholders(
      z
        .string()
        .regex(/^[!-9;-~][ -~]{0,1023}$/)
        .meta({ description: 'Value of the dimension, as text', examples: ['{version}'] }),
    ),
  )
  .refine((dimensions) => Object.keys(dimensions).length <= 30, {
    error: 'has more than 30 dimensions',
    params: {
      code: 'out-of-range',
      allowed: 'at most 30 dimensions, as many as CloudWatch takes',
      fix: 'Remove some',
      isPredicate: true,
    },
  })
  .optional()
  .meta({
    description:
      'Dimensions of the series; {version}, {function}, {alias} (lambdaAlias) and {version}, {targetGroup} (alb) stand for the side that is read; required for alb, FunctionName and Version unless set for lambdaAlias',
    examples: [{ FunctionName: '{function}', Version: '{version}' }],
  });

const series = <Stat extends z.ZodType<string, string | undefined>>(stat: Stat) =>
  z
    .strictObject({ namespace, name: metricName('Orders'), stat, dimensions: DimensionsSchema })
    .meta({ description: 'One CloudWatch series' });

const math = <Stat extends z.ZodType<string, string | undefined>>(stat: Stat) =>
  z
    .strictObject({
      math: z
        .string()
        .min(1)
        .max(1024)
        .meta({ description: 'CloudWatch metric math over the series', examples: ['m1 / m2 * 100'] }),
      series: z.record(z.string().regex(/^[a-z][A-Za-z0-9_]{0,29}$/), series(stat)).meta({
        description:
          'The series by the id that the math calls them, 1 to 10; an id is a lower-case letter, then letters, digits and _',
        examples: [{ m1: { namespace: 'Shop', name: 'Orders' } }],
      }),
    })
    .check(checkMath)
    .meta({ description: 'Metric math over series' });

const MATH_KEYS = ['math', 'series'];
const SERIES_KEYS = ['namespace', 'name', 'stat', 'dimensions'];

function seriesAndMath(written: WrittenMap): Refusal | undefined {
  const ofMath = MATH_KEYS.filter((key) => key in written);
  const ofSeries = SERIES_KEYS.filter((key) => key in written);
  if (ofMath.length === 0 || ofSeries.length === 0) return undefined;
  return {
    code: 'series-and-math',
    message: 'is either a series or math, and this one has keys of both',
    allowed: '{ namespace, name, stat, dimensions }, or { math, series }',
    fix: `Remove ${ofMath.join(' and ')}; or put ${ofSeries.join(', ')} into a metric under series`,
  };
}

function source<
  Own extends z.ZodType<string, string | undefined>,
  Inner extends z.ZodType<string, string | undefined>,
>(stat: Own, statInMath: Inner) {
  const one = series(stat);
  const many = math(statInMath);
  return oneOfShapes(
    [one, many],
    (written) => (MATH_KEYS.some((key) => key in written) ? many : one),
    seriesAndMath,
  ).meta({
    description: 'The metric: { namespace, name, stat, dimensions }, or { math, series }',
    examples: [{ namespace: 'Shop', name: 'Orders' }],
  });
}

/** Of a rate: events are summed up. */
export const CountedSourceSchema = source(
  statistic(COUNTING).default('Sum'),
  statistic({ ...ANY, example: 'Sum' }).default('Sum'),
);
/** Of a value: every statistic is a different value, so it has to be said. */
export const ValueSourceSchema = source(
  statistic({ ...ANY, example: 'p90' }),
  statistic({ ...ANY, example: 'p90' }),
);
/** Of a gauge: its level. */
export const GaugeSourceSchema = source(
  statistic({ ...ANY, example: 'Average' }).default('Average'),
  statistic({ ...ANY, example: 'Average' }).default('Average'),
);

/** As read; the dimensions of the target's kind are not filled in yet. */
export type SourceFile = z.output<typeof CountedSourceSchema>;
export type SeriesFile = Extract<SourceFile, { readonly name: string }>;
