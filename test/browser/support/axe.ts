// What axe-core finds on a page: only what it calls serious or critical.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Which of axe-core's rules: all, or only those that colours decide. */
export type Rules = 'all' | 'colours';

/** The page's content policy must be bypassed, since axe-core is a script that is not its own. */
export async function seriousIssues(page: Page, rules: Rules): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const only = rules === 'all' ? '' : `, runOnly: ['color-contrast', 'link-in-text-block']`;
  return page.evaluate<
    readonly string[]
  >(`axe.run(document, { resultTypes: ['violations']${only} }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) => nodes.slice(0, 5).map(({ target }) => id + ': ' + help + ': ' + target.join(' '))))`);
}
