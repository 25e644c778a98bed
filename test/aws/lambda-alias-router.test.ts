// The Lambda alias router under the contract of all routers, and what is particular to the calls it makes.
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { lambdaAliasRouter } from '../../src/aws/lambda-alias-router.ts';
import { PermissionError, SupersededError, TransientError } from '../../src/core/errors.ts';
import type { TargetAccess, TrafficOrder } from '../../src/ports.ts';
import { LAMBDA_TRAITS, sharesOf } from '../contracts/lambda-router-traits.ts';
import { type RouterDriver, trafficRouterContract } from '../contracts/traffic-router.contract.ts';
import {
  conflicted,
  connectionLost,
  denied,
  type FakeLambda,
  FUNCTION,
  fakeLambda,
  revisionDiffers,
  throttled,
} from './fake-lambda.ts';
import { wire } from './on-the-wire.ts';

function access(alias: string): TargetAccess {
  return {
    target: { kind: 'lambda-alias', functionName: FUNCTION, alias, interface: 'event' },
    targetRoleArn: null,
  };
}

function order(seq: number, epoch = 1): TrafficOrder {
  return {
    ...access('live'),
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    handle: {},
    tag: { rolloutId: 'checkout-42', epoch, seq },
  };
}

const allowed = async (): Promise<void> => {};
const FIRST_SHIFT = { expectedPercent: 0, weightPercent: 5 };

function routerOf(lambda: FakeLambda) {
  return lambdaAliasRouter(() => lambda.client);
}

async function driver(): Promise<RouterDriver> {
  const lambda = fakeLambda();
  const { hooks } = lambda;
  const once = (when: 'before' | 'after', act: () => void): void => {
    hooks[when] = (api) => {
      if (api !== 'UpdateAlias') return;
      hooks[when] = undefined;
      act();
    };
  };
  const edit = (version: string, weights: Record<string, number>): void =>
    lambda.edit({
      FunctionVersion: version,
      RoutingConfig: { AdditionalVersionWeights: weights },
      Description: 'by hand',
    });
  return {
    router: routerOf(lambda),
    access: access('live'),
    missing: access('nowhere'),
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    setShare: (percent) => edit('41', { '42': percent / 100 }),
    setStranger: () => edit('43', {}),
    live: () => {
      const { FunctionVersion = '', RoutingConfig } = lambda.alias();
      return sharesOf(FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? {});
    },
    writes: () => lambda.updates.length,
    beforeNextWrite: (act) => once('before', act),
    afterNextWrite: (act) => once('after', act),
    freezeReads: lambda.freezeReads,
    loseNextAnswer: () =>
      once('after', () => {
        throw connectionLost();
      }),
    resendNextWrite: () =>
      once('after', () => {
        throw revisionDiffers();
      }),
    throttleNextWrite: () =>
      once('before', () => {
        throw throttled();
      }),
    throttleNext: (calls) => {
      let left = calls;
      hooks.before = () => {
        if (left === 0) return;
        left -= 1;
        throw throttled();
      };
    },
    deny: () => {
      hooks.before = () => {
        throw denied();
      };
    },
  };
}

trafficRouterContract('lambdaAliasRouter', driver, LAMBDA_TRAITS);

describe('lambdaAliasRouter', () => {
  it('writes weight, tag and the revision it read, and leaves the version alone', async () => {
    const lambda = fakeLambda();
    await routerOf(lambda).shift(order(3), FIRST_SHIFT, allowed);
    expect(lambda.updates).toEqual([
      {
        FunctionName: FUNCTION,
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: { '42': 0.05 } },
        Description: 'stepshift checkout-42/1/3',
        RevisionId: 'revision-1',
      },
    ]);
  });

  it('promotes in one call: the new version, and no weights', async () => {
    const lambda = fakeLambda();
    await routerOf(lambda).shift(order(1), FIRST_SHIFT, allowed);
    await routerOf(lambda).promote(order(2), allowed);
    expect(lambda.updates).toHaveLength(2);
    expect(lambda.updates[1]).toMatchObject({
      FunctionVersion: '42',
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
  });

  it('reads the revision before it asks for permission', async () => {
    const lambda = fakeLambda();
    const calls: string[] = [];
    lambda.hooks.before = (api) => calls.push(api);
    await routerOf(lambda).shift(order(1), FIRST_SHIFT, async () => {
      calls.push('authorise');
    });
    expect(calls).toEqual(['GetAlias', 'authorise', 'UpdateAlias', 'GetAlias']);
  });

  it('counts on in the description when the same order writes again, so that the revision changes', async () => {
    const lambda = fakeLambda();
    for (const _try of [1, 2, 3]) await routerOf(lambda).restore(order(2, 2), allowed);
    expect(lambda.updates.map(({ Description }) => Description)).toEqual([
      'stepshift checkout-42/2/2',
      'stepshift checkout-42/2/2 #2',
      'stepshift checkout-42/2/2 #3',
    ]);
  });

  it('does not write to an alias that somebody pointed at $LATEST', async () => {
    const lambda = fakeLambda();
    lambda.edit({ FunctionVersion: '$LATEST' });
    const router = routerOf(lambda);
    await expect(router.shift(order(1), FIRST_SHIFT, allowed)).rejects.toThrow(SupersededError);
    await expect(router.restore(order(1, 2), allowed)).rejects.toThrow(SupersededError);
    await expect(router.promote(order(1), allowed)).rejects.toThrow(SupersededError);
    expect(lambda.updates).toEqual([]);
  });

  it('calls another operation under way transient', async () => {
    const lambda = fakeLambda();
    lambda.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw conflicted();
    };
    await expect(routerOf(lambda).restore(order(1, 2), allowed)).rejects.toThrow(TransientError);
  });

  it('takes its own write for success when a second send of it is refused', async () => {
    const lambda = fakeLambda();
    lambda.hooks.after = (api) => {
      if (api !== 'UpdateAlias') return;
      lambda.hooks.after = undefined;
      throw revisionDiffers();
    };
    const live = await routerOf(lambda).shift(order(1), FIRST_SHIFT, allowed);
    expect(live).toMatchObject({ canaryPercent: 5, stablePercent: 95 });
    expect(lambda.updates).toHaveLength(1);
  });

  it('gives an alias that never stops changing back to the retry of its step', async () => {
    const lambda = fakeLambda();
    let edits = 0;
    lambda.hooks.before = (api) => {
      edits += 1;
      if (api === 'UpdateAlias') lambda.edit({ Description: `edit ${edits}` });
    };
    await expect(routerOf(lambda).restore(order(1, 2), allowed)).rejects.toThrow(TransientError);
    expect(lambda.updates).toEqual([]);
  });

  it('does not count hundredths of a percent as drift', async () => {
    const lambda = fakeLambda();
    lambda.edit({ RoutingConfig: { AdditionalVersionWeights: { '42': 0.07000000000000001 } } });
    const live = await routerOf(lambda).shift(order(1), { expectedPercent: 7, weightPercent: 29 }, allowed);
    expect(live).toMatchObject({ canaryPercent: 29, stablePercent: 71 });
  });
});

