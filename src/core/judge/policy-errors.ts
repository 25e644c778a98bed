// The check «errors» as streams: against stable, against the limit, and against what was usual before the rollout.
import type { ServiceSpec } from '../service-spec.ts';
import { ERRORS } from './measures.ts';
import type { SharePolicy } from './stream-policy.ts';

export const ERRORS_RATIO = 'errors';
export const ERRORS_LIMIT = 'errors-limit';
export const ERRORS_USUAL = 'errors-usual';

/** A service that usually is worse than its limit is held to this many times its usual share instead. */
const USUAL_FACTOR = 3;
/** Upper 99 % of the usual share (normal quantile). */
const USUAL_SIGMAS = 2.33;
const MAX_DISPERSION = 4;

export function errorStreams(errors: ServiceSpec['checks']['errors']): readonly SharePolicy[] {
  const common = {
    check: 'errors',
    measure: ERRORS,
    words: { verb: 'failed', label: 'error rate', beside: 'on stable' },
    maxDispersion: MAX_DISPERSION,
  } as const;
  return [
    {
      ...common,
      kind: 'ratio',
      name: ERRORS_RATIO,
      weight: 0.35,
      toleranceRatio: errors.toleranceRatio,
      floorShare: errors.floorPercent / 100,
    },
    {
      ...common,
      kind: 'limit',
      name: ERRORS_LIMIT,
      weight: 0.12,
      limitShare: errors.limitPercent / 100,
      usualFactor: USUAL_FACTOR,
      usualSigmas: 0,
      fromWeightPercent: 0,
      witness: { stream: ERRORS_RATIO, evidence: 5 },
    },
    {
      // the control is scarce at a high weight and gone at 100 %: then the hour before the rollout stands in for it
      ...common,
      kind: 'limit',
      name: ERRORS_USUAL,
      weight: 0.06,
      limitShare: errors.floorPercent / 100,
      usualFactor: USUAL_FACTOR,
      usualSigmas: USUAL_SIGMAS,
      fromWeightPercent: 50,
      witness: { stream: ERRORS_RATIO, evidence: 3 },
    },
  ];
}
