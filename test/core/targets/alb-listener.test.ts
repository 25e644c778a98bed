// The arithmetic on rules: weights that are whole numbers, priorities without gaps, strangers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AlbAction,
  copiedConditions,
  freePriority,
  liveShares,
  sharesOf,
  splitActions,
  wholeActions,
} from '../../../src/core/targets/alb-rule-listener.ts';
import { namesInRuleArn } from '../../../src/core/targets/alb-rule-names.ts';
import { BASE_RULE, BLUE, GREEN, LISTENER, LOAD_BALANCER, rule, THIRD } from '../../contracts/alb-driver.ts';

const forward: readonly AlbAction[] = [{ Type: 'forward', TargetGroupArn: BLUE }];

describe('weights', () => {
  it('read back as the share that was written, for every tenth of a percent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (tenths) => {
        const Actions = splitActions(forward, BLUE, GREEN, tenths / 10);
        const shares = sharesOf({ Actions });
        expect(shares.get(GREEN)).toBe(tenths / 10);
        expect(shares.get(BLUE)).toBeCloseTo(100 - tenths / 10, 9);
        for (const { Weight = -1 } of Actions[0]?.ForwardConfig?.TargetGroups ?? []) {
          expect(Number.isInteger(Weight) && Weight >= 0 && Weight <= 999).toBe(true);
        }
      }),
    );
  });

  it('are shares of their sum, one where none is given, and nothing where all are 0', () => {
    const split = (...groups: readonly [string, number | undefined][]) => ({
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: groups.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
          },
        },
      ],
    });
    expect(sharesOf(split([BLUE, 30], [GREEN, 10]))).toEqual(
      new Map([
        [BLUE, 75],
        [GREEN, 25],
      ]),
    );
    expect(sharesOf(split([BLUE, undefined]))).toEqual(new Map([[BLUE, 100]]));
    expect(sharesOf(split([BLUE, 0], [GREEN, 0]))).toEqual(
      new Map([
        [BLUE, 0],
        [GREEN, 0],
      ]),
    );
    expect(sharesOf({ Actions: [{ Type: 'redirect' }] }).size).toBe(0);
  });
});

describe('actions', () => {
  it('keep what comes before the forward, with its order, and lose the stickiness', () => {
    const authenticate = {
      Type: 'authenticate-cognito',
      Order: 1,
      AuthenticateCognitoConfig: { UserPoolArn: 'pool' },
    };
    const sticky = {
      Type: 'forward',
      Order: 2,
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: BLUE }],
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
      },
    };
    expect(splitActions([authenticate, sticky], BLUE, GREEN, 5)).toEqual([
      authenticate,
      {
        Type: 'forward',
        Order: 2,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: BLUE, Weight: 950 },
            { TargetGroupArn: GREEN, Weight: 50 },
          ],
        },
      },
    ]);
    expect(sharesOf({ Actions: wholeActions([authenticate, sticky], GREEN) })).toEqual(
      new Map([[GREEN, 100]]),
    );
  });
});

describe('conditions', () => {
  it('are copied without the values that DescribeRules tells twice', () => {
    const header = { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x', Values: ['1'] } };
    const host = {
      Field: 'host-header',
      Values: ['shop.example'],
      HostHeaderConfig: { Values: ['shop.example'] },
    };
    const path = { Field: 'path-pattern', RegexValues: ['^/a'], PathPatternConfig: { RegexValues: ['^/a'] } };
    const plain = { Field: 'path-pattern', Values: ['/a'] };
    expect(copiedConditions([header, host, path, plain])).toEqual([
      header,
      { Field: 'host-header', HostHeaderConfig: { Values: ['shop.example'] } },
      { Field: 'path-pattern', PathPatternConfig: { RegexValues: ['^/a'] } },
      plain,
    ]);
  });
});

describe('the free priority', () => {
  it('is the one right before the base rule, and no other, since another would jump a rule', () => {
    const base = rule('base', '10');
    expect(freePriority([base], base)).toBe(9);
    expect(freePriority([base, rule('a', '8')], base)).toBe(9);
    expect(freePriority([base, rule('a', '9')], base)).toBeNull();
    expect(freePriority([base, rule('a', '11')], base)).toBe(9);
    expect(freePriority([rule('first', '1')], rule('first', '1'))).toBeNull();
  });

  it('is the last one for a default rule', () => {
    const base = rule('base', 'default');
    expect(freePriority([base, rule('a', '49999')], base)).toBe(50_000);
    expect(freePriority([base, rule('a', '50000')], base)).toBeNull();
  });
});

describe('live traffic', () => {
  const own = { Actions: splitActions(forward, BLUE, GREEN, 25) };
  const base = { Actions: forward };

  it('is what the rollout’s own rule says while it stands, else what the base rule says', () => {
    expect(liveShares({ base, own }, BLUE, GREEN)).toEqual({
      canaryPercent: 25,
      stablePercent: 75,
      strangers: [],
    });
    expect(liveShares({ base, own: null }, BLUE, GREEN)).toMatchObject({
      canaryPercent: 0,
      stablePercent: 100,
    });
  });

  it('has a stranger when either rule forwards to a third group, or nowhere', () => {
    const elsewhere = { Actions: wholeActions(forward, THIRD) };
    expect(liveShares({ base: elsewhere, own }, BLUE, GREEN).strangers).toEqual(['shop-hotfix']);
    expect(liveShares({ base, own: elsewhere }, BLUE, GREEN)).toEqual({
      canaryPercent: 0,
      stablePercent: 0,
      strangers: ['shop-hotfix'],
    });
    expect(liveShares({ base: { Actions: [] }, own: null }, BLUE, GREEN).strangers).toHaveLength(1);
  });
});

describe('the ARN of a rule', () => {
  it('tells listener, load balancer and the dimension of its metrics', () => {
    expect(namesInRuleArn(BASE_RULE)).toEqual({
      listenerArn: LISTENER,
      loadBalancerArn: LOAD_BALANCER,
      loadBalancerId: 'app/shop/50dc6c495c0c9188',
      loadBalancerName: 'shop',
    });
  });
});
