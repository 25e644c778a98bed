// The generated parts of the README are what the code gives today; `npm run readme` mends a stale one.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withFreshBlocks } from '../../scripts/readme-blocks.ts';

const README = new URL('../../README.md', import.meta.url);

it('shows the workflow as it is deployed and the demo as it prints', async () => {
  const readme = await readFile(README, 'utf8');
  expect(readme).toBe(await withFreshBlocks(readme));
});

it('refuses a README whose markers are gone', async () => {
  await expect(withFreshBlocks('# Stepshift')).rejects.toThrow('no block workflow');
});
