// One run of the hunt: a seed's plan played in virtual time, and what the invariants say about it.
import type { Trace, Violation } from '../../src/core/audit/trace.ts';
import type { Outcome, Rollout } from '../../src/core/rollout.ts';
import { quarantineSeconds, targetId } from '../../src/core/targets/index.ts';
import { inVirtualTime } from '../../src/sim/virtual-time.ts';
import { specDigest } from '../../src/spec-digest.ts';
import { type Checked, check } from './checks.ts';
import { MAX_SKEW_MS } from './delays.ts';
import { planOf } from './draw-plan.ts';
import type { FaultKind } from './fault-kinds.ts';
import { isTelling, type Limits } from './faults.ts';
import { type Latency, latenciesOf } from './latencies.ts';
import { makeRun } from './make-run.ts';
import type { Mutation } from './mutation.ts';
import type { Mode, Plan, Profile } from './plan.ts';
import { play } from './play.ts';
import { KNOWN_POINTS } from './points.ts';
import type { Recorder } from './recorder.ts';
import type { Run } from './run.ts';
import { draw } from './streams.ts';

export interface RunOptions {
  readonly mutation?: Mutation;
  /** Only faults and acts with these ids happen; left out: all that the seed draws. */
  readonly only?: Limits['only'];
  /** Stops early, milliseconds after the start. */
  readonly untilMs?: number;
  /** Told every line of the story. */
  readonly story?: (atMs: number, line: string) => void;
}

export interface RunResult {
  readonly seed: number;
  readonly mode: Mode;
  readonly profile: Profile;
  readonly target: Plan['target'];
  readonly trace: Trace;
  readonly outcomes: readonly Outcome[];
  /** Faults that really happened, by id. */
  readonly faults: ReadonlyMap<string, FaultKind>;
  /** How often each call was made. */
  readonly points: ReadonlyMap<string, number>;
  /** How often an invocation died at it. */
  readonly crashes: ReadonlyMap<string, number>;
  /** From an alarm that fired to no traffic on the canary. */
  readonly latencies: readonly Latency[];
  /** Most history events that an execution had used when «Roll back» was entered. */
  readonly historyMax: number;
  /** How often each invariant had something to check. */
  readonly evaluations: Checked['evaluations'];
  readonly violations: readonly Violation[];
}

/** A Monday at nine; the seeds differ in everything but that. */
const START_MS = Date.UTC(2026, 0, 5, 9);

/** Deterministic in seed and options. Replaces this process's timers while it runs: one run at a time in a process. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<RunResult> {
  const plan = planOf(seed, options.mutation?.wants ?? {}, KNOWN_POINTS);
  const { recorder, ...played } = await playOnce(plan, options, false);
  const { faults, points, crashes, defects, alarmsFiredAtMs } = recorder;
  const quietTwin = hasTwin(plan, recorder)
    ? (await playOnce(plan, { ...options, story: () => {} }, true)).trace
    : undefined;
  const trace: Trace = { ...played.trace, ...(quietTwin === undefined ? {} : { quietTwin }) };
  const { violations, evaluations } = check(trace, defects);
  return {
    seed,
    mode: plan.mode,
    profile: plan.profile,
    target: plan.target,
    trace,
    outcomes: outcomesOf(trace),
    faults,
    points,
    crashes,
    latencies: latenciesOf(plan, trace, alarmsFiredAtMs),
    historyMax: historyMaxOf(trace),
    evaluations,
    violations,
  };
}

interface Played {
  readonly trace: Trace;
  readonly recorder: Recorder;
}

function playOnce(plan: Plan, options: RunOptions, isQuiet: boolean): Promise<Played> {
  const { mutation, only = null, untilMs, story } = options;
  return inVirtualTime({ startMs: START_MS, seed: plan.seed }, async (time) => {
    const limits = { only, isQuiet };
    const run = makeRun({ plan, mutation, limits, time, story: story ?? null });
    for (const spec of [plan.spec, plan.aside]) {
      await run.store.putService({ spec, specDigest: specDigest(spec), targetRoleArn: null });
    }
    const settled = await play(run, untilMs === undefined ? null : START_MS + untilMs);
    const trace: Trace = {
      moments: run.recorder.moments,
      isWatched: true,
      settled,
      prepared: await preparedDocuments(run),
      lateWrites: lateWritesOf(plan),
    };
    return { trace, recorder: run.recorder };
  });
}

/** So many of the runs in which something went wrong on the way to people are played again without that. */
const TWINS = 0.35;

/** A bus that keeps its callers waiting moves them in time, and then what else goes wrong meets them elsewhere. */
function hasTwin({ seed }: Plan, { faults, busWaits }: Recorder): boolean {
  return draw(seed, 'twin') < TWINS && busWaits.length === 0 && [...faults.keys()].some(isTelling);
}

async function preparedDocuments({ executions, store }: Run): Promise<Record<string, Rollout>> {
  const rows = await Promise.all(executions.names().map((name) => store.readRow(name)));
  return Object.fromEntries(
    rows.flatMap((row) => (row?.rollout == null ? [] : [[row.rolloutId, row.rollout] as const])),
  );
}

/** An alias refuses every late write. A quarantine lasts as long as the clocks say that begin and end it. */
function lateWritesOf({ spec, kinds }: Plan): Record<string, number> {
  if (spec.target.kind === 'lambda-alias') return {};
  const quarantineMs = quarantineSeconds(spec.target, 'restored') * 1000;
  const skewMs = quarantineMs > 0 && kinds.has('clock-skew') ? 2 * MAX_SKEW_MS : 0;
  return { [targetId(spec.target)]: quarantineMs + skewMs };
}

function outcomesOf({ moments }: Trace): Outcome[] {
  return moments.flatMap((moment) =>
    moment.kind === 'recorded' && moment.entry.fact.kind === 'ended' ? [moment.entry.fact.outcome] : [],
  );
}

function historyMaxOf({ moments }: Trace): number {
  return moments.reduce(
    (most, moment) => (moment.kind === 'turned-back' ? Math.max(most, moment.historyEvents) : most),
    0,
  );
}
