// The registry of problems: every slug of it is used, and its sentences have one shape.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_AREAS } from '../../src/core/problems/areas.ts';
import type { ProblemEntry } from '../../src/core/problems/entry.ts';
import { PROBLEMS } from '../../src/core/problems/index.ts';
import { ROOT } from '../support/architecture.ts';

const ENTRIES: readonly (readonly [string, ProblemEntry])[] = Object.entries(PROBLEMS);

const SOURCE = ['src', 'lib', 'bin', 'gameday', 'bench']
  .flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('core/problems/'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  )
  .join('\n');

/** Literally, or put together of a text and a number: `nobody-told-1`. */
function isTold(slug: string): boolean {
  return SOURCE.includes(`'${slug}'`) || SOURCE.includes(`\`${slug.replace(/\d$/, '')}$`);
}

describe('the registry of problems', () => {
  it.each(ENTRIES)('%s is told somewhere', (slug) => {
    expect(isTold(slug)).toBe(true);
  });

  it.each(ENTRIES)('%s is a slug', (slug) => {
    expect(slug).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    expect(slug.length).toBeLessThanOrEqual(50);
  });

  it.each(ENTRIES)('%s means one sentence, says why and what to do', (_slug, { means, why, fix }) => {
    for (const text of [means, why, fix]) expect(text).toMatch(/^\S.{10,}[^.\s]\.$/);
    expect(means).not.toMatch(/[.!?] [A-Z]/);
    // imperative: no article, no pronoun, no modal in front
    expect(fix).toMatch(/^[A-Z]/);
    expect(fix).not.toMatch(/^(The|A|An|You|It|There|This|Please|Should|One) /);
  });

  it.each(ENTRIES.filter(([, { example }]) => example !== undefined))(
    '%s shows two lines that differ',
    (...[, entry]) => {
      const { wrong, right } = entry.example ?? { wrong: '', right: '' };
      expect(wrong).not.toBe(right);
      expect(`${wrong}${right}`).not.toContain('\n');
    },
  );

  it('says of no two problems that they mean the same', () => {
    const told = ENTRIES.map(([, { means }]) => means);
    expect(told.filter((means, index) => told.indexOf(means) < index)).toEqual([]);
  });

  it('has each problem in one area', () => {
    const slugs = PROBLEM_AREAS.flatMap(({ problems }) => Object.keys(problems));
    expect(slugs.toSorted()).toEqual(Object.keys(PROBLEMS).toSorted());
  });
});
