// The in-memory Lambda router under the contract of all routers, and what is particular to an alias.
import { describe, expect, it } from 'vitest';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import type { LambdaVersionFacts } from '../../src/core/targets/lambda-alias.ts';
import type { TargetAccess, TrafficOrder } from '../../src/ports.ts';
import {
  type AliasConfiguration,
  type LambdaControlPlane,
  type LambdaHooks,
  lambdaControlPlane,
} from '../../src/sim/memory-lambda.ts';
import { memoryLambdaRouter } from '../../src/sim/memory-lambda-router.ts';
import { LAMBDA_TRAITS, sharesOf } from '../contracts/lambda-router-traits.ts';
import { type RouterDriver, trafficRouterContract } from '../contracts/traffic-router.contract.ts';
import { allowed } from '../contracts/traffic-router-scene.ts';

const FUNCTION = 'checkout-api';

function version(name: string, change: Partial<LambdaVersionFacts> = {}): LambdaVersionFacts {
  return { version: name, roleArn: 'role-a', deadLetterArn: null, timeoutSeconds: 30, ...change };
}

function plane(hooks: LambdaHooks = {}): LambdaControlPlane {
  return lambdaControlPlane(
    {
      [FUNCTION]: {
        versions: [version('41'), version('42'), version('43')],
        aliases: { live: { functionVersion: '41' } },
      },
    },
    hooks,
  );
}

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

async function driver(): Promise<RouterDriver> {
  const hooks: LambdaHooks = {};
  const lambda = plane(hooks);
  let frozen: AliasConfiguration | null = null;
  const seen: LambdaControlPlane = {
    ...lambda,
    getAlias: async (name, alias) => frozen ?? (await lambda.getAlias(name, alias)),
  };
  let writes = 0;
  let isTheirs = false;
  lambda.onChange(() => {
    if (!isTheirs) writes += 1;
  });
  const edit = (functionVersion: string, additionalWeights: Record<string, number>): void => {
    isTheirs = true;
    lambda.edit(FUNCTION, 'live', { functionVersion, additionalWeights, description: 'by hand' });
    isTheirs = false;
  };
  return {
    router: memoryLambdaRouter(seen),
    access: access('live'),
    missing: access('nowhere'),
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    setShare: (percent) => edit('41', { '42': percent / 100 }),
    setStranger: () => edit('43', {}),
    live: () => {
      const alias = lambda.peek(FUNCTION, 'live');
      if (alias === null) throw new Error('the alias is gone');
      return sharesOf(alias.functionVersion, alias.additionalWeights);
    },
    writes: () => writes,
    beforeNextWrite: (act) => {
      hooks.before = (api) => {
        if (api !== 'UpdateAlias') return;
        hooks.before = undefined;
        act();
      };
    },
    afterNextWrite: (act) => {
      hooks.after = (api) => {
        if (api !== 'UpdateAlias') return;
        hooks.after = undefined;
        act();
      };
    },
    freezeReads: () => {
      frozen = lambda.peek(FUNCTION, 'live');
      return () => {
        frozen = null;
      };
    },
    loseNextAnswer: () => {
      hooks.after = (api) => {
        if (api !== 'UpdateAlias') return;
        hooks.after = undefined;
        throw new TransientError('the connection was closed');
      };
    },
    resendNextWrite: () => {
      hooks.after = (api) => {
        if (api !== 'UpdateAlias') return;
        hooks.after = undefined;
        throw Object.assign(new Error('the revision is another one'), {
          name: 'PreconditionFailedException',
        });
      };
    },
    throttleNextWrite: () => {
      hooks.before = (api) => {
        if (api !== 'UpdateAlias') return;
        hooks.before = undefined;
        throw new TransientError('Rate exceeded');
      };
    },
    throttleNext: (calls) => {
      let left = calls;
      hooks.before = () => {
        if (left === 0) return;
        left -= 1;
        throw new TransientError('Rate exceeded');
      };
    },
    deny: () => {
      hooks.before = (api) => {
        throw new PermissionError(`not authorized to perform lambda:${api}`);
      };
    },
  };
}

trafficRouterContract('the in-memory Lambda router', driver, LAMBDA_TRAITS);

describe('the in-memory Lambda router', () => {
  it('reads the facts that the gates of an alias look at', async () => {
    const lambda = lambdaControlPlane({
      [FUNCTION]: {
        versions: [version('41'), version('42', { deadLetterArn: 'queue' })],
        aliases: {
          live: { functionVersion: '41', hasProvisionedConcurrency: true, invokedByHttpFront: true },
          split: { functionVersion: '41', additionalWeights: { '42': 0.123 } },
        },
      },
    });
    const router = memoryLambdaRouter(lambda);
    expect(await router.describe(access('live'), '42')).toEqual({
      kind: 'lambda-alias',
      alias: {
        primaryVersion: '41',
        additionalShares: {},
        hasProvisionedConcurrency: true,
        invokedByHttpFront: true,
      },
      stable: version('41'),
      canary: version('42', { deadLetterArn: 'queue' }),
    });
    expect(await router.describe(access('split'), '99')).toMatchObject({
      alias: {
        additionalShares: { '42': 12.3 },
        hasProvisionedConcurrency: false,
        invokedByHttpFront: false,
      },
      canary: null,
    });
    expect(await router.describe(access('nowhere'), '42')).toMatchObject({ alias: null });
  });

  it('leaves its tag in the description', async () => {
    const lambda = plane();
    await memoryLambdaRouter(lambda).shift(order(3), { expectedPercent: 0, weightPercent: 5 }, allowed);
    expect(lambda.peek(FUNCTION, 'live')).toMatchObject({
      functionVersion: '41',
      additionalWeights: { '42': 0.05 },
      description: 'stepshift checkout-42/1/3',
    });
  });

  it('cannot be overtaken by a shift that was sent before the rollback and lands after it', async () => {
    const hooks: LambdaHooks = {};
    const lambda = plane(hooks);
    const router = memoryLambdaRouter(lambda);
    const arrival = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    hooks.before = (api) => {
      if (api !== 'UpdateAlias') return;
      hooks.before = undefined;
      sent.resolve();
      return arrival.promise;
    };
    const shift = router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, allowed);
    await sent.promise;
    await router.restore(order(1, 2), allowed);
    arrival.resolve();
    await expect(shift).rejects.toThrow(/somebody else wrote first/);
    expect(lambda.peek(FUNCTION, 'live')).toMatchObject({ functionVersion: '41', additionalWeights: {} });
  });

  it('takes its own write for success when a second send of it is refused', async () => {
    const hooks: LambdaHooks = {};
    const lambda = plane(hooks);
    hooks.after = (api) => {
      if (api !== 'UpdateAlias') return;
      hooks.after = undefined;
      throw Object.assign(new Error('the first send was taken'), { name: 'PreconditionFailedException' });
    };
    const change = { expectedPercent: 0, weightPercent: 5 };
    const live = await memoryLambdaRouter(lambda).shift(order(1), change, allowed);
    expect(live).toMatchObject({ canaryPercent: 5, stablePercent: 95 });
  });

  it('gives an alias that never stops changing back to the retry of its step', async () => {
    const hooks: LambdaHooks = {};
    const lambda = plane(hooks);
    let edits = 0;
    hooks.before = (api) => {
      if (api !== 'UpdateAlias') return;
      edits += 1;
      lambda.edit(FUNCTION, 'live', { description: `edit ${edits}` });
    };
    await expect(memoryLambdaRouter(lambda).restore(order(1, 2), allowed)).rejects.toThrow(TransientError);
  });
});
