// What stands in the world of a run right now: APIs that throttle or deny, a table that is out, metrics with holes.
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Act } from './plan.ts';
import type { Recorder } from './recorder.ts';
import { SECRET } from './secrets.ts';

/** Something that stands for a while. */
interface Condition {
  readonly id: string;
  readonly kind: FaultKind;
  readonly fromMs: number;
  readonly untilMs: number;
  /** For `throttle` and `deny`: the beginning of the names of the calls that are meant. */
  readonly api: string;
  readonly dice: Act['dice'];
}

export interface Conditions {
  open(condition: Condition): void;
  /** The one that stands now, recorded as having struck; null: none. */
  standing(kind: FaultKind): Condition | null;
  /** All of that kind that ever stood, for what asks about the past. */
  ever(kind: FaultKind): readonly Condition[];
  /** What a call gets instead of an answer; null: it goes through. */
  refusal(api: string): Error | null;
}

export function makeConditions(nowMs: () => number, recorder: Recorder): Conditions {
  const opened: Condition[] = [];
  const isNow = ({ fromMs, untilMs }: Condition): boolean => nowMs() >= fromMs && nowMs() < untilMs;
  const struck = (found: Condition | undefined): Condition | null => {
    if (found === undefined) return null;
    recorder.fault(found.kind, found.id);
    return found;
  };
  const standing = (kind: FaultKind): Condition | null =>
    struck(opened.find((condition) => condition.kind === kind && isNow(condition)));
  return {
    open: (condition) => {
      opened.push(condition);
    },
    standing,
    ever: (kind) => opened.filter((condition) => condition.kind === kind),
    refusal: (api) => {
      if (opened.length === 0) return null;
      const meets = (kind: FaultKind): Condition | null =>
        struck(opened.find((one) => one.kind === kind && api.startsWith(one.api) && isNow(one)));
      if (meets('throttle') !== null)
        return new TransientError(`${api} was throttled (TooManyRequestsException)`);
      if (meets('deny') !== null)
        return new PermissionError(`${api} was denied (AccessDeniedException), key ${SECRET}`);
      const isOut = api.startsWith('store.') && standing('store-outage') !== null;
      return isOut ? new TransientError(`${api}: the table cannot be reached`) : null;
    },
  };
}
