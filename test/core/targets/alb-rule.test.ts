// The ALB rule as a target: what a service file may say, which gates shut, who takes part.
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/core/errors.ts';
import { parseServiceFile } from '../../../src/core/service-file.ts';
import { albRule } from '../../../src/core/targets/alb-rule.ts';
import type { AlbRuleFacts, AlbSlotFacts } from '../../../src/core/targets/alb-rule-facts.ts';
import { LANDING_SECONDS, WRITER_LIFE_SECONDS } from '../../../src/core/targets/alb-rule-modes.ts';
import {
  quarantineSeconds,
  TargetSchema,
  targetGates,
  targetPromises,
} from '../../../src/core/targets/index.ts';
import { albAccess, BASE_RULE, BLUE, GREEN } from '../../contracts/alb-driver.ts';

const { target } = albAccess();
if (target.kind !== 'alb-rule') throw new Error('the fixture is an ALB rule');
const inPlace = { ...target, mode: 'in-place' as const };
const request = { service: 'shop', version: '42', hasHttpErrorStream: false };

function slot(arn: string, version: string | null, change: Partial<AlbSlotFacts> = {}): AlbSlotFacts {
  const health = { healthy: 2, unhealthy: 0, pending: 0 };
  return { arn, version, health, isSticky: false, otherRules: [], ...change };
}

const rule: NonNullable<AlbRuleFacts['rule']> = {
  actionTypes: ['forward'],
  shares: { 'shop-blue': 100 },
  liveSlot: 'blue',
  controllerTags: [],
  freePriority: 9,
  leftOver: null,
};
const whole: AlbRuleFacts = {
  kind: 'alb-rule',
  rule,
  slots: { blue: slot(BLUE, '41'), green: slot(GREEN, '42') },
  ruleQuota: { used: 12, limit: 100 },
  idleTimeoutSeconds: 90,
};

function shutCodes(facts: AlbRuleFacts): string[] {
  return albRule.gates(target as never, facts, request).flatMap(({ problem }) => problem?.code ?? []);
}
function fixesOf(facts: AlbRuleFacts): string[] {
  return albRule.gates(target as never, facts, request).flatMap(({ problem }) => problem?.fix ?? []);
}
const withRule = (change: Partial<typeof rule>): AlbRuleFacts => ({ ...whole, rule: { ...rule, ...change } });
const withGreen = (change: Partial<AlbSlotFacts>): AlbRuleFacts => ({
  ...whole,
  slots: { ...whole.slots, green: slot(GREEN, '42', change) },
});

