// The fault alphabet: everything that can go wrong in a run, by name. A seed enables a random subset of these kinds.

interface FaultInfo {
  readonly says: string;
  /** Share of the swarm's seeds that enable this kind, percent. */
  readonly enabledPercent: number;
  /** Chance at each call, event or invocation while it is enabled; absent where the plan gives instants. */
  readonly chance?: number;
  /** Only targets of this kind know it. */
  readonly target?: 'alb-rule' | 'lambda-alias';
}

const FAULTS = {
  // events
  'event-duplicated': { says: 'an event is delivered twice or more', enabledPercent: 20, chance: 0.3 },
  'event-dropped': { says: 'a best-effort event never arrives', enabledPercent: 24, chance: 0.5 },
  'events-all-dropped': { says: 'neither alarm nor execution events arrive at all', enabledPercent: 12 },
  'event-delayed': { says: 'an event comes minutes to hours late', enabledPercent: 20, chance: 0.2 },
  'events-reordered': { says: 'events overtake each other', enabledPercent: 20, chance: 0.5 },
  'event-forged': { says: 'an event is old, foreign or malformed', enabledPercent: 18 },
  // invocations and calls
  crash: { says: 'an invocation dies before a call, or after its effect', enabledPercent: 22, chance: 0.02 },
  hang: { says: 'a call never answers, the function times out', enabledPercent: 22, chance: 0.008 },
  'lost-answer': { says: 'a call has its effect, its answer is lost', enabledPercent: 22, chance: 0.04 },
  'late-landing': { says: 'a call is given up and lands much later', enabledPercent: 22, chance: 0.03 },
  'duplicate-send': { says: 'a call is sent twice', enabledPercent: 22, chance: 0.06 },
  zombie: { says: 'an invocation is given up by its caller and runs on', enabledPercent: 32, chance: 0.05 },
  'lost-result': { says: 'an invocation ends, its answer is lost', enabledPercent: 36, chance: 0.06 },
  throttle: { says: 'an API is throttled for a while', enabledPercent: 26 },
  deny: { says: 'an API denies for a while', enabledPercent: 46 },
  'store-outage': { says: 'the table cannot be reached for a while', enabledPercent: 23 },
  'store-throttle': { says: 'some calls of the table are throttled', enabledPercent: 14, chance: 0.15 },
  'clock-skew': { says: 'the clocks of the functions are up to ten minutes off', enabledPercent: 14 },
  // people and deployments
  'hand-lowers': { says: 'a person lowers the weight', enabledPercent: 22 },
  'hand-raises': { says: 'a person raises the weight', enabledPercent: 27 },
  hotfix: { says: 'a person puts a third version live', enabledPercent: 34 },
  'delete-version': { says: 'somebody deletes versions', enabledPercent: 36, target: 'lambda-alias' },
  'stop-execution': { says: 'a person stops the execution', enabledPercent: 13 },
  'emergency-stop': { says: 'a person takes all traffic back by hand', enabledPercent: 27 },
  'cfn-deploy': { says: 'a deployment rewrites the target as its template says', enabledPercent: 23 },
  'start-other': { says: 'another rollout of the same target is started', enabledPercent: 25 },
  'start-elsewhere': { says: 'another service is rolled out at the same time', enabledPercent: 20 },
  abort: { says: 'a person aborts', enabledPercent: 15 },
  pause: { says: 'a person pauses, and perhaps resumes', enabledPercent: 18 },
  promote: { says: 'a person skips the rest of the bakes', enabledPercent: 18 },
  'strange-signal': {
    says: 'a signal is repeated, late, for another stage or for nobody',
    enabledPercent: 18,
  },
  redrive: { says: 'an ended execution is driven again with its old document', enabledPercent: 19 },
  // what is measured
  'metric-gap': { says: 'minutes are missing in the metrics', enabledPercent: 32 },
  'metric-delay': { says: 'metrics come late', enabledPercent: 28 },
  'metric-partial': { says: 'GetMetricData answers PartialData', enabledPercent: 28 },
  'metric-forbidden': { says: 'GetMetricData answers Forbidden', enabledPercent: 26 },
  'alarm-fires': { says: 'an alarm fires', enabledPercent: 13 },
  'alarm-flaps': { says: 'an alarm fires and clears', enabledPercent: 19 },
  'alarm-deleted': { says: 'an alarm is deleted', enabledPercent: 21 },
  'alarm-unknown': { says: 'an alarm has INSUFFICIENT_DATA', enabledPercent: 21 },
  'canary-unhealthy': { says: 'no target of the canary is healthy', enabledPercent: 30, target: 'alb-rule' },
  'stable-unhealthy': { says: 'no target of stable is healthy', enabledPercent: 36, target: 'alb-rule' },
  // around it
  'notifier-down': { says: 'people cannot be told for a while', enabledPercent: 36 },
  'bus-down': { says: 'the event bus takes nothing, or takes it slowly, for a while', enabledPercent: 42 },
  'sweeper-silent': { says: 'the sweeper does not come for a while', enabledPercent: 25 },
  'code-swap': {
    says: 'guard, sweeper and handlers are of another release than the record',
    enabledPercent: 36,
  },
} as const satisfies Record<string, FaultInfo>;

export type FaultKind = keyof typeof FAULTS;

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

export function faultInfo(kind: FaultKind): FaultInfo {
  return FAULTS[kind];
}
