// The steps that take traffic back: executions are kept free for them, and the dashboard shows how they do.
import type { STEPS } from '../src/steps/index.ts';

export type StepName = keyof typeof STEPS;

export const WAY_BACK = [
  'roll-back',
  'guard-rollout',
  'sweep-rollouts',
] as const satisfies readonly StepName[];

export function isOnWayBack(step: string): boolean {
  return (WAY_BACK as readonly string[]).includes(step);
}
