// The documentation against the code: links resolve, verbs and exit codes are those that there are, blocks of data are valid.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { EXIT } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { anchorsOf, DOCUMENTS, type Fence, fencesOf, linksOf, ROOT, readDocument } from './markdown.ts';

const FENCES = DOCUMENTS.flatMap((file) => fencesOf(file, readDocument(file)));

/** null: the link leads somewhere, or out of the repository. */
function linkProblem(file: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return URL.canParse(link) ? null : `${link} is no address`;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(ROOT, target))) return `there is no ${target}`;
  if (anchor === undefined || !target.endsWith('.md')) return null;
  return anchorsOf(readDocument(target)).includes(anchor) ? null : `${target} has no heading for #${anchor}`;
}

/** One value, or one on each line. */
function parseJson(text: string): void {
  const lines = text.split('\n');
  const isLines = lines.length > 1 && lines.every((line) => /^\{.*\}$/.test(line));
  for (const value of isLines ? lines : [text]) JSON.parse(value);
}

/** null: the block is what its language says; a language without a syntax is any text. */
function dataProblem({ language, text }: Fence): string | null {
  try {
    if (language === 'json') parseJson(text);
    if (language === 'js') transformSync(text, { loader: 'js' });
    if (language === 'yaml') {
      const [error] = parseAllDocuments(text).flatMap(({ errors }) => errors);
      if (error !== undefined) throw error;
    }
    return null;
  } catch (error) {
    return String(error);
  }
}

const LANGUAGES = ['js', 'json', 'mermaid', 'sh', 'text', 'ts', 'yaml'];

describe('links', () => {
  const links = DOCUMENTS.flatMap((file) => linksOf(readDocument(file)).map((link) => [file, link] as const));

  it.each(links)('%s: %s resolves', (file, link) => {
    expect(linkProblem(file, link)).toBeNull();
  });

  it.each([
    ['nowhere.md', 'there is no docs/nowhere.md'],
    ['install.md#nowhere', 'docs/install.md has no heading for #nowhere'],
    ['#nowhere', 'docs/checks.md has no heading for #nowhere'],
    ['../examples/nowhere', 'there is no examples/nowhere'],
    ['https://exa mple.com', 'is no address'],
  ])('that lead nowhere are found: %s', (link, words) => {
    expect(linkProblem('docs/checks.md', link)).toContain(words);
  });

  it('are those of the prose, in Markdown and in HTML', () => {
    const markdown = '[a](b.md "t") ![i](c.png) `[x](y)`\n\n[r]: d.md\n<a href="#e">\n```text\n[n](o)\n```\n';
    expect(linksOf(markdown)).toEqual(['b.md', 'c.png', 'd.md', '#e']);
  });

  it('lead to headings as GitHub names them', () => {
    const markdown = '# A `b` — c!\n## [Two](x.md)\n## Two\n```sh\n# no heading\n```\n<a id="by-hand"></a>\n';
    expect(anchorsOf(markdown)).toEqual(['a-b--c', 'two', 'two-1', 'by-hand']);
  });
});

describe('the README', () => {
  it('lists exactly the verbs and exit codes that there are', () => {
    const readme = readDocument('README.md');
    const section = readme.slice(readme.indexOf('\n## Commands'), readme.indexOf('\n## Development'));
    const verbs = [...section.matchAll(/^\| `([a-z-]+)/gm)].map((match) => match[1]);
    expect(verbs.toSorted()).toEqual(COMMANDS.map((command) => command.verb).toSorted());
    const codes = section.match(/\| \d+ /g) ?? [];
    const numbers = (values: readonly number[]) => values.toSorted((a, b) => a - b);
    expect(numbers(codes.map((cell) => Number(cell.slice(2))))).toEqual(numbers(Object.values(EXIT)));
  });
});

describe('blocks', () => {
  it.each(FENCES)('$file line $line: $language is valid', (fence) => {
    expect(dataProblem(fence)).toBeNull();
    // another spelling of a language would be looked at by nobody
    expect(LANGUAGES).toContain(fence.language);
  });

  it.each([
    ['json', '{"a": 1,}'],
    ['json', '{"a": 1}\n{"a": }'],
    ['js', 'export default {'],
    ['yaml', 'a: [1'],
  ])('that are wrong are found: %s', (language, text) => {
    expect(dataProblem({ file: 'a.md', line: 1, language, text })).not.toBeNull();
  });

  it('are found in lists, with words behind their language, and longer than three', () => {
    const markdown = '- a\n\n  ```sh copy\n  b \\\n    c\n  ```\n\n````text\n```sh\n```\n````\n';
    expect(fencesOf('a.md', markdown)).toEqual([
      { file: 'a.md', line: 3, language: 'sh', text: 'b \\\n  c' },
      { file: 'a.md', line: 8, language: 'text', text: '```sh\n```' },
    ]);
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
