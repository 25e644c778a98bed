// One Lambda alias as the router sees it: read its traffic, write it on condition that nobody else did.
import {
  type AliasConfiguration,
  GetAliasCommand,
  type LambdaClient,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import type { Target } from '../core/targets/index.ts';
import type { LambdaAliasTarget } from '../core/targets/lambda-alias.ts';
import { labelOver, tagIn, tagText } from '../core/traffic-tag.ts';
import type { TrafficOrder } from '../ports.ts';
import { awsCall, isNamed } from './errors.ts';

/** The live alias and the revision that a write must still find. */
export interface LiveAlias {
  readonly live: LiveTraffic;
  readonly primaryVersion: string;
  readonly hasWeights: boolean;
  readonly description: string;
  readonly revisionId: string;
}

/** What the alias shall be. */
export interface WantedAlias {
  readonly primaryVersion: string;
  /** Share of the canary as the additional version, percent; 0: no additional version. */
  readonly additionalPercent: number;
}

export function aliasTarget(target: Target): LambdaAliasTarget {
  if (target.kind === 'lambda-alias') return target;
  throw new TypeError('this router moves Lambda aliases only');
}

/** `function:alias`, for messages. */
export function aliasName(target: Target): string {
  const { functionName, alias } = aliasTarget(target);
  return `${functionName}:${alias}`;
}

export async function readAlias(client: LambdaClient, order: TrafficOrder): Promise<LiveAlias> {
  const { functionName, alias } = aliasTarget(order.target);
  const command = new GetAliasCommand({ FunctionName: functionName, Name: alias });
  const found = await awsCall(`GetAlias ${aliasName(order.target)}`, () => client.send(command));
  const { FunctionVersion = '', Description = '', RevisionId = '' } = found;
  return {
    live: liveTraffic(found, order),
    primaryVersion: FunctionVersion,
    hasWeights: Object.keys(additionalShares(found)).length > 0,
    description: Description,
    revisionId: RevisionId,
  };
}

/** Share by additional version, percent. Weights are fractions, and 0.07 × 100 is not 7. */
export function additionalShares({ RoutingConfig }: AliasConfiguration): Record<string, number> {
  return Object.fromEntries(
    Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {}).map(([version, weight]) => [
      version,
      Math.round(weight * 10_000) / 100,
    ]),
  );
}

/** The primary version counts as a stranger whatever its share is: writing over it would lose it. */
function liveTraffic(found: AliasConfiguration, { stable, canary }: TrafficOrder): LiveTraffic {
  const primary = found.FunctionVersion ?? '';
  const additional = additionalShares(found);
  const rest = 100 - Object.values(additional).reduce((sum, share) => sum + share, 0);
  const shares: Readonly<Record<string, number>> = { ...additional, [primary]: Math.round(rest * 100) / 100 };
  return {
    canaryPercent: shares[canary.ref] ?? 0,
    stablePercent: shares[stable.ref] ?? 0,
    strangers: Object.entries(shares)
      .filter(([version, share]) => version === primary || share > 0)
      .map(([version]) => version)
      .filter((version) => version !== stable.ref && version !== canary.ref),
    writtenBy: tagIn(found.Description ?? ''),
  };
}

export function isAllOn(alias: LiveAlias, version: string): boolean {
  return alias.primaryVersion === version && !alias.hasWeights;
}

/** The live share is there, and this very order wrote it. */
export function carries(live: LiveTraffic, order: TrafficOrder, canaryPercent: number): boolean {
  return live.writtenBy === tagText(order.tag) && live.canaryPercent === canaryPercent;
}

/**
 * Writes on condition that nobody did since `before` was read. True when the write is on the target, also when only its
 * answer was lost; false when somebody else was first. Throws TransientError when reads lag behind the refusal, so that
 * nobody can tell yet who was first.
 */
export async function swapAlias(
  client: LambdaClient,
  order: TrafficOrder,
  before: LiveAlias,
  wanted: WantedAlias,
): Promise<boolean> {
  // differs from what was read, and so from what an earlier try of the same order may have left there
  const description = labelOver(before.description, order.tag);
  try {
    await updateAlias(client, order, before, { ...wanted, description });
    return true;
  } catch (error) {
    const isRefused = isNamed(error, 'PreconditionFailedException');
    if (!isRefused && !(error instanceof TransientError)) throw error;
    const canaryPercent = wanted.primaryVersion === order.canary.ref ? 100 : wanted.additionalPercent;
    const now = await readAlias(client, order);
    if (now.description === description && now.live.canaryPercent === canaryPercent) return true;
    if (!isRefused) throw error;
    if (now.revisionId !== before.revisionId) return false;
    throw new TransientError(`${aliasName(order.target)} still shows a revision that is no longer its own`);
  }
}

/**
 * The version is only sent when it changes, since a conditional write keeps what it does not name: aws-sdk-js-v3 issue
 * 7254 saw UpdateAlias fail when it got version and weights together. The weights are always sent: an empty map takes the
 * canary off, no map would leave it on.
 */
async function updateAlias(
  client: LambdaClient,
  order: TrafficOrder,
  before: LiveAlias,
  { primaryVersion, additionalPercent, description }: WantedAlias & { readonly description: string },
): Promise<void> {
  const { functionName, alias } = aliasTarget(order.target);
  const weights = additionalPercent === 0 ? {} : { [order.canary.ref]: additionalPercent / 100 };
  const command = new UpdateAliasCommand({
    FunctionName: functionName,
    Name: alias,
    ...(primaryVersion === before.primaryVersion ? {} : { FunctionVersion: primaryVersion }),
    RoutingConfig: { AdditionalVersionWeights: weights },
    Description: description,
    RevisionId: before.revisionId,
  });
  const doing = `UpdateAlias ${aliasName(order.target)}`;
  try {
    await awsCall(doing, () => client.send(command));
  } catch (error) {
    if (!isNamed(error, 'ResourceConflictException')) throw error;
    throw new TransientError(`${doing}: another operation on the function is under way`, error);
  }
}
