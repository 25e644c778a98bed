// The shape of facts, for audits that come from a file. Unknown keys are let through: the release after may write more.
import * as z from 'zod';
import { OUTCOMES } from '../rollout.ts';
import { SIGNALS, SignalsSchema } from '../signals.ts';
import { ReasonSchema, VerdictSchema } from '../verdict.ts';
import type { AuditFact } from './facts.ts';

const CountsSchema = z.looseObject({
  requests: z.number(),
  errors: z.number(),
  shares: z.record(z.string(), z.tuple([z.number(), z.number()])),
  values: z.record(z.string(), z.number()),
  coldStarts: z.number().nullable(),
});

const PeriodSchema = z.looseObject({
  startMs: z.number(),
  seconds: z.number(),
  weightPercent: z.number(),
  endWeightPercent: z.number().exactOptional(),
  stable: CountsSchema.nullable(),
  canary: CountsSchema.nullable(),
});

const AlarmSchema = z.looseObject({
  name: z.string(),
  state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA', 'MISSING']),
  reason: z.string(),
  updatedAtMs: z.number().nullable(),
});

const LiveSchema = z.looseObject({
  canaryPercent: z.number(),
  stablePercent: z.number(),
  strangers: z.array(z.string()),
  writtenBy: z.string().nullable(),
});

const write = {
  atMs: z.number(),
  epoch: z.int(),
  seq: z.int(),
  action: z.enum(['prepare', 'shift', 'restore', 'promote']),
  weightPercent: z.number(),
};

const RECORDED = [
  z.looseObject({ kind: z.literal('intent'), ...write, stageIndex: z.int().nullable() }),
  z.looseObject({
    kind: z.literal('outcome'),
    ...write,
    live: LiveSchema.nullable(),
    strangers: z.array(z.string()).exactOptional(),
    found: LiveSchema.nullable(),
  }),
  z.looseObject({
    kind: z.literal('judged'),
    atMs: z.number(),
    stageIndex: z.int(),
    enteredAtMs: z.number().exactOptional(),
    periods: z.array(PeriodSchema),
    open: z.array(PeriodSchema),
    metricsProblem: z.string().nullable(),
    alarms: z.array(AlarmSchema),
    unhealthy: z.string().exactOptional(),
    doubts: z.array(z.string()),
    signals: SignalsSchema,
    verdict: VerdictSchema,
    historyEvents: z.int(),
    next: z.enum([
      'bake',
      'bake-slowly',
      'shift-traffic',
      'commit-promotion',
      'finish-promotion',
      'roll-back',
    ]),
  }),
  z.looseObject({ kind: z.literal('gap'), atMs: z.number(), why: z.string() }),
] as const;

const TRANSITIONS = [
  z.looseObject({
    kind: z.literal('opened'),
    atMs: z.number(),
    rolloutId: z.string(),
    executionArn: z.string(),
    service: z.string(),
    version: z.string(),
    specDigest: z.string(),
    targetId: z.string(),
    deadlineAtMs: z.number(),
  }),
  z.looseObject({ kind: z.literal('leased'), epoch: z.int() }),
  z.looseObject({
    kind: z.literal('gated'),
    gates: z.array(
      z.looseObject({ gate: z.string(), open: z.boolean(), waivedBecause: z.string().nullable() }),
    ),
  }),
  z.looseObject({
    kind: z.literal('prepared'),
    epoch: z.int(),
    stableVersion: z.string(),
    canaryVersion: z.string(),
    stages: z.array(z.looseObject({ weightPercent: z.number(), approval: z.boolean() })),
    onInconclusive: z.enum(['ask', 'advance', 'rollback']),
    acceptedAlarms: z.array(z.string()),
  }),
  z.looseObject({
    kind: z.literal('latched'),
    interrupt: z.looseObject({
      kind: z.enum(['alarm', 'abort', 'guard']),
      source: z.string(),
      atMs: z.number(),
      causedAtMs: z.number().nullable(),
      reason: ReasonSchema,
    }),
  }),
  z.looseObject({
    kind: z.literal('signalled'),
    signal: z.looseObject({
      signal: z.enum(SIGNALS),
      actor: z.string(),
      atMs: z.number(),
      message: z.string(),
      stageIndex: z.int(),
    }),
  }),
  z.looseObject({ kind: z.literal('committed'), epoch: z.int() }),
  z.looseObject({ kind: z.literal('reverting'), epoch: z.int() }),
  z.looseObject({
    kind: z.literal('ended'),
    atMs: z.number(),
    outcome: z.enum(OUTCOMES).exclude(['ROLLBACK_INCOMPLETE']),
    reason: ReasonSchema,
  }),
] as const;

export const AuditFactSchema = z.discriminatedUnion('kind', [
  ...RECORDED,
  ...TRANSITIONS,
]) satisfies z.ZodType<AuditFact>;
