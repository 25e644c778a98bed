// A scenario as people write it: one strict schema for what the world of a simulated rollout is like. Quantities are
// written as in service files; every instant inside is a duration since the start of the rollout.
import * as z from 'zod';
import { duration } from '../core/quantities.ts';
import { SIGNALS } from '../core/signals.ts';
import { AlbWorldSchema } from './alb-scenario.ts';
import { refuseImpossible } from './scenario-limits.ts';
import { DAY_SECONDS, Duration, Percent, Ratio, window } from './scenario-parts.ts';
import { StartSchema } from './scenario-start.ts';
import { VersionSchema } from './scenario-version.ts';

const Rate = z.number().min(0).max(10_000_000);
const Version = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/)
  .describe('A version, as text: "42"');

const WorldSchema = z.strictObject({
  liveVersion: Version.default('41').describe('The version that serves when the rollout starts'),
  published: z.array(Version).optional().describe('Versions that exist; left out: the live and the new one'),
  timeout: duration({ min: 1, max: 900 })
    .default(30)
    .describe('Time-out of the function: a hung request ends then'),
  split: z
    .strictObject({ version: Version, weight: Percent })
    .optional()
    .describe('Somebody left the alias split'),
  provisionedConcurrency: z.boolean().default(false).describe('The alias has provisioned concurrency'),
  calledOverHttp: z
    .boolean()
    .default(false)
    .describe('The resource policy lets an HTTP front call the alias'),
  httpStream: z
    .enum(['reports', 'silent'])
    .default('reports')
    .describe(
      'Whether the metric of checks.errors.http5xx ever arrives; silent: a wrong name, or no wrapper',
    ),
  newVersionRole: z
    .string()
    .min(1)
    .optional()
    .describe('Execution role of the new version, where it differs'),
  alb: AlbWorldSchema,
});

const TrafficSchema = z
  .strictObject({
    constant: Rate.optional().describe('Requests a minute'),
    diurnal: z
      .strictObject({
        mean: Rate.describe('Requests a minute, mean over the day'),
        peakHour: z.number().min(0).max(24).describe('Hour of the day (UTC) with the most traffic'),
        swing: Percent.describe('How far the peak is above the mean'),
      })
      .optional(),
    series: z
      .strictObject({
        file: z.string().min(1).describe('CSV `timestamp,value`, path from the scenario file'),
        mean: Rate.positive().describe('Requests a minute that the mean of the series stands for'),
        offset: Duration.default(0).describe('Where in the series the rollout starts'),
      })
      .optional(),
  })
  .describe('Exactly one of constant, diurnal, series');

const AlarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA', 'MISSING']);

const AlarmSchema = z.strictObject({
  name: z.string().min(1).max(255),
  starts: AlarmState.default('OK').describe('MISSING: there is no such alarm'),
  when: z
    .strictObject({
      errorsAbove: Percent,
      of: z.enum(['all', 'stable', 'canary']).default('all'),
      periods: z.int().min(1).max(60).default(1).describe('Minutes in a row'),
    })
    .optional()
    .describe('A threshold on the error rate of each minute, as CloudWatch would evaluate it'),
  changes: z.array(z.strictObject({ at: Duration, to: AlarmState })).default([]),
});

const who = { at: Duration, who: z.string().min(1).max(80).default('ana') };
const PersonSchema = z.discriminatedUnion('does', [
  z.strictObject({
    ...who,
    does: z.enum(['abort', ...SIGNALS]).describe('As stepshift abort, pause, … does'),
    message: z.string().max(300).default(''),
  }),
  z.strictObject({ ...who, does: z.literal('set-weight'), weight: Percent }),
  z.strictObject({ ...who, does: z.literal('hotfix'), version: Version }),
  z.strictObject({ ...who, does: z.literal('stop-execution') }),
]);

const FaultsSchema = z.strictObject({
  apis: z
    .array(
      z.strictObject({
        api: z.enum([
          'GetAlias',
          'UpdateAlias',
          'DescribeRules',
          'CreateRule',
          'ModifyRule',
          'DeleteRule',
          'GetMetricData',
          'DescribeAlarms',
        ]),
        kind: z
          .enum(['throttle', 'deny', 'lose-answer'])
          .describe('lose-answer: it is done, but nobody hears so'),
        ...window,
      }),
    )
    .default([]),
  store: z.array(z.strictObject(window)).default([]).describe('Outages of the table'),
  events: z
    .array(
      z.strictObject({
        does: z.enum(['drop', 'duplicate']),
        of: z.enum(['alarm', 'execution', 'rollout', 'all']).default('all'),
        ...window,
      }),
    )
    .default([]),
});

const MetricsSchema = z.strictObject({
  lateness: Duration.default(60).describe('A minute can be read this long after its end'),
  delays: z
    .array(z.strictObject({ ...window, lateness: Duration }))
    .default([])
    .describe('Minutes that come later than usual'),
  gaps: z
    .array(z.strictObject({ ...window, of: z.enum(['stable', 'canary', 'both']).default('both') }))
    .default([])
    .describe('Minutes that never show up'),
  problems: z
    .array(z.strictObject({ ...window, status: z.enum(['Forbidden', 'PartialData']) }))
    .default([])
    .describe('Reads that are answered incompletely'),
});

/** What a scenario file may hold; the output has every default filled in, durations in seconds, shares in percent. */
export const ScenarioSchema = z
  .strictObject({
    description: z.string().min(1).max(200).describe('What happens, in one line'),
    version: Version.describe('The version to roll out, as text: "42"'),
    start: StartSchema.default('2026-11-21T09:00:20Z').describe('When it starts: 2026-11-21T09:00:20Z'),
    acceptAlarms: z
      .record(z.string(), z.string().min(1).max(300))
      .default({})
      .describe('Alarms that may fire at the start, each with the reason why, as stepshift start takes them'),
    // longer than a rollout that waits for an answer that never comes (24 hours)
    horizon: duration({ min: 60, max: 14 * DAY_SECONDS })
      .default(30 * 3600)
      .describe('When the simulation stops, however the rollout fares'),
    seed: z.int().min(0).max(0xffffffff).default(1).describe('The same seed gives the same requests'),
    world: WorldSchema.prefault({}).describe('What the target is like at the start'),
    traffic: TrafficSchema,
    stable: VersionSchema.prefault({}).describe('How the live version truly behaves'),
    canary: VersionSchema.prefault({}).describe(
      'How the new version truly behaves, where it differs from the live one',
    ),
    incidents: z
      .array(z.strictObject({ ...window, errors: Percent.default(0), slower: Ratio.default(1) }))
      .default([])
      .describe('Troubles from outside that hit both versions alike'),
    metrics: MetricsSchema.prefault({}).describe('How CloudWatch shows what happens'),
    alarms: z
      .array(AlarmSchema)
      .default([])
      .describe('Alarms of the service file that are not named here are OK'),
    people: z.array(PersonSchema).default([]).describe('Who does what, and when'),
    faults: FaultsSchema.prefault({}),
  })
  .superRefine((scenario, context) => {
    for (const { path, ...impossible } of refuseImpossible(scenario)) {
      const { message, allowed, fix } = impossible;
      context.addIssue({
        code: 'custom',
        path: [...path],
        message,
        params: { code: 'impossible-scenario', allowed, fix },
      });
    }
  });
export type Scenario = z.output<typeof ScenarioSchema>;
