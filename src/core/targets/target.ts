// What every kind of target must tell the core: how it is written, how it is named, which gates it has.
// A new kind is a new file beside this one and one row in the table of index.ts.
import type * as z from 'zod';
import type { GateResult } from '../gates.ts';

/** A version of the service on this target and what the target's API calls it (a Lambda version, a target group ARN). */
export interface Side {
  readonly version: string;
  readonly ref: string;
}

/** What a gate needs besides the facts. */
export interface StartRequest {
  readonly service: string;
  /** The version asked for. */
  readonly version: string;
  /** The file gave an HTTP-status stream by version (`checks.errors.http5xx`). */
  readonly hasHttpErrorStream: boolean;
}

/** Who takes part and how long requests may live, read off the facts once all gates are open. */
export interface Participants {
  readonly stable: Side;
  readonly canary: Side;
  /** Longest life of a request on this target, seconds: its metrics may change for so long. */
  readonly maxRequestSeconds: number;
}

/** What a look at both versions asks of CloudWatch beside requests and failures. */
interface AskedOfBoth {
  /** Statistics of the response times, of each version. */
  readonly latencies: number;
  readonly http5xx: boolean;
  readonly coldStarts: boolean;
  readonly throttles: boolean;
}

/** What a way back did to the target: wrote it, or kept its hands off a third version. */
export type LeftBy = 'restored' | 'untouched';

export interface TargetKind<
  Written,
  TargetSchema extends z.ZodObject,
  Facts,
  Target = z.infer<TargetSchema>,
> {
  readonly kind: string;
  /** The key under `target:` in a service file. */
  readonly key: string;
  /** The shape under that key, as people write it. */
  readonly writtenSchema: z.ZodType<Written>;
  /** The canonical shape, as it travels in the rollout document. */
  readonly schema: TargetSchema;
  fromWritten(written: Written): Target;
  /** Unique per thing that carries traffic; the lease is taken on it. */
  id(target: Target): string;
  /** What a person calls it. */
  label(target: Target): string;
  /** Smallest step of a weight, percent: 1 on an alias, 0.1 on a load balancer. */
  readonly weightStepPercent: number;
  /** Series that a look at both versions asks of CloudWatch, for the plan; those of custom checks come on top. */
  metricsPerLook(asked: AskedOfBoth): number;
  /** Opens or shuts, purely from facts that the router read. */
  gates(target: Target, facts: Facts, request: StartRequest): readonly GateResult[];
  /**
   * How long a write that was under way when a way back had been recorded for the first time may still take effect,
   * seconds. Until then no end is final; 0 where the target itself refuses such a write.
   */
  quarantineSeconds(target: Target, left: LeftBy): number;
  /** Where this target promises less than others do, a sentence each, for the plan. */
  promises(target: Target): readonly string[];
  /** Only called when every gate is open. */
  participants(target: Target, facts: Facts, request: StartRequest): Participants;
}
