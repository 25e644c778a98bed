// What the runtime adds to a step: parsing, the cap, names kept and messages cut.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  Interrupted,
  InvalidDocumentError,
  InvalidInputError,
  RejectedError,
  TransientError,
} from '../../src/core/errors.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { defineStep, type Trigger } from '../../src/steps/step.ts';

function stepThat(
  run: (input: { size: number }) => unknown,
  trigger: Trigger = { kind: 'state', states: ['Bake'] },
) {
  return defineStep({
    name: 'bake',
    does: 'Serves this test',
    trigger,
    uses: ['clock'],
    input: z.strictObject({ size: z.number() }),
    run: async (input) => run(input),
  });
}
const ports = { clock: { now: () => 0, sleep: async () => {} } };

describe('runStep', () => {
  it('hands the parsed input and the ports over and gives the output back', async () => {
    const step = defineStep({
      name: 'bake',
      does: 'Serves this test',
      trigger: { kind: 'state', states: ['Bake'] },
      uses: ['clock'],
      input: z.object({ at: z.string().transform(Number) }),
      run: async ({ at }, { clock }) => at + clock.now(),
    });
    expect(await runStep(step, { clock: { now: () => 2, sleep: async () => {} } }, { at: '40' })).toBe(42);
  });

  it('refuses a document that does not fit, and says where', async () => {
    const refused = runStep(
      stepThat(() => null),
      ports,
      { size: 'big' },
    );
    await expect(refused).rejects.toThrow(InvalidDocumentError);
    await expect(refused).rejects.toThrow(/bake cannot read its input: size: /);
  });

  it.each(['signal', 'custom-resource'] as const)(
    'calls what a %s got wrong the input of a person',
    async (kind) => {
      const step = stepThat(() => null, { kind });
      await expect(runStep(step, ports, {})).rejects.toThrow(InvalidInputError);
    },
  );

  it('does not repeat what it was given in the refusal', async () => {
    const error: unknown = await runStep(
      stepThat(() => null),
      ports,
      { size: 'hunter2' },
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidDocumentError);
    expect(String(error)).not.toContain('hunter2');
  });

  it('refuses an output of more than 32 KB, counted in bytes', async () => {
    const fits = stepThat(({ size }) => 'é'.repeat(size));
    await expect(runStep(fits, ports, { size: 16_383 })).resolves.toHaveLength(16_383);
    await expect(runStep(fits, ports, { size: 16_384 })).rejects.toThrow(InvalidDocumentError);
  });

  it('lets a step answer nothing', async () => {
    expect(
      await runStep(
        stepThat(() => undefined),
        ports,
        { size: 1 },
      ),
    ).toBeUndefined();
  });

  it.each([
    new Interrupted('stop'),
    new RejectedError([]),
    Object.assign(new Error('from the SDK'), { name: 'ResourceNotFoundException' }),
  ])('keeps the error itself, so that the workflow sees its name: $name', async (error) => {
    const failing = stepThat(() => {
      throw error;
    });
    await expect(runStep(failing, ports, { size: 1 })).rejects.toBe(error);
  });

  it('cuts a long message, in the stack too, and keeps the name', async () => {
    const error = new Interrupted('x'.repeat(5000));
    const failing = stepThat(() => {
      throw error;
    });
    await expect(runStep(failing, ports, { size: 1 })).rejects.toBe(error);
    expect(error).toMatchObject({ name: 'Interrupted', message: expect.stringMatching(/^x{999}…$/) });
    expect(error.stack?.length).toBeLessThan(1100);
  });

  it('makes an error of whatever else was thrown', async () => {
    const failing = stepThat(() => {
      throw 'a string';
    });
    await expect(runStep(failing, ports, { size: 1 })).rejects.toThrow('a string');
  });

  it('tells no secret that a service quoted, in the stack neither', async () => {
    const error = new TransientError('401 from https://api, sent Authorization: Bearer abcdef1234567890');
    const failing = stepThat(() => {
      throw error;
    });
    await expect(runStep(failing, ports, { size: 1 })).rejects.toBe(error);
    expect(error.message).toBe('401 from https://api, sent Authorization: [secret removed]');
    expect(error.stack).not.toContain('abcdef1234567890');
    const text = stepThat(() => {
      throw 'password=hunter2';
    });
    await expect(runStep(text, ports, { size: 1 })).rejects.toThrow('password=[secret removed]');
  });
});
