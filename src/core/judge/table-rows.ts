// Rows of the side-by-side table that compare the canary with stable: a share of requests, or a value.

import { roundSignificant } from '../units.ts';
import type { ACTIONS, CheckReading } from '../verdict.ts';
import { allowedPercent, percentOf } from './clauses.ts';
import { checkEvidence, type Evidence } from './combine.ts';
import { dispersionIn } from './dispersion.ts';
import { type Interval, shareInterval, valueInterval } from './intervals.ts';
import type { JudgePolicy } from './policy.ts';
import type { ValuePolicy } from './policy-values.ts';
import { meansOf, tallyOfStage } from './stage.ts';
import { type Compared, compareShares, compareValues } from './standing.ts';
import { streamState } from './stream.ts';
import type { PairStreamPolicy, RatioStreamPolicy } from './stream-policy.ts';
import type { TableView } from './table.ts';

type Action = (typeof ACTIONS)[number];

/** Slower than stable by this much, a person need not investigate first. */
const GROSS_RATIO = 1.5;

export function shareRow(
  { policy, state, evidence }: TableView,
  stream: RatioStreamPolicy | PairStreamPolicy,
  better: 'higher' | 'lower',
): CheckReading {
  const tally = tallyOfStage(state.stage, stream.measure);
  const own = streamState(state.streams, stream.name);
  const { toleranceRatio, floorShare } = stream;
  const compared = compareShares(tally, { better, toleranceRatio, floorShare }, dispersionIn(own));
  const canary = percentOf(tally.canary);
  const stable = percentOf(tally.stable);
  return {
    check: stream.check,
    label: stream.words.label,
    unit: '%',
    stable,
    canary,
    limit: allowedPercent(stream, own, tally.stable),
    better,
    variancePercent: varianceOf(canary, stable),
    sample: tally.canary[0],
    interval: rounded(shareInterval(tally.canary, dispersionIn(own)), 100),
    ...evidenceCells(evidence, stream.check),
    stillNeeded: compared.stillNeeded,
    action: actionFor(policy, evidence, stream.check, compared, 'consider rollback'),
  };
}

export function valueRow({ policy, state, evidence }: TableView, row: ValuePolicy): CheckReading {
  const { stable, canary, requests, pairs } = meansOf(state.stage, row.measure);
  const compared = compareValues(pairs, row, requests);
  const isGross = canary !== null && stable !== null && canary >= GROSS_RATIO * stable;
  return {
    check: row.check,
    label: row.label,
    unit: row.unit,
    stable,
    canary,
    limit: stable === null ? null : roundSignificant(stable * row.toleranceRatio, 4),
    better: row.better,
    variancePercent: varianceOf(canary, stable),
    sample: requests,
    interval: canary === null ? null : rounded(valueInterval(canary, pairs, requests)),
    ...evidenceCells(evidence, row.check),
    stillNeeded: compared.stillNeeded,
    action:
      row.check === 'latency' && !isGross
        ? standingAction(
            compared,
            checkEvidence(evidence, row.check) >= policy.suspiciousEvidence,
            'investigate',
          )
        : actionFor(policy, evidence, row.check, compared, 'consider rollback'),
  };
}

/** As it is shown: three digits and more are noise. */
export function rounded(interval: Interval | null, factor = 1): [number, number] | null {
  if (interval === null) return null;
  const [low, high] = interval;
  return [roundSignificant(low * factor, 3), roundSignificant(high * factor, 3)];
}

export function varianceOf(canary: number | null, stable: number | null): number | null {
  if (canary === null || stable === null || stable === 0) return null;
  const percent = ((canary - stable) / stable) * 100;
  return Number.isFinite(percent) ? roundSignificant(percent, 4) : null;
}

function evidenceCells(evidence: Evidence, check: string): Pick<CheckReading, 'evidence' | 'streams'> {
  const own = evidence.streams.filter(({ policy }) => policy.check === check);
  return {
    evidence: own.length === 0 ? null : roundSignificant(checkEvidence(evidence, check), 3),
    streams: Object.fromEntries(
      own.map(({ policy, contribution }) => [policy.name, roundSignificant(contribution / policy.weight, 3)]),
    ),
  };
}

function actionFor(
  policy: JudgePolicy,
  evidence: Evidence,
  check: string,
  compared: Compared,
  whenHarmful: Action,
): Action {
  const own = checkEvidence(evidence, check);
  if (own >= 1 / policy.alpha) return whenHarmful;
  return standingAction(compared, own >= policy.suspiciousEvidence, whenHarmful);
}

export function standingAction({ standing }: Compared, isSuspicious: boolean, whenHarmful: Action): Action {
  if (standing === 'harmful') return whenHarmful;
  if (isSuspicious) return 'investigate';
  if (standing === 'unknown') return 'cannot tell yet';
  return standing === 'worse' ? 'monitor closely' : 'acceptable';
}
