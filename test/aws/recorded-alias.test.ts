// A Lambda alias as it stands on the wire: what GetAlias tells, what UpdateAlias sends, and how both refuse.
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { lambdaAliasRouter } from '../../src/aws/lambda-alias-router.ts';
import { PermissionError, SupersededError, TransientError } from '../../src/core/errors.ts';
import type { TargetAccess, TrafficOrder } from '../../src/ports.ts';
import { allowed } from '../contracts/traffic-router-scene.ts';
import { replay, type Script } from './recorded/replay.ts';

const FUNCTION = '/2015-03-31/functions/checkout-api';
const GET = `GET ${FUNCTION}/aliases/live`;
const PUT = `PUT ${FUNCTION}/aliases/live`;

const ACCESS: TargetAccess = {
  target: { kind: 'lambda-alias', functionName: 'checkout-api', alias: 'live', interface: 'event' },
  targetRoleArn: null,
};
const FIRST_SHIFT = { expectedPercent: 0, weightPercent: 5 };
const REVISION = '0b8a1d5e-2b8e-4f57-9d3c-6a1c9f0e7d01';

function order(seq: number): TrafficOrder {
  return {
    ...ACCESS,
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    handle: {},
    tag: { rolloutId: 'checkout-42', epoch: 1, seq },
  };
}

function routing(script: Script) {
  const names = Object.entries(script).map(([call, answers]): [string, readonly string[]] => [
    call,
    answers.map((answer) => `lambda/${answer}`),
  ]);
  const lambda = replay(Object.fromEntries(names));
  const client = new LambdaClient(lambda.config);
  return { ...lambda, router: lambdaAliasRouter(() => client) };
}

describe('GetAlias', () => {
  it.each([
    ['weighted', { canaryPercent: 5, stablePercent: 95, writtenBy: 'checkout-42/1/1' }],
    ['whole', { canaryPercent: 0, stablePercent: 100, writtenBy: null }],
    ['empty-weights', { canaryPercent: 0, stablePercent: 100 }],
    ['null-routing', { canaryPercent: 0, stablePercent: 100, writtenBy: null }],
    ['unrounded', { canaryPercent: 7, stablePercent: 93 }],
  ])('%s is read as traffic', async (name, live) => {
    const { router } = routing({ [GET]: [`get-alias.${name}`] });
    expect(await router.verify(order(1))).toMatchObject({ ...live, strangers: [] });
  });

  it('names the version that somebody else put there', async () => {
    const { router } = routing({ [GET]: ['get-alias.promoted-by-hand'] });
    expect(await router.verify(order(1))).toEqual({
      canaryPercent: 0,
      stablePercent: 0,
      strangers: ['43'],
      writtenBy: null,
    });
  });

  it('is a signed GET in the path of the API version, without a body', async () => {
    const { router, sent } = routing({ [GET]: ['get-alias.whole'] });
    await router.verify(order(1));
    expect(sent).toMatchObject([
      { method: 'GET', host: 'lambda.eu-west-2.amazonaws.com', path: `${FUNCTION}/aliases/live`, body: '' },
    ]);
    expect(sent[0]?.headers['authorization']).toMatch(/\/eu-west-2\/lambda\/aws4_request,/);
  });

  it.each([
    ['throttled', TransientError, 'GetAlias checkout-api:live: TooManyRequestsException: Rate exceeded'],
    ['service-exception', TransientError, 'GetAlias checkout-api:live: ServiceException'],
    // an answer of something in between: no JSON, and nothing but the status tells what it means
    ['service-unavailable', TransientError, 'GetAlias checkout-api:live'],
    ['access-denied', PermissionError, 'is not authorized to perform: lambda:UpdateAlias'],
  ])('%s is an error of its kind', async (name, kind, words) => {
    const failing = () => routing({ [GET]: [name] }).router.verify(order(1));
    await expect(failing()).rejects.toThrow(kind);
    await expect(failing()).rejects.toThrow(words);
  });

  it('keeps the name of an alias that does not exist, and makes it a fact for the gates', async () => {
    const { router } = routing({ [GET]: ['get-alias.not-found', 'get-alias.not-found'] });
    await expect(router.verify(order(1))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await router.describe(ACCESS, '42')).toMatchObject({ alias: null, stable: null, canary: null });
  });
});

