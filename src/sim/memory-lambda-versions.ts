// Published versions in memory, and which of them an alias may route to.
import type { LambdaVersionFacts } from '../core/targets/lambda-alias.ts';
import type { AliasConfiguration } from './memory-lambda.ts';

/** Function name → what is published of it. */
export type PublishedVersions = Map<string, readonly LambdaVersionFacts[]>;

export function requireVersion(
  versions: PublishedVersions,
  functionName: string,
  version: string,
): LambdaVersionFacts {
  const found = versions.get(functionName)?.find((candidate) => candidate.version === version);
  if (found === undefined) throw named('ResourceNotFoundException', `no version ${functionName}:${version}`);
  return found;
}

/** Two published versions at the most, with the same role and dead-letter queue; source: Lambda guide, aliases. */
export function assertRoutable(
  versions: PublishedVersions,
  functionName: string,
  wanted: Pick<AliasConfiguration, 'functionVersion' | 'additionalWeights'>,
): void {
  const isLatest = wanted.functionVersion === '$LATEST';
  const primary = isLatest ? null : requireVersion(versions, functionName, wanted.functionVersion);
  const [second, ...more] = Object.entries(wanted.additionalWeights);
  if (second === undefined) return;
  const [version, weight] = second;
  const other = requireVersion(versions, functionName, version);
  const isCompatible = primary?.roleArn === other.roleArn && primary.deadLetterArn === other.deadLetterArn;
  const isLegal =
    more.length === 0 && version !== primary?.version && weight >= 0 && weight <= 1 && isCompatible;
  if (isLegal) return;
  throw named(
    'InvalidParameterValueException',
    `${functionName} cannot be split so: ${JSON.stringify(wanted)}`,
  );
}

/** An error as AWS names it. */
export function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
