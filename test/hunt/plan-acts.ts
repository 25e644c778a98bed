// When and how the faults of a plan strike that are not drawn call by call: windows of trouble, people, deployments.

import type { Random } from '../../src/sim/random.ts';
import type { FaultKind } from './fault-kinds.ts';
import { type Act, MINUTE_MS, type Profile, type StepName, type TargetMode, type When } from './plan.ts';
import { between, pick, stream } from './streams.ts';

/** Kinds that the plan gives instants to, and how often they strike at the most. */
const TIMES: Partial<Record<FaultKind, number>> = {
  'event-forged': 3,
  throttle: 3,
  deny: 2,
  'store-outage': 2,
  'hand-lowers': 1,
  'hand-raises': 1,
  hotfix: 1,
  'delete-version': 3,
  'stop-execution': 1,
  'emergency-stop': 1,
  'cfn-deploy': 2,
  abort: 2,
  pause: 2,
  promote: 2,
  'strange-signal': 3,
  redrive: 2,
  'metric-gap': 2,
  'metric-delay': 2,
  'metric-partial': 2,
  'metric-forbidden': 2,
  'alarm-fires': 1,
  'alarm-flaps': 2,
  'alarm-deleted': 1,
  'alarm-unknown': 1,
  'canary-unhealthy': 2,
  'stable-unhealthy': 2,
  'notifier-down': 2,
  'bus-down': 2,
  'code-swap': 1,
  'sweeper-silent': 2,
};

export interface ActSetting {
  readonly profile: Profile;
  readonly kinds: ReadonlySet<FaultKind>;
  readonly target: TargetMode;
}

export function drawActs(seed: number, { profile, kinds }: ActSetting): readonly Act[] {
  if (profile !== 'swarm') return [...kinds].flatMap((kind) => probeActs(seed, kind));
  return [...kinds].flatMap((kind) => {
    const times = TIMES[kind];
    if (times === undefined) return [];
    // of its own, so that a kind that is switched off changes nothing of the others
    const random = stream(seed, `acts ${kind}`);
    return Array.from({ length: between(random, 1, times) }, (_, index) => drawAct(random, kind, index));
  });
}

function drawAct(random: Random, kind: FaultKind, index: number): Act {
  return {
    id: `${kind} ${index}`,
    kind,
    when: drawWhen(random, kind),
    durationMs: Math.round(shortestMs(kind) * 300 ** random()),
    dice: [random(), random(), random()],
  };
}

/** Up to 300 times as long. */
function shortestMs(kind: FaultKind): number {
  return kind.startsWith('metric-') || kind === 'sweeper-silent' ? 60_000 : 3000;
}

type Place = readonly [StepName, number];

/** A step, and up to which of its entries. */
const ANYWHERE: readonly Place[] = [
  ['start-rollout', 1],
  ['shift-traffic', 3],
  ['bake', 10],
  ['judge-canary', 10],
  ['judge-canary', 10],
  ['commit-promotion', 1],
  ['finish-promotion', 1],
  ['roll-back', 2],
];
/** While both versions have traffic, and early enough that most runs are still there. */
const WHILE_SPLIT: readonly Place[] = [
  ['shift-traffic', 2],
  ['bake', 3],
  ['judge-canary', 4],
  ['judge-canary', 4],
];

const PLACES: Partial<Record<FaultKind, readonly Place[]>> = {
  'hand-lowers': WHILE_SPLIT,
  'hand-raises': WHILE_SPLIT,
  'emergency-stop': WHILE_SPLIT,
  hotfix: WHILE_SPLIT,
  'metric-partial': WHILE_SPLIT,
  'metric-forbidden': WHILE_SPLIT,
  'metric-gap': WHILE_SPLIT,
  'metric-delay': WHILE_SPLIT,
};
/** Most invocations are over by then. */
const WITHIN_MS = 1500;
const LATEST_MS = 14 * MINUTE_MS;

/** Half of them close to a step, where races are, the others at any time. */
function drawWhen(random: Random, kind: FaultKind): When {
  if (kind === 'redrive') return { afterEndMs: between(random, 200, 300_000) };
  const places = PLACES[kind];
  if (random() < (places === undefined ? 0.45 : 0.2)) return { atMs: between(random, 1000, LATEST_MS) };
  const [step, most] = pick(random, places ?? ANYWHERE);
  return { step, nth: between(random, 1, most), plusMs: between(random, 0, WITHIN_MS) };
}

/** An alarm somewhere in a bake, and what the profile adds from then on. */
function probeActs(seed: number, kind: FaultKind): readonly Act[] {
  if (kind !== 'alarm-fires' && kind !== 'throttle') return [];
  const random = stream(seed, 'probe');
  const when: When = { step: 'bake', nth: between(random, 1, 6), plusMs: between(random, 0, 59_000) };
  const durationMs = between(random, 5, 300) * 1000;
  return [{ id: `${kind} 0`, kind, when, durationMs, dice: [random(), 0, 0] }];
}