describe('UpdateAlias', () => {
  it('sends the weight, the tag and the revision it read, and no version', async () => {
    const { router, sent, unused } = routing({
      [GET]: ['get-alias.whole', 'get-alias.weighted'],
      [PUT]: ['update-alias.shifted'],
    });
    const live = await router.shift(order(1), FIRST_SHIFT, allowed);
    expect(live).toMatchObject({ canaryPercent: 5, stablePercent: 95 });
    expect(sent.map(({ call }) => call)).toEqual([GET, PUT, GET]);
    expect(sent[1]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(sent[1]?.body ?? '')).toEqual({
      Description: 'stepshift checkout-42/1/1',
      RoutingConfig: { AdditionalVersionWeights: { '42': 0.05 } },
      RevisionId: REVISION,
    });
    expect(unused()).toEqual([]);
  });

  it('takes the canary off by an empty map; the answer then has no weights at all', async () => {
    const { router, sent } = routing({
      [GET]: ['get-alias.weighted', 'get-alias.restored'],
      [PUT]: ['update-alias.restored'],
    });
    const { found, live } = await router.restore(order(2), allowed);
    expect([found.canaryPercent, live.canaryPercent]).toEqual([5, 0]);
    expect(JSON.parse(sent[1]?.body ?? '')).toEqual({
      Description: 'stepshift checkout-42/1/2',
      RoutingConfig: { AdditionalVersionWeights: {} },
      RevisionId: '3d2a1c60-7f0e-4a3f-8c3c-1d2f6c8e1b02',
    });
  });

  it('loses to whoever wrote first, reads again and wins on the revision it finds then', async () => {
    const { router, sent } = routing({
      // look; after the refusal, to see whose write is there; look again; verify
      [GET]: ['get-alias.whole', 'get-alias.weighted', 'get-alias.weighted', 'get-alias.restored'],
      [PUT]: ['update-alias.precondition-failed', 'update-alias.restored'],
    });
    expect(await router.restore(order(2), allowed)).toMatchObject({ live: { canaryPercent: 0 } });
    const revisions = sent.filter(({ call }) => call === PUT).map(({ body }) => JSON.parse(body).RevisionId);
    expect(revisions).toEqual([REVISION, '3d2a1c60-7f0e-4a3f-8c3c-1d2f6c8e1b02']);
  });

  it('does not write over a version that appeared after a refusal', async () => {
    const { router } = routing({
      [GET]: ['get-alias.whole', 'get-alias.promoted-by-hand', 'get-alias.promoted-by-hand'],
      [PUT]: ['update-alias.precondition-failed'],
    });
    await expect(router.restore(order(2), allowed)).rejects.toThrow(SupersededError);
  });

  it('gives another operation under way back to the retry of the step', async () => {
    const { router } = routing({
      [GET]: ['get-alias.whole', 'get-alias.whole'],
      [PUT]: ['update-alias.conflict'],
    });
    const shift = router.shift(order(1), FIRST_SHIFT, allowed);
    await expect(shift).rejects.toThrow(TransientError);
    await expect(shift).rejects.toThrow('another operation on the function is under way');
  });

  it('that is denied writes nothing and is not tried again', async () => {
    const { router, sent } = routing({ [GET]: ['get-alias.whole'], [PUT]: ['access-denied'] });
    await expect(router.shift(order(1), FIRST_SHIFT, allowed)).rejects.toThrow(PermissionError);
    expect(sent.map(({ call }) => call)).toEqual([GET, PUT]);
  });
});

describe('the facts for the gates', () => {
  const VERSIONS = {
    [`GET ${FUNCTION}/configuration?Qualifier=41`]: ['get-function-configuration.41'],
    [`GET ${FUNCTION}/configuration?Qualifier=42`]: ['get-function-configuration.42'],
  };
  const PROVISIONED = 'GET /2019-09-30/functions/checkout-api/provisioned-concurrency?Qualifier=live';
  const POLICY = `GET ${FUNCTION}/policy?Qualifier=live`;

  it('are read by five calls; what an alias does not have is a refusal with a name of its own', async () => {
    const { router, unused } = routing({
      [GET]: ['get-alias.whole'],
      ...VERSIONS,
      [PROVISIONED]: ['get-provisioned-concurrency-config.not-found'],
      [POLICY]: ['get-policy.not-found'],
    });
    const version = {
      roleArn: 'arn:aws:iam::123456789012:role/checkout-api',
      deadLetterArn: 'arn:aws:sqs:eu-west-2:123456789012:checkout-dead',
      timeoutSeconds: 12,
    };
    expect(await router.describe(ACCESS, '42')).toEqual({
      kind: 'lambda-alias',
      alias: {
        primaryVersion: '41',
        additionalShares: {},
        hasProvisionedConcurrency: false,
        invokedByHttpFront: false,
      },
      stable: { version: '41', ...version },
      canary: { version: '42', ...version },
    });
    expect(unused()).toEqual([]);
  });

  it('tell of provisioned concurrency, of an API in the policy and of a version that is not there', async () => {
    const { router } = routing({
      [GET]: ['get-alias.unrounded'],
      ...VERSIONS,
      [`GET ${FUNCTION}/configuration?Qualifier=42`]: ['get-function-configuration.not-found'],
      [PROVISIONED]: ['get-provisioned-concurrency-config.ready'],
      [POLICY]: ['get-policy.api'],
    });
    expect(await router.describe(ACCESS, '42')).toMatchObject({
      alias: {
        additionalShares: { '42': 7 },
        hasProvisionedConcurrency: true,
        invokedByHttpFront: true,
      },
      canary: null,
    });
  });
});
