// The promises of an ALB router that changes the base rule itself, and what it cannot promise.
import { describe, expect, it } from 'vitest';
import { DriftError, FencedError, SupersededError, TransientError } from '../../src/core/errors.ts';
import { sharesOf, splitActions, wholeActions } from '../../src/core/targets/alb-rule-listener.ts';
import type { AlbControlPlane } from '../../src/sim/memory-alb.ts';
import {
  albOrder,
  albSetup,
  BASE_RULE,
  BLUE,
  baseRule,
  GREEN,
  inPlaceOrder,
  LISTENER,
  ownRule,
  rule,
  THIRD,
} from './alb-driver.ts';
import type { AlbScene } from './alb-router.contract.ts';
import { allowed, refused } from './traffic-router-scene.ts';

const FIRST_SHIFT = { expectedPercent: 0, weightPercent: 5 };
const OIDC = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'shop' } };
const BEHIND_OIDC = { Actions: [OIDC, { Type: 'forward', Order: 2, TargetGroupArn: BLUE }] };

/** The API calls that changed something, in order. */
function writesOf(plane: AlbControlPlane): readonly string[] {
  const writes: string[] = [];
  plane.hooks.before = (api) => {
    if (!api.startsWith('Describe')) writes.push(api);
  };
  return writes;
}

