// Everything that «Judge canary» reads to judge by, in one go. What is not to be had becomes a doubt, never a reason to go on.

import { EVENTS_AFTER_LOOK } from '../core/budget.ts';
import { messageOf } from '../core/errors.ts';
import { weightedPeriod } from '../core/judge-rollout.ts';
import { isDown, type TargetHealth } from '../core/live-traffic.ts';
import type { Look } from '../core/look.ts';
import { shareDoubt } from '../core/observed-share.ts';
import type { Rollout } from '../core/rollout.ts';
import { withoutSecrets } from '../core/secrets.ts';
import type { Signals } from '../core/signals.ts';
import { formatDuration } from '../core/units.ts';
import type { MetricsAnswer, Ports } from '../ports.ts';
import { trafficOrder } from './traffic-order.ts';

type Used = Pick<Ports, 'store' | 'routers' | 'metrics' | 'alarms' | 'executions'>;

/** The sweeper comes every minute. Without it nobody would take over from an execution that dies. */
const SWEEPER_DUE_SECONDS = 300;

/** Precondition: the rollout is in a stage. May throw TransientError: metrics and alarms are asked for again then. */
export async function readLook(
  rollout: Rollout,
  signals: Signals,
  nowMs: number,
  ports: Used,
): Promise<Look> {
  const [answer, alarms, { health, doubt: healthDoubt }, sweeperDoubt, historyEvents] = await Promise.all([
    readWindow(rollout, nowMs, ports),
    ports.alarms.read(rollout.spec.checks.alarms),
    readHealth(rollout, ports),
    doubtSweeper(nowMs, ports),
    countHistory(rollout, ports),
  ]);
  const window = answer.periods.map((period) =>
    weightedPeriod(rollout.shifts, rollout.window.periodSeconds, period),
  );
  const metricsProblem = answer.problem;
  const doubts = [
    health?.stable.healthy === 0 ? `No target of version ${rollout.stable.version} is healthy.` : null,
    healthDoubt,
    sweeperDoubt,
    metricsProblem === null ? shareDoubt(rollout, window, nowMs) : null,
  ].filter((doubt) => doubt !== null);
  return {
    nowMs,
    window,
    metricsProblem,
    // what somebody wrote into an alarm is kept with the record and quoted to people
    alarms: alarms.map((alarm) => ({ ...alarm, reason: withoutSecrets(alarm.reason) })),
    unhealthy:
      health !== null && isDown(health.canary)
        ? `No target of version ${rollout.canary.version} is healthy: it could serve nobody.`
        : null,
    doubts,
    signals,
    leastHistoryEvents: historyEvents === null ? 0 : historyEvents + EVENTS_AFTER_LOOK,
  };
}

/** Everything after the last committed period, whole periods only. */
function readWindow(
  rollout: Rollout,
  nowMs: number,
  { metrics }: Pick<Ports, 'metrics'>,
): Promise<MetricsAnswer> {
  const { periodSeconds } = rollout.window;
  const periodMs = periodSeconds * 1000;
  return metrics.read({
    target: rollout.spec.target,
    targetRoleArn: rollout.targetRoleArn,
    spec: rollout.spec,
    latency: rollout.judge.latency,
    stable: rollout.stable,
    canary: rollout.canary,
    fromMs: rollout.judge.committedUntilMs,
    toMs: Math.floor(nowMs / periodMs) * periodMs,
    periodSeconds,
  });
}

/** `health` null: the target knows no such thing, or could not be asked now, which is a doubt. */
async function readHealth(
  rollout: Rollout,
  { routers }: Pick<Ports, 'routers'>,
): Promise<{ readonly health: TargetHealth | null; readonly doubt: string | null }> {
  try {
    const order = trafficOrder(rollout, rollout.epoch, rollout.writes);
    return { health: await routers[rollout.spec.target.kind].health(order), doubt: null };
  } catch (error) {
    const doubt = `Nobody knows whether its targets are healthy (${withoutSecrets(messageOf(error)).slice(0, 200)}).`;
    return { health: null, doubt };
  }
}

async function doubtSweeper(nowMs: number, { store }: Pick<Ports, 'store'>): Promise<string | null> {
  const unsafe = 'so nobody would take over if this execution ended.';
  try {
    const lastMs = await store.readLastSweep();
    if (lastMs === null) return `The sweeper was never seen, ${unsafe}`;
    const agoSeconds = (nowMs - lastMs) / 1000;
    if (agoSeconds <= SWEEPER_DUE_SECONDS) return null;
    return `The sweeper was last seen ${formatDuration(agoSeconds)} ago, ${unsafe}`;
  } catch (error) {
    return `Nobody knows when the sweeper was last seen (${withoutSecrets(messageOf(error)).slice(0, 200)}), ${unsafe}`;
  }
}

/** null: the estimate in the document has to do. */
async function countHistory(
  rollout: Rollout,
  { executions }: Pick<Ports, 'executions'>,
): Promise<number | null> {
  try {
    return await executions.historyEvents(rollout.executionArn);
  } catch {
    return null;
  }
}
