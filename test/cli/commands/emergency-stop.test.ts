// `stepshift emergency-stop`: one call to the target, whatever else is broken; never a rule that serves in the end.
import { describe, expect, it } from 'vitest';
import { emergencyStopCommandOn } from '../../../src/cli/commands/emergency-stop.ts';
import type { EmergencyWays } from '../../../src/cli/emergency/stop.ts';
import { PermissionError, TransientError } from '../../../src/core/errors.ts';
import { wholeActions } from '../../../src/core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, ROLLOUT_TAG, STABLE_TAG } from '../../../src/core/targets/alb-rule-names.ts';
import { type AlbApi, type AlbControlPlane, albControlPlane } from '../../../src/sim/memory-alb.ts';
import {
  albSetup,
  BASE_RULE,
  BLUE,
  GREEN,
  LISTENER,
  rule,
  ruleArn,
  THIRD,
} from '../../contracts/alb-driver.ts';
import { type CliRun, runInMemory } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const OWN_RULE = ruleArn('00000000000000aa');
const FOREIGN_RULE = ruleArn('00000000000000bb');
const SPLIT = {
  Actions: [
    {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: BLUE, Weight: 750 },
          { TargetGroupArn: GREEN, Weight: 250 },
        ],
      },
    },
  ],
};

const FORWARD_GREEN = wholeActions([{ Type: 'forward', TargetGroupArn: BLUE }], GREEN);

/** A rollout of the base rule gives a quarter to green; a foreign rule stands elsewhere. */
function balancer(base = rule('9683b2d02a6cabee', '10')): AlbControlPlane {
  const [, defaultRule = rule('def0', 'default')] = albSetup().listeners[LISTENER] ?? [];
  const rules = [rule('00000000000000aa', '9', SPLIT), base, rule('00000000000000bb', '20'), defaultRule];
  return albControlPlane(
    albSetup({
      listeners: { [LISTENER]: rules },
      tags: { [OWN_RULE]: { [ROLLOUT_TAG]: 'r1', [BASE_RULE_TAG]: BASE_RULE, [STABLE_TAG]: BLUE } },
    }),
  );
}

interface World {
  readonly ways: EmergencyWays;
  /** Calls that write, and those that read, in their order. */
  readonly calls: string[];
  readonly regions: string[];
  weights: Record<string, number>;
  denied: readonly string[];
  throttled: readonly string[];
}

function world(plane = balancer()): World {
  const call = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
    made.calls.push(name);
    if (made.denied.includes(name)) throw new PermissionError(`${name}: AccessDenied: no`);
    if (made.throttled.includes(name)) throw new TransientError(`${name}: Throttling`);
    return work();
  };
  plane.hooks.before = (api: AlbApi) => call(api, () => undefined);
  const readListener = async (listenerArn: string) => {
    const rules = (await plane.describeRules(listenerArn)) as never;
    return { rules, tags: await plane.describeTags(plane.peek().map(({ RuleArn = '' }) => RuleArn)) };
  };
  const made: World = {
    calls: [],
    regions: [],
    weights: { 41: 75, 42: 25 },
    denied: [],
    throttled: [],
    ways: {
      alias: {
        read: () => call('GetAlias', () => made.weights),
        clearWeights: (functionName, alias, description) =>
          call('UpdateAlias', () => {
            made.calls.push(`${functionName}:${alias} ${description}`);
            made.weights = { 41: 100 };
            return made.weights;
          }),
      },
      listener: (region) => {
        made.regions.push(region);
        return {
          read: readListener,
          glance: readListener,
          readTags: (arns) => plane.describeTags(arns),
          deleteRule: (arn) => plane.deleteRule(arn),
          modifyRule: (arn, actions) => plane.modifyRule(arn, actions as never),
          modifyListener: (arn, actions) => plane.modifyListener(arn, actions as never),
        };
      },
      readCaller: () => call('GetCallerIdentity', () => 'arn:aws:sts::123456789012:assumed-role/dev/ana'),
      now: () => Date.UTC(2026, 0, 5, 9),
    },
  };
  return made;
}

