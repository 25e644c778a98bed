// One call of a port: a delay, perhaps a fault, the effect, a delay, the answer. Every await on a port comes through here.
import { TransientError } from '../../src/core/errors.ts';
import { LANDING_SECONDS } from '../../src/core/targets/alb-rule-modes.ts';
import { type DelayName, delayMs } from './delays.ts';
import type { Invocation } from './invocation.ts';
import type { Site } from './recorder.ts';
import type { Run } from './run.ts';
import { draw } from './streams.ts';

/** @param api `lambda.UpdateAlias`, `store.close`, … */
export type Call = <T>(api: string, effect: () => Promise<T>) => Promise<T>;

/** Read from an index that lags behind the table. Assumption: up to a second. */
const LISTS = /\.list/;
const LIST_LAG_MS = 1000;
/** No effect: nothing of them can land late or twice. */
const READS = /\.(read|list|Get|Describe)/;

export function callsOf(run: Run, invocation: Invocation): Call {
  const { recorder } = run;
  const call = faultyCalls(run, invocation);
  // answers of the record that failed, or that are still awaited
  let missing = 0;
  return async (api, effect) => {
    if (!api.startsWith('store.')) {
      return call(api, missing > 0 ? () => recorder.unrecorded(effect) : effect);
    }
    missing += 1;
    const answer = await call(api, effect);
    missing -= 1;
    return answer;
  };
}

function faultyCalls(run: Run, invocation: Invocation): Call {
  const { plan, recorder, faults, conditions } = run;
  return async (api, effect) => {
    const site = recorder.site(invocation.caller.rolloutId, `${invocation.caller.step}/${api}`);
    const wholeMs = delayMs(plan.seed, delayOf(api), `delay ${site.key}`);
    // how much of the delay lies before the effect
    const before = draw(plan.seed, `before ${site.key}`) < 0.6 ? 1 : draw(plan.seed, `part ${site.key}`);
    await invocation.pause(Math.max(1, Math.round(wholeMs * before)));
    if (faults.strikesCall('hang', site)) return invocation.hang();
    const refusal = conditions.refusal(api) ?? throttledBy(run, api, site);
    if (refusal !== null) {
      recorder.tell(() => `${site.key} refused: ${refusal.message}`);
      await invocation.pause(delayMs(plan.seed, 'refusal', `refusal ${site.key}`));
      throw refusal;
    }
    const answer = await sent(run, invocation, site, effect, READS.test(api));
    recorder.tell(
      () => `${site.key} ${answer.error === undefined ? 'done' : `failed: ${String(answer.error)}`}`,
    );
    if (faults.strikesCall('lost-answer', site)) {
      await invocation.pause(delayMs(plan.seed, 'refusal', `lost ${site.key}`));
      throw new TransientError(`the answer of ${api} was lost`);
    }
    const lagMs = LISTS.test(api) ? draw(plan.seed, `lag ${site.key}`) * LIST_LAG_MS : 0;
    const afterMs = Math.round(wholeMs * (1 - before) + lagMs);
    if (afterMs > 0) await invocation.pause(afterMs);
    return unwrapped(answer);
  };
}

function delayOf(api: string): DelayName {
  if (api.startsWith('store.')) return 'table';
  return api.startsWith('metrics.') ? 'metrics' : 'api';
}

function throttledBy({ faults }: Run, api: string, site: Site): Error | null {
  const isThrottled = api.startsWith('store.') && faults.strikesCall('store-throttle', site);
  return isThrottled ? new TransientError(`${api} was throttled by the table`) : null;
}

type Answer<T> = { readonly value: T; readonly error?: undefined } | { readonly error: unknown };

async function settled<T>(effect: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await effect() };
  } catch (error) {
    return { error: error ?? new Error('nothing was thrown') };
  }
}

function unwrapped<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value;
  throw answer.error;
}

/** The request on its way: once, twice, late, or with its sender dead. */
async function sent<T>(
  run: Run,
  invocation: Invocation,
  site: Site,
  effect: () => Promise<T>,
  isRead: boolean,
): Promise<Answer<T>> {
  const { plan, recorder, faults, time } = run;
  if (faults.strikesCall('crash', site)) {
    recorder.crash(site.point);
    const isSent = draw(plan.seed, `crash after ${site.key}`) < 0.5;
    if (isSent) await settled(effect);
    recorder.tell(() => `${site.key} crash ${isSent ? 'after its effect' : 'before it'}`);
    return invocation.die('Runtime.ExitError');
  }
  if (isRead) return settled(effect);
  if (faults.strikesCall('late-landing', site)) {
    landLater(run, site, effect);
    if (draw(plan.seed, `late death ${site.key}`) < 0.3) return invocation.die('Lambda.Unknown');
    await invocation.pause(delayMs(plan.seed, 'refusal', `late ${site.key}`));
    return { error: new TransientError(`${site.point} gave no answer`) };
  }
  if (faults.strikesCall('duplicate-send', site)) {
    const afterMs = 1 + Math.floor(draw(plan.seed, `second ${site.key}`) ** 3 * 5000);
    const first = settled(effect);
    const second = time.sleep(afterMs).then(() => settled(effect));
    return draw(plan.seed, `which ${site.key}`) < 0.5 ? first : second;
  }
  return settled(effect);
}

/** Seconds to minutes later, with the condition that it was sent with; while faults last, and within what the target allows. */
function landLater<T>(run: Run, site: Site, effect: () => Promise<T>): void {
  const { plan, recorder, time, endOfFaultsMs } = run;
  const isBounded = plan.target === 'alb-in-place' || site.point.endsWith('/alb.CreateRule');
  const longestMs = isBounded ? LANDING_MS : 1_200_000;
  const drawnMs = 500 * (longestMs / 500) ** draw(plan.seed, `landing ${site.key}`);
  const leftMs = plan.mode === 'liveness' ? Math.max(1, endOfFaultsMs - time.now()) : drawnMs;
  const afterMs = Math.min(drawnMs, leftMs);
  time.at(time.now() + afterMs, () => {
    if (afterMs > LANDING_MS && isUndeleted(run, site)) return;
    void settled(effect).then((answer) =>
      recorder.tell(
        () => `${site.key} lands late: ${answer.error === undefined ? 'taken' : String(answer.error)}`,
      ),
    );
  });
}

/**
 * How long a sent request may take to land where nothing could refuse it later: the assumption of the quarantine, and of
 * rules per rollout that no rule is made after its rollout was promoted (it would hide the base rule; see docs/guarantees.md).
 * A change of a rollout's own rule may land at any time, for the rule is gone by then; but not where the rollout gave way
 * to a third version and left its rule as it was.
 */
const LANDING_MS = LANDING_SECONDS * 1000;

function isUndeleted({ recorder }: Run, { point }: Site): boolean {
  return point.endsWith('/alb.ModifyRule') && [...recorder.faults.values()].includes('hotfix');
}
