// Deliberate breaks of the deployed engine: each must keep a rollout from reaching its first bake, and say why.
// The fourth break, a wrong metric dimension, is told in rollouts.test.ts.
import { join } from 'node:path';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Cdk, cdkOf, changedAssembly, changedTree } from './support/cdk.ts';
import { openStage, type Stage, until } from './support/stage.ts';
import { HEALTHY } from './support/traffic.ts';

const ENGINE = 'StepshiftEngine';

describe.skipIf(inject('deployed') === null)('an engine that was broken on purpose', () => {
  let stage: Stage;
  let cdk: Cdk;
  let traffic: AsyncDisposable;
  beforeAll(async () => {
    stage = openStage();
    cdk = cdkOf(stage.deployed);
    traffic = await stage.traffic('broken', HEALTHY);
  });
  afterAll(async () => {
    await traffic[Symbol.asyncDispose]();
    await cdk.deploy(stage.deployed.assembly, ENGINE);
  });

  it.each([
    {
      what: 'a missing grant',
      change: (template: string) => template.replaceAll(/"dynamodb:GetItem",?/g, ''),
      says: /not authorized to perform: dynamodb:GetItem/,
    },
    {
      what: 'a dangling state',
      change: (template: string) =>
        template.replaceAll('\\"Next\\":\\"Shift traffic\\"', '\\"Next\\":\\"Shift trafic\\"'),
      says: /Shift trafic.*not found|MISSING_TRANSITION_TARGET/,
    },
  ])('is found out: $what', async ({ what, change, says }) => {
    const folder = join(stage.deployed.folder, what.replaceAll(' ', '-'));
    const assembly = changedAssembly(stage.deployed.assembly, folder, ENGINE, change);

    await cdk.deploy(assembly, ENGINE);

    expect(await failuresOfRollout()).toMatch(says);
  });

  it('is found out: a wrong name of an environment variable', async () => {
    const { folder, services } = stage.deployed;
    const assembly = join(folder, 'misspelt-assembly');
    const tree = changedTree(join(folder, 'misspelt'), {
      file: 'src/aws/dynamodb-table.ts',
      from: 'STEPSHIFT_TABLE',
      to: 'STEPSHIFT_TABEL',
    });

    await cdk.synth(tree, assembly, services);
    await cdk.deploy(assembly, ENGINE);

    expect(await failuresOfRollout()).toMatch(/environment variable STEPSHIFT_TABEL is not set/);
  });

  /** What a rollout says that must get no traffic for its canary. */
  async function failuresOfRollout(): Promise<string> {
    const rollout = await stage.start('broken');
    const failures = await until(
      'something fails',
      () => failuresOf(rollout),
      (found) => found !== '',
    );
    expect(await stage.canaryPercent('broken')).toBe(0);
    expect(await stage.states(rollout)).not.toContain('Bake');
    // its other way is retried without end, as it should be
    await stage.aws.states.send(new StopExecutionCommand({ executionArn: rollout })).catch(() => {});
    return failures;
  }

  async function failuresOf(executionArn: string): Promise<string> {
    const events = await stage.history(executionArn);
    return events
      .map(({ taskFailedEventDetails, executionFailedEventDetails }) =>
        [taskFailedEventDetails?.cause, executionFailedEventDetails?.cause].join(''),
      )
      .join('');
  }
});
