// Step «Abandon rollout»: cleans up after a refused or failed start and says why.
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import { abandonRollout } from '../../src/steps/abandon-rollout.ts';
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
});
