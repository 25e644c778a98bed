// The promises of an ALB router about describing a rule and preparing it for a rollout.
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import type { AlbRuleFacts } from '../../src/core/targets/alb-rule-facts.ts';
import { sharesOf } from '../../src/core/targets/alb-rule-listener.ts';
import {
  albAccess,
  albOrder,
  albSetup,
  BASE_RULE,
  BLUE,
  GREEN,
  LISTENER,
  LOAD_BALANCER,
  OTHER_LISTENER,
  ownRule,
  rule,
  ruleArn,
} from './alb-driver.ts';
import type { AlbScene } from './alb-router.contract.ts';
import { allowed } from './traffic-router-scene.ts';

const TAGS = { 'stepshift:rollout': 'shop-42', 'stepshift:base-rule': BASE_RULE, 'stepshift:stable': BLUE };

export function albReadinessPromises(scene: AlbScene): void {
  describe('preparing', () => {
    it('makes a tagged rule at weight 0 right before the base rule, with its conditions', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      const own = ownRule(plane);
      expect(own).toMatchObject({ RuleArn: handle['ruleArn'], Priority: '9' });
      expect(own?.Conditions).toEqual([
        { Field: 'path-pattern', PathPatternConfig: { Values: ['/shop/*'] } },
      ]);
      expect(sharesOf(own ?? {})).toEqual(
        new Map([
          [BLUE, 100],
          [GREEN, 0],
        ]),
      );
      expect(plane.peekTags(handle['ruleArn'] ?? '')).toEqual(TAGS);
    });

    it('copies the authentication that comes before the forward', async () => {
      const cognito = { Type: 'authenticate-cognito', Order: 1 };
      const { plane, router } = scene(
        albSetup({}, { Actions: [cognito, { Type: 'forward', Order: 2, TargetGroupArn: BLUE }] }),
      );
      await router.prepare(albOrder(0), allowed);
      expect(ownRule(plane)?.Actions).toMatchObject([cognito, { Type: 'forward', Order: 2 }]);
    });

    it('matches any path, last of all, when the base rule is the default rule', async () => {
      const setup = albSetup({
        listeners: { [LISTENER]: [rule('9683b2d02a6cabee', 'default'), rule('1', '5')] },
      });
      const { plane, router } = scene(setup);
      await router.prepare(albOrder(0), allowed);
      expect(ownRule(plane)).toMatchObject({
        Priority: '50000',
        Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
      });
    });

    it('finds its rule by the tag when the answer of its making was lost', async () => {
      const { plane, router } = scene();
      plane.hooks.after = (api) => {
        if (api !== 'CreateRule') return;
        plane.hooks.after = undefined;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
      };
      await expect(router.prepare(albOrder(0), allowed)).rejects.toThrow('socket hang up');
      const made = ownRule(plane)?.RuleArn;
      expect(await router.prepare(albOrder(0), allowed)).toEqual({ ruleArn: made });
      expect(plane.peek()).toHaveLength(3);
    });

    it('removes what an earlier rollout left, and takes its place', async () => {
      const { plane, router } = scene();
      const old = { ...albOrder(0), tag: { rolloutId: 'shop-41', epoch: 1, seq: 0 } };
      const { ruleArn: left = '' } = await router.prepare(old, allowed);
      const { ruleArn: made } = await router.prepare(albOrder(0), allowed);
      expect(made).not.toBe(left);
      expect(plane.peek().map(({ RuleArn }) => RuleArn)).not.toContain(left);
      expect(ownRule(plane)?.Priority).toBe('9');
    });

    it('does not call a slot ready before one of its targets is healthy', async () => {
      const { plane, router } = scene();
      plane.setHealth(GREEN, { healthy: 0, unhealthy: 2 });
      await expect(router.prepare(albOrder(0), allowed)).rejects.toThrow(TransientError);
      await expect(router.prepare(albOrder(0), allowed)).rejects.toThrow('0 of 2 targets healthy');
      plane.setHealth(GREEN, { healthy: 1, unhealthy: 1 });
      expect(await router.prepare(albOrder(0), allowed)).toEqual({ ruleArn: ownRule(plane)?.RuleArn });
    });

    it('tries again when somebody takes the priority first', async () => {
      const { router } = scene(
        albSetup({
          listeners: { [LISTENER]: [rule('9683b2d02a6cabee', '10'), rule('1', '9', { Actions: [] })] },
        }),
      );
      await expect(router.prepare(albOrder(0), allowed)).rejects.toThrow(TransientError);
    });
  });

  describe('describing', () => {
    it('reads what the gates look at', async () => {
      const busy = rule('b', '3', { RuleArn: ruleArn('b', OTHER_LISTENER) });
      const setup = albSetup({
        listeners: { ...albSetup().listeners, [OTHER_LISTENER]: [busy] },
        tags: { [LOAD_BALANCER]: { 'elbv2.k8s.aws/cluster': 'production', team: 'shop' } },
        ruleLimit: 120,
        idleTimeoutSeconds: 90,
      });
      const facts = await scene(setup).router.describe(albAccess(), '42');
      const expected: AlbRuleFacts = {
        kind: 'alb-rule',
        rule: {
          actionTypes: ['forward'],
          shares: { 'shop-blue': 100 },
          liveSlot: 'blue',
          controllerTags: ['elbv2.k8s.aws/cluster'],
          freePriority: 9,
          leftOver: null,
        },
        slots: {
          blue: {
            arn: BLUE,
            version: '41',
            health: { healthy: 2, unhealthy: 0, pending: 0 },
            isSticky: false,
            otherRules: [busy.RuleArn ?? ''],
          },
          // no rule names it, so nobody checks it
          green: {
            arn: GREEN,
            version: '42',
            health: { healthy: 0, unhealthy: 0, pending: 2 },
            isSticky: false,
            otherRules: [],
          },
        },
        ruleQuota: { used: 2, limit: 120 },
        idleTimeoutSeconds: 90,
      };
      expect(facts).toEqual(expected);
    });

    it('does not count the rule of its own first try against a start that is tried again', async () => {
      const { router } = scene();
      const before = await router.describe(albAccess(), '42');
      await router.prepare(albOrder(0), allowed);
      const after = (await router.describe(albAccess(), '42')) as AlbRuleFacts;
      expect(after).toMatchObject({ rule: { freePriority: 9, leftOver: null }, ruleQuota: { used: 1 } });
      expect(after.slots.green?.otherRules).toEqual([]);
      expect(before).toMatchObject({ rule: after.rule, ruleQuota: after.ruleQuota });
    });

    it('names the rollout whose rule still gives traffic to the idle slot', async () => {
      const { router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 5 }, allowed);
      expect(await router.describe(albAccess(), '42')).toMatchObject({ rule: { leftOver: 'shop-42' } });
    });

    it('tells which slots do not exist and which pin their users', async () => {
      const groups = { [BLUE]: { health: { healthy: 1, unhealthy: 0 }, isSticky: true } };
      const facts = await scene(albSetup({ groups })).router.describe(albAccess(), '42');
      expect(facts).toMatchObject({ slots: { blue: { isSticky: true, version: null }, green: null } });
    });
  });
}
