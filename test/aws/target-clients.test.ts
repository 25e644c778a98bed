// Clients under a target's role: one per role, credentials of that role, and none where no role is named.
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TargetClientConfig, targetClients } from '../../src/aws/target-clients.ts';
import { PermissionError } from '../../src/core/errors.ts';
import type { TargetAccess } from '../../src/ports.ts';

const sts = mockClient(STSClient);

// modules are shared with the tests that follow in this worker
afterAll(() => {
  for (const mock of [sts]) mock.restore();
});
beforeEach(() => {
  sts.reset();
});
afterEach(() => {
  sts.reset();
});

function access(targetRoleArn: string | null): TargetAccess {
  return {
    target: { kind: 'lambda-alias', functionName: 'f', alias: 'live', interface: 'event' },
    targetRoleArn,
  };
}

describe('targetClients', () => {
  it('makes one client per role', () => {
    const clientFor = targetClients((config) => ({ config }));
    expect(clientFor(access('role-a'))).toBe(clientFor(access('role-a')));
    expect(clientFor(access('role-a'))).not.toBe(clientFor(access('role-b')));
  });

  it('leaves the credentials alone where no role is to be assumed', () => {
    const config = targetClients((given: TargetClientConfig) => given)(access(null));
    expect(config).not.toHaveProperty('credentials');
  });

  it('assumes the role, and tells the SDK when its credentials end', async () => {
    const Expiration = new Date(1_800_000_000_000);
    sts.on(AssumeRoleCommand, { RoleArn: 'role-a', RoleSessionName: 'stepshift' }).resolves({
      Credentials: { AccessKeyId: 'id', SecretAccessKey: 'key', SessionToken: 'token', Expiration },
    });
    const { credentials } = targetClients((given: TargetClientConfig) => given)(access('role-a'));
    expect(await credentials?.()).toEqual({
      accessKeyId: 'id',
      secretAccessKey: 'key',
      sessionToken: 'token',
      expiration: Expiration,
    });
  });

  it('names the role that it may not assume', async () => {
    sts.on(AssumeRoleCommand).rejects({ name: 'AccessDenied', message: 'not authorized' });
    const { credentials } = targetClients((given: TargetClientConfig) => given)(access('role-a'));
    const refused = credentials?.();
    await expect(refused).rejects.toThrow(PermissionError);
    await expect(refused).rejects.toThrow(/assume role-a/);
  });
});
