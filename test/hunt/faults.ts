// Decides which fault strikes where. Each strike has a name that does not depend on the others, so that a run can be
// played again with any subset of what happened in it.
import { type FaultKind, faultInfo } from './fault-kinds.ts';
import type { Aim, Plan } from './plan.ts';
import type { Recorder, Site } from './recorder.ts';
import { draw } from './streams.ts';

export interface Faults {
  /** Whether a fault of this kind strikes at this place; recorded when it does. */
  strikes(kind: FaultKind, key: string): boolean;
  /** The same for a call, which may be aimed at as well. */
  strikesCall(kind: FaultKind, site: Site): boolean;
  /** Whether something that the plan gives an instant to happens at all. */
  isAllowed(id: string): boolean;
  isOver(): boolean;
}

export interface Limits {
  /** What is left of a plan: only the faults and acts with these ids; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** Nothing goes wrong on the way to people: with their messages, the bus that carries them, who tells them. */
  readonly isQuiet: boolean;
}

/** What has to do with telling people and with nothing else. */
const TELLING = /^(notifier-down|bus-down) |event rollout |notify-people/;

export function isTelling(id: string): boolean {
  return TELLING.test(id);
}

export function makeFaults(plan: Plan, limits: Limits, recorder: Recorder, isOver: () => boolean): Faults {
  const { only, isQuiet } = limits;
  const isAllowed = (id: string): boolean => (only === null || only.has(id)) && !(isQuiet && isTelling(id));
  const strikes = (kind: FaultKind, key: string): boolean => {
    if (isOver()) return false;
    const id = `${kind} ${key}`;
    const isDrawn = (only !== null || isDue(plan, kind, id)) && isAllowed(id);
    if (isDrawn) recorder.fault(kind, id);
    return isDrawn;
  };
  return {
    strikes,
    strikesCall: (kind, site) => {
      const aim = plan.aims.find((one) => isHit(one, kind, site));
      if (aim !== undefined && !isOver()) {
        const id = `aimed ${kind} ${site.point}#${site.nth}`;
        if (isAllowed(id)) {
          recorder.fault(kind, id);
          return true;
        }
      }
      return strikes(kind, site.key);
    },
    isAllowed,
    isOver,
  };
}

function isDue({ seed, kinds, intensity }: Plan, kind: FaultKind, id: string): boolean {
  const { chance } = faultInfo(kind);
  return kinds.has(kind) && (chance === undefined || draw(seed, id) < chance * intensity);
}

function isHit(aim: Aim, kind: FaultKind, { point, nth }: Site): boolean {
  return aim.kind === kind && aim.point === point && aim.nth === nth;
}
