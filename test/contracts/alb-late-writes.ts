// The promises of an ALB router about writers that come too late, about health, and about bugs of other tools.
import { describe, expect, it } from 'vitest';
import { FencedError, TransientError } from '../../src/core/errors.ts';
import { namesGroup, sharesOf } from '../../src/core/targets/alb-rule-listener.ts';
import { ALB_MODES } from '../../src/core/targets/alb-rule-modes.ts';
import { albAccess, albOrder, albSetup, BASE_RULE, BLUE, GREEN, ownRule } from './alb-driver.ts';
import type { AlbScene } from './alb-router.contract.ts';
import { allowed, refused } from './traffic-router-scene.ts';

/** An order of another rollout of the same target. */
const orderOf = (rolloutId: string) => ({ ...albOrder(0), tag: { rolloutId, epoch: 1, seq: 0 } });

export function albLateWritePromises(scene: AlbScene): void {
  describe('a prepare that comes too late', () => {
    it('removes nothing once its rollout has ended', async () => {
      const { plane, router } = scene();
      await router.prepare(orderOf('shop-40'), allowed);
      const nextMeanwhile = async (): Promise<void> => {
        await router.prepare(orderOf('shop-42'), allowed);
        await refused();
      };
      await expect(router.prepare(orderOf('shop-41'), nextMeanwhile)).rejects.toThrow(FencedError);
      expect(plane.peekTags(ownRule(plane)?.RuleArn ?? '')['stepshift:rollout']).toBe('shop-42');
    });

    it('leaves the rule of the next rollout alone even when its permission was given just before the end', async () => {
      const { plane, router } = scene();
      await router.prepare(orderOf('shop-40'), allowed);
      const nextMeanwhile = async (): Promise<void> => {
        await router.prepare(orderOf('shop-42'), allowed);
      };
      await expect(router.prepare(orderOf('shop-41'), nextMeanwhile)).rejects.toThrow(TransientError);
      expect(plane.peekTags(ownRule(plane)?.RuleArn ?? '')['stepshift:rollout']).toBe('shop-42');
      expect(plane.peek()).toHaveLength(3);
    });
  });

  it('a double of the create that lands after the way back moves nothing, and the next restore removes it', async () => {
    const { plane, router } = scene();
    const handle = await router.prepare(albOrder(0), allowed);
    const made = ownRule(plane);
    await router.restore(albOrder(1, handle, 2), allowed);
    await plane.createRule({
      listenerArn: BASE_RULE.slice(0, BASE_RULE.lastIndexOf('/')).replace(':listener-rule/', ':listener/'),
      priority: Number(made?.Priority),
      conditions: made?.Conditions ?? [],
      actions: made?.Actions ?? [],
      tags: { 'stepshift:rollout': 'shop-42', 'stepshift:base-rule': BASE_RULE },
    });
    expect(sharesOf(ownRule(plane) ?? {}).get(GREEN)).toBe(0);
    expect(await router.verify(albOrder(2, handle, 2))).toMatchObject({ canaryPercent: 0 });
    await router.restore(albOrder(1, handle, 2), allowed);
    expect(ownRule(plane)).toBeUndefined();
  });

  it('counts who serves and who fails, and nobody of a slot that no rule names', async () => {
    const { plane, router } = scene();
    plane.setHealth(BLUE, { healthy: 3, unhealthy: 1 });
    const nobody = { healthy: 0, unhealthy: 0, pending: 0 };
    expect(await router.health(albOrder(0))).toEqual({
      stable: { healthy: 3, unhealthy: 1, pending: 0 },
      canary: { healthy: 0, unhealthy: 0, pending: 2 },
    });
    await router.prepare(albOrder(0), allowed);
    plane.setHealth(GREEN, { healthy: 1, unhealthy: 2 });
    expect(await router.health(albOrder(0))).toMatchObject({ canary: { healthy: 1, unhealthy: 2 } });
    const gone = { version: '42', ref: GREEN.replace('shop-green', 'gone') };
    expect(await router.health({ ...albOrder(0), canary: gone })).toMatchObject({ canary: nobody });
  });

  describe('bugs that others paid for', () => {
    // Argo Rollouts #1838: a cookie kept users on the new version although its weight was 0
    it.each(ALB_MODES)('sticky-rollback: %s', async (mode) => {
      const sticky = {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: BLUE, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3600 },
        },
      };
      const { plane, router } = scene(albSetup({}, { Actions: [sticky] }));
      const order = (epoch: number) => ({ ...albOrder(1, {}, epoch), ...albAccess(BASE_RULE, mode) });
      await router.prepare(order(1), allowed);
      await router.shift(order(1), { expectedPercent: 0, weightPercent: 50 }, allowed);
      const splitting = plane.peek().filter((rule) => namesGroup(rule, GREEN));
      expect(splitting).toHaveLength(1);
      expect(splitting[0]?.Actions?.[0]?.ForwardConfig?.TargetGroupStickinessConfig).toBeUndefined();
      await router.restore(order(2), allowed);
      expect(plane.peek().filter((rule) => namesGroup(rule, GREEN))).toEqual([]);
    });
  });
}
