// Whole rollouts on a simulated load balancer: what a start refuses, and what becomes of the rule in trouble.
import { describe, expect, it } from 'vitest';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { type AlbMode, LANDING_SECONDS, WRITER_LIFE_SECONDS } from '../../src/core/targets/alb-rule-modes.ts';
import { ScenarioSchema } from '../../src/sim/scenario.ts';
import { simulate } from '../../src/sim/simulate.ts';
import type { SimulationResult } from '../../src/sim/simulation-result.ts';
import { BASE_RULE, BLUE, GREEN } from '../contracts/alb-driver.ts';

const specOf = (mode: AlbMode) =>
  parseServiceFile({
    service: 'shop',
    target: { alb: { listenerRule: BASE_RULE, slots: { blue: BLUE, green: GREEN }, mode } },
    stages: 'quick',
  });

function play(scenario: object, mode: AlbMode = 'rule-per-rollout'): Promise<SimulationResult> {
  const written = { description: 'test', version: '42', traffic: { constant: 6000 }, ...scenario };
  return simulate(specOf(mode), '0'.repeat(64), ScenarioSchema.parse(written));
}

describe('a start on a load balancer', () => {
  it.each([
    ['a slot with the wrong tag', { idleSlotVersion: '40' }, 'not tagged with version 42'],
    ['a slot without a tag', { idleSlotVersion: null }, 'not tagged with version 42'],
    ['no priority before the rule', { priorityTaken: true }, 'no priority is free'],
    ['an OIDC action', { oidc: true }, 'client secret'],
    ['a full rule quota', { ruleLimit: 1 }, 'as many as the account allows'],
    ['a Kubernetes controller', { controller: true }, 'would delete the rule'],
    ['a slot that serves another rule', { idleSlotTakesTraffic: true }, 'takes traffic from another rule'],
    ['an empty slot', { healthyTargets: 0 }, 'no target of the slot'],
  ])('is rejected for %s, and nothing is shifted', async (_name, alb, sentence) => {
    const result = await play({ world: { alb } });
    expect(result.outcome).toBe('REJECTED');
    expect(result.reason.sentence).toContain(sentence);
    expect(result.peakWeightPercent).toBe(0);
    expect(result.exposure.canaryRequests).toBe(0);
  });

  it('is rejected when the targets turn out unhealthy once they are attached at weight 0', async () => {
    const result = await play({ world: { alb: { healthyTargets: 0, unhealthyTargets: 2 } } });
    expect(result).toMatchObject({ outcome: 'REJECTED', peakWeightPercent: 0 });
    expect(result.reason.sentence).toContain('no target of the slot shop-green is healthy');
  });

  it('is rejected for a rule that is split already', async () => {
    const result = await play({ world: { split: { version: '42', weight: '5%' } } });
    expect(result.outcome).toBe('REJECTED');
    expect(result.reason.sentence).toContain('split already');
  });
});

describe('a rollout on a load balancer', () => {
  it('deletes its rule in the end although the API throttles it for minutes', async () => {
    const result = await play({
      canary: { errors: '20%' },
      faults: { apis: [{ api: 'DeleteRule', kind: 'throttle', from: '3m', for: '6m' }] },
    });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    expect(Date.parse(result.safeAt ?? '')).toBeGreaterThan(Date.parse(result.detectedAt ?? '') + 60_000);
  });

  it('is promoted although the answers of all writes are lost for a while', async () => {
    const lost = (api: string) => ({ api, kind: 'lose-answer', from: '0s', for: '2s' });
    const result = await play({ faults: { apis: ['CreateRule', 'ModifyRule'].map(lost) } });
    expect(result).toMatchObject({ outcome: 'PROMOTED', finalWeightPercent: 100 });
  });

  it('is taken back when a person raises the canary by hand', async () => {
    const result = await play({ people: [{ at: '2m', does: 'set-weight', weight: '40%' }] });
    expect(result).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
  });

  it('keeps its hands off a hotfix of the base rule', async () => {
    const result = await play({ people: [{ at: '2m', does: 'hotfix', version: '43' }] });
    expect(result).toMatchObject({ outcome: 'SUPERSEDED', finalWeightPercent: 0 });
  });

  it('sees HTTP 500 answers without any stream of the service', async () => {
    expect(await play({ canary: { http500: '10%' } })).toMatchObject({ outcome: 'ROLLED_BACK' });
  });
});

describe('a rollout on a rule that is changed in place', () => {
  it('is promoted where no rule could be made beside it, and keeps the sign-in of the rule', async () => {
    const alb = { oidc: true, priorityTaken: true, controller: true, ruleLimit: 1 };
    const result = await play({ world: { alb } }, 'in-place');
    expect(result).toMatchObject({ outcome: 'PROMOTED', finalWeightPercent: 100 });
  });

  it('sends no request more to a bad version than a rule of its own would, and is safe only after the quarantine', async () => {
    const bad = { canary: { errors: '20%' } };
    const [inPlace, byRule] = [await play(bad, 'in-place'), await play(bad)];
    expect(inPlace).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    expect(inPlace.exposure).toEqual(byRule.exposure);
    const laterMs = Date.parse(inPlace.safeAt ?? '') - Date.parse(byRule.safeAt ?? '');
    expect(laterMs).toBeGreaterThanOrEqual(1000 * (WRITER_LIFE_SECONDS + LANDING_SECONDS));
  });

  it('is taken back when a person raises the canary by hand, and leaves a hotfix alone', async () => {
    const raised = await play({ people: [{ at: '2m', does: 'set-weight', weight: '40%' }] }, 'in-place');
    expect(raised).toMatchObject({ outcome: 'ROLLED_BACK', finalWeightPercent: 0 });
    const fixed = await play({ people: [{ at: '2m', does: 'hotfix', version: '43' }] }, 'in-place');
    expect(fixed.outcome).toBe('SUPERSEDED');
  });
});
