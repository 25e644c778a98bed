// Any report at all, with texts that try to break out of HTML, attributes, scripts and lines.
import fc from 'fast-check';
import { EVENTS, type EventName } from '../../src/core/events.ts';
import { PROBLEMS, type ProblemCode } from '../../src/core/problems/index.ts';
import type { RolloutReport } from '../../src/core/report.ts';
import { OUTCOMES } from '../../src/core/rollout.ts';
import { ACTIONS, type Reason, VERDICTS } from '../../src/core/verdict.ts';

export const HOSTILE_TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</script><script>alert(1)</script>',
  '</style><svg onload=alert(1)>',
  '<!--',
  ']]>',
  '&lt;b&gt;',
  '{{7*7}} <%= 7*7 %>',
  'line\u2028separator\u2029here',
  'nul\u0000 esc\u001b[31m bell\u0007',
  '\u202egnp.exe\u202c',
  'שלום عليكم',
  '\ud800 lone surrogate',
  'x'.repeat(10_000),
] as const;

export const text = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ maxLength: 40 }));
export const count = fc.integer({ min: 0, max: 1e9 });
export const percent = fc.double({ min: 0, max: 100, noNaN: true });
export const instant = fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString());
export const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });

const reason: fc.Arbitrary<Reason> = fc.record({
  check: fc.constantFrom('errors', 'latency', null),
  value: maybe(number),
  limit: maybe(number),
  sample: maybe(count),
  baseline: maybe(number),
  windowSeconds: maybe(count),
  sentence: text,
});

const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const problem = fc.record({
  code: fc.constantFrom(...CODES),
  what: text,
  where: text,
  got: text,
  allowed: text,
  fix: text,
});

const checks = fc.array(
  fc.record({
    check: text,
    label: text,
    unit: fc.oneof(fc.constantFrom('%', 'ms', ''), text),
    stable: maybe(number),
    canary: maybe(number),
    limit: maybe(number),
    better: fc.constantFrom('higher', 'lower'),
    variancePercent: maybe(number),
    sample: maybe(count),
    interval: maybe(fc.tuple(number, number)),
    evidence: maybe(number),
    streams: fc.dictionary(text, number),
    stillNeeded: maybe(count),
    action: fc.constantFrom(...ACTIONS),
  }),
);

export const anyReport: fc.Arbitrary<RolloutReport> = fc.record({
  rolloutId: text,
  service: text,
  target: text,
  stableVersion: maybe(text),
  canaryVersion: text,
  specDigest: text,
  outcome: fc.constantFrom(...OUTCOMES, null),
  finalWeightPercent: percent,
  peakWeightPercent: percent,
  startedAt: instant,
  endedAt: maybe(instant),
  detectedAt: maybe(instant),
  safeAt: maybe(instant),
  exposure: fc.record({ canaryRequests: count, badRequests: count }),
  reason,
  stages: fc.array(fc.record({ weightPercent: percent, bakeSeconds: count })),
  gates: fc.array(
    fc.record({
      gate: text,
      open: fc.boolean(),
      finding: text,
      problem: maybe(problem),
      waivedBecause: maybe(text),
    }),
  ),
  checks,
  series: fc.array(
    fc.record({
      at: instant,
      weightPercent: percent,
      stableRequests: maybe(count),
      canaryRequests: maybe(count),
      stableErrorPercent: maybe(percent),
      canaryErrorPercent: maybe(percent),
    }),
  ),
  course: fc.array(
    fc.record({
      index: fc.nat(20),
      weightPercent: percent,
      bakeSeconds: count,
      approval: fc.boolean(),
      enteredAt: maybe(instant),
      leftAt: maybe(instant),
      observed: maybe(fc.record({ percent, marginPercent: percent, requests: count })),
      verdict: maybe(fc.constantFrom(...VERDICTS)),
      sentence: maybe(text),
      checks,
    }),
    { maxLength: 6 },
  ),
  checkCourses: fc.array(
    fc.record({
      check: text,
      label: text,
      unit: fc.oneof(fc.constantFrom('%', 'ms', ''), text),
      better: fc.constantFrom('higher', 'lower'),
      points: fc.array(
        fc.record({
          at: instant,
          stageIndex: fc.nat(20),
          stable: maybe(number),
          canary: maybe(number),
          limit: maybe(number),
          interval: maybe(fc.tuple(number, number)),
        }),
      ),
    }),
    { maxLength: 5 },
  ),
  alarmStretches: fc.array(
    fc.record({
      name: text,
      state: fc.constantFrom('ALARM', 'INSUFFICIENT_DATA', 'MISSING'),
      from: instant,
      to: maybe(instant),
    }),
  ),
  timeline: fc.array(
    fc.record({
      at: instant,
      event: fc.constantFrom(...(Object.keys(EVENTS) as EventName[])),
      sentence: text,
      weightPercent: fc.oneof(percent, text, fc.constant(null)),
    }),
  ),
});
