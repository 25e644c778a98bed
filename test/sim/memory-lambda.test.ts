// The in-memory Lambda control plane refuses what Lambda refuses, and tells its listeners what changed.
import { describe, expect, it } from 'vitest';
import { type AliasChanged, type AliasSetup, lambdaControlPlane } from '../../src/sim/memory-lambda.ts';

function planeWith(live: AliasSetup): ReturnType<typeof lambdaControlPlane> {
  const version = (name: string, roleArn = 'role-a') => ({
    version: name,
    roleArn,
    deadLetterArn: null,
    timeoutSeconds: 30,
  });
  return lambdaControlPlane({
    api: { versions: [version('1'), version('2'), version('3', 'role-b')], aliases: { live } },
  });
}

describe('an alias in memory', () => {
  it('changes its revision with every update that changes something, and only then', async () => {
    const plane = planeWith({ functionVersion: '1' });
    const first = await plane.getAlias('api', 'live');
    const same = await plane.updateAlias('api', 'live', { functionVersion: '1' });
    const described = await plane.updateAlias('api', 'live', { description: 'mine' });
    const split = await plane.updateAlias('api', 'live', { additionalWeights: { '2': 0.1 } });
    expect(same.revisionId).toBe(first.revisionId);
    expect(new Set([first, described, split].map(({ revisionId }) => revisionId)).size).toBe(3);
    expect(split).toMatchObject({
      functionVersion: '1',
      description: 'mine',
      additionalWeights: { '2': 0.1 },
    });
  });

  it('refuses an update that was meant for another revision', async () => {
    const plane = planeWith({ functionVersion: '1' });
    const { revisionId } = await plane.getAlias('api', 'live');
    plane.edit('api', 'live', { description: 'by hand' });
    await expect(
      plane.updateAlias('api', 'live', { functionVersion: '2' }, revisionId),
    ).rejects.toMatchObject({ name: 'PreconditionFailedException' });
    expect(plane.peek('api', 'live')).toMatchObject({ functionVersion: '1', description: 'by hand' });
  });

  it.each([
    ['the same version twice', { '1': 0.1 }, 'InvalidParameterValueException'],
    ['three versions', { '2': 0.1, '3': 0.1 }, 'InvalidParameterValueException'],
    ['a weight above 1', { '2': 1.1 }, 'InvalidParameterValueException'],
    ['a version with another role', { '3': 0.1 }, 'InvalidParameterValueException'],
    ['a version that does not exist', { '9': 0.1 }, 'ResourceNotFoundException'],
  ])('refuses to split over %s', async (_what, additionalWeights, name) => {
    const plane = planeWith({ functionVersion: '1' });
    await expect(plane.updateAlias('api', 'live', { additionalWeights })).rejects.toMatchObject({ name });
    expect(plane.peek('api', 'live')?.additionalWeights).toEqual({});
  });

  it('refuses to split $LATEST or an alias with provisioned concurrency', async () => {
    const latest = planeWith({ functionVersion: '$LATEST' });
    await expect(latest.updateAlias('api', 'live', { additionalWeights: { '2': 0.1 } })).rejects.toThrow();
    const provisioned = planeWith({ functionVersion: '1', hasProvisionedConcurrency: true });
    await expect(
      provisioned.updateAlias('api', 'live', { additionalWeights: { '2': 0.1 } }),
    ).rejects.toMatchObject({ name: 'ResourceConflictException' });
  });

  it('tells before and after of every change at the moment it takes effect', async () => {
    const plane = planeWith({ functionVersion: '1' });
    const heard: AliasChanged[] = [];
    plane.onChange((change) => heard.push(change));
    await plane.updateAlias('api', 'live', { additionalWeights: { '2': 0.1 } });
    plane.edit('api', 'live', { functionVersion: '2', additionalWeights: {} });
    await plane.updateAlias('api', 'live', { functionVersion: '2' });
    expect(heard.map(({ before, after }) => [before.additionalWeights, after.functionVersion])).toEqual([
      [{}, '1'],
      [{ '2': 0.1 }, '2'],
    ]);
  });

  it.each([
    ['as its version', { functionVersion: '2' }],
    ['with a weight', { functionVersion: '1', additionalWeights: { '2': 0.1 } }],
    ['with a weight of 0', { functionVersion: '1', additionalWeights: { '2': 0 } }],
  ])('keeps a version from being deleted that it names %s', async (_how, live) => {
    const plane = planeWith(live);
    expect(() => plane.deleteVersion('api', '2')).toThrow(
      expect.objectContaining({ name: 'ResourceConflictException' }),
    );
    plane.edit('api', 'live', { functionVersion: '1', additionalWeights: {} });
    plane.deleteVersion('api', '2');
    await expect(plane.getVersion('api', '2')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(plane.updateAlias('api', 'live', { additionalWeights: { '2': 0.1 } })).rejects.toMatchObject(
      { name: 'ResourceNotFoundException' },
    );
  });

  it('does not exist when nobody made it', async () => {
    const plane = planeWith({ functionVersion: '1' });
    expect(plane.peek('api', 'other')).toBeNull();
    await expect(plane.getAlias('api', 'other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(plane.getVersion('api', '9')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
