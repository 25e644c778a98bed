// The ports of one invocation: the truth of the run behind delays, faults and a clock of its own.
import { targetId } from '../../src/core/targets/index.ts';
import type { Ports, RolloutStore, TargetAccess, TrafficRouter } from '../../src/ports.ts';
import { type Call, callsOf } from './calls.ts';
import { asOfAnotherRelease } from './code-swap.ts';
import { MAX_SKEW_MS } from './delays.ts';
import type { Invocation } from './invocation.ts';
import type { Run } from './run.ts';
import { draw } from './streams.ts';

const SLOW_BUS_MS = 20_000;

export function portsOf(run: Run, invocation: Invocation): Ports {
  const call = callsOf(run, invocation);
  const { time, metrics, alarms, tokens, executions, mutation } = run;
  const router = byTarget(run, call);
  const skewMs = skewOf(run, invocation);
  const ports: Ports = {
    clock: { now: () => time.now() + skewMs, sleep: (ms) => invocation.pause(ms) },
    store: storeOf(run, call, invocation),
    routers: { 'lambda-alias': router, 'alb-rule': router } satisfies Record<string, TrafficRouter>,
    metrics: { read: (query) => call('metrics.GetMetricData', () => metrics.read(query)) },
    alarms: { read: (names) => call('alarms.DescribeAlarms', () => alarms.read(names)) },
    events: { publish: (events) => publish(run, call, invocation, events) },
    tokens: {
      fail: (token, error, cause) => call('tokens.SendTaskFailure', () => tokens.fail(token, error, cause)),
      wake: (token) => call('tokens.SendTaskSuccess', () => tokens.wake(token)),
    },
    executions: {
      status: (arn) => call('executions.DescribeExecution', () => executions.status(arn)),
      stop: (arn, cause) => call('executions.StopExecution', () => executions.stop(arn, cause)),
      historyEvents: (arn) => call('executions.GetExecutionHistory', () => executions.historyEvents(arn)),
    },
    notifier: { tell: (message) => tellPeople(run, call, message) },
  };
  return mutation?.ports?.(ports, invocation.caller) ?? ports;
}

/** One clock for all invocations of a function. */
function skewOf({ plan, faults }: Run, { caller }: Invocation): number {
  if (!faults.strikes('clock-skew', caller.step)) return 0;
  return Math.round((2 * draw(plan.seed, `skew ${caller.step}`) - 1) * MAX_SKEW_MS);
}

/** One router for all targets of a kind, as in production; each has a plane of its own here. */
function byTarget({ targets }: Run, call: Call): TrafficRouter {
  const routers = new Map([...targets].map(([id, target]) => [id, target.routerFor(call)]));
  const of = ({ target }: TargetAccess): TrafficRouter => {
    const found = routers.get(targetId(target));
    if (found === undefined) throw new Error(`there is no target ${targetId(target)} in this run`);
    return found;
  };
  return {
    describe: (access, version) => of(access).describe(access, version),
    prepare: (order, authorise) => of(order).prepare(order, authorise),
    shift: (order, change, authorise) => of(order).shift(order, change, authorise),
    restore: (order, authorise) => of(order).restore(order, authorise),
    promote: (order, authorise) => of(order).promote(order, authorise),
    verify: (order) => of(order).verify(order),
    health: (order) => of(order).health(order),
  };
}

function storeOf(run: Run, call: Call, { caller }: Invocation): RolloutStore {
  return new Proxy(run.store, {
    get: (truth, name: keyof RolloutStore & string) => {
      const method = truth[name] as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        const answer = await call(`store.${name}`, () => method.apply(truth, args));
        return asOfAnotherRelease(run, caller.step, answer);
      };
    },
  });
}

/** Never throws, as the real publisher: what the bus does not take is lost. */
async function publish(
  { conditions, recorder, asked, events: heard }: Run,
  call: Call,
  { caller, pause }: Invocation,
  events: Parameters<Ports['events']['publish']>[0],
): Promise<void> {
  if (events.length === 0) return;
  // a person who waits for it looks at the rollout, not only at the messages
  for (const event of events) asked(event);
  const outage = conditions.standing('bus-down');
  const isSlow = outage !== null && outage.dice[0] < 0.3;
  if (isSlow) {
    const waitMs = Math.ceil(outage.dice[1] * SLOW_BUS_MS);
    recorder.busWaits.push(waitMs);
    await pause(waitMs);
  }
  try {
    await call('events.PutEvents', async () => {
      if (outage === null || isSlow) await heard.publish(events);
    });
  } catch (error) {
    recorder.tell(() => `${caller.step} could not publish: ${String(error)}`);
  }
}

function tellPeople(
  { conditions, recorder, time }: Run,
  call: Call,
  { event }: Parameters<Ports['notifier']['tell']>[0],
): Promise<void> {
  return call('notifier.Publish', async () => {
    if (conditions.standing('notifier-down') !== null) throw new Error('the topic cannot be reached');
    recorder.moment({ kind: 'told', atMs: time.now(), event });
  });
}