describe('the gates of an ALB rule', () => {
  it('are open for a whole rule with a tagged, idle, healthy slot', () => {
    const gates = albRule.gates(target as never, whole, request);
    expect(gates.every((gate) => gate.open)).toBe(true);
    expect(gates.map(({ gate }) => gate)).toContain('slot-idle');
  });

  const NOBODY = { healthy: 0, unhealthy: 0, pending: 0 };
  it.each<[string, AlbRuleFacts, string]>([
    ['a rule that does not exist', { ...whole, rule: null }, 'rule-missing'],
    ['a slot that does not exist', { ...whole, slots: { ...whole.slots, green: null } }, 'slot-missing'],
    [
      'a split',
      withRule({ liveSlot: null, shares: { 'shop-blue': 95, 'shop-green': 5 } }),
      'rule-already-split',
    ],
    ['a rule that another rollout left', withRule({ leftOver: 'shop-40' }), 'rule-already-split'],
    ['a third group', withRule({ liveSlot: null, shares: { other: 100 } }), 'rule-forwards-elsewhere'],
    [
      'a redirect',
      withRule({ liveSlot: null, shares: {}, actionTypes: ['redirect'] }),
      'rule-forwards-elsewhere',
    ],
    [
      'a Kubernetes controller',
      withRule({ controllerTags: ['elbv2.k8s.aws/cluster'] }),
      'foreign-controller',
    ],
    ['OIDC', withRule({ actionTypes: ['authenticate-oidc', 'forward'] }), 'oidc-action'],
    ['no gap before the rule', withRule({ freePriority: null }), 'no-rule-slot'],
    ['a full quota', { ...whole, ruleQuota: { used: 100, limit: 100 } }, 'rule-quota-full'],
    ['a slot with another version', withGreen({ version: '40' }), 'slot-has-wrong-tag'],
    ['a slot without a tag', withGreen({ version: null }), 'slot-has-wrong-tag'],
    ['a slot that serves another rule', withGreen({ otherRules: ['rule'] }), 'slot-not-idle'],
    ['a slot that pins its users', withGreen({ isSticky: true }), 'slot-is-sticky'],
    ['an empty slot', withGreen({ health: NOBODY }), 'slot-unhealthy'],
    [
      'a slot whose targets fail their checks',
      withGreen({ health: { ...NOBODY, unhealthy: 2 } }),
      'slot-unhealthy',
    ],
    [
      'a stable slot without a healthy target, which would be no way back',
      { ...whole, slots: { ...whole.slots, blue: slot(BLUE, '41', { health: { ...NOBODY, pending: 2 } }) } },
      'slot-unhealthy',
    ],
  ])('shut for %s', (_name, facts, code) => {
    expect(shutCodes(facts)).toEqual([code]);
    const shut = albRule.gates(target as never, facts, request).find((gate) => !gate.open);
    expect(shut?.problem?.fix).not.toBe('');
    expect(shut?.problem?.got).not.toBe('');
  });

  it('name the slot to tag, and the one whose targets are ill, in commands that can be pasted', () => {
    expect(fixesOf(withGreen({ version: null }))).toEqual([
      expect.stringContaining(
        `: aws elbv2 add-tags --resource-arns ${GREEN} --tags Key=stepshift:version,Value=42`,
      ),
    ]);
    expect(fixesOf(withGreen({ health: NOBODY }))).toEqual([
      expect.stringContaining(`: aws elbv2 describe-target-health --target-group-arn ${GREEN}`),
    ]);
  });

  it('say so when the version asked for is the live one', () => {
    const slots = { blue: slot(BLUE, '42'), green: slot(GREEN, '41') };
    expect(shutCodes({ ...whole, slots })).toEqual(['version-is-live']);
    expect(fixesOf({ ...whole, slots })).toEqual([expect.stringMatching(/^Nothing to do/)]);
  });

  it('let a slot pass that nobody checks yet, since it is attached and checked at weight 0', () => {
    expect(shutCodes(withGreen({ health: { ...NOBODY, pending: 2 } }))).toEqual([]);
  });

  it('do not shut for a quota that the account does not tell', () => {
    expect(shutCodes({ ...whole, ruleQuota: { used: 500, limit: null } })).toEqual([]);
  });
});

describe('a rule that is changed in place', () => {
  const reasons: readonly [string, AlbRuleFacts][] = [
    ['foreign-controller', withRule({ controllerTags: ['elbv2.k8s.aws/cluster'] })],
    ['oidc-action', withRule({ actionTypes: ['authenticate-oidc', 'forward'] })],
    ['no-rule-slot', withRule({ freePriority: null })],
    ['rule-quota-full', { ...whole, ruleQuota: { used: 100, limit: 100 } }],
  ];

  it.each(reasons)('starts where a rule of its own could not be made: %s', (code, facts) => {
    const refused = targetGates(target, facts, request).find((gate) => !gate.open);
    expect(refused?.problem).toMatchObject({ code });
    expect(refused?.problem?.fix).toContain('target.alb.mode: in-place');
    expect(targetGates(inPlace, facts, request).filter((gate) => !gate.open)).toEqual([]);
  });

  it('tells of the controller that may write it back', () => {
    const gates = targetGates(inPlace, withRule({ controllerTags: ['elbv2.k8s.aws/cluster'] }), request);
    expect(gates.find(({ gate }) => gate === 'changed-in-place')?.finding).toContain('elbv2.k8s.aws/cluster');
  });

  it.each([
    ['rule-already-split', withRule({ liveSlot: null, shares: { 'shop-blue': 95, 'shop-green': 5 } })],
    ['rule-already-split', withRule({ leftOver: 'shop-40' })],
    ['slot-has-wrong-tag', withGreen({ version: null })],
    ['slot-not-idle', withGreen({ otherRules: ['rule'] })],
    ['slot-is-sticky', withGreen({ isSticky: true })],
  ])('is refused all the same for %s', (code, facts) => {
    const problems = targetGates(inPlace, facts, request).flatMap(({ problem }) => problem?.code ?? []);
    expect(problems).toEqual([code]);
  });

  it('needs a healthy stable slot as the way back', () => {
    const health = { healthy: 0, unhealthy: 2, pending: 0 };
    const facts = { ...whole, slots: { ...whole.slots, blue: slot(BLUE, '41', { health }) } };
    const problems = targetGates(inPlace, facts, request).flatMap(({ problem }) => problem ?? []);
    expect(problems).toMatchObject([{ code: 'slot-unhealthy', where: 'shop-blue' }]);
  });

  it('is quarantined for longer than a writer lives and its last request takes to land', () => {
    const lateSeconds = WRITER_LIFE_SECONDS + LANDING_SECONDS;
    expect(quarantineSeconds(inPlace, 'restored')).toBeGreaterThan(lateSeconds);
    expect(quarantineSeconds(inPlace, 'untouched')).toBeGreaterThan(lateSeconds);
    // a rule that was left alone is still there for a late write
    expect(quarantineSeconds(target, 'untouched')).toBeGreaterThan(lateSeconds);
    expect(quarantineSeconds(target, 'restored')).toBe(0);
  });

  it('says what it promises less, with the wait and the assumption in it; a rule per rollout says nothing', () => {
    const said = targetPromises(inPlace).join(' ');
    expect(said).toContain('waits 2m 41s');
    expect(said).toContain('assumption');
    expect(targetPromises(target)).toEqual([]);
  });
});

