// What the experiments need of AWS, of time and of the engine. Adapters are in aws/, fakes in the tests.
// Calls throw what the SDK throws: the name of an error is often what is measured.
import type { Series } from '../src/aws/target-series.ts';
import type { RolloutReport } from '../src/core/report.ts';

export interface Clock {
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** Throws when the day is stopped. */
  readonly sleep: (ms: number) => Promise<void>;
}

export interface AliasName {
  readonly functionName: string;
  readonly alias: string;
}

export interface AliasState {
  readonly version: string;
  /** Share by additional version, percent. */
  readonly shares: Readonly<Record<string, number>>;
  readonly revisionId: string;
  readonly description: string;
}

export interface AliasChange {
  readonly version?: string;
  readonly shares?: Readonly<Record<string, number>>;
  readonly description?: string;
  /** Write only while the alias still has this revision. */
  readonly revisionId?: string;
}

export interface Aliases {
  readonly read: (name: AliasName) => Promise<AliasState>;
  readonly update: (name: AliasName, change: AliasChange) => Promise<AliasState>;
}

/** How a version of the sample function behaves; fixed when it is published. */
export type Behaviour = 'good' | 'bad' | 'slow';

/** One answer as the caller sees it. */
export interface Answer {
  /** null: no version saw it. */
  readonly version: string | null;
  readonly result: 'ok' | 'failed' | 'throttled';
  /** Whether the function says that it took its slow way; false when it said nothing. */
  readonly isSlow: boolean;
}

export interface Functions {
  readonly invoke: (name: AliasName, payload: Readonly<Record<string, unknown>>) => Promise<Answer>;
  /** Publishes a version with this behaviour, and answers its number. */
  readonly publish: (functionName: string, behaviour: Behaviour, label: string) => Promise<string>;
  readonly deleteVersion: (functionName: string, version: string) => Promise<void>;
  /** Makes every invocation be turned away, or lets them in again. */
  readonly setClosed: (functionName: string, isClosed: boolean) => Promise<void>;
}

export interface Point {
  /** Start of the period, epoch milliseconds. */
  readonly atMs: number;
  readonly value: number;
}

export interface MetricsRead {
  readonly periodSeconds: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export type TryAnswer = 'complete' | 'partial' | 'throttled';

export interface Metrics {
  /** One call, never repeated. */
  readonly tryOnce: (series: readonly Series[], asked: MetricsRead) => Promise<TryAnswer>;
  /** One GetMetricData, paged to the end. The order is that of the series; `null`: CloudWatch did not say Complete. */
  readonly read: (
    series: readonly Series[],
    asked: MetricsRead,
  ) => Promise<readonly (readonly Point[] | null)[]>;
}

export interface Alarms {
  readonly setState: (name: string, state: 'OK' | 'ALARM', reason: string) => Promise<void>;
  readonly setActionsEnabled: (name: string, areEnabled: boolean) => Promise<void>;
  /** Mutes it from now on for an hour. */
  readonly mute: (name: string) => Promise<void>;
  /** Idempotent. */
  readonly unmute: () => Promise<void>;
  /** What its history says of its actions since then: the summaries. */
  readonly actionsSince: (name: string, sinceMs: number) => Promise<readonly string[]>;
}

/** A line that a function of the game day wrote when it ran. */
export interface Recorded {
  /** When the function was there, by its own clock. */
  readonly receivedAtMs: number;
  /** When it happened, as the event says; null where it does not say. */
  readonly happenedAtMs: number | null;
}

export interface Recorder {
  /** Events of an alarm: `alarm/NAME`. Beats of a function: `beat/RUN`. Oldest first. */
  readonly read: (key: string) => Promise<readonly Recorded[]>;
}

export interface HistoryEvent {
  readonly type: string;
  /** Name of the state, where the event enters one. */
  readonly entered: string | null;
}

export interface Machines {
  /** Starts the machine of the game day whose one function beats for half a minute; answers the execution's ARN. */
  readonly startBeating: (run: string) => Promise<string>;
  readonly stop: (executionArn: string) => Promise<void>;
  readonly history: (executionArn: string) => Promise<readonly HistoryEvent[]>;
}

interface Stacks {
  /** Deploys the sample stack again with another text on an unrelated resource. */
  readonly touch: (text: string) => Promise<void>;
  /** Deploys the engine as a newer release would: other code, another definition. */
  readonly redeployEngine: () => Promise<void>;
}

/** Aliases as seen by somebody who may do no more than this policy says. */
export type AliasesAs = (statements: readonly PolicyStatement[]) => Promise<Aliases>;

export interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type Slot = 'blue' | 'green';

export interface BalancerAnswer {
  /** null: no slot answered. */
  readonly slot: Slot | null;
  readonly status: number;
  /** The stickiness cookie that was set; null: none. */
  readonly cookie: string | null;
}

export interface Balancer {
  /** A rule for this path of the sample listener, with weights of 0 to 100; answers its ARN. */
  readonly createRule: (rule: {
    readonly path: string;
    readonly priority: number;
    readonly weights: Readonly<Partial<Record<Slot, number>>>;
    readonly isSticky: boolean;
  }) => Promise<string>;
  readonly modifyRule: (
    ruleArn: string,
    weights: Readonly<Partial<Record<Slot, number>>>,
    isSticky: boolean,
  ) => Promise<void>;
  readonly deleteRule: (ruleArn: string) => Promise<void>;
  readonly ask: (path: string, cookie: string | null) => Promise<BalancerAnswer>;
}

export interface StartedRollout {
  readonly rolloutId: string;
  readonly executionArn: string;
}

export interface Rollouts {
  readonly start: (version: string) => Promise<StartedRollout>;
  /** Asks by an event on the engine's bus; answers once the rollout is known, null when none came. */
  readonly startByEvent: (version: string) => Promise<StartedRollout | null>;
  readonly abort: (rolloutId: string, why: string) => Promise<void>;
  /** null: there is no record of it yet. */
  readonly report: (rolloutId: string) => Promise<RolloutReport | null>;
  /** Why an execution ended that left no record; null while it runs. */
  readonly refusal: (executionArn: string) => Promise<string | null>;
  /** Aborts all that run and waits for their ends. */
  readonly stopAll: () => Promise<void>;
}

/** What the traffic has seen of one version. */
export interface VersionTally {
  readonly requests: number;
  readonly failed: number;
  readonly slow: number;
  /** When the last answer came, epoch milliseconds. */
  readonly lastAtMs: number;
}

export interface Traffic {
  /** From now on this alias is called at this constant rate, and nothing else is. */
  readonly drive: (name: AliasName, requestsPerMinute: number) => void;
  /** Answers once the last request has been answered. */
  readonly stop: () => Promise<void>;
  /** Since the last `restartTally`. */
  readonly tally: () => Readonly<Record<string, VersionTally>>;
  readonly restartTally: () => void;
}

export interface Ports {
  readonly clock: Clock;
  readonly aliases: Aliases;
  readonly aliasesAs: AliasesAs;
  readonly functions: Functions;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly recorder: Recorder;
  readonly machines: Machines;
  readonly stacks: Stacks;
  readonly balancer: Balancer;
  readonly rollouts: Rollouts;
  readonly traffic: Traffic;
}
