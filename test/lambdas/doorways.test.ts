// Every step has one doorway, which starts with the environment variables that the engine sets. That it hands over
// exactly the ports of its step is checked by the compiler.
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { STEPS } from '../../src/steps/index.ts';

const FOLDER = new URL('../../lambdas/', import.meta.url);
const STEMS = Object.keys(STEPS) as (keyof typeof STEPS)[];

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-2');
  vi.stubEnv('STEPSHIFT_TABLE', 'rollouts');
  vi.stubEnv('STEPSHIFT_EVENT_BUS', 'StepshiftEngine');
  for (const severity of [1, 2, 3, 4]) {
    vi.stubEnv(`STEPSHIFT_TOPIC_SEV${severity}`, `arn:aws:sns:eu-west-2:123456789012:sev${severity}`);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('doorways', () => {
  it('are one file a step and no more', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(STEMS.map((stem) => `${stem}.ts`).sort());
  });

  it.each(STEMS)('%s exports a handler', async (stem) => {
    const doorway: unknown = await import(new URL(`${stem}.ts`, FOLDER).href);
    expect(doorway).toMatchObject({ handler: expect.any(Function) });
  });
});