function run({ ways }: World, argv: readonly string[], cwd?: string): Promise<CliRun> {
  const commands = [emergencyStopCommandOn(async () => ways)];
  return runInMemory(['emergency-stop', ...argv], {
    commands,
    env: { USER: 'ana-at-home' },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

const ALIAS = ['--function', 'checkout-api', '--alias', 'live'];
const WRITES = ['UpdateAlias', 'DeleteRule', 'ModifyRule', 'ModifyListener'];
const writesOf = ({ calls }: World) => calls.filter((name) => WRITES.includes(name));

const ALB_FILE = (mode = '') =>
  `service: shop\ntarget:\n  alb:\n    listenerRule: ${BASE_RULE}\n    slots: { blue: '${BLUE}', green: '${GREEN}' }\n${mode}`;

describe('a Lambda alias', () => {
  it('loses its weights by one UpdateAlias that says who did it', async () => {
    const target = world();
    const { code, out, err } = await run(target, ALIAS);
    expect(code).toBe(0);
    expect(writesOf(target)).toEqual(['UpdateAlias']);
    expect(target.calls).toContain(
      'checkout-api:live Emergency stop at 2026-01-05T09:00:00.000Z by arn:aws:sts::123456789012:assumed-role/dev/ana',
    );
    expect(out).toContain('before  41 75 %, 42 25 %');
    expect(out).toContain('after   41 100 %');
    expect(out).toContain('ends as ABORTED by itself');
    expect(err).toContain(
      "aws lambda update-alias --function-name checkout-api --name live --routing-config 'AdditionalVersionWeights={}'",
    );
  });

  it('needs no right but that one', async () => {
    const target = world();
    target.denied = ['GetAlias', 'GetCallerIdentity'];
    const { code, out } = await run(target, ALIAS);
    expect(code).toBe(0);
    expect(target.weights).toEqual({ 41: 100 });
    expect(target.calls.at(-1)).toContain('by ana-at-home');
    expect(out).toContain('before  not known (GetAlias: AccessDenied: no)');
  });

  it('is named by a service file, and no mistake elsewhere in the file is in the way', async () => {
    using folder = tempFolder({
      'checkout.yaml':
        'service: checkout\ntarget: { lambdaAlias: { function: checkout-api, alias: live } }\nstagse: quick\n',
    });
    const target = world();
    expect((await run(target, ['checkout.yaml'], folder.path)).code).toBe(0);
    expect(target.weights).toEqual({ 41: 100 });
  });

  it('gives tools one JSON value', async () => {
    const { out } = await run(world(), [...ALIAS, '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({
      target: 'checkout-api:live',
      dryRun: false,
      calls: [{ call: 'UpdateAlias', on: 'checkout-api:live', made: true }],
      before: { 41: 75, 42: 25 },
      after: { 41: 100 },
    });
  });

  it('is left as it is by a dry run, which shows the call', async () => {
    const target = world();
    const { code, out } = await run(target, [...ALIAS, '--dry-run']);
    expect(code).toBe(0);
    expect(writesOf(target)).toEqual([]);
    expect(out).toContain('Nothing was changed. It would call:\n  UpdateAlias checkout-api:live');
  });

  it('says which call was refused, exit 9', async () => {
    const target = world();
    target.denied = ['UpdateAlias'];
    const { code, err } = await run(target, ALIAS);
    expect(code).toBe(9);
    expect(err).toContain('UpdateAlias: AccessDenied');
  });

  it('is not told to be safe when nobody knows, exit 8', async () => {
    const target = world();
    target.throttled = ['UpdateAlias'];
    expect((await run(target, ALIAS)).code).toBe(8);
    const stubborn = world();
    const clearWeights = async () => ({ 41: 75, 42: 25 });
    const ways = { ...stubborn.ways, alias: { ...stubborn.ways.alias, clearWeights } };
    const { code, err } = await run({ ...stubborn, ways }, ALIAS);
    expect(code).toBe(8);
    expect(err).toContain('not-confirmed  ');
  });

  it('that is not there is told, exit 5', async () => {
    const target = world();
    const missing = Object.assign(new Error('Function not found'), { name: 'ResourceNotFoundException' });
    const ways = {
      ...target.ways,
      alias: { ...target.ways.alias, clearWeights: () => Promise.reject(missing) },
    };
    const { code, err } = await run({ ...target, ways }, ALIAS);
    expect(code).toBe(5);
    expect(err).toContain('target-unknown  ');
  });

  it('cannot be found without a Region, exit 9', async () => {
    const target = world();
    const clearWeights = () => Promise.reject(new Error('Region is missing'));
    const ways = { ...target.ways, alias: { ...target.ways.alias, clearWeights } };
    const { code, err } = await run({ ...target, ways }, ALIAS);
    expect(code).toBe(9);
    expect(err).toContain('no-region  ');
  });
});

describe('the rule of a rollout, found by the service file', () => {
  it('is deleted, and the rule of the service is read back', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const plane = balancer();
    const target = world(plane);
    const { code, out } = await run(target, ['shop.yaml'], folder.path);
    expect(code).toBe(0);
    expect(writesOf(target)).toEqual(['DeleteRule']);
    expect(plane.peek().map(({ RuleArn }) => RuleArn)).not.toContain(OWN_RULE);
    expect(plane.peek()).toHaveLength(3);
    expect(out).toContain('before  shop-blue 75 %, shop-green 25 %');
    expect(out).toContain('after   shop-blue 100 %');
    expect(target.regions).toEqual(['eu-west-2']);
  });

  // between the last two writes of a promotion only the rule of the rollout keeps traffic on stable
  it('is deleted only after the rule of the service points back, where a promotion had begun to move it', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const plane = balancer();
    plane.edit(BASE_RULE, FORWARD_GREEN);
    const seen: unknown[] = [];
    plane.onChange(() =>
      seen.push(
        plane
          .peek()
          .map(({ RuleArn }) => RuleArn)
          .includes(OWN_RULE),
      ),
    );
    const target = world(plane);
    const { code, out } = await run(target, ['shop.yaml'], folder.path);
    expect(code).toBe(0);
    expect(writesOf(target)).toEqual(['ModifyRule', 'DeleteRule']);
    expect(seen).toEqual([true, false]);
    expect(out).toContain('after   shop-blue 100 %');
    expect(out).toContain('was pointed back at shop-blue first');
  });

  it('may be gone: nothing is left to do, exit 0', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const plane = balancer();
    plane.edit(OWN_RULE, null);
    const target = world(plane);
    const { code, out } = await run(target, ['shop.yaml'], folder.path);
    expect(code).toBe(0);
    expect(writesOf(target)).toEqual([]);
    expect(out).toContain('nothing is left to take back');
  });

  it.each(['DescribeRules', 'DescribeTags'])('is not guessed when %s is refused', async (api) => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const target = world();
    target.denied = [api];
    const { code, err } = await run(target, ['shop.yaml'], folder.path);
    expect(code).toBe(9);
    expect(err).toContain(`${api}: AccessDenied`);
    expect(writesOf(target)).toEqual([]);
  });

  it('stays while the rule of the service is gone: it may be all that serves', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const plane = balancer();
    plane.edit(BASE_RULE, null);
    const target = world(plane);
    const { code, err } = await run(target, ['shop.yaml'], folder.path);
    expect(code).toBe(5);
    expect(err).toContain('base-rule-missing  ');
    expect((await run(target, ['shop.yaml', '--yes'], folder.path)).code).toBe(0);
    expect(writesOf(target)).toEqual(['DeleteRule']);
  });

  it('is not told to be gone when a read shows it still', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const target = world();
    const listener = (region: string) => ({
      ...target.ways.listener(region),
      deleteRule: async () => {},
    });
    const { code } = await run({ ...target, ways: { ...target.ways, listener } }, ['shop.yaml'], folder.path);
    expect(code).toBe(8);
  });

  it('is left by a dry run, which shows the call', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const target = world();
    const { out } = await run(target, ['shop.yaml', '--dry-run'], folder.path);
    expect(out).toContain(`aws elbv2 delete-rule --region eu-west-2 --rule-arn ${OWN_RULE}`);
    expect(writesOf(target)).toEqual([]);
  });
});

