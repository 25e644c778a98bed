// A rolled-back rollout as a report, for tests that need one with everything in it.
import type { RolloutReport } from '../../src/core/report.ts';

const START_MS = Date.UTC(2026, 10, 21, 13, 45);
const minute = (count: number) => new Date(START_MS + count * 60_000).toISOString();

/** 12 minutes at 5 %, 13 at 25 %, errors from minute 20 on, with a gap in the canary's metrics. */
function series(): RolloutReport['series'] {
  return Array.from({ length: 25 }, (_, index) => ({
    at: minute(index),
    weightPercent: index < 12 ? 5 : 25,
    stableRequests: 4000 + 37 * (index % 7),
    canaryRequests: index === 8 ? null : index < 12 ? 210 : 1000,
    stableErrorPercent: 0.35 + 0.02 * (index % 4),
    canaryErrorPercent: index === 8 ? null : index < 20 ? 0.4 + 0.03 * (index % 5) : 3.9 + 0.4 * (index - 20),
  }));
}

export const SAMPLE_REPORT: RolloutReport = {
  rolloutId: 'checkout-42-8f2e',
  service: 'checkout',
  target: 'checkout-api:live',
  stableVersion: '41',
  canaryVersion: '42',
  specDigest: 'c0ffee'.repeat(10).concat('c0ff'),
  outcome: 'ROLLED_BACK',
  finalWeightPercent: 0,
  peakWeightPercent: 25,
  startedAt: minute(0),
  endedAt: minute(24.633),
  detectedAt: minute(24.55),
  safeAt: minute(24.633),
  exposure: { canaryRequests: 15_310, badRequests: 268 },
  reason: {
    check: 'errors',
    value: 4.8,
    limit: 0.6,
    sample: 1106,
    baseline: 0.4,
    windowSeconds: 240,
    sentence:
      'Rolled back checkout v42 at 25 % after 24 min: 53 of 1,106 canary requests failed (4.8 %) against 0.4 % on stable (allowed: 0.6 %); less than 1 in 100 chance of this if v42 were within tolerance.',
  },
  stages: [
    { weightPercent: 5, bakeSeconds: 720 },
    { weightPercent: 25, bakeSeconds: 1200 },
    { weightPercent: 50, bakeSeconds: 600 },
    { weightPercent: 95, bakeSeconds: 600 },
  ],
  gates: [
    {
      gate: 'versions-published',
      open: true,
      finding: 'versions 41 and 42 are published',
      problem: null,
      waivedBecause: null,
    },
    {
      gate: 'not-blind-to-http-errors',
      open: false,
      finding: 'checkout-api:live answers HTTP, and Lambda counts an answer of 500 as a success',
      problem: null,
      waivedBecause: 'the load balancer in front has its own alarm, Checkout5xx',
    },
  ],
  checks: [
    {
      check: 'errors',
      label: 'error rate',
      unit: '%',
      stable: 0.4,
      canary: 4.8,
      limit: 0.6,
      better: 'lower',
      variancePercent: 1100,
      sample: 1106,
      evidence: 240,
      streams: { errors: 392, 'errors-limit': 1 },
      stillNeeded: null,
      action: 'consider rollback',
    },
    {
      check: 'latency',
      label: 'requests over 500 ms',
      unit: '%',
      stable: 1.2,
      canary: 1.3,
      limit: 5,
      better: 'lower',
      variancePercent: 8.3,
      sample: 1106,
      evidence: 0.4,
      streams: { 'latency-limit': 0.4 },
      stillNeeded: null,
      action: 'acceptable',
    },
    {
      check: 'alarms',
      label: 'alarm Checkout5xx',
      unit: '',
      stable: null,
      canary: null,
      limit: null,
      better: 'lower',
      variancePercent: null,
      sample: null,
      evidence: null,
      streams: {},
      stillNeeded: null,
      action: 'investigate',
    },
  ],
  series: series(),
  timeline: [
    { at: minute(0), event: 'rollout-started', sentence: 'checkout: 41 to 42, 4 stages' },
    {
      at: minute(0.02),
      event: 'gate-waived',
      sentence: 'Not blind to HTTP errors; waived: the load balancer in front has its own alarm, Checkout5xx',
      gate: 'not-blind-to-http-errors',
    },
    {
      at: minute(0.05),
      event: 'traffic-shifted',
      sentence: 'Version 42 now takes 5 % of the traffic, verified.',
      weightPercent: 5,
      fromPercent: 0,
    },
    {
      at: minute(12),
      event: 'stage-passed',
      sentence: '5 %: no harm seen in 2,310 canary requests',
      weightPercent: 5,
    },
    {
      at: minute(12.04),
      event: 'traffic-shifted',
      sentence: 'Version 42 now takes 25 % of the traffic, verified.',
      weightPercent: 25,
      fromPercent: 5,
    },
    {
      at: minute(24.55),
      event: 'canary-failed',
      sentence: 'errors: 53 of 1,106 canary requests failed (4.8 %) against 0.4 % on stable (allowed: 0.6 %)',
      check: 'errors',
      value: 4.8,
      limit: 0.6,
    },
    {
      at: minute(24.56),
      event: 'rollback-started',
      sentence: 'Taking traffic back: 53 of 1,106 canary requests failed',
    },
    {
      at: minute(24.633),
      event: 'rollout-rolled-back',
      sentence: 'checkout-api:live is back on version 41, verified',
      weightPercent: 0,
    },
  ],
};
