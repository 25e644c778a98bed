// Planted bugs of the record and of who may act on it: intents, ends, guard, sweeper, telling people.
import { FencedError, TransientError } from '../../../src/core/errors.ts';
import { severityOf } from '../../../src/core/events.ts';
import type { LiveTraffic } from '../../../src/core/live-traffic.ts';
import { isTerminal } from '../../../src/core/phase.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import { trafficOrder } from '../../../src/steps/traffic-order.ts';
import { NEAR_DEADLINE, THREE_HOURS_MS } from './grounds.ts';
import { changed, type PlantedBug, withRouters } from './planted-bug.ts';
import { appendAgain, changeRow } from './raw-tables.ts';

const ALL_STABLE: LiveTraffic = { canaryPercent: 0, stablePercent: 100, strangers: [], writtenBy: null };

export const RECORD: readonly PlantedBug[] = [
  {
    name: 'shift-without-intent',
    says: 'a shift is sent before it is durable that it will be',
    breaks: ['S3', 'S4', 'S13'],
    ports: (ports, { step }) =>
      step === 'shift-traffic'
        ? { ...ports, store: { ...ports.store, authoriseShift: async () => {} } }
        : ports,
  },
  {
    name: 'outcome-before-read-back',
    says: 'a way back is recorded as read back when its write was not even answered',
    breaks: ['S10'],
    wants: { faults: ['throttle', 'late-landing', 'abort', 'alarm-fires'] },
    ports: (ports, { step }) =>
      step === 'roll-back'
        ? withRouters(ports, (router) => ({
            ...router,
            restore: async (order, authorise) => {
              try {
                return await router.restore(order, authorise);
              } catch (error) {
                if (error instanceof TransientError) return { found: ALL_STABLE, live: ALL_STABLE };
                throw error;
              }
            },
          }))
        : ports,
  },
  {
    name: 'facts-recorded-twice',
    says: 'a fact that is recorded again is appended again',
    breaks: ['S12'],
    wants: { faults: ['lost-answer', 'duplicate-send'] },
    store: (store, tables) => ({
      ...store,
      recordFact: async (rolloutId, fact) => {
        const before = (await store.readAudit(rolloutId)).length;
        await store.recordFact(rolloutId, fact);
        const after = (await store.readAudit(rolloutId)).length;
        if (after === before) appendAgain(tables, rolloutId, fact);
      },
    }),
  },
  {
    name: 'terminal-row-reopened',
    says: 'an execution that is driven again opens its closed rollout again',
    breaks: ['S1', 'S5', 'S6', 'S12', 'S16'],
    wants: { faults: ['redrive', 'stop-execution', 'zombie'] },
    store: (store, tables) => ({
      ...store,
      openRollout: async (row) => {
        const standing = tables.rows.get(row.rolloutId);
        if (standing !== undefined && isTerminal(standing.phase)) {
          changeRow(tables, standing, { phase: 'PENDING', outcome: null, reason: null, endedAtMs: null });
        }
        return store.openRollout(row);
      },
    }),
  },
  {
    name: 'closed-from-anywhere',
    says: 'any phase may end as anything, and «Roll back» closes before it writes',
    breaks: ['S6', 'S10', 'S16'],
    wants: { faults: ['abort', 'alarm-fires'] },
    store: (store, tables) => ({
      ...store,
      close: async (rolloutId, end) => {
        const row = tables.rows.get(rolloutId);
        try {
          await store.close(rolloutId, end);
        } catch (error) {
          if (!(error instanceof FencedError) || row === undefined) throw error;
          changeRow(tables, row, { phase: 'REVERTING' });
          await store.close(rolloutId, end);
        }
      },
    }),
    steps: (steps) =>
      changed(steps, 'roll-back', async (input, ports, real) => {
        const { rolloutId } = input as { readonly rolloutId: string };
        const { clock, store } = ports;
        const reason = plainReason('Going back');
        await store.close(rolloutId, { outcome: 'ROLLED_BACK', reason, atMs: clock.now() });
        return real(input, ports);
      }),
  },
  {
    name: 'sweeper-does-nothing',
    says: 'the sweeper looks at nothing',
    breaks: ['L1', 'L3'],
    wants: { faults: ['stop-execution', 'events-all-dropped'], longestMs: THREE_HOURS_MS },
    ground: NEAR_DEADLINE,
    steps: (steps) =>
      changed(steps, 'sweep-rollouts', async (_input, ports) => {
        await ports.store.recordSweep(ports.clock.now());
        return { settled: [] };
      }),
  },
  {
    name: 'guard-asks-nothing',
    says: 'the guard asks neither whether the rollout has ended nor whose target it is',
    breaks: ['S16'],
    wants: { faults: ['event-duplicated', 'event-delayed', 'start-other'] },
    steps: (steps) =>
      changed(steps, 'guard-rollout', async (input, ports, real) => {
        const { executionArn } = (input as { readonly detail: { readonly executionArn: string } }).detail;
        const row = await ports.store.readRow(executionArn.slice(executionArn.lastIndexOf(':') + 1));
        const rollout = row?.rollout;
        if (rollout != null) {
          const order = trafficOrder(rollout, rollout.epoch + 1, rollout.spec.stages.length + 2);
          await ports.routers[rollout.spec.target.kind].restore(order, async () => {}).catch(() => {});
        }
        return real(input, ports);
      }),
  },
  {
    name: 'telling-fails-the-step',
    says: 'a step tells people itself and fails when they cannot be told',
    breaks: ['S20'],
    needsTwin: true,
    wants: { isClear: true, faults: ['notifier-down'] },
    ports: (ports, { step }) =>
      step === 'shift-traffic' || step === 'judge-canary'
        ? {
            ...ports,
            events: {
              publish: async (events) => {
                await ports.events.publish(events);
                for (const event of events) {
                  const subject = event.event;
                  await ports.notifier.tell({
                    severity: severityOf(event.event),
                    subject,
                    channel: null,
                    event,
                  });
                }
              },
            },
          }
        : ports,
  },
  {
    name: 'telling-failure-swallowed',
    says: 'an event that people could not be told of is taken for told',
    breaks: ['L5'],
    wants: { faults: ['notifier-down', 'abort'] },
    ports: (ports, { step }) =>
      step === 'notify-people'
        ? { ...ports, notifier: { tell: (message) => ports.notifier.tell(message).catch(() => {}) } }
        : ports,
  },
];
