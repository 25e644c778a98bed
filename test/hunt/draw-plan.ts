// From a seed to its plan. Pure: the same seed is the same plan, on every machine.
import { MINUTE_MS, type Mode, type Plan, type Wishes } from './plan.ts';
import { drawActs } from './plan-acts.ts';
import { drawAim, storyOf } from './plan-aim.ts';
import { drawBehaviours, drawKinds, drawProfile, drawStarts, drawTarget } from './plan-draws.ts';
import { drawAside, drawSpec } from './plan-service.ts';
import { between, pick, stream } from './streams.ts';

/** @param points every known call, so that each is aimed at by some seeds */
export function planOf(seed: number, wishes: Wishes, points: readonly string[]): Plan {
  const random = stream(seed, 'plan');
  const mode: Mode = random() < 0.5 ? 'safety' : 'liveness';
  const profile = drawProfile(random());
  const drawnTarget = drawTarget(random());
  const drawnAim = profile === 'swarm' && wishes.isClear !== true ? drawAim(seed, points) : null;
  const aim = wishes.aim ?? drawnAim;
  const told = storyOf(aim, seed);
  const story = { ...told, isClear: told.isClear || wishes.isClear === true };
  // a day of waiting is long to play: few of the runs that come to their end have it
  const isAnswered = random() < (mode === 'liveness' ? 0.95 : 0.8);
  const target = wishes.target ?? story.target ?? drawnTarget;
  const kinds = drawKinds(seed, profile, target, [...(wishes.faults ?? []), ...story.kinds], story.isClear);
  const spec = drawSpec(seed, target, story);
  return {
    seed,
    mode,
    profile,
    target,
    spec,
    aside: drawAside(seed),
    requestsPerMinute: pick(random, [30_000, 60_000, 120_000]),
    behaviours: drawBehaviours(seed, profile, story.canary),
    starts: drawStarts(seed, kinds, isAnswered || story.isClear),
    approvesAfterMs: story.isClear || isAnswered ? between(random, 5, 240) * 1000 : null,
    kinds,
    intensity: 0.4 * 8 ** random(),
    acts: [...drawActs(seed, { profile, kinds, target }), ...story.acts, ...(wishes.acts ?? [])],
    aims: aim === null ? [] : [aim, ...story.aims],
    faultsUntilMs: between(random, 14, mode === 'safety' ? 34 : 22) * MINUTE_MS,
  };
}
