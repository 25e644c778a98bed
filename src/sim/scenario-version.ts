// How a version truly behaves, as people write it in a scenario.
import * as z from 'zod';
import { Latency, Length, Percent, Ratio, window } from './scenario-parts.ts';

/** A share keeps its unit, so that a rate and a gauge can be told apart. */
const MetricSchema = z
  .union([Percent.transform((share) => ({ percent: share })), z.number()])
  .describe(
    'A percentage for a rate, for example 3.2%; a plain number for a value or a gauge, for example 45',
  );
export type WrittenMetric = z.output<typeof MetricSchema>;

const behaviour = {
  errors: Percent.optional().describe('Requests that end in an exception'),
  http500: Percent.optional().describe('Requests that the handler answers with HTTP 500'),
  hang: Percent.optional().describe('Requests that never end until the time-out'),
  crash: z
    .literal(true)
    .optional()
    .describe('Fails before the first line of the handler: every request fails'),
  p50: Latency.optional().describe('Median duration'),
  p95: Latency.optional().describe('95th percentile of the duration'),
  tail: z
    .strictObject({
      share: Percent.describe('Requests that are so much slower'),
      slower: Latency.describe('Added to their duration'),
    })
    .optional()
    .describe('A thin far tail that p50 and p95 do not tell of'),
  throttles: Percent.optional().describe(
    'Attempts that Lambda turns away; they reach no version, so they are neither requests nor bad ones',
  ),
  metrics: z
    .record(z.string(), MetricSchema)
    .optional()
    .describe(
      'Custom checks of the service file by name: a rate as percent of the well answered requests, a value or gauge as a number, which wanders by about 3 % from minute to minute; a check that is not named never reports',
    ),
};

export const VersionSchema = z.strictObject({
  ...behaviour,
  leak: z
    .strictObject({ errorsPerHour: Percent.default(0), slowerPerHour: Ratio.default(1) })
    .optional()
    .describe('Grows with the time since the first request'),
  coldStarts: z
    .strictObject({
      share: Percent.describe('Requests that wait for a new environment right after the raise'),
      slower: Latency.describe('Added to their duration'),
      for: Length.describe('Until the share has fallen, in a straight line, to none'),
    })
    .optional()
    .describe('After every raise of the version’s weight'),
  changes: z
    .array(z.strictObject({ ...window, ...behaviour }))
    .default([])
    .describe('Windows in which the version behaves differently'),
});
export type WrittenVersion = z.output<typeof VersionSchema>;