export function albInPlacePromises(scene: AlbScene): void {
  describe('in place: preparing', () => {
    it('attaches the slot of the canary at weight 0 and makes no rule', async () => {
      const { plane, router } = scene();
      expect(await router.prepare(inPlaceOrder(0), allowed)).toEqual({});
      expect(sharesOf(baseRule(plane))).toEqual(
        new Map([
          [BLUE, 100],
          [GREEN, 0],
        ]),
      );
      expect(plane.peek()).toHaveLength(2);
    });

    it('keeps the actions before the forward, and the client secret that nobody can read', async () => {
      const { plane, router } = scene(albSetup({}, BEHIND_OIDC));
      await router.prepare(inPlaceOrder(0), allowed);
      await router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed);
      await router.restore(inPlaceOrder(1, 2), allowed);
      expect(baseRule(plane).Actions).toEqual([
        { ...OIDC, AuthenticateOidcConfig: { ClientId: 'shop', UseExistingClientSecret: true } },
        {
          Type: 'forward',
          Order: 2,
          ForwardConfig: { TargetGroups: [{ TargetGroupArn: BLUE, Weight: 1 }] },
        },
      ]);
    });

    it('does not call a slot ready before one of its targets is healthy', async () => {
      const { plane, router } = scene();
      plane.setHealth(GREEN, { healthy: 0, unhealthy: 2 });
      await expect(router.prepare(inPlaceOrder(0), allowed)).rejects.toThrow('0 of 2 targets healthy');
      plane.setHealth(GREEN, { healthy: 1, unhealthy: 1 });
      const writes = writesOf(plane);
      expect(await router.prepare(inPlaceOrder(0), allowed)).toEqual({});
      expect(writes).toEqual([]);
    });

    it('removes the rule that a rollout of the other mode left before it', async () => {
      const { plane, router } = scene();
      const old = { ...albOrder(0), tag: { rolloutId: 'shop-41', epoch: 1, seq: 0 } };
      await router.prepare(old, allowed);
      await expect(router.prepare(inPlaceOrder(0), refused)).rejects.toThrow(FencedError);
      expect(ownRule(plane)).toBeDefined();
      await router.prepare(inPlaceOrder(0), allowed);
      expect(ownRule(plane)).toBeUndefined();
    });

    it('leaves a rule alone that no longer sends everything to stable', async () => {
      const { plane, router } = scene();
      plane.edit(BASE_RULE, splitActions(baseRule(plane).Actions ?? [], BLUE, GREEN, 10));
      const writes = writesOf(plane);
      await expect(router.prepare(inPlaceOrder(0), allowed)).rejects.toThrow(TransientError);
      expect(writes).toEqual([]);
    });
  });

  describe('in place: taking back', () => {
    it('is not done while the slot is still named in the rule: a cookie would pin users to it', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      await router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed);
      plane.hooks.after = (api) => {
        if (api !== 'ModifyRule') return;
        plane.hooks.after = undefined;
        plane.edit(BASE_RULE, splitActions(baseRule(plane).Actions ?? [], BLUE, GREEN, 0));
      };
      await expect(router.restore(inPlaceOrder(1, 2), allowed)).rejects.toThrow(TransientError);
      await router.restore(inPlaceOrder(1, 2), allowed);
      expect(sharesOf(baseRule(plane))).toEqual(new Map([[BLUE, 100]]));
    });
  });

  describe('in place: shifting', () => {
    it('writes tenths of a percent into the rule itself', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      await router.shift(inPlaceOrder(1), { expectedPercent: 0, weightPercent: 0.1 }, allowed);
      expect(baseRule(plane).Actions?.[0]?.ForwardConfig?.TargetGroups).toEqual([
        { TargetGroupArn: BLUE, Weight: 999 },
        { TargetGroupArn: GREEN, Weight: 1 },
      ]);
      expect(ownRule(plane)).toBeUndefined();
    });

    it('does not raise the share of a slot without a healthy target', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      plane.setHealth(GREEN, { healthy: 0, unhealthy: 2 });
      await expect(router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed)).rejects.toThrow(TransientError);
      expect(sharesOf(baseRule(plane)).get(GREEN)).toBe(0);
    });

    it('takes a rule that somebody pointed at stable alone for a rollback by hand', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      await router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed);
      plane.edit(BASE_RULE, wholeActions(baseRule(plane).Actions ?? [], BLUE));
      const next = router.shift(inPlaceOrder(2), { expectedPercent: 5, weightPercent: 25 }, allowed);
      await expect(next).rejects.toMatchObject({ name: 'DriftError', foundPercent: 0 });
    });
  });

  describe('in place: ending', () => {
    it('leaves nothing but stable in the rule when it takes back', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      await router.shift(inPlaceOrder(1), { expectedPercent: 0, weightPercent: 50 }, allowed);
      await router.restore(inPlaceOrder(1, 2), allowed);
      expect(sharesOf(baseRule(plane))).toEqual(new Map([[BLUE, 100]]));
    });

    it('cannot refuse a shift that lands after the way back: the next look finds it, the next restore undoes it', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      const arrival = Promise.withResolvers<void>();
      const sent = Promise.withResolvers<void>();
      plane.hooks.before = (api) => {
        if (api !== 'ModifyRule') return;
        plane.hooks.before = undefined;
        sent.resolve();
        return arrival.promise;
      };
      const late = router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed);
      await sent.promise;
      expect((await router.restore(inPlaceOrder(1, 2), allowed)).live.canaryPercent).toBe(0);
      arrival.resolve();
      await late;
      expect((await router.verify(inPlaceOrder(1, 2))).canaryPercent).toBe(5);
      expect(await router.restore(inPlaceOrder(1, 2), allowed)).toMatchObject({
        found: { canaryPercent: 5 },
        live: { canaryPercent: 0, stablePercent: 100 },
      });
    });

    it('writes nothing when the rule itself is gone', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      plane.edit(BASE_RULE, null);
      const writes = writesOf(plane);
      await expect(router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed)).rejects.toThrow(SupersededError);
      await expect(router.restore(inPlaceOrder(1, 2), allowed)).rejects.toThrow(SupersededError);
      await expect(router.promote(inPlaceOrder(1), allowed)).rejects.toThrow(SupersededError);
      expect(writes).toEqual([]);
    });

    it('keeps its hands off a third group beside the two slots', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      plane.edit(BASE_RULE, splitActions(baseRule(plane).Actions ?? [], BLUE, THIRD, 50));
      const writes = writesOf(plane);
      await expect(router.restore(inPlaceOrder(1, 2), allowed)).rejects.toThrow(SupersededError);
      expect(writes).toEqual([]);
    });

    it('promotes with one write, and through the listener where the rule is its default', async () => {
      for (const [priority, api] of [
        ['10', 'ModifyRule'],
        ['default', 'ModifyListener'],
      ] as const) {
        const listeners = { [LISTENER]: [rule('9683b2d02a6cabee', priority)] };
        const { plane, router } = scene(albSetup({ listeners }));
        await router.prepare(inPlaceOrder(0), allowed);
        const writes = writesOf(plane);
        await router.promote(inPlaceOrder(1), allowed);
        expect(writes).toEqual([api]);
        expect(sharesOf(baseRule(plane))).toEqual(new Map([[GREEN, 100]]));
      }
    });

    it('needs no more than the rules of the listener to take back and to verify', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      const calls = new Set<string>();
      plane.hooks.before = (api) => {
        calls.add(api);
      };
      await router.restore(inPlaceOrder(1, 2), allowed);
      await router.verify(inPlaceOrder(1, 2));
      expect([...calls]).toEqual(['DescribeRules', 'ModifyRule']);
    });

    it('still tells drift from its own write', async () => {
      const { plane, router } = scene();
      await router.prepare(inPlaceOrder(0), allowed);
      plane.hooks.after = (api) => {
        if (api !== 'ModifyRule') return;
        plane.hooks.after = undefined;
        plane.edit(BASE_RULE, splitActions(baseRule(plane).Actions ?? [], BLUE, GREEN, 30));
      };
      await expect(router.shift(inPlaceOrder(1), FIRST_SHIFT, allowed)).rejects.toThrow(DriftError);
    });
  });
}