describe('a rule that is named', () => {
  it('is deleted when its tag says that a rollout made it', async () => {
    const plane = balancer();
    const target = world(plane);
    expect((await run(target, ['--rule', OWN_RULE])).code).toBe(0);
    expect(plane.peek().map(({ RuleArn }) => RuleArn)).not.toContain(OWN_RULE);
  });

  it('stays, and the way back is told, where it would uncover the new version', async () => {
    const plane = balancer();
    plane.edit(BASE_RULE, FORWARD_GREEN);
    const target = world(plane);
    const { code, err } = await run(target, ['--rule', OWN_RULE]);
    expect(code).toBe(5);
    expect(err).toContain('promotion-under-way');
    expect(err).toContain(`aws elbv2 modify-rule --region eu-west-2 --rule-arn ${BASE_RULE}`);
    expect(writesOf(target)).toEqual([]);
    expect((await run(target, ['--rule', OWN_RULE, '--yes'])).code).toBe(0);
  });

  it('needs no right but DeleteRule when the person answers for it', async () => {
    const plane = balancer();
    const target = world(plane);
    target.denied = ['DescribeRules', 'DescribeTags', 'GetCallerIdentity'];
    expect((await run(target, ['--rule', OWN_RULE, '--yes'])).code).toBe(0);
    expect(plane.peek().map(({ RuleArn }) => RuleArn)).not.toContain(OWN_RULE);
  });

  it('is known by its tags alone where its listener may not be read', async () => {
    const target = world();
    target.denied = ['DescribeRules'];
    expect((await run(target, ['--rule', OWN_RULE])).code).toBe(0);
    expect(writesOf(target)).toEqual(['DeleteRule']);
  });

  it('stays when its tags could not be read and nobody answers for it', async () => {
    const target = world();
    target.denied = ['DescribeRules', 'DescribeTags'];
    const { code, err } = await run(target, ['--rule', OWN_RULE]);
    expect(code).toBe(5);
    expect(err).toContain('tags-unread  ');
    expect(err).toContain('DescribeTags: AccessDenied');
    expect(writesOf(target)).toEqual([]);
  });

  it('without credentials says so at once: --yes would only be refused by the next call', async () => {
    const target = world();
    const cause = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    const refuse = () => Promise.reject(new PermissionError('DescribeTags: CredentialsProviderError', cause));
    const listener: EmergencyWays['listener'] = (region) => ({
      ...target.ways.listener(region),
      glance: refuse,
      readTags: refuse,
    });
    const { code, err } = await run({ ...target, ways: { ...target.ways, listener } }, ['--rule', OWN_RULE]);
    expect(code).toBe(9);
    expect(err).toContain('credentials-missing  ');
    expect(err).not.toContain('--yes');
    expect(writesOf(target)).toEqual([]);
  });

  it('stays when no rollout made it, and goes when the person answers for it', async () => {
    const target = world();
    const { code, err } = await run(target, ['--rule', FOREIGN_RULE]);
    expect(code).toBe(5);
    expect(err).toContain('rule-not-ours  ');
    expect(writesOf(target)).toEqual([]);
    expect((await run(target, ['--rule', FOREIGN_RULE, '--yes'])).code).toBe(0);
    expect(writesOf(target)).toEqual(['DeleteRule']);
  });

  it('that is gone already needs no call, exit 0', async () => {
    const plane = balancer();
    plane.edit(OWN_RULE, null);
    const target = world(plane);
    const { code, out } = await run(target, ['--rule', OWN_RULE]);
    expect(code).toBe(0);
    expect(out).toContain('no such rule any more');
    expect(writesOf(target)).toEqual([]);
  });

  it.each([
    ['the rule of the service', BASE_RULE],
    ['the default rule of the listener', ruleArn('def0')],
  ])('is never %s, not even with --yes', async (_what, arn) => {
    const target = world();
    const { code, err } = await run(target, ['--rule', arn, '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('base-rule  ');
    expect(writesOf(target)).toEqual([]);
  });

  it('is never the one that the service file names, even where nothing may be read', async () => {
    using folder = tempFolder({ 'shop.yaml': ALB_FILE() });
    const target = world();
    target.denied = ['DescribeRules', 'DescribeTags'];
    const { code, err } = await run(target, ['shop.yaml', '--rule', BASE_RULE, '--yes'], folder.path);
    expect(code).toBe(2);
    expect(err).toContain('base-rule  ');
    expect(writesOf(target)).toEqual([]);
  });

  it('that AWS refuses to delete as a default rule is told, exit 5', async () => {
    const target = world();
    const refused = Object.assign(new Error('default'), { name: 'OperationNotPermittedException' });
    const listener = (region: string) => ({
      ...target.ways.listener(region),
      deleteRule: () => Promise.reject(refused),
    });
    const { code, err } = await run({ ...target, ways: { ...target.ways, listener } }, ['--rule', OWN_RULE]);
    expect(code).toBe(5);
    expect(err).toContain('default-rule  ');
  });
});

describe('a rule in the mode in-place', () => {
  const file = ALB_FILE('    mode: in-place\n');
  const shared = rule('9683b2d02a6cabee', '10', {
    Actions: [
      { Type: 'authenticate-cognito', Order: 1 },
      { ...SPLIT.Actions[0], Order: 2 },
    ],
  });

  it('gets all weight on the slot that the person names, and keeps its sign-in', async () => {
    using folder = tempFolder({ 'shop.yaml': file });
    const plane = balancer(shared);
    const target = world(plane);
    const { code, out } = await run(target, ['shop.yaml', '--stable', 'blue'], folder.path);
    expect(code).toBe(0);
    expect(writesOf(target)).toEqual(['ModifyRule']);
    const [signIn, forward] = plane.peek().find(({ RuleArn }) => RuleArn === BASE_RULE)?.Actions ?? [];
    expect(signIn?.Type).toBe('authenticate-cognito');
    expect(forward?.ForwardConfig?.TargetGroups).toEqual([{ TargetGroupArn: BLUE, Weight: 1 }]);
    expect(out).toContain('after   shop-blue 100 %');
    expect(out).toContain('A load balancer cannot refuse a write that was on its way');
  });

  it('is not written on a guess: both slots are shown with version and share', async () => {
    using folder = tempFolder({ 'shop.yaml': file });
    const target = world(balancer(shared));
    const { code, err } = await run(target, ['shop.yaml'], folder.path);
    expect(code).toBe(2);
    expect(err).toContain('stable-unknown  ');
    expect(err).toContain('blue is version 41 and has 75 %, green is version 42 and has 25 %');
    expect(writesOf(target)).toEqual([]);
  });

  it('says that it needs ModifyRule when that is refused', async () => {
    using folder = tempFolder({ 'shop.yaml': file });
    const target = world(balancer(shared));
    target.denied = ['ModifyRule'];
    const { code, err } = await run(target, ['shop.yaml', '--stable', 'blue'], folder.path);
    expect(code).toBe(9);
    expect(err).toContain('ModifyRule: AccessDenied');
  });

  it('is written through its listener when it is the default rule', async () => {
    const base = rule('9683b2d02a6cabee', 'default', { Conditions: [], ...SPLIT });
    const plane = albControlPlane(albSetup({ listeners: { [LISTENER]: [base] } }));
    using folder = tempFolder({ 'shop.yaml': file });
    const target = world(plane);
    expect((await run(target, ['shop.yaml', '--stable', 'green'], folder.path)).code).toBe(0);
    expect(writesOf(target)).toEqual(['ModifyListener']);
  });

  it('that is gone is told, exit 5', async () => {
    using folder = tempFolder({ 'shop.yaml': file });
    const plane = balancer(shared);
    plane.edit(BASE_RULE, null);
    const { code, err } = await run(world(plane), ['shop.yaml', '--stable', 'blue'], folder.path);
    expect(code).toBe(5);
    expect(err).toContain('base-rule-missing  ');
  });

  it('that still shares its traffic after the write is told, exit 8', async () => {
    using folder = tempFolder({ 'shop.yaml': file });
    const target = world(balancer(shared));
    const listener = (region: string) => ({ ...target.ways.listener(region), modifyRule: async () => {} });
    const ways = { ...target.ways, listener };
    const { code } = await run({ ...target, ways }, ['shop.yaml', '--stable', 'blue'], folder.path);
    expect(code).toBe(8);
  });
});

describe('a command line that names no target, or two', () => {
  it.each([
    [[]],
    [['--function', 'f']],
    [['--alias', 'live']],
    [[...ALIAS, '--rule', OWN_RULE]],
    [['shop.yaml', ...ALIAS]],
    [['--rule', 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/x/1']],
    [['--rule', THIRD, '--yes']],
    [['--function', 'arn:aws:lambda:eu-west-2:1:function:f', '--alias', 'live']],
    [['--function', 'f; rm -rf', '--alias', 'live']],
    [['--function', 'f', '--alias', '42']],
    [['missing.yaml']],
    [['shop.yaml', '--stable', 'red']],
  ])('is refused before anything is asked of AWS: %j', async (argv) => {
    const open = () => Promise.reject(new Error('AWS was asked'));
    const commands = [emergencyStopCommandOn(open)];
    const { code, err } = await runInMemory(['emergency-stop', ...argv], { commands, cwd: '/nonexistent' });
    expect(code).toBe(2);
    expect(err).toContain('Fix:');
  });

  it.each([
    ['an alias', ALIAS, ''],
    ['a rule', ['--rule', OWN_RULE], ''],
    ['a target with a rule per rollout', ['shop.yaml'], ALB_FILE()],
  ])(
    'is refused when it names the stable slot of %s, which has none to choose',
    async (_what, argv, file) => {
      using folder = tempFolder({ 'shop.yaml': file });
      const target = world();
      const { code, err } = await run(target, [...argv, '--stable', 'blue'], folder.path);
      expect(code).toBe(2);
      expect(err).toContain('Fix: Leave --stable out');
      expect(target.calls).toEqual([]);
    },
  );

  it('is refused for a file that names no target', async () => {
    using folder = tempFolder({ 'shop.yaml': 'service: shop\ntarget: {}\n' });
    const { code, err } = await run(world(), ['shop.yaml'], folder.path);
    expect(code).toBe(2);
    expect(err).toContain('not-one-target  ');
  });
});
