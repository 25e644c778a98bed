// What axe-core finds on a page: only what it calls serious or critical.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Which of axe-core's rules: all, or only those that colours decide. */
export type Rules = 'all' | 'colours';

/** The page's content policy must be bypassed, since axe-core is a script that is not its own. */
export async function seriousIssues(page: Page, rules: Rules): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const only = rules === 'all' ? '' : `, runOnly: ['color-contrast', 'link-in-text-block']`;
  return page.evaluate<
    readonly string[]
  >(`axe.run(document, { resultTypes: ['violations']${only} }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) => nodes.slice(0, 5).map(({ target }) => id + ': ' + help + ': ' + target.join(' '))))`);
}
