// Reads the facts about an alias that the gates look at. Writes nothing; a missing alias or version is a fact.
import {
  type AliasConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import type {
  LambdaAliasFacts,
  LambdaAliasTarget,
  LambdaVersionFacts,
} from '../core/targets/lambda-alias.ts';
import { awsCall, isNamed } from './errors.ts';
import { additionalShares } from './lambda-alias.ts';

/** AWS's services that call a function to answer an HTTP request. */
const HTTP_FRONTS = [
  'apigateway.amazonaws.com',
  'elasticloadbalancing.amazonaws.com',
  'vpc-lattice.amazonaws.com',
];

export async function describeAlias(
  client: LambdaClient,
  target: LambdaAliasTarget,
  version: string,
): Promise<LambdaAliasFacts> {
  const { functionName, alias } = target;
  const name = { FunctionName: functionName, Name: alias };
  const found = await unlessMissing(`GetAlias ${functionName}:${alias}`, () =>
    client.send(new GetAliasCommand(name)),
  );
  if (found === null) return { kind: 'lambda-alias', alias: null, stable: null, canary: null };
  const primaryVersion = found.FunctionVersion ?? '';
  const [stable, canary, hasProvisionedConcurrency, invokedByHttpFront] = await Promise.all([
    readVersion(client, functionName, primaryVersion),
    readVersion(client, functionName, version),
    readProvisioned(client, target),
    readHttpFront(client, target),
  ]);
  return {
    kind: 'lambda-alias',
    alias: {
      primaryVersion,
      additionalShares: positive(found),
      hasProvisionedConcurrency,
      invokedByHttpFront,
    },
    stable,
    canary,
  };
}

/** A weight of 0 splits nothing. */
function positive(found: AliasConfiguration): Record<string, number> {
  return Object.fromEntries(Object.entries(additionalShares(found)).filter(([, percent]) => percent > 0));
}

/** Only published versions have a number; an alias' name as a qualifier would answer with some version's facts. */
async function readVersion(
  client: LambdaClient,
  functionName: string,
  version: string,
): Promise<LambdaVersionFacts | null> {
  if (!/^[0-9]+$/.test(version)) return null;
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version });
  const found = await unlessMissing(`GetFunctionConfiguration ${functionName}:${version}`, () =>
    client.send(command),
  );
  if (found === null) return null;
  return {
    version,
    roleArn: found.Role ?? '',
    deadLetterArn: found.DeadLetterConfig?.TargetArn || null,
    timeoutSeconds: found.Timeout ?? 0,
  };
}

async function readProvisioned(
  client: LambdaClient,
  { functionName, alias }: LambdaAliasTarget,
): Promise<boolean> {
  const command = new GetProvisionedConcurrencyConfigCommand({
    FunctionName: functionName,
    Qualifier: alias,
  });
  const found = await unlessMissing(`GetProvisionedConcurrencyConfig ${functionName}:${alias}`, () =>
    client.send(command),
  );
  return found !== null;
}

export async function readHttpFront(
  client: LambdaClient,
  { functionName, alias }: Pick<LambdaAliasTarget, 'functionName' | 'alias'>,
): Promise<boolean> {
  const command = new GetPolicyCommand({ FunctionName: functionName, Qualifier: alias });
  const found = await unlessMissing(`GetPolicy ${functionName}:${alias}`, () => client.send(command));
  return found?.Policy !== undefined && letsHttpFrontIn(found.Policy);
}

/** Looks for the services and for the two marks of a function URL: its own action and its condition key. */
function letsHttpFrontIn(policy: string): boolean {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: unknown };
  const statements = JSON.stringify(Statement);
  return [...HTTP_FRONTS, 'lambda:InvokeFunctionUrl', 'lambda:FunctionUrlAuthType'].some((mark) =>
    statements.includes(`"${mark}"`),
  );
}

async function unlessMissing<T>(doing: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await awsCall(doing, call);
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException', 'ProvisionedConcurrencyConfigNotFoundException'))
      return null;
    throw error;
  }
}
