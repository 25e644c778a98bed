// One log line a run: what it says, and what it must never say.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Interrupted } from '../../src/core/errors.ts';
import { lambdaHandler, type RunLog } from '../../src/runtime/lambda-handler.ts';
import { defineStep } from '../../src/steps/step.ts';

interface Line {
  readonly level: 'info' | 'error';
  readonly message: unknown;
  readonly fields: unknown;
}

function recorder(): { readonly lines: Line[]; readonly log: RunLog } {
  const lines: Line[] = [];
  const record =
    (level: Line['level']) =>
    (message: unknown, ...extra: unknown[]): void => {
      lines.push({ level, message, fields: extra[0] });
    };
  return { lines, log: { info: record('info'), error: record('error') } };
}

function stepThat(run: (input: unknown) => unknown) {
  return defineStep({
    name: 'judge-canary',
    does: 'Serves this test',
    trigger: { kind: 'state', states: ['Judge canary'] },
    uses: ['clock'],
    input: z.unknown(),
    run: async (input) => run(input),
  });
}
const ports = { clock: { now: () => 0, sleep: async () => {} } };

describe('lambdaHandler', () => {
  it('answers what the step answers and logs one line about the rollout', async () => {
    const { lines, log } = recorder();
    const output = {
      rolloutId: 'r1',
      stage: { index: 2, weightPercent: 50 },
      next: 'bake',
      verdict: { kind: 'hold', reason: {} },
    };
    expect(
      await lambdaHandler(
        stepThat(() => output),
        ports,
        log,
      )({ rolloutId: 'r1' }),
    ).toBe(output);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'step done',
        fields: {
          step: 'judge-canary',
          rolloutId: 'r1',
          stage: 2,
          weightPercent: 50,
          next: 'bake',
          verdict: 'hold',
          durationMs: expect.any(Number),
        },
      },
    ]);
  });

  it.each([
    [
      'a bake',
      { rollout: { rolloutId: 'r1', stage: { index: 0, weightPercent: 5 } }, token: 'secret-token' },
    ],
    ['an event', { detail: { rolloutId: 'r1', sentence: 'secret-token' } }],
    [
      'a start',
      { execution: 'arn:aws:states:eu-west-2:1:execution:m:r1', request: { note: 'secret-token' } },
    ],
    [
      'an ended execution',
      { detail: { executionArn: 'arn:aws:states:eu-west-2:1:execution:m:r1', input: 'secret-token' } },
    ],
  ])('finds the rollout in the input of %s and logs nothing else of it', async (_name, event) => {
    const { lines, log } = recorder();
    await lambdaHandler(
      stepThat(() => ({})),
      ports,
      log,
    )(event);
    expect(lines[0]?.fields).toMatchObject({ rolloutId: 'r1' });
    expect(JSON.stringify(lines)).not.toContain('secret-token');
  });

  it('logs a failure by name and message and passes the error on', async () => {
    const { lines, log } = recorder();
    const error = new Interrupted('Checkout5xx fired');
    const failing = lambdaHandler(
      stepThat(() => {
        throw error;
      }),
      ports,
      log,
    );
    await expect(failing({ rolloutId: 'r1' })).rejects.toBe(error);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'error',
      fields: { rolloutId: 'r1', errorName: 'Interrupted', errorMessage: 'Checkout5xx fired' },
    });
  });

  it('logs a run without any input', async () => {
    const { lines, log } = recorder();
    await lambdaHandler(
      stepThat(() => undefined),
      ports,
      log,
    )(undefined);
    expect(lines[0]?.fields).toMatchObject({ rolloutId: null, stage: null, weightPercent: null });
  });

  it('logs no secret, whatever field it came in', async () => {
    const { lines, log } = recorder();
    const secret = 'AKIAIOSFODNN7EXAMPLE';
    const failing = lambdaHandler(
      stepThat(() => {
        throw new Error(`denied for ${secret}`);
      }),
      ports,
      log,
    );
    await expect(failing({ rolloutId: `r1 ${secret}` })).rejects.toThrow('[secret removed]');
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(lines[0]?.fields).toMatchObject({ errorMessage: 'denied for [secret removed]' });
  });
});
