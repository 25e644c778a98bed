// Rollouts, rows and evidence for tests: small, valid, all of one service.
import type { IntentFact, JudgedFact, OutcomeFact } from '../../src/core/audit/facts.ts';
import type { RolloutEvent } from '../../src/core/events.ts';
import { initialJudgeState } from '../../src/core/judge/judge.ts';
import { judgePolicy } from '../../src/core/judge/policy.ts';
import type { Counts } from '../../src/core/judge/types.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { ServiceRecord, ServiceSpec } from '../../src/core/service-spec.ts';
import { type Interrupt, NO_SIGNALS, type Signal } from '../../src/core/signals.ts';
import { targetId } from '../../src/core/targets/index.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { RolloutRow, RolloutStore } from '../../src/ports.ts';

export const START_MS = Date.UTC(2026, 0, 5, 9);

/** Latency as it is judged where a service file says nothing of it. */
export const LATENCY: NonNullable<ServiceSpec['checks']['latency']> = {
  toleranceRatio: 1.25,
  limitMs: 500,
  quantile: 0.95,
  onLimit: 'alert',
  warmUpSeconds: 300,
  coldStarts: null,
};

export const SPEC: ServiceSpec = {
  service: 'checkout',
  target: { kind: 'lambda-alias', functionName: 'checkout-api', alias: 'live', interface: 'event' },
  stages: [
    { weightPercent: 5, bakeSeconds: 600 },
    { weightPercent: 50, bakeSeconds: 600 },
  ],
  checks: {
    errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null },
    latency: null,
    throttlesLimitPercent: null,
    alarms: ['Checkout5xx'],
    custom: [],
  },
  maxHoldSeconds: 1200,
  sensitivity: 'normal',
  onInconclusive: 'ask',
  notify: null,
  waivers: {},
};

/** Requests and errors of one version in one period, and nothing else. */
export function counts(requests: number, errors: number, more: Partial<Counts> = {}): Counts {
  return { requests, errors, shares: {}, values: {}, coldStarts: null, ...more };
}

export const TARGET_ID = targetId(SPEC.target);

export function serviceRecord(digestDigit = 'a', spec: ServiceSpec = SPEC): ServiceRecord {
  return { spec, specDigest: digestDigit.repeat(64), targetRoleArn: null };
}

export function executionArn(rolloutId: string): string {
  return `arn:aws:states:eu-west-2:123456789012:execution:stepshift:${rolloutId}`;
}

export function rolloutRow(rolloutId: string, change: Partial<RolloutRow> = {}): RolloutRow {
  return {
    rolloutId,
    executionArn: executionArn(rolloutId),
    service: SPEC.service,
    version: '42',
    specDigest: 'a'.repeat(64),
    targetId: TARGET_ID,
    phase: 'PENDING',
    startedAtMs: START_MS,
    deadlineAtMs: START_MS + 86_400_000,
    authorisedWeightPercent: 0,
    stageIndex: -1,
    alarms: SPEC.checks.alarms,
    acceptedAlarms: [],
    rollout: null,
    interrupt: null,
    signals: NO_SIGNALS,
    token: null,
    gates: null,
    outcome: null,
    reason: null,
    endedAtMs: null,
    ...change,
  };
}

export function rolloutDocument(rolloutId: string, change: Partial<Rollout> = {}): Rollout {
  return {
    schemaVersion: 1,
    rolloutId,
    executionArn: executionArn(rolloutId),
    startedAtMs: START_MS,
    deadlineAtMs: START_MS + 86_400_000,
    spec: SPEC,
    specDigest: 'a'.repeat(64),
    targetRoleArn: null,
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    handle: {},
    epoch: 1,
    writes: 0,
    stage: {
      index: -1,
      enteredAtMs: null,
      weightPercent: 0,
      heldSinceMs: null,
      askedAtMs: null,
      approvedBeforeMs: null,
    },
    shifts: [],
    window: { periodSeconds: 60, commitAfterSeconds: 180, passAfterSeconds: 150 },
    judge: initialJudgeState(judgePolicy(SPEC, null), { history: [], latency: null }, START_MS),
    acceptedAlarms: [],
    historyEvents: 12,
    next: 'shift-traffic',
    verdict: null,
    outcome: null,
    reason: null,
    ...change,
  };
}

