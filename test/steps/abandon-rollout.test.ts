// Step «Abandon rollout»: cleans up after a refused or failed start and says why.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { FencedError, TransientError } from '../../src/core/errors.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { abandonRollout } from '../../src/steps/abandon-rollout.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { EXECUTION, ROLLOUT_ID, START_INPUT, startedWorld, stepWorld } from '../support/step-world.ts';

const FAILED = {
  ...START_INPUT,
  request: { ...START_INPUT.request, failure: { Error: 'RejectedError', Cause: 'not this time' } },
};

describe('abandoning', () => {
  it('names the gate that refused, with its fix, and gives the lease back', async () => {
    const world = await stepWorld();
    const input = { ...START_INPUT, request: { service: 'checkout', version: '99' } };
    await startRollout.run(input, world.ports).catch(() => undefined);
    const end = await abandonRollout.run(FAILED, world.ports);
    expect(end.outcome).toBe('REJECTED');
    expect(end.reason.sentence).toMatch(/version 99 .* does not exist \(version-missing\)/);
    expect(await world.row()).toMatchObject({ phase: 'REJECTED', outcome: 'REJECTED' });
    expect((await world.ports.store.readFence((await world.row()).targetId)).owner).toBeNull();
    expect(world.lambda.peek('checkout-api', 'live')?.description).toBe('');
  });

  it('takes back what a start had prepared before it failed', async () => {
    const { world } = await startedWorld();
    await abandonRollout.run(FAILED, world.ports);
    expect(await world.row()).toMatchObject({ outcome: 'REJECTED' });
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(world.lambda.peek('checkout-api', 'live')?.description).toContain(ROLLOUT_ID);
  });

  it('tells the cause of a failure without a record, also a Lambda’s JSON', async () => {
    const world = await stepWorld();
    const Cause = JSON.stringify({
      errorType: 'InvalidInputError',
      errorMessage: 'request-invalid: no version',
    });
    const request = { service: 'checkout', failure: { Error: 'InvalidInputError', Cause } };
    const end = await abandonRollout.run({ ...START_INPUT, request }, world.ports);
    expect(end.reason.sentence).toBe('Not started: request-invalid: no version');
  });

  it('is idempotent, and retried while the store is away', async () => {
    const { world } = await startedWorld();
    const { store } = world.ports;
    const away = { ...store, close: () => Promise.reject(new TransientError('away')) };
    await expect(abandonRollout.run(FAILED, { ...world.ports, store: away })).rejects.toThrow('away');
    await abandonRollout.run(FAILED, world.ports);
    await abandonRollout.run(FAILED, world.ports);
    expect(await world.row()).toMatchObject({ outcome: 'REJECTED' });
  });

  it('leaves an older rollout of the same name alone', async () => {
    const { world } = await startedWorld();
    const foreign = { ...FAILED, execution: EXECUTION.replace(':stepshift:', ':other:') };
    await abandonRollout.run(foreign, world.ports);
    expect(await world.row()).toMatchObject({ phase: 'PREPARED', outcome: null });
  });

  it('announces what it undoes, records it, and has the fence raised for it', async () => {
    const { world, rollout } = await startedWorld();
    await abandonRollout.run(FAILED, world.ports);
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    const restore = { action: 'restore', epoch: rollout.epoch + 1, weightPercent: 0 };
    expect(factsOf(audit, 'intent').at(-1)).toMatchObject({ ...restore, stageIndex: null });
    expect(factsOf(audit, 'outcome').at(-1)).toMatchObject({
      ...restore,
      found: { canaryPercent: 0 },
      live: { canaryPercent: 0 },
    });
    expect(audit.at(-1)?.fact).toMatchObject({ kind: 'ended', outcome: 'REJECTED' });
  });

  it('tells loudly while it cannot clean up, since nobody has seen the target safe', async () => {
    const { world } = await startedWorld();
    world.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    await expect(abandonRollout.run(FAILED, world.ports)).rejects.toThrow('throttled');
    expect(world.eventNames()).toContain('rollback-delayed');
    expect((await world.row()).outcome).toBeNull();
    world.hooks.before = undefined;
    expect((await abandonRollout.run(FAILED, world.ports)).outcome).toBe('REJECTED');
  });

  it('writes nothing and closes nothing while the lease is somebody else’s', async () => {
    const { world } = await startedWorld();
    const revision = world.lambda.peek('checkout-api', 'live')?.revisionId;
    const beginRevert = () => Promise.reject(new FencedError('the lease is somebody-else’s'));
    const store = { ...world.ports.store, beginRevert };
    const abandoned = abandonRollout.run(FAILED, { ...world.ports, store });
    await expect(abandoned).rejects.toBeInstanceOf(FencedError);
    expect(await world.row()).toMatchObject({ phase: 'PREPARED', outcome: null });
    expect(world.lambda.peek('checkout-api', 'live')?.revisionId).toBe(revision);
  });

  it('never takes back a rollout that is being promoted', async () => {
    const { world, rollout } = await startedWorld();
    await commitPromotion.run(await shiftTraffic.run(rollout, world.ports), world.ports);
    await expect(abandonRollout.run(FAILED, world.ports)).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });

  it('keeps its hands off a third version that came meanwhile', async () => {
    const { world } = await startedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    expect((await abandonRollout.run(FAILED, world.ports)).outcome).toBe('REJECTED');
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });

  it('answers how it ended when the sweeper was there first', async () => {
    const { world, rollout } = await startedWorld();
    await rollBack.run({ ...rollout }, world.ports);
    expect((await abandonRollout.run(FAILED, world.ports)).outcome).toBe('ROLLED_BACK');
  });

  it('answers so too when that happened after it had read the record, and tells of no trouble', async () => {
    const { world, rollout } = await startedWorld();
    const before = await world.row();
    await rollBack.run({ ...rollout }, world.ports);
    const readRow = async () => before;
    const ports = { ...world.ports, store: { ...world.ports.store, readRow } };
    await abandonRollout.run(FAILED, ports);
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
    expect(world.eventNames()).not.toContain('rollback-delayed');
  });

  it('ends whatever the size of the request that was refused', async () => {
    const world = await stepWorld();
    const request = { service: 'checkout', padding: 'x'.repeat(100_000) };
    const end = await runStep(abandonRollout, world.ports, { ...START_INPUT, request });
    expect(end.outcome).toBe('REJECTED');
  });
});
