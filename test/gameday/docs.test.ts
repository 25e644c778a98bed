// The page about the game day against its code: what is measured, which calls it needs, where assumptions are written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY_TAG, FORBID_TAG, STACKS } from '../../gameday/core/names.ts';
import { HELP } from '../../gameday/core/options.ts';
import { factsMarkdown } from '../../gameday/core/text.ts';
import { EXPERIMENTS } from '../../gameday/experiments/index.ts';
import { anchorsOf, ROOT, readDocument } from '../docs/markdown.ts';
import { read, sourceFiles } from '../support/architecture.ts';

const PAGE = 'docs/game-day.md';
const page = readDocument(PAGE);

/** Prefix of IAM actions by package; AWS's own names. */
const PREFIXES: Readonly<Record<string, string>> = {
  cloudformation: 'cloudformation',
  cloudwatch: 'cloudwatch',
  dynamodb: 'dynamodb',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  eventbridge: 'events',
  lambda: 'lambda',
  sfn: 'states',
  sts: 'sts',
};
const OTHER_NAMES: Readonly<Record<string, string>> = { 'lambda:Invoke': 'lambda:InvokeFunction' };
/** By waiters, and by the product's own way to its engine. */
const WITHOUT_COMMAND = [
  'lambda:GetFunction',
  'lambda:GetFunctionConfiguration',
  'states:DescribeExecution',
  'states:StopExecution',
  'dynamodb:GetItem',
];

function actionsCalled(): ReadonlySet<string> {
  const calls = sourceFiles('gameday').flatMap((file) =>
    [...read(file).matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g)].flatMap(
      ([, names = '', service = '']) =>
        [...names.matchAll(/(\w+)Command\b/g)].map(([, name]) => `${PREFIXES[service]}:${name}`),
    ),
  );
  return new Set([...calls.map((call) => OTHER_NAMES[call] ?? call), ...WITHOUT_COMMAND]);
}

function actionsAllowed(): ReadonlySet<string> {
  const policy = JSON.parse(/policy:begin -->\n```json\n([\s\S]*?)\n```/.exec(page)?.[1] ?? '{}');
  const statements: readonly { readonly Action: string | readonly string[] }[] = policy.Statement;
  return new Set(statements.flatMap(({ Action }) => Action));
}

describe('docs/game-day.md', () => {
  it('lists what is measured', async () => {
    const current = page.replace(
      /(<!-- facts:begin[^\n]*\n)[\s\S]*(<!-- facts:end -->)/,
      (_all, begin: string, end: string) => `${begin}\n${factsMarkdown(EXPERIMENTS)}\n\n${end}`,
    );
    await expect(current).toMatchFileSnapshot(`../../${PAGE}`);
  });

  it('allows exactly the calls that are made', () => {
    expect([...actionsAllowed()].sort()).toEqual([...actionsCalled()].sort());
  });

  it('knows every option', () => {
    const options = [...HELP.matchAll(/--[a-z-]+/g)].map(([option]) => option);
    expect(
      options.filter(
        (option) => option !== '--help' && !page.includes(`\`${option}`) && !page.includes(` ${option}`),
      ),
    ).toEqual([]);
  });

  it('names the stacks and tags that a person would look for', () => {
    for (const name of [...STACKS, DAY_TAG, FORBID_TAG]) expect(page).toContain(`\`${name}\``);
  });

  it('says that it was not run yet', () => expect(page).toContain('**Not run yet.**'));
});

describe('assumptions', () => {
  it.each([...new Set(EXPERIMENTS.map(({ place }) => place))])('%s is there', (place) => {
    const [file = '', anchor] = place.split('#');
    expect(existsSync(join(ROOT, file))).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(readDocument(file))).toContain(anchor);
  });
});
