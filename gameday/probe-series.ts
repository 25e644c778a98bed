// The CloudWatch series of the probe and the sample, as the engine itself would ask for them.
import { lambdaAliasSeries } from '../src/aws/lambda-alias-series.ts';
import type { Metric, Series, SeriesQuery } from '../src/aws/target-series.ts';
import { parseServiceFile } from '../src/core/service-file.ts';
import { PROBE, SERVICE_ALARM } from './core/names.ts';
import { serviceFile } from './core/service.ts';
import type { AliasName, Metrics, Point, Ports } from './ports.ts';

export const MINUTE_MS = 60_000;

/** The version is null for the alias as a whole. */
function queryOf(version: string | null, name: AliasName): SeriesQuery {
  const spec = parseServiceFile(serviceFile({ ...name, alarm: SERVICE_ALARM }));
  const canary = version === null ? null : { version, ref: version };
  return { target: spec.target, spec, latency: null, canary };
}

export function invocationsOf(version: string | null): Series {
  const ref = version ?? '';
  const { invocations } = lambdaAliasSeries.seriesOf(queryOf(version, PROBE), { version: ref, ref });
  if (invocations === undefined) throw new TypeError('an alias without a series of its invocations');
  return invocations;
}

export function durationsOf(version: string | null, stat: string, name: AliasName = PROBE): Series {
  const ref = version ?? '';
  const metric: Metric = lambdaAliasSeries.responseTimesOf(queryOf(version, name), { version: ref, ref });
  return { ...metric, stat };
}

export function throttlesOf(version: string | null): Series {
  return { ...invocationsOf(version), name: 'Throttles' };
}

/** All of a series over that time. */
export function sumOf(points: readonly Point[] | null | undefined): number {
  return (points ?? []).reduce((sum, { value }) => sum + value, 0);
}

/** By the minute; what did not come whole is missing. */
export async function readMinutes(
  metrics: Metrics,
  series: readonly Series[],
  fromMs: number,
  toMs: number,
): Promise<readonly (readonly Point[])[]> {
  const read = await metrics.read(series, { periodSeconds: 60, fromMs, toMs });
  return series.map((_one, index) => read[index] ?? []);
}

/** The start of the next minute, once it is there. */
export async function nextMinute({ clock }: Pick<Ports, 'clock'>): Promise<number> {
  const startMs = Math.ceil((clock.nowMs() + 1) / MINUTE_MS) * MINUTE_MS;
  await clock.sleep(startMs - clock.nowMs());
  return startMs;
}
