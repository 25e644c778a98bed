// The Lambda alias as a target: what it promises, and what its gates refuse because of other people's bugs.
import { describe, expect, it } from 'vitest';
import {
  quarantineSeconds,
  type Target,
  targetGates,
  targetPromises,
} from '../../../src/core/targets/index.ts';
import type { LambdaAliasFacts } from '../../../src/core/targets/lambda-alias.ts';

const target: Target = { kind: 'lambda-alias', functionName: 'shop', alias: 'live', interface: 'event' };
const request = { service: 'shop', version: '42', hasHttpErrorStream: false };
const version = (name: string) => ({
  version: name,
  roleArn: 'role',
  deadLetterArn: null,
  timeoutSeconds: 3,
});

function facts(alias: Partial<NonNullable<LambdaAliasFacts['alias']>> = {}): LambdaAliasFacts {
  return {
    kind: 'lambda-alias',
    alias: {
      primaryVersion: '41',
      additionalShares: {},
      hasProvisionedConcurrency: false,
      invokedByHttpFront: false,
      ...alias,
    },
    stable: version('41'),
    canary: version('42'),
  };
}
const shutCodes = (found: LambdaAliasFacts): string[] =>
  targetGates(target, found, request).flatMap(({ problem }) => problem?.code ?? []);

describe('a Lambda alias', () => {
  it('refuses late writes itself, so that no rollback has to wait and nothing is left to promise', () => {
    expect(quarantineSeconds(target, 'restored')).toBe(0);
    expect(quarantineSeconds(target, 'untouched')).toBe(0);
    expect(targetPromises(target)).toEqual([]);
  });

  it('starts on one published version, and on nothing else', () => {
    expect(shutCodes(facts())).toEqual([]);
    expect(shutCodes(facts({ primaryVersion: '$LATEST' }))).toEqual(['stable-not-published']);
    expect(shutCodes(facts({ additionalShares: { '40': 5 } }))).toEqual(['alias-already-split']);
  });
});

describe('what to do about a refusal', () => {
  const fixes = (found: LambdaAliasFacts): string[] =>
    targetGates(target, found, request).flatMap(({ problem }) => problem?.fix ?? []);

  // commands with gaps in them were pasted, and failed
  it.each([
    [
      'no such version',
      { ...facts(), canary: null },
      'aws lambda list-versions-by-function --function-name shop',
    ],
    [
      'split already',
      facts({ additionalShares: { '40': 5 } }),
      "aws lambda update-alias --function-name shop --name live --routing-config 'AdditionalVersionWeights={}'",
    ],
    [
      'no such alias',
      { ...facts(), alias: null },
      'aws lambda create-alias --function-name shop --name live --function-version VERSION',
    ],
  ])('%s: ends with a command that can be pasted', (_name, found, command) => {
    const [fix, ...others] = fixes(found);
    expect(others).toEqual([]);
    expect(fix?.endsWith(`: ${command}`), fix).toBe(true);
  });
});

describe('bugs that others paid for', () => {
  // gradientedge/cdk-utils #1110: provisioned concurrency on a weighted alias wedged its updates
  it('pc-on-version-only', () => {
    const [problem, ...more] = targetGates(
      target,
      facts({ hasProvisionedConcurrency: true }),
      request,
    ).flatMap((gate) => gate.problem ?? []);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      code: 'alias-has-provisioned-concurrency',
      allowed: 'provisioned concurrency on versions only',
    });
  });
});
