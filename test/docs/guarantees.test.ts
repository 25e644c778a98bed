// docs/guarantees.md against the code: invariants, failure modes, the tests that it names, its generated blocks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INVARIANTS } from '../../src/core/audit/invariants.ts';
import { BLOCK_NAMES, blockIn, delaysMarkdown } from '../hunt/guarantees-doc.ts';
import { readCatches } from '../hunt/planted/catches.ts';
import { PLANTED } from '../hunt/planted/index.ts';
import { ROOT, readDocument } from './markdown.ts';

const DOCUMENT = readDocument('docs/guarantees.md');

/** Cells of the table rows whose first cell is this. */
function rowsOf(name: string): readonly (readonly string[])[] {
  return DOCUMENT.split('\n')
    .filter((line) => line.startsWith(`| ${name} |`))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

function testsIn(text: string): readonly NamedTest[] {
  return [...text.matchAll(/`(test\/[^`]+\.ts)` “([^”]+)”/g)].map((match) => ({
    file: match[1] ?? '',
    title: match[2] ?? '',
  }));
}

const MODES = Array.from({ length: 54 }, (_, index) => `F${index + 1}`);
const BUGS_OF_OTHERS = [
  'abort-any-phase-reaches-zero',
  'floors-never-hold-weight-up',
  'abort-beats-promote',
  'abort-noop-is-noop',
  'zero-is-serialised',
  'complete-only-after-readback-and-observed-share',
  'sticky-rollback',
  'terminal-is-terminal',
  'stable-floor-held',
  'stale-window-is-unknown',
  'every-terminal-notifies-once',
  'conflict-leaves-no-residue',
  'hotfix-under-alarm',
  'throttle-storm-converges',
  'pc-on-version-only',
  'stable-pinned-until-terminal',
  'every-wait-has-a-timeout',
];

describe('the tests that are named', () => {
  it.each(testsIn(DOCUMENT).map(({ file, title }) => [title, file]))('«%s» is in %s', (title, file) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(titlesIn(file)).toContain(title);
  });
});

function titlesIn(file: string): readonly string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [...source.matchAll(/(['"`])((?:\\.|(?!\1).)+)\1/g)].map((match) => match[2] ?? '');
}

describe('failure modes', () => {
  it.each(MODES)('%s has one row that names a test or says why there is none', (mode) => {
    const rows = rowsOf(mode);
    expect(rows).toHaveLength(1);
    const held = rows[0]?.[3] ?? '';
    expect(testsIn(held).length > 0 || /^(later|not now): \S/.test(held)).toBe(true);
  });

  it('are held by tests in 44 rows at least', () => {
    const held = MODES.filter((mode) => testsIn(rowsOf(mode)[0]?.[3] ?? '').length > 0);
    expect(held.length).toBeGreaterThanOrEqual(44);
  });
});

describe('bugs that others paid for', () => {
  const sources = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('docs'))
    .map((file) => readFileSync(join(ROOT, 'test', file), 'utf8'));

  it.each(BUGS_OF_OTHERS)('%s is a test, and is told', (name) => {
    const isTest = new RegExp(`\\b(?:it|test|describe)(?:\\.each)?\\b[^'"\`;]*['"\`]${name}\\b`);
    expect(sources.some((source) => isTest.test(source))).toBe(true);
    expect(rowsOf(`\`${name}\``)).toHaveLength(1);
  });
});

describe('what is generated', () => {
  it.each(BLOCK_NAMES)('the block %s is there', (name) => {
    expect(blockIn(DOCUMENT, name)).not.toBeNull();
  });

  it('counts every invariant, in the words of the code', () => {
    const counted = blockIn(DOCUMENT, 'hunt') ?? '';
    for (const { id, says } of INVARIANTS) expect(counted).toContain(`| ${id} | ${says} | `);
  });

  it('tells the delays that the hunt has', () => {
    expect(blockIn(DOCUMENT, 'delays')).toBe(delaysMarkdown());
  });

  it('has every planted bug, as it was found', () => {
    const table = blockIn(DOCUMENT, 'planted') ?? '';
    const catches = readCatches();
    for (const { name, says } of PLANTED) {
      const { invariant, seed } = catches[name] ?? { invariant: 'not caught', seed: -1 };
      expect(table).toContain(`| \`${name}\` | ${says} | ${invariant} | ${seed + 1} |`);
    }
    expect(Object.keys(catches).toSorted()).toEqual(PLANTED.map(({ name }) => name).toSorted());
  });

  it('says who holds each invariant', () => {
    for (const { id } of INVARIANTS) expect(rowsOf(id).some((cells) => cells.length === 2)).toBe(true);
  });
});
