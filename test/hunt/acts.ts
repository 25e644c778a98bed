// Does what the plan wants done to the world, at its instant: trouble that stands for a while, people, deployments.
import type { FaultKind } from './fault-kinds.ts';
import { forge } from './forgeries.ts';
import { abort, pause, promote, strangeSignal } from './people.ts';
import { type Act, CANARY, MINUTE_MS, STABLE } from './plan.ts';
import { ALARMS } from './plan-service.ts';
import type { Run } from './run.ts';
import { WEBHOOK } from './secrets.ts';

/** Answers whether anything came of it; what stands for a while tells that by itself. */
type Deed = (run: Run, act: Act) => boolean;

/** Arms every act of the plan: at its instant, or when its step is entered. */
export function armActs(run: Run): void {
  const { plan, time, startMs, recorder, faults, executions } = run;
  for (const act of plan.acts) {
    if (!faults.isAllowed(act.id)) continue;
    const { when } = act;
    const strikeIn = (ms: number): void => time.at(time.now() + ms, () => strike(run, act));
    if ('atMs' in when) time.at(startMs + when.atMs, () => strike(run, act));
    else if ('afterEndMs' in when) once(executions.onEnd, () => strikeIn(when.afterEndMs));
    else {
      recorder.onEntered((step, nth) => {
        if (step === when.step && nth === when.nth) strikeIn(when.plusMs);
      });
    }
  }
}

function once(listenTo: (listener: () => void) => void, hear: () => void): void {
  let isHeard = false;
  listenTo(() => {
    if (!isHeard) hear();
    isHeard = true;
  });
}

function strike(run: Run, act: Act): void {
  if (run.faults.isOver()) return;
  run.recorder.tell(() => `act ${act.id}`);
  const isDone = DEEDS[act.kind]?.(run, act) ?? stand(run, act, '');
  if (isDone) run.recorder.fault(act.kind, act.id);
}

/** From now on for a while; recorded as struck when somebody meets it. */
function stand({ conditions, time, endOfFaultsMs, plan }: Run, act: Act, api: string): boolean {
  const fromMs = time.now();
  const untilMs = fromMs + act.durationMs;
  conditions.open({
    id: act.id,
    kind: act.kind,
    fromMs,
    untilMs: plan.mode === 'liveness' ? Math.min(untilMs, endOfFaultsMs) : untilMs,
    api,
    dice: act.dice,
  });
  return false;
}

/** Undone after the act's time, or when all faults are over. */
function forAWhile({ time, endOfFaultsMs, plan }: Run, { durationMs }: Act, undo: () => void): void {
  const untilMs = time.now() + durationMs;
  time.at(plan.mode === 'liveness' ? Math.min(untilMs, endOfFaultsMs) : untilMs, undo);
}

const DEEDS: Partial<Record<FaultKind, Deed>> = {
  throttle: (run, act) => stand(run, act, apiFor(run, act)),
  deny: (run, act) => stand(run, act, apiFor(run, act)),
  'hand-lowers': ({ target }, { dice }) => byHand(target, (canary) => Math.floor(canary * dice[0])),
  'hand-raises': ({ target }, { dice }) =>
    byHand(target, (canary) => Math.ceil(canary + (100 - canary) * dice[0])),
  hotfix: ({ target }, { dice }) => target.hotfix(dice[0] < 0.7),
  'delete-version': ({ plan, target }, { dice }) => {
    // once no alias names stable and it is deleted, nothing can bring it back: no run that shall come to its end has that
    const isLost = plan.mode === 'liveness' && target.shares()[STABLE] === undefined;
    target.deleteVersion(dice[0] < 0.5 && !isLost ? STABLE : CANARY);
    // being refused is the usual answer
    return true;
  },
  'stop-execution': ({ executions }, { dice }) => executions.stopNow(one(executions.names(), dice[0])),
  'emergency-stop': ({ target }) => target.emergencyStop(),
  'cfn-deploy': ({ target }, { dice }) => target.deploy(dice[0] < 0.6 ? STABLE : CANARY),
  redrive: ({ executions }, { dice }) =>
    executions.redrive(one(executions.names(), dice[0]), dice[1] < 0.25 ? withHoles : (input) => input),
  'event-forged': forge,
  abort,
  pause,
  promote,
  'strange-signal': strangeSignal,
  'alarm-fires': (run, act) => alarmIs(run, act, 'ALARM', 20 * MINUTE_MS),
  'alarm-flaps': (run, act) => alarmIs(run, act, 'ALARM', act.dice[1] * MINUTE_MS),
  'alarm-unknown': (run, act) => alarmIs(run, act, 'INSUFFICIENT_DATA', 0),
  'alarm-deleted': (run, act) => {
    const name = one(ALARMS, act.dice[0]);
    run.alarms.remove(name);
    forAWhile(run, act, () => run.alarms.set(name, 'OK', 'made again', run.time.now()));
    return true;
  },
  'canary-unhealthy': (run, act) => unhealthy(run, act, 'canary'),
  'stable-unhealthy': (run, act) => unhealthy(run, act, 'stable'),
};

/** A document that lost some of its fields on the way. */
function withHoles(input: unknown): unknown {
  const {
    next: _next,
    stage: _stage,
    epoch: _epoch,
    judge: _judge,
    ...rest
  } = (input ?? {}) as Record<string, unknown>;
  return rest;
}

function one(names: readonly string[], uniform: number): string {
  return names[Math.floor(uniform * names.length)] ?? '';
}

/** Whoever changes weights by hand changes a canary that is there. */
function byHand(target: Run['target'], to: (canaryPercent: number) => number): boolean {
  const canaryPercent = target.canaryShare();
  if (canaryPercent === null) return false;
  const wanted = to(canaryPercent);
  return wanted !== canaryPercent && target.setWeight(wanted);
}

const CALLS_TO_REFUSE = ['', 'metrics.', 'alarms.', 'tokens.', 'executions.'];

/** The target's own calls twice as often as others. */
function apiFor({ plan }: Run, { dice }: Act): string {
  const calls =
    plan.target === 'lambda'
      ? ['lambda.', 'lambda.UpdateAlias', 'lambda.GetAlias', 'lambda.UpdateAlias']
      : ['alb.', 'alb.ModifyRule', 'alb.DescribeRules', 'alb.DeleteRule', 'alb.CreateRule'];
  if (plan.profile === 'throttled') return calls[0] ?? '';
  return one([...calls, ...CALLS_TO_REFUSE.slice(1)], dice[0]);
}

function alarmIs(run: Run, act: Act, state: 'ALARM' | 'INSUFFICIENT_DATA', moreMs: number): boolean {
  const { alarms, time } = run;
  const name = one(ALARMS, act.dice[0]);
  alarms.set(name, state, `it is ${state}, see ${WEBHOOK}`, time.now());
  const durationMs = act.kind === 'alarm-flaps' ? moreMs : act.durationMs + moreMs;
  forAWhile(run, { ...act, durationMs }, () => alarms.set(name, 'OK', 'it is quiet again', time.now()));
  return true;
}

function unhealthy(run: Run, act: Act, side: 'stable' | 'canary'): boolean {
  const heal = run.target.failHealth(side);
  if (heal === null) return false;
  forAWhile(run, act, heal);
  return true;
}
