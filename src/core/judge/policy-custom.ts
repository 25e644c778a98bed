// Checks that a team defines for itself, as streams: rates as counts, single values by their sign.
import type { CustomCheck } from '../service-spec.ts';
import type { PairStreamPolicy, SignStreamPolicy, StreamPolicy } from './stream-policy.ts';

/** One check of its own gets so much of the evidence, many share `MOST` of it. */
const WEIGHT = 0.12;
const MOST = 0.3;
const MAX_DISPERSION = 2;
/** Taken for stable's rate where its history is silent. */
const EXPECTED_SHARE = 0.05;

export function customStreams(checks: readonly CustomCheck[]): readonly StreamPolicy[] {
  const tested = checks.filter((check) => check.kind !== 'gauge');
  const weight = Math.min(WEIGHT, MOST / tested.length);
  return tested.map((check) => (check.kind === 'rate' ? rate(check, weight) : value(check, weight)));
}

function rate(check: Extract<CustomCheck, { kind: 'rate' }>, weight: number): PairStreamPolicy {
  return {
    kind: 'pair',
    name: check.name,
    check: check.name,
    weight,
    measure: check.name,
    words: { verb: `count for ${check.name}`, label: check.name, beside: 'on stable' },
    better: check.better,
    toleranceRatio: check.toleranceRatio,
    floorShare: null,
    expectedShare: EXPECTED_SHARE,
    warmUp: null,
    lagSeconds: check.lagSeconds,
    maxDispersion: MAX_DISPERSION,
  };
}

function value(check: Extract<CustomCheck, { kind: 'value' }>, weight: number): SignStreamPolicy {
  return {
    kind: 'sign',
    name: check.name,
    check: check.name,
    weight,
    measure: check.name,
    label: check.name,
    unit: '',
    better: check.better,
    toleranceRatio: check.toleranceRatio,
    warmUpSeconds: 0,
  };
}
