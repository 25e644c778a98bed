// The kinds of streams of evidence, and what each is told about the check it stands for.

/** How people hear of a share of requests. */
interface MeasureWords {
  /** What the counted requests did: «failed». */
  readonly verb: string;
  /** The share of them: «error rate». */
  readonly label: string;
  /** Whose share it is held against: «on stable». */
  readonly beside: string;
}

interface StreamBase {
  readonly name: string;
  /** The check it belongs to; reasons and the table speak of checks. */
  readonly check: string;
  /** Share of the evidence; the weights of a rollout sum to 1. */
  readonly weight: number;
}

interface ShareBase extends StreamBase {
  readonly measure: string;
  readonly words: MeasureWords;
  readonly maxDispersion: number;
}

/**
 * Rare events, canary against stable: harm means a share above `toleranceRatio` times stable's and above `floorShare`.
 * Conditional on all events of both, so that the common rate cancels whatever it does.
 */
export interface RatioStreamPolicy extends ShareBase {
  readonly kind: 'ratio';
  readonly toleranceRatio: number;
  readonly floorShare: number;
}

/**
 * Shares of any size, canary against stable: two binomials against the line of what is allowed. `better: higher` looks
 * at the requests without the event, so that harm is always more of something.
 */
export interface PairStreamPolicy extends ShareBase {
  readonly kind: 'pair';
  readonly better: 'higher' | 'lower';
  readonly toleranceRatio: number;
  /** Below this the canary is fine whatever stable does; null: no such share. */
  readonly floorShare: number | null;
  /** Stable's share where its history is silent. */
  readonly expectedShare: number;
  /** Cold starts forgiven after a raise, where they are not counted; null: none are. */
  readonly warmUp: { readonly seconds: number; readonly extraShare: number } | null;
  /** Events of another source than the requests may be counted so much later; null: they are counted with them. */
  readonly lagSeconds: number | null;
}

/** Canary against a fixed limit; beside a control it counts only while the canary is also worse than the control. */
export interface LimitStreamPolicy extends ShareBase {
  readonly kind: 'limit';
  /** The larger of the share itself and so many times stable's usual share, the latter taken at its upper bound. */
  readonly limitShare: number;
  readonly usualFactor: number;
  readonly usualSigmas: number;
  /** Below this canary weight it says nothing, percent. */
  readonly fromWeightPercent: number;
  /** Beside a control it counts from so much evidence of another stream on, which compares with that control. */
  readonly witness: { readonly stream: string; readonly evidence: number };
}

/** Stable reports and the canary, which was due requests, does not. */
export interface SilenceStreamPolicy extends StreamBase {
  readonly kind: 'silence';
  /** Canary requests that must have been due in a period before its absence means anything. */
  readonly minimumDueRequests: number;
  /** How often such a period may be missing by nature. */
  readonly missingShare: number;
}

/** One value a period is known, not its sample: a bet on which side of the tolerance it falls. */
export interface SignStreamPolicy extends StreamBase {
  readonly kind: 'sign';
  readonly measure: string;
  /** «p95», «checkout-time». */
  readonly label: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly toleranceRatio: number;
  readonly warmUpSeconds: number;
}

/** Streams over a share of requests. */
export type SharePolicy = RatioStreamPolicy | PairStreamPolicy | LimitStreamPolicy;
export type StreamPolicy = SharePolicy | SilenceStreamPolicy | SignStreamPolicy;

export function isSharePolicy(policy: StreamPolicy): policy is SharePolicy {
  return policy.kind === 'ratio' || policy.kind === 'pair' || policy.kind === 'limit';
}
