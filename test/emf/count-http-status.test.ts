// The EMF helper counts 5xx answers by version, in lines that CloudWatch turns into metrics.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';

/** What the embedded metric format specification requires. */
const EmfSchema = z
  .looseObject({
    _aws: z.strictObject({
      Timestamp: z.int().positive(),
      CloudWatchMetrics: z
        .array(
          z.strictObject({
            Namespace: z.string().min(1).max(1024),
            Dimensions: z.array(z.array(z.string()).max(30)).min(1),
            Metrics: z
              .array(z.strictObject({ Name: z.string().min(1), Unit: z.string() }))
              .min(1)
              .max(100),
          }),
        )
        .min(1),
    }),
  })
  .superRefine((line, context) => {
    for (const { Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat()) {
        const value = line[name];
        if (typeof value !== 'string' || value === '') context.addIssue(`dimension ${name} has no text`);
      }
      for (const { Name } of Metrics) {
        if (typeof line[Name] !== 'number') context.addIssue(`metric ${Name} has no number`);
      }
    }
  });

beforeEach(() => {
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'checkout-api');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_VERSION', '42');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Loads the module as a new execution environment does. */
async function newEnvironment() {
  vi.resetModules();
  return await import('../../src/emf/count-http-status.ts');
}

async function linesFor(answer: unknown): Promise<string[]> {
  const { countHttpStatus } = await newEnvironment();
  const lines: string[] = [];
  const handler = countHttpStatus(
    async () => answer,
    (line) => lines.push(line),
  );
  expect(await handler({}, {})).toBe(answer);
  return lines;
}

describe('countHttpStatus', () => {
  it('prints one line that keeps the embedded metric format', async () => {
    const lines = await linesFor({ statusCode: 500, body: 'secret' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    const line = EmfSchema.parse(JSON.parse(lines[0] ?? ''));
    expect(line).toMatchObject({ FunctionName: 'checkout-api', Version: '42', Http5xx: 1, ColdStart: 1 });
    expect(line._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Stepshift',
        Dimensions: [['FunctionName', 'Version']],
        Metrics: [
          { Name: 'Http5xx', Unit: 'Count' },
          { Name: 'ColdStart', Unit: 'Count' },
        ],
      },
    ]);
  });

  it.each([
    [{ statusCode: 200 }, 0],
    [{ statusCode: 404 }, 0],
    [{ statusCode: 499 }, 0],
    [{ statusCode: 500 }, 1],
    [{ statusCode: '503' }, 1],
    ['just a body', 0],
    [undefined, 0],
    [{ body: 'no status' }, 0],
  ])('counts the answer %j as %i', async (answer, count) => {
    const [line = ''] = await linesFor(answer);
    expect(JSON.parse(line)).toMatchObject({ Http5xx: count });
  });

  it('prints nothing of the answer or the event', async () => {
    const [line] = await linesFor({ statusCode: 500, body: 'secret' });
    expect(line).not.toContain('secret');
  });

  it('counts the first invocation of an environment as its cold start, whichever handler has it', async () => {
    const { countHttpStatus } = await newEnvironment();
    const lines: string[] = [];
    const handlerOf = () =>
      countHttpStatus(
        async () => ({ statusCode: 200 }),
        (line) => lines.push(line),
      );
    const [first, second] = [handlerOf(), handlerOf()];
    for (const handler of [first, first, second, first]) await handler({}, {});
    expect(lines.map((line) => JSON.parse(line).ColdStart)).toEqual([1, 0, 0, 0]);
  });

  it('passes on what the handler throws, which Lambda counts itself; the environment is warm then', async () => {
    const { countHttpStatus } = await newEnvironment();
    const lines: string[] = [];
    const failing = countHttpStatus(
      async (event: { readonly isBad: boolean }) => {
        if (event.isBad) throw new TypeError('reading price of undefined');
        return { statusCode: 200 };
      },
      (line) => lines.push(line),
    );
    await expect(failing({ isBad: true }, {})).rejects.toThrow(TypeError);
    expect(lines).toEqual([]);
    await failing({ isBad: false }, {});
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ColdStart: 0 });
  });

  it('stamps the line with the start of the invocation, as Lambda stamps its own metrics', async () => {
    const { countHttpStatus } = await newEnvironment();
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    const lines: string[] = [];
    const slow = countHttpStatus(
      async () => {
        vi.setSystemTime(1_800_000_090_000);
        return { statusCode: 200 };
      },
      (line) => lines.push(line),
    );
    await slow({}, {});
    vi.useRealTimers();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ _aws: { Timestamp: 1_800_000_000_000 } });
  });
});
