// What a simulation answers, taken from the report and from the truth; `simulate --format json` prints a part of it.
import { type AuditRecord, RECORD_FORMAT } from '../core/audit/record.ts';
import type { RolloutReport } from '../core/report.ts';
import { buildReport, type ReportInput } from '../core/report-builder.ts';
import { reportEvidence } from '../core/report-evidence.ts';
import { isGoingBack } from '../core/report-summary.ts';
import type { Outcome } from '../core/rollout.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { NO_SIGNALS } from '../core/signals.ts';
import { targetId, targetLabel } from '../core/targets/index.ts';
import { formatDuration } from '../core/units.ts';
import { plainReason, type Reason } from '../core/verdict.ts';
import type { RolloutRow } from '../ports.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

export interface SimulationResult {
  readonly outcome: Outcome;
  /** The canary's true share at the end, percent. */
  readonly finalWeightPercent: number;
  readonly peakWeightPercent: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly detectedAt: string | null;
  readonly safeAt: string | null;
  /**
   * The truth, not what the metrics showed. Bad: failed, hung, or slower than a latency limit that rolls back. Lost
   * conversions and throttled attempts are not bad requests.
   */
  readonly exposure: RolloutReport['exposure'];
  readonly reason: RolloutReport['reason'];
  readonly stateTransitions: number;
  readonly timeline: RolloutReport['timeline'];
  readonly stableVersion: string | null;
  readonly canaryVersion: string;
  /** What people were told, oldest first. */
  readonly notifications: readonly {
    readonly at: string;
    readonly severity: number;
    readonly subject: string;
  }[];
  readonly report: RolloutReport;
  /** As an installed engine would have kept it. */
  readonly record: AuditRecord;
}

interface Ended {
  readonly rolloutId: string;
  readonly spec: ServiceSpec;
  readonly specDigest: string;
  readonly scenario: Scenario;
  readonly world: World;
  /** States entered by the execution, and retries. */
  readonly transitions: number;
  /** The execution still ran when the horizon came. */
  readonly isCutOff: boolean;
  readonly endedAtMs: number;
}

export async function resultOf(ended: Ended): Promise<SimulationResult> {
  const { rolloutId, world, scenario } = ended;
  const stored = await world.store.readRow(rolloutId);
  const record = await recordOf(ended, stored);
  // a start is refused when both are the same version; nothing of it is a canary's traffic
  const isOneVersion = scenario.version === scenario.world.liveVersion;
  const finalWeightPercent = isOneVersion ? 0 : roundShare(world.target.shares().canary);
  const outcome = trueOutcome(ended, stored, finalWeightPercent);
  const row = {
    ...(stored ?? rowOfNothing(ended)),
    outcome,
    endedAtMs: stored?.endedAtMs ?? ended.endedAtMs,
  };
  const exposed = world.traffic.total('canary', ended.endedAtMs);
  const input: ReportInput = {
    row,
    events: world.events.published,
    ...reportEvidence(record.entries),
    stages: ended.spec.stages,
    exposure: {
      canaryRequests: exposed.requests,
      badRequests: exposed.bad,
      ...(exposed.slow === 0 ? {} : { slowRequests: exposed.slow }),
    },
    outcome,
    finalWeightPercent,
  };
  // a refused start has no document to take the target's name from
  const built = { ...buildReport(input), target: targetLabel(ended.spec.target) };
  const isUndecided = ended.isCutOff && !isGoingBack(built);
  const report = isUndecided ? { ...built, reason: cutOffReason(built, scenario) } : built;
  return {
    outcome,
    finalWeightPercent,
    peakWeightPercent: report.peakWeightPercent,
    startedAt: report.startedAt,
    endedAt: new Date(row.endedAtMs).toISOString(),
    detectedAt: report.detectedAt,
    safeAt: report.safeAt,
    exposure: report.exposure,
    reason: report.reason,
    stateTransitions: ended.transitions,
    timeline: report.timeline,
    stableVersion: report.stableVersion ?? scenario.world.liveVersion,
    canaryVersion: scenario.version,
    notifications: world.notifier.messages.map(({ severity, subject, event }) => ({
      at: new Date(event.atMs).toISOString(),
      severity,
      subject,
    })),
    report,
    record,
  };
}

async function recordOf({ rolloutId, world }: Ended, row: RolloutRow | null): Promise<AuditRecord> {
  const { n, hash } = await world.store.readAuditHead(rolloutId);
  return {
    format: RECORD_FORMAT,
    rolloutId,
    head: { n, hash },
    entries: await world.store.readAudit(rolloutId),
    events: world.events.published,
    prepared: row?.rollout ?? null,
  };
}

/** What the record says, unless the canary still has traffic although the record says that it is over. */
function trueOutcome({ isCutOff }: Ended, row: RolloutRow | null, finalWeightPercent: number): Outcome {
  const isUnsafe = finalWeightPercent > 0;
  if (row === null) return isCutOff || isUnsafe ? 'ROLLBACK_INCOMPLETE' : 'REJECTED';
  if (row.outcome === null) return 'ROLLBACK_INCOMPLETE';
  const saysCanaryIsOff = row.outcome === 'ROLLED_BACK' || row.outcome === 'ABORTED';
  return saysCanaryIsOff && isUnsafe ? 'ROLLBACK_INCOMPLETE' : row.outcome;
}

/** Neither failed nor promoted: the horizon came first. The newest event says how it stood. */
function cutOffReason({ timeline, reason }: RolloutReport, { horizon }: Scenario): Reason {
  const soFar = timeline.at(-1)?.sentence ?? reason.sentence;
  return plainReason(
    `The simulation stopped first, at its horizon of ${formatDuration(horizon)}, before the rollout had ended. So far: ${soFar}`,
  );
}

/** A start that could not even open its record is told by its events alone. */
function rowOfNothing({ rolloutId, spec, specDigest, scenario, world }: Ended): RolloutRow {
  const said = world.events.published.findLast(({ event }) => event === 'rollout-rejected');
  return {
    rolloutId,
    executionArn: '',
    service: spec.service,
    version: scenario.version,
    specDigest,
    targetId: targetId(spec.target),
    phase: 'PENDING',
    startedAtMs: Date.parse(scenario.start),
    deadlineAtMs: Date.parse(scenario.start),
    authorisedWeightPercent: 0,
    stageIndex: -1,
    alarms: spec.checks.alarms,
    acceptedAlarms: [],
    rollout: null,
    interrupt: null,
    signals: NO_SIGNALS,
    token: null,
    gates: null,
    outcome: null,
    reason: said === undefined ? null : plainReason(said.sentence),
    endedAtMs: said?.atMs ?? null,
  };
}

/** Shares are kept as fractions; a hundredth of a percent is finer than any weight. */
function roundShare(percent: number): number {
  return Math.round(percent * 100) / 100;
}
