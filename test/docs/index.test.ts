// The documentation as a whole: every page is found from its index, and a page that tells how to do something begins with it.
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/program.ts';
import { DOCUMENTS, fencesOf, linksOf, readDocument } from './markdown.ts';

const INDEX = 'docs/README.md';
/** Reached by their own list. */
const LISTED_ELSEWHERE = /^(docs\/decisions\/|examples\/|README\.md$|CHANGELOG\.md$)/;
/** How far down a reader looks for what to copy. */
const FIRST_LINES = 12;

/** Pages that answer «how do I …», and those that people open in a hurry. */
const ANSWERING = DOCUMENTS.filter((file) => file.startsWith('docs/how-to/')).concat(
  ['README', 'cli', 'doctor', 'install', 'limits', 'migration-from-codedeploy', 'pipelines'].map(page),
  ['replay', 'runbook', 'tutorial', 'verify', 'vocabulary', 'how-it-decides'].map(page),
);

function page(name: string): string {
  return `docs/${name}.md`;
}

describe('the index of the documentation', () => {
  const linked = linksOf(readDocument(INDEX)).map((link) =>
    normalize(join(dirname(INDEX), link.split('#')[0] ?? '')),
  );

  it('leads to every page', () => {
    const pages = DOCUMENTS.filter((file) => file !== INDEX && !LISTED_ELSEWHERE.test(file));
    expect(pages.length).toBeGreaterThan(30);
    expect(pages.filter((file) => !linked.includes(file))).toEqual([]);
  });
});

describe('a page that answers', () => {
  it.each(ANSWERING)('%s begins with something to copy', (file) => {
    const [first] = fencesOf(file, readDocument(file));
    expect(first?.line).toBeLessThanOrEqual(FIRST_LINES);
    expect(['sh', 'yaml', 'ts']).toContain(first?.language);
  });
});

describe('docs/permissions.md', () => {
  it('says of every verb what it needs', () => {
    const [, after = ''] = readDocument('docs/permissions.md').split('\n## People and pipelines\n');
    const [section = ''] = after.split('\n## ');
    const told = [...section.matchAll(/`([a-z-]+)(?: --[a-z-]+)?`/g)].map((match) => match[1]);
    expect(COMMANDS.map(({ verb }) => verb).filter((verb) => !told.includes(verb))).toEqual([]);
  });
});
