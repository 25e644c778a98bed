// A command line that is not understood: what is told of it, and the line that can be pasted instead.
import { describe, expect, it } from 'vitest';
import { runInMemory } from '../support/run-cli.ts';

async function problemOf(argv: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { code, out } = await runInMemory([...argv, '--format', 'json']);
  expect(code).toBe(2);
  return JSON.parse(out).error.problems[0];
}

const END = ' --format json';

describe('a command line that is not understood', () => {
  it.each([
    [
      ['simulat', 'examples/latency'],
      `Did you mean simulate? Write: stepshift simulate examples/latency${END}`,
    ],
    [['fly'], 'See what there is: stepshift --help'],
    [['validate', 'a', '--engin'], 'See what there is: stepshift validate --help'],
    [['status', '--engne=Shop'], `Did you mean --engine? Write: stepshift status --engine=Shop${END}`],
    [
      ['--engine', 'Shop', 'status'],
      `Write the options after the verb: stepshift status --engine Shop${END}`,
    ],
    [['start', 'checkout'], `Add it: stepshift start checkout${END} VERSION`],
    [['abort', 'checkout-42-1'], `Add it: stepshift abort checkout-42-1${END} -m "REASON"`],
    [['status', 'one', 'two'], 'See the arguments and options: stepshift status --help'],
  ])('%j: %s', async (argv, fix) => {
    expect(await problemOf(argv)).toMatchObject({ code: 'wrong-usage', fix });
  });

  it('has the words that an option takes', async () => {
    const { code, err } = await runInMemory(['status', '--format=yaml']);
    expect(code).toBe(2);
    expect(err).toContain('--format cannot be yaml');
    expect(err).toContain('Allowed: text, json, ndjson;');
    expect(err).toContain('for example: stepshift status --format=text');
  });

  it('is quoted as a shell takes it', async () => {
    const { got } = await problemOf(['simulat', "it's here", '$LATEST']);
    expect(got).toBe(`stepshift simulat 'it'\\''s here' '$LATEST'${END}`);
  });

  it('is told with its article for tools, too', async () => {
    expect(await problemOf(['fly'])).toMatchObject({ docs: 'docs/errors.md#wrong-usage' });
  });
});
