// What the doctor can ask of an account and of the machine it runs on. Every method reads; none writes. Each may throw
// ReadRefused (not allowed) and NothingToRead (what it would look at is missing).

import type { Severity as EventSeverity } from './events.ts';
import type { AlarmReading } from './judge/types.ts';
import type { ServiceRecord } from './service-spec.ts';
import type { AlbRuleTarget } from './targets/alb-rule.ts';
import type { LambdaAliasTarget } from './targets/lambda-alias.ts';

export interface CallerIdentity {
  readonly arn: string;
  readonly account: string;
}

export interface Toolchain {
  /** Without the leading v. */
  readonly nodeVersion: string;
  /** The CDK command line that this project would run; null: none is installed. */
  readonly cdk: { readonly version: string; readonly path: string } | null;
}

/** A CloudFormation stack, as far as it is looked at. */
export interface StackReading {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ConcurrencyReading {
  /** Of all functions of the account in this Region. */
  readonly limit: number;
  /** What is left of it for functions without a reservation. */
  readonly unreserved: number;
  /** Reserved for the function that takes traffic back; null: nothing. */
  readonly wayBackReserved: number | null;
}

export interface TrailReading {
  readonly name: string;
  readonly isLogging: boolean;
  /** It keeps management events that change something, those of Lambda among them. */
  readonly keepsWrites: boolean;
}

export interface SubscriptionReading {
  readonly severity: EventSeverity;
  readonly protocol: string;
  readonly endpoint: string;
  readonly isPending: boolean;
}

/** One chat channel that some stack of this engine configures. */
export interface ChatReading {
  readonly stack: string;
  readonly logicalId: string;
  readonly stackStatus: string;
  /** CloudFormation's status of the channel's configuration. */
  readonly status: string;
  readonly reason: string;
}

export interface SweepReading {
  readonly hasTable: boolean;
  /** Epoch milliseconds, the sweeper's own clock; null: it was never here. */
  readonly atMs: number | null;
  /** Epoch milliseconds, this machine's clock. */
  readonly nowMs: number;
}

export interface AliasReading {
  /** null: no such function or no such alias. */
  readonly alias: {
    readonly primaryVersion: string;
    /** Version → share, percent. */
    readonly additionalShares: Readonly<Record<string, number>>;
  } | null;
  /** Id of the rollout that owns the target now; null: none, or there is no engine to ask. */
  readonly owner: string | null;
}

/** What the stack that made a function does with its versions. */
export interface RetentionReading {
  readonly alias: AliasReading['alias'];
  /** Numbers, without $LATEST. */
  readonly publishedVersions: readonly string[];
  /** null: no CloudFormation stack made the function. */
  readonly template: {
    readonly stack: string;
    /** Logical ids of versions that CloudFormation deletes when the template no longer has them. */
    readonly deletedVersions: readonly string[];
    /** Logical ids of aliases of that name in the template. */
    readonly aliases: readonly string[];
  } | null;
}

export interface RuleReading {
  /** Target group ARN → share, percent; null: no such rule. */
  readonly shares: Readonly<Record<string, number>> | null;
  readonly missingSlots: readonly string[];
  readonly owner: string | null;
}

export interface DoctorReader {
  toolchain(): Promise<Toolchain>;
  region(): Promise<string>;
  identity(): Promise<CallerIdentity>;
  /** null: no such stack in this account and Region. */
  stack(name: string): Promise<StackReading | null>;
  /** Regions that have a stack of this name; those that did not answer in time are left out. */
  regionsWithStack(name: string): Promise<readonly string[]>;
  /** The deployed workflow, as text; null: the state machine is gone. */
  definition(): Promise<string | null>;
  lastSweep(): Promise<SweepReading>;
  /** Of the alarms in the engine's own stack. */
  engineAlarms(): Promise<readonly AlarmReading[]>;
  subscriptions(): Promise<readonly SubscriptionReading[]>;
  /** Of all stacks whose name begins with the engine's. */
  chats(): Promise<readonly ChatReading[]>;
  concurrency(): Promise<ConcurrencyReading>;
  trails(): Promise<readonly TrailReading[]>;
  /** Names of the services that some stack of this account registers. */
  services(): Promise<readonly string[]>;
  /** null: not registered. */
  service(name: string): Promise<ServiceRecord | null>;
  alarms(names: readonly string[]): Promise<readonly AlarmReading[]>;
  alias(target: LambdaAliasTarget): Promise<AliasReading>;
  retention(target: LambdaAliasTarget): Promise<RetentionReading>;
  rule(target: AlbRuleTarget): Promise<RuleReading>;
}
