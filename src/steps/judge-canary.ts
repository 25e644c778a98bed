// Step «Judge canary»: reads latch, target, alarms and the metrics of both versions, judges, and says what comes next.
import { decide } from '../core/decide.ts';
import { DriftError, InvalidDocumentError, SupersededError, TransientError } from '../core/errors.ts';
import { judgeRollout, weightedPeriod } from '../core/judge-rollout.ts';
import { type Rollout, RolloutSchema } from '../core/rollout.ts';
import { targetLabel } from '../core/targets/index.ts';
import type { LiveTraffic, MetricsAnswer, Ports } from '../ports.ts';
import { defineStep } from './step.ts';
import { trafficOrder } from './traffic-order.ts';

export const judgeCanary = defineStep({
  name: 'judge-canary',
  does: 'Reads latch, target, alarms and the metrics of both versions, and decides what comes next',
  trigger: { kind: 'state', states: ['Judge canary'] },
  uses: ['clock', 'store', 'routers', 'metrics', 'alarms', 'events'],
  input: RolloutSchema,
  run: async (rollout, ports): Promise<Rollout> => {
    const { clock, store, events } = ports;
    const row = await store.readRow(rollout.rolloutId);
    if (row === null) throw new InvalidDocumentError(`no record of ${rollout.rolloutId}`);
    if (row.interrupt !== null) return { ...rollout, next: 'roll-back', reason: row.interrupt.reason };

    const nowMs = clock.now();
    const [answer, alarms, live] = await Promise.all([
      readWindow(rollout, nowMs, ports),
      ports.alarms.read(rollout.spec.checks.alarms),
      readLive(rollout, ports),
    ]);
    if (live !== null) assertAsLeft(rollout, live);
    const window = answer.periods.map((period) =>
      weightedPeriod(rollout.shifts, rollout.window.periodSeconds, period),
    );
    const judgement = judgeRollout(rollout, { window, alarms, metricsProblem: answer.problem, nowMs });
    const decision = decide({ ...rollout, judge: judgement.state }, judgement.verdict, nowMs, live !== null);
    await store.recordObservation(rollout.rolloutId, {
      atMs: nowMs,
      stageIndex: rollout.stage.index,
      // a rollback leans on open periods too, so they are part of its evidence
      periods: decision.rollout.next === 'roll-back' ? window : judgement.committed,
      alarms,
      verdict: judgement.verdict,
    });
    await events.publish(decision.events);
    return decision.rollout;
  },
});

/** null: not to be had now. A throttled control plane is no reason to take back a healthy canary, nor to go on. */
async function readLive(rollout: Rollout, { routers }: Pick<Ports, 'routers'>): Promise<LiveTraffic | null> {
  try {
    return await routers[rollout.spec.target.kind].verify(
      trafficOrder(rollout, rollout.epoch, rollout.writes),
    );
  } catch (error) {
    if (error instanceof TransientError) return null;
    throw error;
  }
}

/** Somebody's hotfix or hand on the weight is noticed within a tick, not only when the next shift would meet it. */
function assertAsLeft({ stage, spec }: Rollout, { strangers, canaryPercent }: LiveTraffic): void {
  const label = targetLabel(spec.target);
  if (strangers.length > 0)
    throw new SupersededError(`${label} routes to ${strangers.join(', ')}: hands off`);
  if (canaryPercent === stage.weightPercent) return;
  throw new DriftError(
    `${label} gives the new version ${canaryPercent} %, the last write left ${stage.weightPercent} % there`,
  );
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