describe('bugs that others paid for', () => {
  // Argo Rollouts #491: a weight of 0 was left out of the message, so that the old one stayed
  it('zero-is-serialised', async () => {
    const split = {
      FunctionVersion: '41',
      RoutingConfig: { AdditionalVersionWeights: { '42': 0.05 } },
      RevisionId: 'revision-1',
    };
    const whole = { FunctionVersion: '41', RevisionId: 'revision-2' };
    let isRestored = false;
    const { bodies, config } = wire((body) => {
      const answer = JSON.stringify(isRestored ? whole : split);
      isRestored ||= body !== '';
      return answer;
    });
    await lambdaAliasRouter(() => new LambdaClient(config)).restore(order(2, 2), allowed);
    const [update, ...more] = bodies.filter((body) => body !== '');
    expect(more).toEqual([]);
    expect(JSON.parse(update ?? '')).toEqual({
      Description: 'stepshift checkout-42/2/2',
      RevisionId: 'revision-1',
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
  });
});

describe('the facts that lambdaAliasRouter reads', () => {
  it('are those that the gates of an alias look at', async () => {
    const lambda = fakeLambda({ '41': { timeoutSeconds: 12 }, '42': { deadLetterArn: 'queue' } });
    lambda.edit({ RoutingConfig: { AdditionalVersionWeights: { '42': 0.125, '43': 0 } } });
    expect(await routerOf(lambda).describe(access('live'), '42')).toEqual({
      kind: 'lambda-alias',
      alias: {
        primaryVersion: '41',
        additionalShares: { '42': 12.5 },
        hasProvisionedConcurrency: false,
        invokedByHttpFront: false,
      },
      stable: { version: '41', roleArn: 'role-a', deadLetterArn: null, timeoutSeconds: 12 },
      canary: { version: '42', roleArn: 'role-a', deadLetterArn: 'queue', timeoutSeconds: 30 },
    });
  });

  it.each(['99', '$LATEST', 'live'])('say that there is no published version %s', async (version) => {
    const facts = await routerOf(fakeLambda({ '41': {}, $LATEST: {}, live: {} })).describe(
      access('live'),
      version,
    );
    expect(facts).toMatchObject({ canary: null });
  });

  it('tell of provisioned concurrency on the alias', async () => {
    const lambda = fakeLambda({ '41': {} }, { isProvisioned: true });
    const facts = await routerOf(lambda).describe(access('live'), '42');
    expect(facts).toMatchObject({ alias: { hasProvisionedConcurrency: true } });
  });

  it.each([
    ['an API', { Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'lambda:InvokeFunction' }, true],
    ['a load balancer', { Principal: { Service: ['elasticloadbalancing.amazonaws.com'] } }, true],
    [
      'a function URL',
      { Principal: '*', Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
      true,
    ],
    ['a topic', { Principal: { Service: 'sns.amazonaws.com' }, Action: 'lambda:InvokeFunction' }, false],
  ])('tell whether %s answers HTTP with it', async (_name, statement, invokedByHttpFront) => {
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const facts = await routerOf(fakeLambda({ '41': {} }, { policy })).describe(access('live'), '42');
    expect(facts).toMatchObject({ alias: { invokedByHttpFront } });
  });

  it('are not guessed when permission is missing', async () => {
    const lambda = fakeLambda();
    lambda.hooks.before = (api) => {
      if (api === 'GetPolicy') throw denied();
    };
    await expect(routerOf(lambda).describe(access('live'), '42')).rejects.toThrow(PermissionError);
  });
});
