// Stories of whole rollouts on emulators: the deployed machine, the bundled functions, the real SDK, permissions enforced.
import { join } from 'node:path';
import { DisableRuleCommand, EnableRuleCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cdkOf, changedTree } from './support/cdk.ts';
import { stepshift } from './support/cli.ts';
import { openStage, type Stage, until } from './support/stage.ts';
import { FAILING, HEALTHY } from './support/traffic.ts';
import { type VirtualRun, virtualRun, wayOf } from './support/virtual-run.ts';

const isSkipped = inject('deployed') === null;

describe.skipIf(isSkipped)('a rollout on emulators', () => {
  let stage: Stage;
  let virtual: { readonly good: VirtualRun; readonly bad: VirtualRun };
  beforeAll(async () => {
    stage = openStage();
    // before anything that needs real timers
    const good = await virtualRun('good', HEALTHY);
    virtual = { good, bad: await virtualRun('bad', FAILING) };
  });

  describe.concurrent('beside others', () => {
    it('promotes a canary as good as stable, by the way that virtual time took', async () => {
      await using _traffic = await stage.traffic('good', HEALTHY);

      const rollout = await stage.start('good');

      expect(await stage.end(rollout)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.canaryPercent('good')).toBe(100);
      expect(wayOf(await stage.states(rollout))).toEqual(virtual.good.way);
      expect(virtual.good.finalWeightPercent).toBe(100);
    });

    it('takes a failing canary back, by the way that virtual time took', async () => {
      await using _traffic = await stage.traffic('bad', FAILING);

      const rollout = await stage.start('bad');

      expect(await stage.end(rollout)).toMatchObject({
        status: 'FAILED',
        error: 'ROLLED_BACK',
        cause: expect.stringMatching(/^Rolled back bad v2 at 10 % .* canary requests failed/),
      });
      expect(await stage.canaryPercent('bad')).toBe(0);
      expect(wayOf(await stage.states(rollout))).toEqual(virtual.bad.way);
      expect(virtual.bad.finalWeightPercent).toBe(0);
    });

    it('never promotes on metrics of another dimension than ExecutedVersion', async () => {
      await using _traffic = await stage.traffic('misnamed', { ...HEALTHY, versionDimension: 'Version' });

      const rollout = await stage.start('misnamed');

      expect(await stage.end(rollout)).toMatchObject({ status: 'FAILED', error: 'ROLLED_BACK' });
      expect(await stage.canaryPercent('misnamed')).toBe(0);
    });

    it('is taken back out of a bake by the event of an alarm', async () => {
      await using _traffic = await stage.traffic('alarmed', HEALTHY);
      const rollout = await stage.start('alarmed');
      await stage.untilBaking(rollout, 'alarmed');

      await stage.deliverAlarmEvent('alarmed');

      expect(await stage.end(rollout)).toMatchObject({
        error: 'ROLLED_BACK',
        cause: expect.stringContaining('alarm e2e-alarmed-errors fired'),
      });
      expect(await stage.canaryPercent('alarmed')).toBe(0);
      expect((await stage.states(rollout)).slice(-2)).toEqual(['Roll back', 'Rolled back']);
    });

    it('is aborted from the command line', async () => {
      await using _traffic = await stage.traffic('aborted', HEALTHY);
      const rollout = await stage.start('aborted');
      await stage.untilBaking(rollout, 'aborted');

      const answer = await stepshift(stage.deployed, 'abort', idOf(rollout), '-m', 'wrong totals');

      expect(answer).toMatchObject({ code: 0, data: { state: 'latched' } });
      expect(await stage.end(rollout)).toMatchObject({
        error: 'ABORTED',
        cause: expect.stringContaining('wrong totals'),
      });
      expect(await stage.canaryPercent('aborted')).toBe(0);
    });

    it('refuses a second start on its target, and is not disturbed by it', async () => {
      await using _traffic = await stage.traffic('repeated', HEALTHY);
      const first = await stage.start('repeated');
      await stage.untilBaking(first, 'repeated');

      const second = await stage.start('repeated');

      expect(await stage.end(second)).toMatchObject({
        error: 'REJECTED',
        cause: expect.stringContaining(idOf(first)),
      });
      expect(await stage.canaryPercent('repeated')).toBeGreaterThan(0);
      expect(await stage.signal(first, 'abort', 'seen enough')).toMatchObject({ state: 'latched' });
      expect(await stage.end(first)).toMatchObject({ error: 'ABORTED' });
      expect(await stage.canaryPercent('repeated')).toBe(0);
    });

    it('goes on with the functions that it began with while a new engine is deployed', async () => {
      const { deployed } = stage;
      const cdk = cdkOf(deployed);
      const tree = changedTree(join(deployed.folder, 'next-release'), {
        file: 'src/runtime/lambda-handler.ts',
        from: "'step done'",
        to: "'step done by the next release'",
      });
      const assembly = join(deployed.folder, 'next-assembly');
      await cdk.synth(tree, assembly, deployed.services);
      await using _traffic = await stage.traffic('upgraded', HEALTHY);
      const rollout = await stage.start('upgraded');
      await stage.untilBaking(rollout, 'upgraded');

      await cdk.deploy(assembly, 'StepshiftEngine');

      expect(await stage.end(rollout)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.canaryPercent('upgraded')).toBe(100);
      const [version, ...others] = await stage.versionsCalled(rollout);
      expect(others).toEqual([]);
      const later = await stage.start('upgraded');
      // its version is live by now
      expect(await stage.end(later)).toMatchObject({ error: 'REJECTED' });
      expect(await stage.versionsCalled(later)).toEqual([String(Number(version) + 1)]);
    });
  });

  describe('without its execution', () => {
    let sweeper: string;
    beforeAll(async () => {
      const { Rules } = await stage.aws.events.send(new ListRulesCommand({}));
      sweeper = Rules?.find(({ ScheduleExpression }) => ScheduleExpression !== undefined)?.Name ?? '';
      // it would do the same within a minute; here the guard has to, by the event of the execution
      await stage.aws.events.send(new DisableRuleCommand({ Name: sweeper }));
    });
    afterAll(() => stage.aws.events.send(new EnableRuleCommand({ Name: sweeper })));

    it('is taken back by the guard after StopExecution', async () => {
      await using _traffic = await stage.traffic('stopped', HEALTHY);
      const rollout = await stage.start('stopped');
      await stage.untilBaking(rollout, 'stopped');

      await stage.aws.states.send(new StopExecutionCommand({ executionArn: rollout }));

      expect(await stage.end(rollout)).toMatchObject({ status: 'ABORTED' });
      const { data } = await until(
        'the record is closed',
        () => stepshift(stage.deployed, 'status', idOf(rollout)),
        ({ code }) => code === 3,
      );
      expect(data).toMatchObject({ outcome: 'ROLLED_BACK' });
      expect(await stage.canaryPercent('stopped')).toBe(0);
    });
  });
});

function idOf(executionArn: string): string {
  return executionArn.split(':').at(-1) ?? '';
}
