// Whether a command of the AWS command line exists: service, operation and flags, by the models inside the SDK's clients.
import { createRequire } from 'node:module';
import * as z from 'zod';
import listed from './aws-cli-listed.json' with { type: 'json' };

/** Service on the command line → client whose package is installed; loaded where a command asks for it. */
const CLIENTS: Readonly<Record<string, string>> = {
  cloudformation: '@aws-sdk/client-cloudformation',
  cloudtrail: '@aws-sdk/client-cloudtrail',
  cloudwatch: '@aws-sdk/client-cloudwatch',
  dynamodb: '@aws-sdk/client-dynamodb',
  elbv2: '@aws-sdk/client-elastic-load-balancing-v2',
  events: '@aws-sdk/client-eventbridge',
  lambda: '@aws-sdk/client-lambda',
  sns: '@aws-sdk/client-sns',
  stepfunctions: '@aws-sdk/client-sfn',
  sts: '@aws-sdk/client-sts',
};

/**
 * Services without an installed client, and commands that are the command line's own: flags by service and operation, `!`
 * behind those that it needs.
 * Source: AWS CLI command reference, https://docs.aws.amazon.com/cli/latest/reference/SERVICE/OPERATION.html.
 */
const LISTED: Readonly<Record<string, readonly string[]>> = listed;

/** Flags that every command takes; source: AWS CLI user guide, «Global options», and its paging of lists. */
const GLOBAL_FLAGS: readonly string[] = [
  'query',
  'output',
  'region',
  'profile',
  'endpoint-url',
  'no-cli-pager',
  'cli-input-json',
  'cli-binary-format',
  'max-items',
  'page-size',
  'starting-token',
  'no-paginate',
];

/** Names that the command line changed, since they were taken; source: awscli/customizations/argrename.py. */
const RENAMED: Readonly<Record<string, string>> = { 'sns subscribe endpoint': 'notification-endpoint' };

/** Commands that take a word without a flag: a file for the output, a log group. */
const WITH_WORD: readonly string[] = ['lambda invoke', 'logs tail'];

/** A structure's schema: [3, namespace, name, traits, names of members, their schemas, how many of them are required]. */
const InputSchema = z.union([
  z.tuple([
    z.literal(3),
    z.string(),
    z.string(),
    z.unknown(),
    z.array(z.string()),
    z.array(z.unknown()),
    z.number().default(0),
  ]),
  // an operation without input
  z.literal('unit').transform(() => null),
]);
/** An operation's: [9, namespace, name, traits, input, output]. */
const OperationSchema = z.tuple([
  z.literal(9),
  z.string(),
  z.string(),
  z.unknown(),
  z.union([z.function(), z.literal('unit')]),
  z.unknown(),
]);

interface Operation {
  readonly flags: readonly string[];
  readonly required: readonly string[];
}

const load = createRequire(import.meta.url);

/** @param args the words after `aws` */
export function awsProblems(args: readonly string[]): readonly string[] {
  const [service = '', operation = '', ...rest] = args;
  const known = operationOf(service, operation);
  if (typeof known === 'string') return [known];
  // a flag may take several values, so what follows one belongs to it
  const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('=')[0] ?? '');
  const firstFlag = rest.findIndex((word) => word.startsWith('--'));
  const loose = firstFlag < 0 ? rest : rest.slice(0, firstFlag);
  const isUnknown = (flag: string): boolean =>
    ![...known.flags, ...GLOBAL_FLAGS].some((one) => one === flag || `no-${one}` === flag);
  const words = WITH_WORD.includes(`${service} ${operation}`) ? 1 : 0;
  return [
    ...flags.filter(isUnknown).map((flag) => `aws ${service} ${operation} has no --${flag}`),
    ...known.required
      .filter((flag) => !flags.includes(flag) && !flags.includes('cli-input-json'))
      .map((flag) => `aws ${service} ${operation} needs --${flag}`),
    ...loose.slice(words).map((word) => `aws ${service} ${operation} takes no word «${word}»`),
  ];
}

/** A text says what is wrong. */
function operationOf(service: string, operation: string): Operation | string {
  const listed = LISTED[`${service} ${operation}`];
  if (listed !== undefined) {
    const isRequired = (flag: string): boolean => flag.endsWith('!');
    return {
      flags: listed.map((flag) => flag.replace('!', '')),
      required: listed.filter(isRequired).map((flag) => flag.slice(0, -1)),
    };
  }
  const client = CLIENTS[service];
  if (client === undefined)
    return `aws ${service} ${operation} is in no client; add it to aws-cli-listed.json`;
  const module: Record<string, unknown> = load(client);
  const found = OperationSchema.safeParse(module[`${pascalCase(operation)}$`]);
  if (!found.success) return `aws ${service} has no ${operation}, nor has aws-cli-listed.json`;
  return operationFrom(service, operation, found.data[4]);
}

function operationFrom(service: string, operation: string, input: unknown): Operation {
  const schema = InputSchema.parse(typeof input === 'function' ? input() : input);
  if (schema === null) return { flags: [], required: [] };
  const names = schema[4].map((name) => {
    const flag = kebabCase(name);
    return RENAMED[`${service} ${operation} ${flag}`] ?? flag;
  });
  return { flags: names, required: names.slice(0, schema[6]) };
}

function pascalCase(operation: string): string {
  return operation
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** As the command line makes flags of members; source: botocore, xform_name. */
function kebabCase(member: string): string {
  return member
    .replaceAll(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
