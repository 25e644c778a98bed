// The closed list of events: what is published, what the timeline shows, what people may be told.
// Saved queries and chat rules rely on these words; adding one is fine, changing one needs a decision record.
import { withoutSecrets } from './secrets.ts';

/** 1: traffic not safe, page now · 2: rolled back, on-call channel · 3: look at it · 4: progress. */
export type Severity = 1 | 2 | 3 | 4;

export const EVENTS = {
  'rollout-started': { severity: 4, meaning: 'All gates are open; lease taken, target prepared at weight 0' },
  'rollout-rejected': { severity: 3, meaning: 'A gate refused or the start failed; nothing was shifted' },
  'gate-waived': {
    severity: 3,
    meaning: 'A shut gate was passed for a reason that the service file or the start gives',
  },
  'traffic-shifted': { severity: 4, meaning: 'The canary has a new weight, verified by reading it back' },
  'canary-held': { severity: 3, meaning: 'The bake goes on: suspicious, or too little is known' },
  'check-alerted': {
    severity: 3,
    meaning: 'A check is over its alert limit, for some periods in a row; it moves no traffic',
  },
  'canary-cleared': { severity: 4, meaning: 'What was held is judged to pass again' },
  'canary-inconclusive': { severity: 3, meaning: 'Held for the longest allowed time and still not known' },
  'decision-needed': { severity: 3, meaning: 'A person is asked; unanswered for 24 hours it rolls back' },
  'stage-passed': { severity: 4, meaning: 'The bake is over and safety was shown' },
  'stage-advanced-unproven': {
    severity: 3,
    meaning: 'Inconclusive, and the policy or a person says to go on; recorded like a waiver',
  },
  'canary-failed': { severity: 2, meaning: 'The verdict is rollback' },
  'interrupt-latched': { severity: 3, meaning: 'An alarm, a person or the guard wants this rollout stopped' },
  'rollout-paused': { severity: 3, meaning: 'A person keeps the rollout where it is; it is judged on' },
  'rollout-resumed': { severity: 4, meaning: 'A person lets a paused rollout go on' },
  'stage-approved': { severity: 4, meaning: 'A person lets the rollout leave a stage that asked for it' },
  'promotion-requested': {
    severity: 3,
    meaning: 'A person skips the rest of every bake; checks must pass all the same',
  },
  'stable-unhealthy': {
    severity: 1,
    meaning:
      'Traffic should be taken back, and nothing of the stable version could serve it; a person is needed',
  },
  'drift-after-end': {
    severity: 2,
    meaning: 'The target is no longer as the rollout left it; nothing was written',
  },
  'budget-exhausted': { severity: 2, meaning: 'The execution is near its history limit and is taken back' },
  'promotion-committed': {
    severity: 4,
    meaning: 'The point of no return: the new version will be the stable one',
  },
  'rollout-promoted': { severity: 4, meaning: 'All traffic is on the new version, verified' },
  'rollback-started': { severity: 2, meaning: 'Traffic is being taken back' },
  'rollback-delayed': { severity: 1, meaning: 'An attempt to take traffic back failed; it is retried' },
  'rollout-rolled-back': { severity: 2, meaning: 'All traffic is on the stable version, verified' },
  'rollout-aborted': {
    severity: 3,
    meaning: 'A person stopped it; all traffic is on the stable version, verified',
  },
  'rollout-superseded': { severity: 2, meaning: 'Somebody moved the target to a third version: hands off' },
  'promotion-delayed': {
    severity: 1,
    meaning: 'A committed promotion could not be finished yet; it is retried',
  },
  'taken-over': {
    severity: 2,
    meaning: 'Guard or sweeper finishes what an ended or overdue execution left open',
  },
} as const satisfies Record<string, { severity: Severity; meaning: string }>;

export type EventName = keyof typeof EVENTS;

export interface RolloutEvent {
  readonly event: EventName;
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly rolloutId: string;
  readonly service: string;
  /** For a person, complete in itself. */
  readonly sentence: string;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

export function severityOf(event: EventName): Severity {
  return EVENTS[event].severity;
}

/** What an event needs to know of its rollout. */
export interface EventSource {
  readonly rolloutId: string;
  readonly spec: { readonly service: string };
}

export function rolloutEvent(
  source: EventSource,
  event: EventName,
  atMs: number,
  sentence: string,
  data: RolloutEvent['data'] = {},
): RolloutEvent {
  return {
    event,
    atMs,
    rolloutId: source.rolloutId,
    service: source.spec.service,
    // sentences quote errors, alarms and people, and go to chats
    sentence: withoutSecrets(sentence),
    data,
  };
}
