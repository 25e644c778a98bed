// The life of one invocation of a function: it can be killed at every wait, and what it still had in mind dies with it.
import { FUNCTION_TIMEOUT_MS } from './delays.ts';
import type { Caller } from './mutation.ts';
import type { Run } from './run.ts';
import { draw } from './streams.ts';

export interface Invocation {
  readonly caller: Caller;
  /** `r1 shift-traffic#2`. */
  readonly name: string;
  /** Rejects when it dies, with an error named as the service names such an end. */
  readonly death: Promise<never>;
  /** Resolves after that long; never, once it is dead. */
  pause(ms: number): Promise<void>;
  /** Never resolves; the function's time-out ends it. */
  hang(): Promise<never>;
  die(errorName: 'Lambda.Unknown' | 'Sandbox.Timedout' | 'Runtime.ExitError'): Promise<never>;
  /** Its handler has answered: what it has not waited for is frozen, or just makes it. */
  answered(): void;
}

const NEVER = (): Promise<never> => new Promise(() => {});

export function makeInvocation({ time, plan, recorder }: Run, caller: Caller): Invocation {
  const name = recorder.next(caller.rolloutId, caller.step);
  const endsAtMs = time.now() + FUNCTION_TIMEOUT_MS;
  const { promise: death, reject } = Promise.withResolvers<never>();
  death.catch(() => {});
  let isDead = false;
  const die: Invocation['die'] = (errorName) => {
    if (!isDead) recorder.tell(() => `${name} dies: ${errorName}`);
    isDead = true;
    reject(Object.assign(new Error(`${caller.step} ended: ${errorName}`), { name: errorName }));
    return NEVER();
  };
  const dieAtTimeout = (): Promise<never> => {
    time.at(endsAtMs, () => void die('Sandbox.Timedout'));
    return NEVER();
  };
  return {
    caller,
    name,
    death,
    pause: async (ms) => {
      if (isDead) return NEVER();
      if (time.now() + ms >= endsAtMs) return dieAtTimeout();
      await time.sleep(ms);
      return isDead ? NEVER() : undefined;
    },
    hang: dieAtTimeout,
    die,
    answered: () => {
      // Lambda freezes the process with the answer; a request that is out by then has even odds here
      if (draw(plan.seed, `frozen ${name}`) < 0.5) isDead = true;
    },
  };
}
