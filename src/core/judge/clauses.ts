// What a stream saw, as a clause for a sentence, in the words of its check.
import { formatCount, formatPercent, roundSignificant } from '../units.ts';
import type { StreamReading } from './combine.ts';
import { borderOf } from './limit-stream.ts';
import { allowedPairShare } from './pair-stream.ts';
import { allowedShareOf } from './ratio-stream.ts';
import { tallyOfRun } from './run.ts';
import { shareOf } from './sample.ts';
import type { Sample, StreamState, Tally } from './state.ts';
import { isSharePolicy, type SharePolicy, type SignStreamPolicy } from './stream-policy.ts';

export function percentOf(sample: Sample): number | null {
  const share = shareOf(sample);
  return share === null ? null : roundSignificant(share * 100, 6);
}

/** What the canary may have, percent: the tolerance beside this stable, or the limit. */
export function allowedPercent(policy: SharePolicy, state: StreamState, stable: Sample): number {
  return roundSignificant(allowedShare(policy, state, stable) * 100, 6);
}

function allowedShare(policy: SharePolicy, state: StreamState, stable: Sample): number {
  switch (policy.kind) {
    case 'ratio':
      return allowedShareOf(policy, stable);
    case 'pair':
      return allowedPairShare(policy, stable);
    case 'limit':
      return borderOf(policy, state);
  }
}

/**
 * «31 of 2,140 canary requests failed in the last 4 min (1.4 %) against 0.05 % on stable (allowed: 0.1 %)»
 * @param time « in the last 4 min», or nothing
 */
export function comparison(
  policy: SharePolicy,
  state: StreamState,
  { canary, stable }: Tally,
  time = '',
): string {
  const own = percentOf(canary);
  const theirs = percentOf(stable);
  const allowed = `${boundWord(policy)} ${formatPercent(allowedPercent(policy, state, stable))}`;
  const seen = `${formatCount(canary[1])} of ${formatCount(canary[0])} canary requests ${policy.words.verb}${time}`;
  if (own === null) return seen;
  return theirs === null
    ? `${seen} (${formatPercent(own)}, ${allowed})`
    : `${seen} (${formatPercent(own)}) against ${formatPercent(theirs)} ${policy.words.beside} (${allowed})`;
}

function boundWord(policy: SharePolicy): string {
  if (policy.kind === 'limit') return 'limit:';
  return policy.kind === 'pair' && policy.better === 'higher' ? 'allowed: at least' : 'allowed:';
}

/**
 * What a stream saw since the most likely start of harm.
 * @param seconds since then
 */
export function seenBy({ policy, state }: StreamReading, seconds: number): string {
  const tally = tallyOfRun(state.run);
  if (policy.kind === 'silence') return silence(tally);
  return isSharePolicy(policy)
    ? comparison(policy, state, tally, ` in the last ${timeText(seconds)}`)
    : beyond(policy, tally);
}

function timeText(seconds: number): string {
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function silence({ canary, stable }: Tally): string {
  return `stable served ${formatCount(stable[0])} requests and the canary, which was due about ${formatCount(canary[0])}, reported none`;
}

function beyond({ label, better, toleranceRatio }: SignStreamPolicy, { canary }: Tally): string {
  const side = better === 'lower' ? 'above' : 'below';
  return `${label} was ${side} ${toleranceRatio} times stable's in ${canary[1]} of ${canary[0]} periods`;
}
