// Faults of the simulated world: calls that are throttled, denied or never answered, and a store that is out.
import { PermissionError, TransientError } from '../core/errors.ts';
import type { RolloutStore } from '../ports.ts';

export interface ApiFault {
  readonly api: string;
  readonly kind: 'throttle' | 'deny' | 'lose-answer';
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface ApiFaults {
  /** Throws what the caller of this API would see before anything is done. */
  before(api: string): void;
  /** Throws after it was done: the answer is lost. */
  after(api: string): void;
}

export function apiFaults(faults: readonly ApiFault[], now: () => number): ApiFaults {
  const standing = (api: string): ApiFault['kind'] | undefined =>
    faults.find((fault) => fault.api === api && now() >= fault.fromMs && now() < fault.untilMs)?.kind;
  return {
    before: (api) => {
      const kind = standing(api);
      if (kind === 'throttle') throw new TransientError(`${api} was throttled (TooManyRequestsException)`);
      if (kind === 'deny') throw new PermissionError(`${api} was denied (AccessDeniedException)`);
    },
    after: (api) => {
      if (standing(api) === 'lose-answer') throw new TransientError(`the answer of ${api} was lost`);
    },
  };
}

/** A store whose every method fails while it is out. */
export function storeWithOutages(store: RolloutStore, isOut: () => boolean): RolloutStore {
  return new Proxy(store, {
    get(target, key, receiver) {
      const method: unknown = Reflect.get(target, key, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        if (isOut()) throw new TransientError('the table cannot be reached');
        return method.apply(target, args);
      };
    },
  });
}
