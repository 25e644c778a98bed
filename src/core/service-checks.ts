// The checks of a service file as people write them: errors, latency, alarms.
import * as z from 'zod';
import { latency, percent, percentile, ratio } from './quantities.ts';
import { checkAlarmNames, checkFloorBelowLimit } from './service-rules.ts';

const MetricSchema = z.strictObject({
  namespace: z
    .string()
    .min(1)
    .max(255)
    .meta({ description: 'Namespace of the metric', examples: ['Stepshift'] }),
  name: z
    .string()
    .min(1)
    .max(255)
    .meta({ description: 'Name of the metric', examples: ['Http5xx'] }),
});

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
    http5xx: MetricSchema.optional().meta({
      description:
        'A metric that counts HTTP 5xx answers, with the dimensions FunctionName and Version; Lambda itself counts them as successes',
    }),
  })
  .check(checkFloorBelowLimit)
  .prefault({})
  .meta({ description: 'Failed requests of the canary against those of stable, in the same minutes' });

const LatencySchema = z
  .strictObject({
    limit: latency({ min: 1, max: 900_000 })
      .prefault('500ms')
      .meta({
        description: 'The latency that the percentile must stay below, 1ms to 900s',
        examples: ['500ms'],
      }),
    percentile: percentile({ min: 0.5, max: 0.999 })
      .prefault('p95')
      .meta({ description: 'The percentile that is held to the limit, p50 to p99.9', examples: ['p95'] }),
  })
  .meta({ description: 'Latency of the canary against a fixed limit; judged only when this key is there' });

export const ChecksSchema = z
  .strictObject({
    errors: ErrorsSchema,
    latency: LatencySchema.optional(),
    alarms: z
      .array(z.string().min(1).max(255))
      .max(100)
      .check(checkAlarmNames)
      .default([])
      .meta({
        description: 'Names of CloudWatch alarms, metric or composite; one that fires rolls back',
        examples: [['Checkout5xx']],
      }),
  })
  .prefault({})
  .meta({ description: 'What is judged; errors always are' });
