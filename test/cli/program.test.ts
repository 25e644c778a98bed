// The command line's promises: exit codes, what goes to stdout and what to stderr, formats, and its own usage errors.
import { describe, expect, test } from 'vitest';
import { type CliCommand, EXIT } from '../../src/cli/command.ts';
import { MissingRegionError } from '../../src/cli/failures.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { InvalidInputError, PermissionError, type Problem, RejectedError } from '../../src/core/errors.ts';
import { runInMemory } from '../support/run-cli.ts';

const PROBLEM: Problem = {
  code: 'alias-missing',
  what: 'what',
  where: 'where',
  got: 'got',
  allowed: 'ok',
  fix: 'Fix',
};

function command(run: CliCommand['run']): CliCommand {
  return {
    verb: 'act',
    summary: 'Acts',
    examples: ['act now'],
    exitCodes: { rolledBack: 'acted' },
    configure: (sub) => void sub.argument('[words...]').option('--loud'),
    run,
  };
}

const acting = command(async (args, options, { remark, hasColour }) => {
  remark('working');
  return {
    code: EXIT.rolledBack,
    data: { args, options, hasColour },
    text: `did ${args.join(' ')}`,
    lines: [{ at: 1 }, { at: 2 }],
  };
});

function throwing(error: unknown): CliCommand {
  return command(() => Promise.reject(error));
}

describe('a command that ran', () => {
  test('its code is the exit code, its text is stdout, its remarks are stderr', async () => {
    expect(await runInMemory(['act', 'a', 'b'], { commands: [acting] })).toEqual({
      code: 3,
      out: 'did a b\n',
      err: 'working\n',
    });
  });

  test('--format json prints exactly one JSON value', async () => {
    const { out } = await runInMemory(['act', 'a', '--loud', '--format', 'json'], { commands: [acting] });
    expect(JSON.parse(out)).toEqual({ args: ['a'], options: { loud: true }, hasColour: false });
  });

  test('--format ndjson prints one JSON value a line', async () => {
    const { out } = await runInMemory(['act', '--format=ndjson'], { commands: [acting] });
    expect(out).toBe('{"at":1}\n{"at":2}\n');
  });

  test.each([
    [true, {}, [], true],
    [true, { NO_COLOR: '1' }, [], false],
    [true, {}, ['--format', 'text'], true],
    [false, {}, [], false],
  ] as const)('terminal %s, env %j, %j: colour wanted is %s', async (isTerminal, env, more, isWanted) => {
    let seen: boolean | undefined;
    const looking = command(async (_args, _options, { hasColour }) => {
      seen = hasColour;
      return { code: EXIT.promotedOrClean, data: null, text: '' };
    });
    expect(await runInMemory(['act', ...more], { commands: [looking], isTerminal, env })).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(seen).toBe(isWanted);
  });
});

describe('a command that failed', () => {
  test.each<[number, string, Error]>([
    [EXIT.invalidInput, 'alias-missing', new InvalidInputError([PROBLEM])],
    [EXIT.rejected, 'alias-missing', new RejectedError([PROBLEM])],
    [EXIT.noPermission, 'no-permission', new PermissionError('denied')],
    [EXIT.unexpected, 'unexpected', new TypeError('oops')],
  ])('exit code %d and problem %s', async (code, slug, error) => {
    const commands = [throwing(error)];
    const text = await runInMemory(['act'], { commands });
    expect(text).toMatchObject({ code, out: '' });
    expect(text.err).toContain(`${slug}  `);
    expect(text.err).not.toMatch(/\n\s+at /);

    const json = await runInMemory(['act', '--format', 'json'], { commands });
    expect(json).toMatchObject({ code, err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ error: { problems: [{ code: slug }] } });
  });

  test('a stack is shown only when asked for, and never for a mistake of the user', async () => {
    const env = { STEPSHIFT_DEBUG: '1' };
    const unexpected = await runInMemory(['act'], { commands: [throwing(new TypeError('oops'))], env });
    expect(unexpected.err).toMatch(/TypeError: oops\n\s+at /);
    const mistake = await runInMemory(['act'], {
      commands: [throwing(new InvalidInputError([PROBLEM]))],
      env,
    });
    expect(mistake.err).not.toMatch(/\n\s+at /);
  });

  test('a missing Region has its own fix', async () => {
    const { code, err } = await runInMemory(['act'], {
      commands: [throwing(new MissingRegionError('none'))],
    });
    expect(code).toBe(EXIT.noPermission);
    expect(err).toContain('Fix: Set AWS_REGION (or a profile with a region)');
  });

  test('what is thrown and is no error is told, too', async () => {
    expect(await runInMemory(['act'], { commands: [throwing('just text')] })).toMatchObject({
      code: 1,
      err: expect.stringContaining('just text'),
    });
  });
});

describe('a command line that is not understood', () => {
  test.each([[['fly']], [['act', '--quiet']], [['act', '--format', 'xml']], [['plan']], [['--nothing']]])(
    '%j ends with 2 and says how to get help',
    async (argv) => {
      const { code, out, err } = await runInMemory(argv, { commands: [acting, ...COMMANDS] });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^wrong-usage {2}/);
      expect(err).toContain('--help');
    },
  );

  test('an option before the verb is told to go behind it', async () => {
    const { err } = await runInMemory(['--format', 'xml', 'validate', 'a']);
    expect(err).toContain('Write the options after the verb: stepshift validate --format xml a');
    expect(err).not.toContain('stepshift xml');
  });

  test('it is told as JSON when JSON was asked for', async () => {
    const { code, out } = await runInMemory(['fly', '--format', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { problems: [{ code: 'wrong-usage' }] } });
  });

  test('without a verb the help is a remark and the code 2', async () => {
    const { code, out, err } = await runInMemory([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: stepshift');
  });
});

describe('help', () => {
  test('lists every verb, the exit codes and examples to copy', async () => {
    const { code, out } = await runInMemory(['--help']);
    expect(code).toBe(0);
    for (const { verb } of COMMANDS) expect(out).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    for (const exitCode of Object.values(EXIT)) expect(out).toMatch(new RegExp(`\\b${exitCode} `));
    expect(out).toContain('Examples:\n  stepshift ');
  });

  test.each(COMMANDS.map(({ verb }) => verb))('%s --help ends with 0 and names the formats', async (verb) => {
    const { code, out, err } = await runInMemory([verb, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replaceAll(/\s+/g, ' ')).toContain('(choices: "text", "json", "ndjson", default: "text")');
  });

  test('every verb is there once', () => {
    const verbs = COMMANDS.map(({ verb }) => verb);
    expect(new Set(verbs).size).toBe(verbs.length);
  });
});
