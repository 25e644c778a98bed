// docs/errors.md as text, from the registry of problems; the staleness test uses the same function.
import { wrap } from '../src/cli/wrap.ts';
import { PROBLEM_AREAS } from '../src/core/problems/areas.ts';
import type { ProblemArea, ProblemEntry } from '../src/core/problems/entry.ts';

const DOCUMENT_COLUMNS = 138;

const INTRODUCTION = [
  'Every problem that Stepshift tells of has a slug, the first word of the message, and an article here, headed by that slug. A message has what is wrong, where (with the line of the file), what was found, what is allowed and a fix; the article adds why it is refused.',
  "To paste a line that begins with `stepshift` in a checkout, say once a shell: `alias stepshift='npm run -s stepshift --'`.",
  'Made from `src/core/problems/` by `scripts/generate-errors.ts`.',
];

export function errorsDocument(): string {
  const parts = ['# Errors', ...INTRODUCTION.map(paragraph), contents(), ...PROBLEM_AREAS.flatMap(areaParts)];
  return `${parts.join('\n\n')}\n`;
}

function contents(): string {
  return PROBLEM_AREAS.map(({ title }) => `- [${title}](#${anchorOf(title)})`).join('\n');
}

/** As GitHub makes it of a heading of letters, spaces and colons. */
function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(':', '').replaceAll(' ', '-');
}

function areaParts({ title, ends, problems }: ProblemArea): readonly string[] {
  return [`## ${title}`, paragraph(ends), ...Object.entries(problems).map(article)];
}

function article([slug, { means, why, fix, example }]: readonly [string, ProblemEntry]): string {
  const reasons = [item('**Why**', why), item('**Fix**', fix)].join('\n');
  return [`### ${slug}`, paragraph(means), reasons, ...exampleParts(example)].join('\n\n');
}

function exampleParts(example: ProblemEntry['example']): readonly string[] {
  if (example === undefined) return [];
  return [['```text', `wrong:  ${example.wrong}`, `right:  ${example.right}`, '```'].join('\n')];
}

function paragraph(text: string): string {
  return wrap(literal(text), DOCUMENT_COLUMNS).join('\n');
}

function item(label: string, text: string): string {
  return `- ${wrap(`${label}: ${literal(text)}`, DOCUMENT_COLUMNS - 2).join('\n  ')}`;
}

/** Stars would make what stands between two of them slanted. */
function literal(text: string): string {
  return text.replaceAll('*', '\\*');
}
