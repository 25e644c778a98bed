// What the documentation holds: its files, links, headings and fenced blocks.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface Fence {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** README.md, CHANGELOG.md and everything below docs/ and examples/, relative to the root. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  ),
];

export function readDocument(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

const FENCE = /^([ \t]*)(`{3,})([^\n`]*)\n([\s\S]*?)^[ \t]*\2[ \t]*$/gm;

/** Fenced blocks, those inside lists too; the language is the first word behind the fence. */
export function fencesOf(file: string, markdown: string): readonly Fence[] {
  return [...markdown.matchAll(FENCE)].map(({ index, 1: indent = '', 3: info = '', 4: text = '' }) => ({
    file,
    line: markdown.slice(0, index).split('\n').length,
    language: info.trim().split(/\s/)[0] ?? '',
    text: text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n'),
  }));
}

/** Without the fenced blocks. */
export function proseOf(markdown: string): string {
  return markdown.replace(FENCE, '');
}

/** Targets of links, written in Markdown or HTML, without those in fenced blocks and code. */
export function linksOf(markdown: string): readonly string[] {
  const prose = proseOf(markdown).replaceAll(/(`+)[^`]+\1/g, '`');
  return [
    ...prose.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|^\[[^\]]+\]: (\S+)|\b(?:href|src)="([^"]+)"/gm),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Anchors as GitHub makes them of headings: the second of a name has a number behind it. Also those written in HTML. */
export function anchorsOf(markdown: string): readonly string[] {
  const prose = proseOf(markdown);
  const names = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const numbered = names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name}-${before}`;
  });
  return [...numbered, ...[...prose.matchAll(/\b(?:id|name)="([^"]+)"/g)].map((match) => match[1] ?? '')];
}

/** The articles of the runbook: its headings of the third level, each the name of an alarm or of an event. */
export function articlesOfRunbook(): readonly string[] {
  return [...readDocument('docs/runbook.md').matchAll(/^### (.+)$/gm)].map((match) => match[1] ?? '');
}
