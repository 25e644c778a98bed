// Puts a run together: the truth of its world, the faults before it, and the wires between events and their handlers.
import type { RolloutEvent } from '../../src/core/events.ts';
import { targetId } from '../../src/core/targets/index.ts';
import { type Workflow, workflow } from '../../src/core/workflow.ts';
import { memoryAlarms } from '../../src/sim/memory-alarms.ts';
import { memoryEvents } from '../../src/sim/memory-events.ts';
import { storeOn } from '../../src/sim/memory-store.ts';
import { emptyTables } from '../../src/sim/memory-store-tables.ts';
import { memoryTokens } from '../../src/sim/memory-tokens.ts';
import type { StepTable } from '../../src/sim/run-workflow.ts';
import type { VirtualTime } from '../../src/sim/virtual-time.ts';
import { STEPS } from '../../src/steps/index.ts';
import { albTarget } from './alb-target.ts';
import { makeBus } from './bus.ts';
import { makeConditions } from './conditions.ts';
import { huntExecutions } from './executions.ts';
import { type Limits, makeFaults } from './faults.ts';
import { alarmEvent, executionEvent } from './forgeries.ts';
import { invoke } from './invoke.ts';
import { ASIDE_ALIAS, lambdaTarget, MAIN } from './lambda-target.ts';
import { huntMetrics } from './metrics.ts';
import type { Mutation } from './mutation.ts';
import { answerQuestion } from './people.ts';
import type { Plan } from './plan.ts';
import { ALARMS } from './plan-service.ts';
import { makeRecorder } from './recorder.ts';
import type { Run } from './run.ts';
import type { HuntTarget } from './target.ts';

export interface RunSetting {
  readonly plan: Plan;
  readonly mutation: Mutation | undefined;
  readonly limits: Limits;
  readonly time: VirtualTime;
  readonly story: ((atMs: number, line: string) => void) | null;
}

const DEPLOYED = workflow({ tickSeconds: 60 });
const LONG_AGO_MS = 86_400_000;

export function makeRun({ plan, mutation, limits, time, story }: RunSetting): Run {
  const startMs = time.now();
  const endOfFaultsMs = startMs + plan.faultsUntilMs;
  const recorder = makeRecorder(() => time.now(), story);
  const conditions = makeConditions(() => time.now(), recorder);
  const isOver = (): boolean => plan.mode === 'liveness' && time.now() >= endOfFaultsMs;
  const tables = emptyTables((rolloutId, entry) =>
    recorder.moment({ kind: 'recorded', atMs: time.now(), rolloutId, entry }),
  );
  const truth = storeOn(tables);
  const target =
    plan.target === 'lambda' ? lambdaTarget(MAIN, recorder, mutation) : albTarget(recorder, mutation);
  // the planted bug is in the plane of the first target, and in every router
  const aside = lambdaTarget(ASIDE_ALIAS, recorder, { ...mutation, lambdaPlane: undefined });
  const alarms = memoryAlarms();
  for (const name of ALARMS) alarms.set(name, 'OK', 'as it was', startMs - LONG_AGO_MS);
  const run: Run = {
    plan,
    mutation,
    time,
    startMs,
    endOfFaultsMs,
    recorder,
    conditions,
    faults: makeFaults(plan, limits, recorder, isOver),
    steps: { ...STEPS, ...mutation?.steps?.(STEPS as StepTable) },
    definition: definitionOf(mutation),
    store: mutation?.store?.(truth, tables) ?? truth,
    target,
    targets: new Map([
      [targetId(plan.spec.target), target],
      [targetId(plan.aside.target), aside],
    ]),
    metrics: huntMetrics(plan, startMs, () => time.now(), conditions, recorder),
    alarms,
    tokens: memoryTokens(),
    executions: huntExecutions(() => run),
    bus: makeBus(() => run),
    events: memoryEvents(),
    asked: (event) => answerQuestion(run, event),
  };
  wire(run);
  return run;
}

const mutated = new WeakMap<Mutation, Workflow>();

/** The same object each time, because the engine checks each definition once. */
function definitionOf(mutation: Mutation | undefined): Workflow {
  if (mutation?.workflow === undefined) return DEPLOYED;
  const definition = mutated.get(mutation) ?? mutation.workflow(DEPLOYED);
  mutated.set(mutation, definition);
  return definition;
}

function wire(run: Run): void {
  const { recorder, alarms, executions, bus, events } = run;
  for (const [id, target] of run.targets) watch(run, id, target);
  alarms.onTransition(({ name, to, reason, atMs }) => {
    recorder.tell(() => `alarm ${name} is ${to}`);
    if (to === 'ALARM') recorder.alarmsFiredAtMs.push(atMs);
    bus.deliver('alarm', name, () =>
      invoke(run, null, 'handle-alarm-event', alarmEvent(name, to, reason, atMs)),
    );
  });
  executions.onEnd((name) =>
    bus.deliver('execution', name, () => invoke(run, name, 'guard-rollout', executionEvent(name, 'FAILED'))),
  );
  events.subscribe((event) => hear(run, event));
}

/** Every change of a target is a moment of the trace, and in the metrics from then on. */
function watch({ time, recorder, metrics }: Run, targetId: string, target: HuntTarget): void {
  metrics.shift(targetId, time.now(), target.shares());
  target.onChange(() => {
    const shares = target.shares();
    metrics.shift(targetId, time.now(), shares);
    const mark = recorder.isUnrecorded() ? { isUnrecorded: true } : {};
    recorder.moment({
      kind: 'changed',
      atMs: time.now(),
      targetId,
      writer: recorder.writer(),
      shares,
      ...mark,
    });
  });
}

/** The bus took an event of ours: people are told, or it ends in the dead-letter queue. */
function hear(run: Run, event: RolloutEvent): void {
  const { recorder, time, bus } = run;
  recorder.moment({ kind: 'published', atMs: time.now(), event });
  bus.deliver(
    'rollout',
    `${event.rolloutId} ${event.event}`,
    () => invoke(run, event.rolloutId, 'notify-people', { detail: event }),
    () => recorder.moment({ kind: 'undelivered', atMs: time.now(), event }),
  );
}
