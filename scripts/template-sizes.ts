// What a template weighs against the limits of AWS. Names that are known only after the deployment count at their longest.

interface CfnResource {
  readonly Type: string;
  readonly Properties?: Properties;
}

type Properties = Readonly<Record<string, unknown>>;

export interface TemplateSizes {
  readonly templateBytes: number;
  readonly resources: number;
  /** Of the role with the most, all its inline policies together. */
  readonly inlinePolicyCharacters: number;
  readonly managedPolicyCharacters: number;
  readonly trustPolicyCharacters: number;
  readonly eventPatternCharacters: number;
  /** Who may invoke it: of the function with the most. */
  readonly functionPolicyBytes: number;
}

/**
 * Sources: CloudFormation quotas (template body in S3, resources); IAM quotas (inline policies of a role, managed policy,
 * role trust policy, each without white space); EventBridge quotas (event pattern); Lambda quotas (function policy).
 */
export const SIZE_LIMITS: TemplateSizes = {
  templateBytes: 1_000_000,
  resources: 500,
  inlinePolicyCharacters: 10_240,
  managedPolicyCharacters: 6_144,
  trustPolicyCharacters: 2_048,
  eventPatternCharacters: 2_048,
  functionPolicyBytes: 20_480,
};

/** Longest ARN that CloudFormation makes of a stack's name of 40 characters, a logical id and its own suffix. */
const LONGEST_REFERENCE = 'x'.repeat(160);

const LONGEST_PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': 'ap-southeast-2',
};

/** Sizes of a template as it is uploaded. */
export function sizesOf(templateText: string): TemplateSizes {
  const template = JSON.parse(templateText) as { readonly Resources?: Readonly<Record<string, CfnResource>> };
  const resources = Object.entries(template.Resources ?? {});
  const documents = (type: string, property: string): readonly number[] =>
    resources
      .filter(([, { Type }]) => Type === type)
      .map(([, { Properties }]) => characters(Properties?.[property] ?? ''));
  return {
    templateBytes: Buffer.byteLength(templateText),
    resources: resources.length,
    inlinePolicyCharacters: largest(inlinePolicies(resources)),
    managedPolicyCharacters: Math.max(0, ...documents('AWS::IAM::ManagedPolicy', 'PolicyDocument')),
    trustPolicyCharacters: Math.max(0, ...documents('AWS::IAM::Role', 'AssumeRolePolicyDocument')),
    eventPatternCharacters: Math.max(0, ...documents('AWS::Events::Rule', 'EventPattern')),
    functionPolicyBytes: largest(functionPolicies(resources)),
  };
}

/** The names of the sizes that are over their limit. */
export function overLimit(sizes: TemplateSizes): readonly (keyof TemplateSizes)[] {
  return (Object.keys(SIZE_LIMITS) as (keyof TemplateSizes)[]).filter(
    (name) => sizes[name] > SIZE_LIMITS[name],
  );
}

/** The largest of each. */
export function largestSizes(all: readonly TemplateSizes[]): TemplateSizes {
  const entries = Object.keys(SIZE_LIMITS).map((name) => [
    name,
    Math.max(0, ...all.map((sizes) => sizes[name as keyof TemplateSizes])),
  ]);
  return Object.fromEntries(entries);
}

type Totals = Readonly<Record<string, number>>;

function inlinePolicies(resources: readonly (readonly [string, CfnResource])[]): Totals {
  const totals: Record<string, number> = {};
  const add = (role: string, policy: unknown): void => {
    totals[role] = (totals[role] ?? 0) + characters(policy);
  };
  for (const [id, { Type, Properties = {} }] of resources) {
    if (Type === 'AWS::IAM::Role') {
      for (const { PolicyDocument } of listed(Properties['Policies'])) add(id, PolicyDocument);
    }
    if (Type === 'AWS::IAM::Policy') {
      for (const { Ref } of listed(Properties['Roles'])) add(String(Ref), Properties['PolicyDocument']);
    }
  }
  return totals;
}

/** As Lambda writes a permission down: one statement each, its id made of the stack, the logical id and a suffix. */
function functionPolicies(resources: readonly (readonly [string, CfnResource])[]): Totals {
  const totals: Record<string, number> = {};
  const frame = characters({ Version: '2012-10-17', Id: 'default', Statement: [] });
  for (const [id, { Type, Properties = {} }] of resources) {
    if (Type !== 'AWS::Lambda::Permission') continue;
    const { FunctionName, Principal, Action, SourceArn = '' } = Properties;
    const key = JSON.stringify(FunctionName);
    const statement = {
      Sid: `${'x'.repeat(40)}-${id}-${'x'.repeat(12)}`,
      Effect: 'Allow',
      Principal: { Service: Principal },
      Action,
      Resource: LONGEST_REFERENCE,
      Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
    };
    totals[key] = (totals[key] ?? frame) + characters(statement) + 1;
  }
  return totals;
}

function listed(value: unknown): readonly Properties[] {
  return Array.isArray(value) ? (value as Properties[]) : [];
}

function largest(totals: Totals): number {
  return Math.max(0, ...Object.values(totals));
}

/** Length as JSON without white space, every reference at its longest. */
function characters(document: unknown): number {
  return document === '' ? 0 : JSON.stringify(atLongest(document)).length;
}

function atLongest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(atLongest);
  if (value === null || typeof value !== 'object') return value;
  const [[name, operand] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && name === 'Ref') {
    return LONGEST_PSEUDO_PARAMETERS[String(operand)] ?? LONGEST_REFERENCE;
  }
  if (more.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = operand as [string, unknown[]];
    return parts.map((part) => String(atLongest(part))).join(separator);
  }
  if (more.length === 0 && name.startsWith('Fn::')) return LONGEST_REFERENCE;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, atLongest(part)]));
}
