// The documentation against the code: links resolve, commands parse and run, service files are valid.
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type CliCommand, EXIT } from '../../src/cli/command.ts';
import { COMMANDS, runCli } from '../../src/cli/program.ts';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { anchorsOf, DOCUMENTS, fencesOf, linksOf, ROOT, readDocument } from './markdown.ts';

const FENCES = DOCUMENTS.flatMap((file) => fencesOf(file, readDocument(file)));
const SHELL_LINES = FENCES.filter(({ language }) => ['sh', 'bash'].includes(language)).flatMap(
  ({ file, text }) => text.split('\n').map((line) => ({ file, line: line.trim() })),
);
const STEPSHIFT_LINES = SHELL_LINES.flatMap(({ file, line }) => {
  const words = /^(?:npm run -s stepshift --|npx stepshift) (.+)$/.exec(line)?.[1];
  return words === undefined ? [] : [{ file, line, argv: wordsOf(words) }];
});

/** Needs neither AWS nor a file that the reader has yet to write. */
const RUNNABLE = STEPSHIFT_LINES.filter(
  ({ argv: [verb = '', path = ''] }) =>
    ['validate', 'plan', 'simulate'].includes(verb) && path.startsWith('examples/'),
);

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}

async function run(argv: readonly string[], cwd: string, commands?: readonly CliCommand[]) {
  let errors = '';
  const io = {
    writeOut: () => {},
    writeErr: (text: string) => {
      errors += text;
    },
    isTerminal: { out: false, err: false },
    cwd,
    env: {},
  };
  return { code: await runCli(argv, io, commands), errors: () => errors };
}

describe('links', () => {
  const links = DOCUMENTS.flatMap((file) => linksOf(readDocument(file)).map((link) => [file, link] as const));

  it.each(links.filter(([, link]) => !/^https?:/.test(link)))('%s: %s resolves', (file, link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : normalize(join(dirname(file), path));
    expect(existsSync(join(ROOT, target))).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(readDocument(target))).toContain(anchor);
  });
});

describe('commands', () => {
  const idle = COMMANDS.map((command) => ({
    ...command,
    run: async () => ({ code: EXIT.promotedOrClean, data: null, text: '' }),
  }));
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'stepshift-docs-'));
    symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(STEPSHIFT_LINES)('$file: `$line` is understood', async ({ argv }) => {
    const { code, errors } = await run(argv, folder, idle);
    expect(errors()).toBe('');
    expect(code).toBe(EXIT.promotedOrClean);
  });

  it.each(RUNNABLE)('$file: `$line` works', async ({ argv }) => {
    const { code } = await run(argv, folder);
    expect([EXIT.promotedOrClean, EXIT.rolledBack]).toContain(code);
  });

  it('finds commands to check, so that none can hide behind a changed spelling', () => {
    expect(RUNNABLE.length).toBeGreaterThanOrEqual(3);
    expect(STEPSHIFT_LINES.length).toBeGreaterThan(RUNNABLE.length);
  });

  it('names only npm scripts that exist', () => {
    const named = DOCUMENTS.flatMap((file) => [
      ...readDocument(file).matchAll(/npm run (?:-s )?([a-z][a-z0-9:-]*)/g),
    ]).map((match) => match[1]);
    expect(
      [...new Set(named)].filter((name) => !(name !== undefined && name in packageJson.scripts)),
    ).toEqual([]);
  });

  it('lists in the README exactly the verbs and exit codes that there are', () => {
    const readme = readDocument('README.md');
    const section = readme.slice(readme.indexOf('\n## Commands'), readme.indexOf('\n## Development'));
    const verbs = [...section.matchAll(/^\| `([a-z-]+)/gm)].map((match) => match[1]);
    expect(verbs.toSorted()).toEqual(COMMANDS.map((command) => command.verb).toSorted());
    const codes = section.match(/\| \d+ /g) ?? [];
    const numbers = (values: readonly number[]) => values.toSorted((a, b) => a - b);
    expect(numbers(codes.map((cell) => Number(cell.slice(2))))).toEqual(numbers(Object.values(EXIT)));
  });
});

describe('service files', () => {
  const files = FENCES.filter(({ language, text }) => language === 'yaml' && /^service:/m.test(text));

  it('are there', () => {
    expect(files.map(({ file }) => file)).toContain('README.md');
  });

  it.each(files)('$file line $line is valid', ({ text }) => {
    expect(parseServiceText(text, 'service.yaml').spec.service).toMatch(/^[a-z]/);
  });
});
