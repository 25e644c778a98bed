// Bugs that users of other tools paid for, played as whole rollouts: what would happen to them here.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import type { MetricsAnswer, Ports, TrafficRouter } from '../../src/ports.ts';
import { ScenarioSchema } from '../../src/sim/scenario.ts';
import { type SimulationOptions, simulate } from '../../src/sim/simulate.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';
import { BASE_RULE, BLUE, GREEN } from '../contracts/alb-driver.ts';
import { eventsOf } from '../sim/quick-service.ts';
import { play } from './examples.ts';

const LAMBDA = { lambdaAlias: { function: 'shop-api', alias: 'live', interface: 'event' } } as const;
const ALB = { alb: { listenerRule: BASE_RULE, slots: { blue: BLUE, green: GREEN } } };

function rollOut(
  service: object,
  scenario: object = {},
  options: SimulationOptions = {},
): Promise<SimulationResult> {
  const spec = parseServiceFile({ service: 'shop', onInconclusive: 'rollback', ...service });
  const written = {
    description: 'test',
    version: '42',
    traffic: { constant: 6000 },
    stable: { errors: '0.05%' },
    ...scenario,
  };
  return simulate(spec, '0'.repeat(64), ScenarioSchema.parse(written), options);
}

function withRouter(ports: Ports, change: (router: TrafficRouter) => Partial<TrafficRouter>): Ports {
  const router = ports.routers['lambda-alias'];
  return { ...ports, routers: { ...ports.routers, 'lambda-alias': { ...router, ...change(router) } } };
}

/** As if the old version still got three of four requests, whatever the weights say. */
function withSlowTarget(ports: Ports): Ports {
  return {
    ...ports,
    metrics: { read: async (query) => asIfShared(await ports.metrics.read(query), 0.75) },
  };
}

function asIfShared(answer: MetricsAnswer, stableShare: number): MetricsAnswer {
  const periods = answer.periods.map(({ startMs, stable, canary }) => {
    if (stable === null || canary === null) return { startMs, stable, canary };
    const all = stable.requests + canary.requests;
    const requests = Math.round(all * stableShare);
    return {
      startMs,
      stable: { ...stable, requests },
      canary: { ...canary, requests: all - requests },
    };
  });
  return { ...answer, periods };
}