describe('the participants of an ALB rule', () => {
  it('are the two slots, and a request lives as long as the idle time-out', () => {
    expect(albRule.participants(target as never, whole, request)).toEqual({
      stable: { version: '41', ref: BLUE },
      canary: { version: '42', ref: GREEN },
      maxRequestSeconds: 90,
    });
  });

  it('calls a live slot without a tag unknown', () => {
    const slots = { ...whole.slots, blue: slot(BLUE, null) };
    expect(albRule.participants(target as never, { ...whole, slots }, request).stable.version).toBe(
      'unknown',
    );
  });

  it('swap when green is live', () => {
    const facts = {
      ...withRule({ liveSlot: 'green' }),
      slots: { blue: slot(BLUE, '42'), green: slot(GREEN, '41') },
    };
    expect(albRule.participants(target as never, facts, request)).toMatchObject({
      stable: { version: '41', ref: GREEN },
      canary: { version: '42', ref: BLUE },
    });
  });
});

describe('an ALB rule in a service file', () => {
  const alb = { listenerRule: BASE_RULE, slots: { blue: BLUE, green: GREEN } };
  const fileWith = (change: object) => ({ service: 'shop', target: { alb: { ...alb, ...change } } });
  const refusal = (written: unknown): string => {
    try {
      parseServiceFile(written);
    } catch (error) {
      if (error instanceof InvalidInputError) return JSON.stringify(error.problems);
      throw error;
    }
    return 'accepted';
  };

  it('becomes a target with a name of its own and steps of a tenth of a percent', () => {
    const spec = parseServiceFile({ ...fileWith({}), stages: [{ weight: '0.1%', bake: '10m' }] });
    expect(spec.target).toEqual(target);
    expect(spec.stages[0]?.weightPercent).toBe(0.1);
    expect(albRule.label(target as never)).toBe('shop rule 9683b2d02a6cabee');
    expect(albRule.id(target as never)).toBe(
      'alb-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee',
    );
  });

  it('is moved by a rule per rollout unless the file says in place, also where an old record says nothing', () => {
    expect(parseServiceFile(fileWith({ mode: 'in-place' })).target).toEqual(inPlace);
    expect(refusal(fileWith({ mode: 'in place' }))).toContain('mode');
    const { mode: _unsaid, ...old } = target;
    expect(TargetSchema.parse(old)).toEqual(target);
  });

  it('is refused with one group in both slots, a name for an ARN, or an unknown key', () => {
    expect(refusal(fileWith({ slots: { blue: BLUE, green: BLUE } }))).toContain('green');
    expect(refusal(fileWith({ listenerRule: 'shop' }))).toContain('listenerRule');
    expect(refusal(fileWith({ weight: 5 }))).toContain('weight');
    expect(refusal({ ...fileWith({}), stages: [{ weight: '0.05%', bake: '10m' }] })).toContain('0.05');
  });
});
