// Permissions and code agree: the grants are exactly the AWS calls that the adapters make.
import { readdirSync, readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { needsOf, type PortName } from '../../lib/grants.ts';
import { targetPermissions } from '../../lib/target-permissions.ts';
import type { AlbMode } from '../../src/core/targets/alb-rule-modes.ts';
import { albAccess, BASE_RULE } from '../contracts/alb-driver.ts';
import { SAMPLE_ENGINE, serviceSpec } from './synth.ts';

const ADAPTERS = new URL('../../src/aws/', import.meta.url);

/** Every call of an SDK command in the adapters whose file names match, for example `UpdateAlias`. */
function callsIn(files: RegExp): readonly string[] {
  const calls = readdirSync(ADAPTERS)
    .filter((name) => files.test(name))
    .flatMap((name) => [...readFileSync(new URL(name, ADAPTERS), 'utf8').matchAll(/new (\w+)Command\(/g)])
    .map(([, call]) => String(call));
  return [...new Set(calls)];
}

function grantsOf(port: PortName): readonly string[] {
  return needsOf([port], SAMPLE_ENGINE).statements.flatMap(({ actions }) => actions);
}

/** Commands of the document client and the actions that they need. */
const ITEM_ACTIONS: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Query: 'Query',
};

describe('the grant of a port', () => {
  it.each([
    ['metrics', 'cloudwatch', /^cloudwatch-metric-source/],
    ['alarms', 'cloudwatch', /^cloudwatch-alarm-source/],
    ['events', 'events', /^eventbridge-/],
    ['tokens', 'states', /^sfn-task-tokens/],
    ['executions', 'states', /^sfn-executions/],
    ['notifier', 'sns', /^sns-/],
    ['routers', 'sts', /^target-clients/],
  ] as const)('%s is what its adapter calls', (port, service, files) => {
    const calls = callsIn(files);
    expect(calls).not.toEqual([]);
    expect([...grantsOf(port)].sort()).toEqual(calls.map((call) => `${service}:${call}`).sort());
  });

  it('store is what the table is asked for, transactions by their parts', () => {
    const parts = callsIn(/^dynamodb-/).flatMap((call) =>
      call === 'TransactWrite'
        ? ['PutItem', 'UpdateItem', 'ConditionCheckItem']
        : [ITEM_ACTIONS[call] ?? call],
    );
    expect([...grantsOf('store')].sort()).toEqual(
      [...new Set(parts)].map((call) => `dynamodb:${call}`).sort(),
    );
  });
});

describe('the target role of a Lambda alias', () => {
  it('allows what the router calls and nothing else', () => {
    const stack = new Stack(new App(), 'Team');
    const allowed = targetPermissions(serviceSpec('checkout').target, stack).flatMap(
      ({ actions }) => actions,
    );
    expect(allowed.sort()).toEqual(
      callsIn(/^lambda-alias/)
        .map((call) => `lambda:${call}`)
        .sort(),
    );
  });
});

describe('the target role of an ALB rule', () => {
  /** What the API does not call, but asks of whoever makes a rule with tags, or sends a sign-in at Cognito back. */
  const WITHOUT_A_CALL = ['cognito-idp:DescribeUserPoolClient', 'elasticloadbalancing:AddTags'];

  function allowedIn(mode: AlbMode): readonly string[] {
    const stack = new Stack(new App(), 'Team');
    const { target } = albAccess(BASE_RULE, mode);
    return [...new Set(targetPermissions(target, stack).flatMap(({ actions }) => actions))];
  }

  it('allows what the router calls and nothing else', () => {
    const called = callsIn(/^elbv2-/).map((call) => `elasticloadbalancing:${call}`);
    expect(allowedIn('rule-per-rollout').toSorted()).toEqual([...called, ...WITHOUT_A_CALL].toSorted());
  });

  it('allows in place the same but for making rules', () => {
    const making = ['elasticloadbalancing:CreateRule', 'elasticloadbalancing:AddTags'];
    expect(allowedIn('in-place').toSorted()).toEqual(
      allowedIn('rule-per-rollout')
        .filter((action) => !making.includes(action))
        .toSorted(),
    );
  });
});