describe('bugs that others paid for', () => {
  describe('floors-never-hold-weight-up', () => {
    it.each([
      ['the smallest weight of an alias', LAMBDA, '1%'],
      ['an uneven weight', LAMBDA, '33%'],
      ['all traffic', LAMBDA, '100%'],
      ['the smallest weight of a load balancer', ALB, '0.1%'],
      ['nearly all of a load balancer', ALB, '99.9%'],
    ])('an abort at %s leaves nothing', async (_what, target, weight) => {
      const people = [{ at: '2m30s', does: 'abort' }];
      const result = await rollOut({ target, stages: [{ weight, bake: '10m' }] }, { people });
      expect(result).toMatchObject({
        outcome: 'ABORTED',
        peakWeightPercent: Number.parseFloat(weight),
        finalWeightPercent: 0,
      });
    });
  });

  describe('stale-window-is-unknown', () => {
    it('metrics that stopped coming let nothing advance', async () => {
      const stages = [
        { weight: '10%', bake: '10m' },
        { weight: '50%', bake: '10m' },
      ];
      const gaps = [{ from: '5m' }];
      const result = await rollOut({ target: LAMBDA, stages }, { metrics: { gaps } });
      expect(result).toMatchObject({ outcome: 'ROLLED_BACK', peakWeightPercent: 10 });
      expect(eventsOf(result)).not.toContain('stage-passed');
      expect(result.reason.sentence).toContain('no data is never success');
    });

    it('in a hurry, too, every stage is left on what was seen at its own weight', async () => {
      let store: Ports['store'] | undefined;
      const { result } = await play('promoted-by-person', {
        wrapPorts: (ports) => {
          store = ports.store;
          return ports;
        },
      });
      expect(result.outcome).toBe('PROMOTED');
      const judged = factsOf((await store?.readAudit(result.report.rolloutId)) ?? [], 'judged');
      const leaving = judged.filter(({ next }) => next === 'shift-traffic' || next === 'commit-promotion');
      expect(leaving).toHaveLength(4);
      for (const { stageIndex, enteredAtMs, periods, open, atMs } of leaving) {
        const { weightPercent } = result.report.stages[stageIndex] ?? {};
        const own = [...periods, ...open].filter(
          (period) =>
            period.weightPercent === weightPercent &&
            period.startMs >= (enteredAtMs ?? Number.NaN) &&
            period.startMs + 180_000 <= atMs,
        );
        expect(own.length).toBeGreaterThan(0);
      }
    });
  });

  describe('hotfix-under-alarm', () => {
    it('the fix goes out under the alarm that it is for, judged against stable', async () => {
      const service = { target: LAMBDA, stages: 'quick', checks: { alarms: ['Shop5xx'] } };
      const broken = {
        stable: { errors: '4%' },
        canary: { errors: '0.05%' },
        alarms: [{ name: 'Shop5xx', starts: 'ALARM', when: { errorsAbove: '1%' } }],
      };
      const acceptAlarms = { Shop5xx: 'version 42 fixes it' };
      expect((await rollOut(service, broken)).outcome).toBe('REJECTED');
      const released = await rollOut(service, { ...broken, acceptAlarms });
      expect(released.outcome).toBe('PROMOTED');
      expect(eventsOf(released)).toContain('gate-waived');

      const worse = await rollOut(service, { ...broken, canary: { errors: '20%' }, acceptAlarms });
      expect(worse).toMatchObject({ outcome: 'ROLLED_BACK', reason: { check: 'errors' } });
    });

    it('an accepted alarm that was quiet in between counts again', async () => {
      const alarms = [
        {
          name: 'Shop5xx',
          starts: 'ALARM',
          changes: [
            { at: '3m', to: 'OK' },
            { at: '6m20s', to: 'ALARM' },
          ],
        },
      ];
      const service = { target: LAMBDA, stages: 'quick', checks: { alarms: ['Shop5xx'] } };
      const acceptAlarms = { Shop5xx: 'version 42 fixes it' };
      const result = await rollOut(service, { alarms, acceptAlarms });
      expect(result).toMatchObject({ outcome: 'ROLLED_BACK', reason: { check: 'alarms' } });
      const secondsTillSafe = (Date.parse(result.safeAt ?? '') - Date.parse(result.startedAt)) / 1000;
      // the event of an accepted alarm is left to the next look
      expect(secondsTillSafe).toBeLessThan(380 + 70);
    });
  });

  describe('complete-only-after-readback-and-observed-share', () => {
    it('a target that does not do what it says is never complete', async () => {
      const stages = [
        { weight: '25%', bake: '5m' },
        { weight: '95%', bake: '5m' },
      ];
      const service = { target: LAMBDA, stages, checks: { latency: false } };
      expect((await rollOut(service)).outcome).toBe('PROMOTED');

      const unseen = await rollOut(service, {}, { wrapPorts: withSlowTarget });
      expect(unseen).toMatchObject({ outcome: 'ROLLED_BACK', peakWeightPercent: 95, finalWeightPercent: 0 });
      expect(unseen.reason.sentence).toMatch(/^The new version got 25 % of .* and 95 % is configured/);
      expect(eventsOf(unseen)).not.toContain('promotion-committed');

      const unread = await rollOut(
        service,
        {},
        {
          wrapPorts: (ports) =>
            withRouter(ports, (router) => ({
              shift: async (order, change, authorise) => {
                const live = await router.shift(order, change, authorise);
                // what was there before is read back
                return { ...live, canaryPercent: change.expectedPercent };
              },
            })),
        },
      );
      expect(unread).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
      expect(eventsOf(unread)).not.toContain('traffic-shifted');
    });
  });
});
