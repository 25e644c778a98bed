// Metrics of requests that nobody sends: what Lambda would report by minute and version, under the alias' live weights.
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Aws } from './aws.ts';
import { type FastTime, fastNow } from './fast-time.ts';
import { ALIAS, CANARY, canaryPercent, functionName, type ServiceName, STABLE } from './sample-services.ts';

export interface TrafficShape {
  readonly requestsPerMinute: number;
  readonly stableErrorPercent: number;
  readonly canaryErrorPercent: number;
  /** What tells the versions apart; AWS says `ExecutedVersion`. */
  readonly versionDimension?: string;
}

export const HEALTHY: TrafficShape = {
  requestsPerMinute: 6000,
  stableErrorPercent: 0.1,
  canaryErrorPercent: 0.1,
};
export const FAILING: TrafficShape = { ...HEALTHY, canaryErrorPercent: 5 };

const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 62;
/** Real time between two looks at the clock: three times in a minute of the suite. */
const LOOK_MS = 1000;

/** Reports every minute that is over, from an hour ago on, until it is disposed of. */
export async function startTraffic(
  aws: Aws,
  time: FastTime,
  service: ServiceName,
  shape: TrafficShape,
): Promise<AsyncDisposable> {
  let nextMs = floorToMinute(fastNow(time)) - HISTORY_MINUTES * MINUTE_MS;
  const reportUntilNow = async (): Promise<void> => {
    const untilMs = floorToMinute(fastNow(time));
    if (untilMs <= nextMs) return;
    const percent = await canaryPercent(aws, service);
    const minutes = Array.from({ length: (untilMs - nextMs) / MINUTE_MS }, (_, i) => nextMs + i * MINUTE_MS);
    nextMs = untilMs;
    await report(aws, service, shape, percent, minutes);
  };
  await reportUntilNow();
  let running = Promise.resolve();
  const failures: unknown[] = [];
  const timer = setInterval(() => {
    running = running.then(reportUntilNow).catch((error: unknown) => void failures.push(error));
  }, LOOK_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await running;
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Source: Lambda developer guide, «Types of metrics»: by alias, and by alias and version while it is weighted. */
async function report(
  { cloudwatch }: Aws,
  service: ServiceName,
  { requestsPerMinute, versionDimension = 'ExecutedVersion', ...errors }: TrafficShape,
  percent: number,
  minutes: readonly number[],
): Promise<void> {
  const canary = (requestsPerMinute * percent) / 100;
  const stable = requestsPerMinute - canary;
  const failed = {
    stable: Math.round((stable * errors.stableErrorPercent) / 100),
    canary: Math.round((canary * errors.canaryErrorPercent) / 100),
  };
  const ofAlias = dimensions({
    FunctionName: functionName(service),
    Resource: `${functionName(service)}:${ALIAS}`,
  });
  const ofVersion = (version: string) => [...ofAlias, ...dimensions({ [versionDimension]: version })];
  const rows = [
    { at: ofAlias, Invocations: requestsPerMinute, Errors: failed.stable + failed.canary },
    { at: ofVersion(STABLE), Invocations: stable, Errors: failed.stable },
    ...(percent === 0 ? [] : [{ at: ofVersion(CANARY), Invocations: canary, Errors: failed.canary }]),
  ];
  const MetricData = minutes.flatMap((startMs) =>
    rows.flatMap(({ at, ...values }) =>
      Object.entries(values).map(([MetricName, Value]) => ({
        MetricName,
        Value,
        Timestamp: new Date(startMs),
        Dimensions: at,
      })),
    ),
  );
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData }));
}

function dimensions(named: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(named).map(([Name, Value]) => ({ Name, Value }));
}

function floorToMinute(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}
