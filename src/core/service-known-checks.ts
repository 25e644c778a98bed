// The checks that Stepshift knows by name, as people write them: errors, latency, throttles, alarms.
import * as z from 'zod';
import { duration, latency, percent, percentile, ratio } from './quantities.ts';
import { namedMetric } from './service-metrics.ts';
import { checkAlarmNames, checkFloorBelowLimit } from './service-rules.ts';
import { orOff } from './shapes.ts';

const ErrorsSchema = z
  .strictObject({
    tolerance: ratio({ min: 1, max: 100 })
      .prefault('x1.5')
      .meta({
        description: 'The canary may fail this many times as often as stable, from x1 to x100',
        examples: ['x1.5'],
      }),
    floor: percent({ min: 0, max: 100, excludesMin: true })
      .prefault('0.1%')
      .meta({
        description: 'Below this error rate the canary is fine whatever stable does',
        examples: ['0.1%'],
      }),
    limit: percent({ min: 0, max: 100, excludesMin: true })
      .prefault('1%')
      .meta({
        description: 'Above this error rate the canary is bad whatever the tolerance says',
        examples: ['1%'],
      }),
    http5xx: namedMetric('Http5xx').optional().meta({
      description:
        'A metric that counts HTTP 5xx answers, with the dimensions FunctionName and Version; Lambda itself counts them as successes (lambdaAlias only)',
    }),
  })
  .check(checkFloorBelowLimit)
  .prefault({})
  .meta({ description: 'Failed requests of the canary against those of stable, in the same minutes' });

const LatencySchema = z
  .strictObject({
    tolerance: ratio({ min: 1, max: 100 })
      .prefault('x1.25')
      .meta({
        description: 'The canary may be this many times slower than stable, from x1 to x100',
        examples: ['x1.25'],
      }),
    limit: latency({ min: 1, max: 900_000 })
      .prefault('500ms')
      .meta({
        description: 'Above this latency of the percentile people are told, 1ms to 900s',
        examples: ['500ms'],
      }),
    percentile: percentile({ min: 0.5, max: 0.999 })
      .prefault('p95')
      .meta({
        description: 'The percentile that is held to the limit and shown, p50 to p99.9',
        examples: ['p95'],
      }),
    onLimit: z
      .enum(['alert', 'rollback'])
      .default('alert')
      .meta({
        description: 'What a canary above the limit brings about: people are told, or it is rolled back',
        examples: ['alert'],
      }),
    warmUp: duration({ min: 0, max: 3600 })
      .optional()
      .meta({
        description:
          'After every raise of the weight an extra share of slow requests is forgiven for so long, where cold starts are not counted, at most 1h; 5m for lambdaAlias and 0s for alb unless set',
        examples: ['5m'],
      }),
    coldStarts: namedMetric('ColdStart').optional().meta({
      description:
        'A metric that counts cold starts, with the dimensions FunctionName and Version: slow requests are forgiven by their number (lambdaAlias only)',
    }),
  })
  .meta({ description: 'How slow the canary may be' });

export const DEFAULT_THROTTLES_PERCENT = 1;

const ThrottlesSchema = z
  .strictObject({
    limit: percent({ min: 0, max: 100, excludesMin: true })
      .prefault(`${DEFAULT_THROTTLES_PERCENT}%`)
      .meta({
        description: 'Throttled share of the attempts above which the canary is held',
        examples: ['1%'],
      }),
  })
  .meta({ description: 'Requests that Lambda refused for want of concurrency' });

export const KnownChecksSchema = z.strictObject({
  errors: ErrorsSchema,
  latency: orOff(LatencySchema).prefault({}).meta({
    description:
      'Latency of the canary against that of stable, and of its percentile against a limit; on unless it is switched off with false',
  }),
  throttles: orOff(ThrottlesSchema).optional().meta({
    description:
      'Throttled share of the attempts on the alias (lambdaAlias only, and on there unless it is switched off with false)',
  }),
  alarms: z
    .array(z.string().min(1).max(255))
    .max(100)
    .check(checkAlarmNames)
    .default([])
    .meta({
      description: 'Names of CloudWatch alarms, metric or composite; one that fires rolls back',
      examples: [['Checkout5xx']],
    }),
});
