// Draws of a plan: its profile, its target, which faults it knows, how its versions behave, who starts what and when.
import { FAULT_KINDS, type FaultKind, faultInfo } from './fault-kinds.ts';
import { type Behaviour, CANARY, MINUTE_MS, type Profile, type Start, type TargetMode } from './plan.ts';
import { ASIDE, SERVICE } from './plan-service.ts';
import { between, draw, pick, stream } from './streams.ts';

export function drawProfile(uniform: number): Profile {
  if (uniform < 0.06) return 'calm';
  if (uniform < 0.09) return 'throttled';
  return uniform < 0.12 ? 'deaf' : 'swarm';
}

export function drawTarget(uniform: number): TargetMode {
  if (uniform < 0.58) return 'lambda';
  return uniform < 0.85 ? 'alb' : 'alb-in-place';
}

const KINDS_OF_PROFILE: Readonly<Record<Exclude<Profile, 'swarm'>, readonly FaultKind[]>> = {
  calm: ['alarm-fires'],
  throttled: ['alarm-fires', 'throttle'],
  deaf: ['alarm-fires', 'events-all-dropped'],
};

/** @param isClear only what is wanted, so that nothing gets in the way of it */
export function drawKinds(
  seed: number,
  profile: Profile,
  target: TargetMode,
  wanted: readonly FaultKind[],
  isClear: boolean,
): ReadonlySet<FaultKind> {
  const family = target === 'lambda' ? 'lambda-alias' : 'alb-rule';
  const isKnown = (kind: FaultKind): boolean => [undefined, family].includes(faultInfo(kind).target);
  const drawn = FAULT_KINDS.filter((kind) => {
    if (profile !== 'swarm') return KINDS_OF_PROFILE[profile].includes(kind);
    return !isClear && draw(seed, `enable ${kind}`) * 100 < faultInfo(kind).enabledPercent;
  });
  return new Set([...drawn, ...wanted].filter(isKnown));
}

/** What the story of a run needs the new version to be; null: as it is drawn. */
export type CanaryWish = 'good' | 'bad' | null;

const USUAL_PERCENT = 0.05;

export function drawBehaviours(
  seed: number,
  profile: Profile,
  wish: CanaryWish,
): Readonly<Record<string, Behaviour>> {
  const random = stream(seed, 'behaviours');
  const usual = { errorPercent: USUAL_PERCENT, laterErrorPercent: USUAL_PERCENT, laterFromMs: 0 };
  const badPercent = pick(random, [2, 5, 20]);
  const bad = { errorPercent: badPercent, laterErrorPercent: badPercent, laterFromMs: 0 };
  const later = { ...usual, laterErrorPercent: 5, laterFromMs: between(random, 3, 12) * MINUTE_MS };
  const uniform = random();
  const drawn = uniform < 0.2 ? bad : uniform < 0.3 ? later : usual;
  const canary = { good: usual, bad, drawn }[profile === 'swarm' ? (wish ?? 'drawn') : 'good'];
  return { [CANARY]: canary };
}

/** The first rollout, and where others are drawn: at the same time, while it runs, or after it. */
export function drawStarts(
  seed: number,
  kinds: ReadonlySet<FaultKind>,
  isAnswered: boolean,
): readonly Start[] {
  const random = stream(seed, 'starts');
  const first: Start = {
    name: 'r1',
    service: SERVICE,
    fault: null,
    version: CANARY,
    atMs: between(random, 0, 20_000),
    afterEndMs: 0,
  };
  const others = kinds.has('start-other') && isAnswered ? between(random, 1, 2) : 0;
  const isFollowed = random() < 0.12 && isAnswered;
  const starts = Array.from({ length: others + (isFollowed ? 1 : 0) }, (_, index): Start => {
    const kind = index >= others ? 'after' : pick(random, ['same time', 'meanwhile', 'meanwhile', 'after']);
    const atMs =
      kind === 'same time'
        ? (first.atMs ?? 0) + between(random, 0, 1500)
        : between(random, 1, 14 * 60) * 1000;
    return {
      name: `r${index + 2}`,
      service: SERVICE,
      fault: 'start-other',
      version: random() < 0.4 ? CANARY : String(43 + index),
      atMs: kind === 'after' ? null : atMs,
      afterEndMs: between(random, 0, 90_000),
    };
  });
  return [first, ...starts, ...(kinds.has('start-elsewhere') ? [startElsewhere(seed)] : [])];
}

function startElsewhere(seed: number): Start {
  const atMs = between(stream(seed, 'elsewhere'), 0, 300) * 1000;
  return {
    name: 's1',
    service: ASIDE.service,
    fault: 'start-elsewhere',
    version: ASIDE.canary,
    atMs,
    afterEndMs: 0,
  };
}
