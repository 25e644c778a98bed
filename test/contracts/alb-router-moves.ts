// The promises of an ALB router about shifting, taking back and promoting.
import { describe, expect, it } from 'vitest';
import { DriftError, FencedError, SupersededError, TransientError } from '../../src/core/errors.ts';
import type { LiveTraffic } from '../../src/core/live-traffic.ts';
import { sharesOf, splitActions, wholeActions } from '../../src/core/targets/alb-rule-listener.ts';
import {
  albOrder,
  albSetup,
  BASE_RULE,
  BLUE,
  baseRule,
  GREEN,
  LISTENER,
  ownRule,
  rule,
  THIRD,
} from './alb-driver.ts';
import type { AlbScene } from './alb-router.contract.ts';
import { allowed, refused } from './traffic-router-scene.ts';

export function albMovePromises(scene: AlbScene): void {
  describe('shifting', () => {
    it('writes tenths of a percent', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 0.1 }, allowed);
      const [forward] = ownRule(plane)?.Actions ?? [];
      expect(forward?.ForwardConfig?.TargetGroups).toEqual([
        { TargetGroupArn: BLUE, Weight: 999 },
        { TargetGroupArn: GREEN, Weight: 1 },
      ]);
      expect(await router.verify(albOrder(2, handle))).toMatchObject({
        canaryPercent: 0.1,
        stablePercent: 99.9,
      });
    });

    it('takes the deletion of its rule for a rollback by hand', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      plane.edit(handle['ruleArn'] ?? '', null);
      await expect(
        router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 5 }, allowed),
      ).rejects.toMatchObject({ name: 'DriftError', foundPercent: 0 });
    });

    it('takes a share that an earlier try of the same order wrote for success', async () => {
      const { router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      const change = { expectedPercent: 0, weightPercent: 5 };
      await router.shift(albOrder(1, handle), change, allowed);
      expect(await router.shift(albOrder(1, handle), change, allowed)).toMatchObject({ canaryPercent: 5 });
    });

    it('does not raise the share of a slot without a healthy target', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      plane.setHealth(GREEN, { healthy: 0, unhealthy: 2 });
      await expect(
        router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 5 }, allowed),
      ).rejects.toThrow(TransientError);
      expect(await router.verify(albOrder(1, handle))).toMatchObject({ canaryPercent: 0 });
    });

    it('keeps its hands off when the base rule was pointed at a third group', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      plane.edit(BASE_RULE, wholeActions(baseRule(plane).Actions ?? [], THIRD));
      await expect(
        router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 5 }, allowed),
      ).rejects.toThrow(SupersededError);
    });
  });

  describe('taking back', () => {
    it('does not undo a hotfix that shares the base rule with the canary', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 5 }, allowed);
      plane.edit(BASE_RULE, splitActions(baseRule(plane).Actions ?? [], THIRD, GREEN, 50));
      const theirs = baseRule(plane).Actions;
      await expect(router.restore(albOrder(2, handle, 2), allowed)).rejects.toThrow(SupersededError);
      expect(baseRule(plane).Actions).toEqual(theirs);
      expect(ownRule(plane)).toBeUndefined();
    });

    it('deletes the rule, so that a shift on its way finds none', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      const arrival = Promise.withResolvers<void>();
      const sent = Promise.withResolvers<void>();
      plane.hooks.before = (api) => {
        if (api !== 'ModifyRule') return;
        plane.hooks.before = undefined;
        sent.resolve();
        return arrival.promise;
      };
      const shift = router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 5 }, allowed);
      await sent.promise;
      await router.restore(albOrder(1, handle, 2), allowed);
      arrival.resolve();
      await expect(shift).rejects.toThrow(DriftError);
      expect(ownRule(plane)).toBeUndefined();
      expect(await router.verify(albOrder(1, handle))).toMatchObject({
        canaryPercent: 0,
        stablePercent: 100,
      });
    });

    it('takes its rule away from a hotfix of the base rule, and leaves the hotfix alone', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      plane.edit(BASE_RULE, wholeActions(baseRule(plane).Actions ?? [], THIRD));
      await expect(router.restore(albOrder(1, handle, 2), allowed)).rejects.toThrow(SupersededError);
      expect(ownRule(plane)).toBeUndefined();
      expect(sharesOf(baseRule(plane)).get(THIRD)).toBe(100);
    });

    it('leaves its rule without the canary when the base rule is gone', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 25 }, allowed);
      plane.edit(BASE_RULE, null);
      await expect(router.restore(albOrder(2, handle, 2), allowed)).rejects.toThrow(SupersededError);
      expect(sharesOf(ownRule(plane) ?? {})).toEqual(
        new Map([
          [BLUE, 100],
          [GREEN, 0],
        ]),
      );
    });

    it('points the base rule back at stable when somebody had moved it to the canary', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      plane.edit(BASE_RULE, wholeActions(baseRule(plane).Actions ?? [], GREEN));
      expect((await router.restore(albOrder(1, handle, 2), allowed)).live).toMatchObject({
        canaryPercent: 0,
        stablePercent: 100,
      });
      expect(sharesOf(baseRule(plane))).toEqual(new Map([[BLUE, 100]]));
    });
  });

  describe('promoting', () => {
    it('moves the base rule before it deletes the rule that hides it', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 50 }, allowed);
      const writes: string[] = [];
      plane.hooks.before = (api) => {
        if (!api.startsWith('Describe')) writes.push(api);
      };
      await router.promote(albOrder(2, handle), allowed);
      expect(writes).toEqual(['ModifyRule', 'DeleteRule']);
      expect(sharesOf(baseRule(plane))).toEqual(new Map([[GREEN, 100]]));
    });

    it('asks once more before it deletes, and on a later try only then', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 95 }, allowed);
      const story: string[] = [];
      plane.hooks.before = (api) => {
        if (!api.startsWith('Describe')) story.push(api);
      };
      const once = async (): Promise<void> => {
        if (story.includes('ask')) await refused();
        story.push('ask');
      };
      await expect(router.promote(albOrder(2, handle), once)).rejects.toThrow(FencedError);
      expect(story).toEqual(['ask', 'ModifyRule']);
      expect(ownRule(plane)).toBeDefined();

      story.length = 0;
      await router.promote(albOrder(2, handle), once);
      expect(story).toEqual(['ask', 'DeleteRule']);
    });

    it('asks that once more with the traffic as it is then, so that a stop by hand can be obeyed', async () => {
      const { plane, router } = scene();
      const handle = await router.prepare(albOrder(0), allowed);
      await router.shift(albOrder(1, handle), { expectedPercent: 0, weightPercent: 95 }, allowed);
      plane.hooks.before = (api) => {
        if (api !== 'ModifyRule') return;
        plane.hooks.before = undefined;
        const own = ownRule(plane);
        plane.edit(own?.RuleArn ?? '', splitActions(own?.Actions ?? [], BLUE, GREEN, 0));
      };
      const found: number[] = [];
      const obey = async ({ canaryPercent }: LiveTraffic): Promise<void> => {
        found.push(canaryPercent);
        if (canaryPercent === 0) await refused();
      };
      await expect(router.promote(albOrder(2, handle), obey)).rejects.toThrow(FencedError);
      expect(found).toEqual([95, 0]);
      expect(ownRule(plane)).toBeDefined();
    });

    it('changes a default rule through its listener', async () => {
      const listeners = { [LISTENER]: [rule('9683b2d02a6cabee', 'default')] };
      const { plane, router } = scene(albSetup({ listeners }));
      const handle = await router.prepare(albOrder(0), allowed);
      const writes: string[] = [];
      plane.hooks.before = (api) => {
        if (!api.startsWith('Describe')) writes.push(api);
      };
      await router.promote(albOrder(1, handle), allowed);
      expect(writes).toEqual(['ModifyListener', 'DeleteRule']);
      expect(sharesOf(baseRule(plane))).toEqual(new Map([[GREEN, 100]]));
    });
  });
}
