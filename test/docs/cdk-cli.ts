// Whether a command of the CDK's command line exists, by the registry that the installed one reads its own flags from.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from './markdown.ts';

const OptionsSchema = z.record(
  z.string(),
  z.object({
    type: z.string(),
    alias: z.union([z.string(), z.array(z.string())]).optional(),
  }),
);
type Options = z.infer<typeof OptionsSchema>;

const REGISTRY = z
  .object({
    globalOptions: OptionsSchema,
    commands: z.record(
      z.string(),
      z.object({ options: OptionsSchema.default({}), aliases: z.array(z.string()).default([]) }),
    ),
  })
  .parse(
    // the package does not export it
    JSON.parse(readFileSync(join(ROOT, 'node_modules/aws-cdk/lib/cli/cli-type-registry.json'), 'utf8')),
  );

/** Names of our stacks; several are chosen by a star. */
const STACK = /^Stepshift(Engine(-Dashboard)?|-Service-[a-z*][a-z0-9-]*)$/;
const WITHOUT_STACKS: readonly string[] = [
  'bootstrap',
  'doctor',
  'docs',
  'init',
  'notices',
  'context',
  'acknowledge',
];

/**
 * @param args the words after `cdk`
 * @param contextKeys options of the app
 */
export function cdkProblems(args: readonly string[], contextKeys: readonly string[]): readonly string[] {
  const [verb, ...rest] = args;
  if (verb === undefined) return ['cdk needs --help or a command'];
  const command =
    REGISTRY.commands[verb] ?? Object.values(REGISTRY.commands).find(({ aliases }) => aliases.includes(verb));
  if (command === undefined) return [`cdk has no command ${verb}`];
  const { problems, context, words, isOtherApp } = readFlags(rest, {
    ...REGISTRY.globalOptions,
    ...command.options,
  });
  // another app has stacks and options of its own
  if (isOtherApp || WITHOUT_STACKS.includes(verb)) return problems;
  return [
    ...problems,
    ...context
      .map((pair) => pair.split('=')[0] ?? '')
      .filter((key) => !contextKeys.includes(key) && !/^(aws:cdk:|@aws-cdk\/)/.test(key))
      .map((key) => `the app has no option -c ${key}`),
    ...words.filter((word) => !STACK.test(word)).map((word) => `there is no stack ${word}`),
  ];
}

function readFlags(args: readonly string[], options: Options) {
  const problems: string[] = [];
  const context: string[] = [];
  const words: string[] = [];
  let isOtherApp = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    const [flag = '', ...inline] = word.replace(/^--?/, '').split('=');
    const name = nameOf(flag, options);
    if (name === undefined) problems.push(`cdk has no ${word.startsWith('--') ? '--' : '-'}${flag}`);
    isOtherApp ||= name === 'app';
    if (name === undefined || options[name]?.type === 'boolean') continue;
    at += inline.length === 0 ? 1 : 0;
    if (name === 'context') context.push(inline.length === 0 ? (args[at] ?? '') : inline.join('='));
  }
  return { problems, context, words, isOtherApp };
}

function nameOf(flag: string, options: Options): string | undefined {
  const bare = flag.replace(/^no-/, '');
  return Object.entries(options).find(
    ([name, { alias = [] }]) => name === bare || [alias].flat().includes(flag),
  )?.[0];
}
