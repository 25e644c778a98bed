// What the engine costs in a month without any rollout: its alarms, and the sweeper once a minute.
import { type Bill, billOf, megabytes } from './cost.ts';
import { PRICES, type PriceList } from './cost-prices.ts';
import { gbSecondsOf, LOG_BYTES_PER_INVOCATION } from './plan-usage.ts';

/** The engine as it is deployed; a test reads the template. */
export interface EngineAtRest {
  /** Metrics that its alarms look at, of which each is billed. */
  readonly alarmMetrics: number;
  readonly minutesBetweenSweeps: number;
  /** Whether X-Ray records the sweeper: a minute apart, every run is within its rate of one a second. */
  readonly isSweeperTraced: boolean;
  /** How long logs are kept. */
  readonly logMonths: number;
}

export const ENGINE_AT_REST: EngineAtRest = {
  alarmMetrics: 12,
  minutesBetweenSweeps: 1,
  isSweeperTraced: false,
  logMonths: 3,
};

/** The longest month. */
const MINUTES_PER_MONTH = 31 * 24 * 60;
/** Two queries of the empty index, half a unit each. */
const READ_UNITS_PER_SWEEP = 1;
/** The mark that the sweeper was here. */
const WRITE_UNITS_PER_SWEEP = 1;

/**
 * Topics and the queue cost nothing while nothing is sent. What alarms of the account, kept records, dashboards and
 * subscriptions add is not in it.
 */
export function monthAtRest(engine: EngineAtRest = ENGINE_AT_REST, prices: PriceList = PRICES): Bill {
  const runs = MINUTES_PER_MONTH / engine.minutesBetweenSweeps;
  const logs = megabytes(runs * LOG_BYTES_PER_INVOCATION);
  return billOf(
    {
      alarmMonth: engine.alarmMetrics,
      trace: engine.isSweeperTraced ? runs : 0,
      lambdaGbSecond: gbSecondsOf('sweep-rollouts', runs),
      lambdaRequest: runs,
      writeUnit: runs * WRITE_UNITS_PER_SWEEP,
      readUnit: runs * READ_UNITS_PER_SWEEP,
      logMegabyte: logs,
      logMegabyteMonth: logs * engine.logMonths,
      scheduledRun: runs,
    },
    prices,
  );
}
