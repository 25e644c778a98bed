// Planted bugs around the point of no return.
import { TransientError } from '../../../src/core/errors.ts';
import type { LiveTraffic } from '../../../src/core/live-traffic.ts';
import type { Workflow } from '../../../src/core/workflow.ts';
import type { Ports } from '../../../src/ports.ts';
import { NEAR_DEADLINE, only, THREE_HOURS_MS, withBakeOf } from './grounds.ts';
import { type PlantedBug, withRouters } from './planted-bug.ts';

const ALL_CANARY: LiveTraffic = { canaryPercent: 100, stablePercent: 0, strangers: [], writtenBy: null };
const FINISHERS: readonly string[] = ['finish-promotion', 'guard-rollout', 'sweep-rollouts'];
/** The story that leads to «Settle promotion»: every answer of the commit is lost. */
const LOST_COMMITS = { point: 'settle-promotion/store.beginRevert', kind: 'crash', nth: 9 } as const;

export const PROMOTING: readonly PlantedBug[] = [
  {
    name: 'promote-catch-rolls-back',
    says: 'when the answer of the commit is lost the workflow rolls back without asking the record',
    breaks: ['L1'],
    wants: { aim: LOST_COMMITS, longestMs: THREE_HOURS_MS },
    ground: NEAR_DEADLINE,
    workflow: withRollBackAfterCommit,
  },
  {
    name: 'promoted-before-read-back',
    says: 'a promotion is closed although its last write failed or was not read back',
    breaks: ['S10'],
    wants: { faults: ['throttle', 'deny', 'lost-answer'] },
    ports: (ports, { step }) =>
      FINISHERS.includes(step)
        ? withRouters(ports, (router) => ({
            ...router,
            promote: async (order, authorise) => {
              try {
                return await router.promote(order, authorise);
              } catch (error) {
                if (error instanceof TransientError) return ALL_CANARY;
                throw error;
              }
            },
          }))
        : ports,
  },
  {
    name: 'settled-by-rolling-back',
    says: 'guard and sweeper take a committed promotion back',
    breaks: ['L1'],
    wants: {
      ...only('stop-execution', 'finish-promotion', 100),
      aim: { point: 'finish-promotion/store.readRow', kind: 'crash', nth: 1 },
      longestMs: THREE_HOURS_MS,
    },
    ground: NEAR_DEADLINE,
    ports: (ports, { step }) =>
      step === 'guard-rollout' || step === 'sweep-rollouts' ? takingBackCommitted(ports) : ports,
  },
  {
    name: 'wait-without-timeout',
    says: 'a bake waits for its token alone',
    breaks: ['L1'],
    wants: { isClear: true, longestMs: THREE_HOURS_MS },
    ground: NEAR_DEADLINE,
    workflow: (definition) => withBakeOf(definition, TWENTY_DAYS_SECONDS),
  },
];

function withRollBackAfterCommit(definition: Workflow): Workflow {
  const state = definition.States['Commit promotion'];
  if (state.Type !== 'Task') throw new TypeError('«Commit promotion» is no task any more');
  const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Roll back' as const }];
  return { ...definition, States: { ...definition.States, 'Commit promotion': { ...state, Catch } } };
}

/** The service gives a wait that names no time-out a year; timers here reach 24 days, far beyond a run. */
const TWENTY_DAYS_SECONDS = 20 * 86_400;

function takingBackCommitted(ports: Ports): Ports {
  return withRouters(ports, (router) => ({
    ...router,
    promote: async (order) => (await router.restore(order, async () => {})).live,
  }));
}
