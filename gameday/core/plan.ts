// Which experiments a day plays, in which order, and how long it takes.

import { closest } from '../../src/core/closest.ts';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import type { AnyExperiment, DayOptions, Need } from './experiment.ts';
import { WARM_UP_MINUTES } from './service.ts';

/** Deploying three stacks and removing them, as a rule of thumb. */
const DEPLOY_MINUTES = 12;
const CLEAN_UP_MINUTES = 8;
/** A load balancer and its network. */
const BALANCER_MINUTES = 6;

export interface DayPlan {
  readonly experiments: readonly AnyExperiment[];
  readonly needs: ReadonlySet<Need>;
  readonly minutes: number;
}

/**
 * @param only ids of experiments; empty: all
 * @param hasBalancer whether a load balancer may be made; without it, its experiments are left out
 * @throws InvalidInputError naming every id that there is not, or that needs the load balancer
 */
export function planDay(
  all: readonly AnyExperiment[],
  only: readonly string[],
  hasBalancer: boolean,
  options: DayOptions,
): DayPlan {
  const problems = only.flatMap((id) => {
    const found = all.find((one) => one.id === id);
    if (found === undefined)
      return [
        unknownId(
          id,
          all.map((one) => one.id),
        ),
      ];
    return found.needs.includes('balancer') && !hasBalancer ? [needsBalancer(id)] : [];
  });
  if (problems.length > 0) throw new InvalidInputError(problems);
  const experiments = all.filter(
    ({ id, needs }) =>
      (only.length === 0 || only.includes(id)) && (hasBalancer || !needs.includes('balancer')),
  );
  const needs = new Set(experiments.flatMap((one) => one.needs));
  const played = experiments.reduce((sum, one) => sum + one.minutes(options), 0);
  const minutes =
    DEPLOY_MINUTES +
    CLEAN_UP_MINUTES +
    (needs.has('balancer') ? BALANCER_MINUTES : 0) +
    (needs.has('traffic') ? WARM_UP_MINUTES : 0) +
    played;
  return { experiments, needs, minutes: Math.ceil(minutes) };
}

function unknownId(id: string, ids: readonly string[]): Problem {
  const near = closest(id, ids);
  return {
    code: 'unknown-experiment',
    what: `there is no experiment ${id}`,
    where: '--only',
    got: id,
    allowed: ids.join(', '),
    fix: near === undefined ? 'List them: npm run gameday -- --dry-run' : `Did you mean ${near}?`,
  };
}

function needsBalancer(id: string): Problem {
  return {
    code: 'needs-balancer',
    what: `the experiment ${id} needs a load balancer`,
    where: '--only',
    got: 'no --alb',
    allowed: '--alb with --cidr',
    fix: 'Add --alb --cidr YOUR_ADDRESS/32, or leave this experiment out',
  };
}
