// docs/errors.md is what the registry gives today; scripts/generate-errors.ts mends a stale one.
import { expect, it } from 'vitest';
import { errorsDocument } from '../../scripts/errors-document.ts';
import { renderProblems } from '../../src/cli/problems.ts';
import { PROBLEM_AREAS } from '../../src/core/problems/areas.ts';
import { PROBLEMS, type ProblemCode } from '../../src/core/problems/index.ts';
import { anchorsOf, readDocument } from './markdown.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const DOCUMENT = readDocument('docs/errors.md');
const ANCHORS = anchorsOf(DOCUMENT);

it('is as it is made today', () => {
  expect(DOCUMENT).toBe(errorsDocument());
});

it.each(CODES)('%s is found by the link that people get', (code) => {
  const text = renderProblems([{ code, what: '', where: '', got: '', allowed: '', fix: '' }], false);
  const [, anchor] = /More: docs\/errors\.md#(\S+)$/.exec(text) ?? [];
  expect(ANCHORS.filter((each) => each === anchor)).toHaveLength(1);
});

it('says of every area how a command ends', () => {
  for (const { title, ends } of PROBLEM_AREAS) {
    const [, after = ''] = DOCUMENT.split(`\n## ${title}\n\n`);
    expect(after.replaceAll('\n', ' ').startsWith(ends)).toBe(true);
  }
});
