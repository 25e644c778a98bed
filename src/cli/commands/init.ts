// `stepshift init NAME`: writes the service file of a service, by asking AWS or by flags. Reads only, and writes one file.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { InvalidInputError } from '../../core/errors.ts';
import type { InitReader } from '../../core/init-reader.ts';
import { plainText } from '../../core/plain-text.ts';
import { targetLabel } from '../../core/targets/index.ts';
import { type CliCommand, type CommandContext, type CommandResult, EXIT } from '../command.ts';
import { type FoundService, findService } from '../init/find-service.ts';
import { serviceText } from '../init/service-text.ts';
import { type InitWish, readInitWish } from '../init/wish.ts';
import { assertNames } from '../names.ts';
import { collect } from '../options.ts';
import { parseServiceText } from '../service-source.ts';
import { shellWord } from '../shell-lines.ts';
import { styleOf } from '../timeline.ts';
import { wrap } from '../wrap.ts';
import { writeTextFile } from '../write-text-file.ts';

/** Loads the SDK's clients only now, as the engine's are. */
async function openReader(): Promise<InitReader> {
  const { awsInitReader } = await import('../../aws/init-reader.ts');
  return awsInitReader();
}

export const initCommand = initCommandOn(openReader);

export function initCommandOn(open: () => Promise<InitReader>): CliCommand {
  return {
    verb: 'init',
    summary: 'Write a service file; asks AWS what the flags leave open',
    notes: [
      'Reads with your own credentials and changes nothing in AWS. It looks for the alias, for who may call it, for the target groups of a rule, and for alarms that watch the target.',
      'A file that is there already is kept, unless --force says otherwise; the sample that comes with the repository is replaced.',
    ],
    examples: [
      'init checkout --function checkout-api',
      'init checkout --function checkout-api --alias live --stages careful --alarm Checkout5xx',
      'init checkout --function checkout-api --alias live --offline',
      'init shop --listener-rule RULE_ARN --blue GROUP_ARN --green GROUP_ARN',
    ],
    exitCodes: {
      promotedOrClean: 'the file was written',
      invalidInput: 'the flags are wrong, or the file is there already; nothing was written',
      rejected: 'AWS has no such function, alias or rule, or several that fit; nothing was written',
      noPermission: 'no valid credentials, no Region, or not the right to look; nothing was written',
    },
    configure,
    run: async ([service = ''], options, context) => {
      assertNames({ service });
      const wish = readInitWish(service, options);
      assertFree(wish, context.cwd);
      const reader = wish.isOffline ? null : await open();
      const found = await findService(wish, { reader, ask: context.ask ?? null });
      const text = serviceText({ ...wish, ...found, schemaPath: schemaPath(wish.out, context.cwd) });
      // what is written is right, or nothing is
      const { spec, specDigest } = parseServiceText(text, wish.out);
      const file = { cwd: context.cwd, path: wish.out, noun: 'service file', example: '--out checkout.yaml' };
      await writeTextFile(file, text);
      return resultOf(wish, found, targetLabel(spec.target), specDigest, context);
    },
  };
}

function configure(command: Command): void {
  command
    .argument('<name>', 'name of the service')
    .option('--function <name>', 'the Lambda function, by its name')
    .option('--alias <name>', 'its alias; asked of AWS where it has only one')
    .option('--interface <kind>', 'http or event; asked of AWS')
    .option('--listener-rule <arn>', 'instead of a function: a rule of a load balancer')
    .option('--blue <arn>', 'one of its two target groups; asked of AWS where the rule names both')
    .option('--green <arn>', 'the other one')
    .option('--stages <preset>', 'quick, standard or careful (standard where nothing is said)')
    .option('--alarm <name>', 'an alarm that takes traffic back; may be given again', collect)
    .option('--notify <channel>', 'who is told, by the name of a channel')
    .option('--out <file>', 'the file to write (services/NAME.yaml where nothing is said)')
    .option('--offline', 'ask nothing of AWS; the whole target has to be named')
    .option('--force', 'write over a file that is there already');
}

/** How the service file begins that the repository comes with; nobody's work is lost with it. */
const SAMPLE = '# A sample: replace it';

/** Throws InvalidInputError (`file-exists`). */
function assertFree({ out, isForced }: InitWish, cwd: string): void {
  const file = resolve(cwd, out);
  if (isForced || out === '' || !existsSync(file)) return;
  const isFolder = statSync(file).isDirectory();
  if (!isFolder && readFileSync(file, 'utf8').startsWith(SAMPLE)) return;
  throw new InvalidInputError([
    {
      code: 'file-exists',
      what: `${out} is there already`,
      where: out,
      got: isFolder ? 'a folder' : 'a file',
      allowed: 'a file that is not there yet',
      fix: 'Name another one with --out, or write over it with --force',
    },
  ]);
}

/** Where the schema lies in this repository, and in a project that has the package. */
const SCHEMAS = ['schema/service.schema.json', 'node_modules/stepshift/schema/service.schema.json'];

function schemaPath(out: string, cwd: string): string | null {
  const found = SCHEMAS.find((path) => existsSync(join(cwd, path)));
  if (found === undefined) return null;
  return relative(dirname(resolve(cwd, out)), join(cwd, found))
    .split(sep)
    .join('/');
}

/** `cdk deploy` reads one folder, `services` unless told. */
const SERVICES_FOLDER = 'services';

function resultOf(
  { service, out, stages }: InitWish,
  { alarms, notes }: FoundService,
  target: string,
  specDigest: string,
  context: CommandContext,
): CommandResult {
  const folder = dirname(out);
  const option = folder === SERVICES_FOLDER ? '' : ` -c ${shellWord(`services=${folder}`)}`;
  const next = [
    `stepshift validate ${shellWord(out)}`,
    `stepshift plan ${shellWord(out)} --requests-per-minute 600`,
    `npx cdk deploy 'Stepshift-Service-${service}'${option}`,
  ];
  const { width } = styleOf(context);
  return {
    code: EXIT.promotedOrClean,
    data: { file: out, service, target, stages, alarms, specDigest, notes, next },
    text: [
      ...wrap(plainText(`Wrote ${out}: ${target}, stages ${stages}.`), width),
      ...notes.flatMap((note) =>
        wrap(plainText(note), width - 2).map((line, index) => `${index === 0 ? '-' : ' '} ${line}`),
      ),
      '',
      'Next:',
      ...next.map((line) => `  ${plainText(line)}`),
    ].join('\n'),
  };
}
