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

/** README.md and everything below docs/, relative to the root. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

export function readDocument(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

export function fencesOf(file: string, markdown: string): readonly Fence[] {
  return [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)\n```$/gm)].map((match) => ({
    file,
    line: markdown.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** Targets of links, without those in fenced blocks and code. */
export function linksOf(markdown: string): readonly string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
}

/** Anchors as GitHub makes them of headings. */
export function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The articles of the runbook: its headings of the third level, each the name of an alarm or of an event. */
export function articlesOfRunbook(): readonly string[] {
  return [...readDocument('docs/runbook.md').matchAll(/^### (.+)$/gm)].map((match) => match[1] ?? '');
}