/** Opens a rollout, takes the lease, prepares it; the document carries the epoch of the lease. */
export async function preparedRollout(store: RolloutStore, rolloutId: string): Promise<Rollout> {
  await store.openRollout(rolloutRow(rolloutId));
  const lease = await store.takeLease(TARGET_ID, rolloutId);
  if (!lease.taken) throw new Error(`the lease is ${lease.owner}'s`);
  const rollout = rolloutDocument(rolloutId, { epoch: lease.epoch });
  await store.recordPrepared(rollout);
  return rollout;
}

export const ROLLED_BACK = {
  outcome: 'ROLLED_BACK',
  reason: plainReason('It was worse.', 'errors'),
  atMs: START_MS + 9000,
} as const;

/** Takes a prepared rollout back and closes it. */
export async function rolledBack(store: RolloutStore, rolloutId: string): Promise<void> {
  await store.beginRevert(rolloutId);
  await store.close(rolloutId, ROLLED_BACK);
}

/** The first shift leads to the first stage, the second to the second, and so on. */
export function intent(rollout: Rollout, seq: number, weightPercent: number): IntentFact {
  return { kind: 'intent', ...write(rollout, seq, weightPercent), stageIndex: seq - 1 };
}

export function outcome(rollout: Rollout, seq: number, weightPercent: number): OutcomeFact {
  return {
    kind: 'outcome',
    ...write(rollout, seq, weightPercent),
    live: {
      canaryPercent: weightPercent,
      stablePercent: 100 - weightPercent,
      strangers: [],
      writtenBy: `${rollout.rolloutId}/${rollout.epoch}/${seq}`,
    },
    found: null,
  };
}

function write({ epoch }: Rollout, seq: number, weightPercent: number) {
  return { atMs: START_MS + seq * 1000, epoch, seq, action: 'shift' as const, weightPercent };
}

export function interruptBy(source: string, kind: Interrupt['kind'] = 'alarm'): Interrupt {
  return {
    kind,
    source,
    atMs: START_MS + 60_000,
    causedAtMs: kind === 'alarm' ? START_MS + 59_000 : null,
    reason: plainReason(`${source} asked to stop.`, 'alarms'),
  };
}

export function signalBy(actor: string, signal: Signal['signal'], atMs = START_MS + 60_000): Signal {
  return { signal, actor, atMs, message: `${actor} said so.`, stageIndex: 0 };
}

export function judgedFact(atMs: number): JudgedFact {
  const seen = counts(1000, 2);
  return {
    kind: 'judged',
    atMs,
    stageIndex: 0,
    periods: [
      {
        startMs: START_MS,
        seconds: 60,
        weightPercent: 5,
        stable: seen,
        canary: { ...seen, requests: 50.5 },
      },
    ],
    open: [],
    metricsProblem: null,
    alarms: [{ name: 'Checkout5xx', state: 'OK', reason: 'below the threshold', updatedAtMs: null }],
    doubts: [],
    signals: NO_SIGNALS,
    verdict: {
      kind: 'hold',
      reason: plainReason('Too few requests so far.', 'errors'),
      checks: [],
      alerts: [],
    },
    historyEvents: 12,
    next: 'bake',
  };
}

export function storyEvent(rolloutId: string, event: RolloutEvent['event'], atMs: number): RolloutEvent {
  return {
    event,
    atMs,
    rolloutId,
    service: SPEC.service,
    sentence: `${event} happened.`,
    data: { weightPercent: 5 },
  };
}
