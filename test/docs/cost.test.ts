// The figures of docs/cost.md are what the code gives today; scripts/generate-cost.ts mends a stale one.
import { expect, it } from 'vitest';
import { costBlocks } from '../../scripts/cost-blocks.ts';
import { withBlocks } from '../../scripts/fresh-blocks.ts';
import { PRICE_REGION, PRICES_GATHERED_ON } from '../../src/core/cost-prices.ts';
import { readDocument } from './markdown.ts';

const FILE = 'docs/cost.md';
const DOCUMENT = readDocument(FILE);

it('shows every generated block as it is made today', () => {
  expect(DOCUMENT).toBe(withBlocks(FILE, DOCUMENT, costBlocks()));
});

it('says of which Region and when its prices are', () => {
  expect(DOCUMENT).toContain(PRICE_REGION);
  expect(DOCUMENT).toContain(PRICES_GATHERED_ON);
});

it('compares with controllers by hours and by what they request', () => {
  const hours = 31 * 24;
  // the smallest pod of Fargate, and Argo Rollouts' share of the memory of a t4g.small, twice
  const pod = (0.25 * 0.04048 + 0.5 * 0.004445) * hours;
  const share = 2 * (64 / 2048) * 0.0168 * hours;
  const usd = (value: number) => value.toFixed(2);
  expect(DOCUMENT).toContain(`| ${usd(share)} | ${usd(2 * pod)} | ${usd(0.1 * hours + 2 * pod)} |`);
  expect(DOCUMENT).toContain(`| ${usd(pod)} | ${usd(0.1 * hours + pod)} |`);
});

it('refuses a document whose markers are gone', () => {
  expect(() => withBlocks(FILE, '# Cost', costBlocks())).toThrow('docs/cost.md has no block presets');
});
