// The EMF helper counts 5xx answers by version, in lines that CloudWatch turns into metrics.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { countHttpStatus } from '../../src/emf/count-http-status.ts';

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

async function linesFor(answer: unknown): Promise<string[]> {
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
    expect(line).toMatchObject({ FunctionName: 'checkout-api', Version: '42', Http5xx: 1 });
    expect(line._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Stepshift',
        Dimensions: [['FunctionName', 'Version']],
        Metrics: [{ Name: 'Http5xx', Unit: 'Count' }],
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

  it('passes on what the handler throws, which Lambda counts itself', async () => {
    const lines: string[] = [];
    const failing = countHttpStatus(
      async () => {
        throw new TypeError('reading price of undefined');
      },
      (line) => lines.push(line),
    );
    await expect(failing({}, {})).rejects.toThrow(TypeError);
    expect(lines).toEqual([]);
  });

  it('stamps the line with the start of the invocation, as Lambda stamps its own metrics', async () => {
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
