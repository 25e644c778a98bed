// Where the runbook tells what to do about an alarm of the engine or an event: one article each, headed by its name.

const RUNBOOK = 'docs/runbook.md';

/** Path in the repository; the name is a lower-case word with hyphens, so it is its heading's anchor as it stands. */
export function runbookArticle(name: string): string {
  return `${RUNBOOK}#${name}`;
}
