// The Lambda alias as a target: its shape in a service file, its facts and its gates.
import * as z from 'zod';
import { type GateResult, openGate, shutGate } from '../gates.ts';
import type { Participants, StartRequest, TargetKind } from './target.ts';

const WrittenSchema = z
  .strictObject({
    function: z
      .string()
      .regex(/^[A-Za-z0-9-_]{1,64}$/)
      .describe('Name of the function (not an ARN), at most 64 characters'),
    alias: z
      .string()
      .regex(/^(?!^[0-9]+$)[A-Za-z0-9-_]{1,128}$/)
      .describe('Name of the alias that callers use'),
    interface: z
      .enum(['http', 'event'])
      .default('http')
      .describe(
        'http: answers requests, so a status of 500 is a failure; event: only exceptions are failures',
      ),
  })
  .describe('A Lambda alias, weighted between two published versions');
type Written = z.infer<typeof WrittenSchema>;

const TargetSchema = z.strictObject({
  kind: z.literal('lambda-alias'),
  functionName: z.string(),
  alias: z.string(),
  interface: z.enum(['http', 'event']),
});
export type LambdaAliasTarget = z.infer<typeof TargetSchema>;

/** What Lambda says of one published version. */
export interface LambdaVersionFacts {
  readonly version: string;
  readonly roleArn: string;
  readonly deadLetterArn: string | null;
  readonly timeoutSeconds: number;
}

/** Everything the gates of an alias look at, as read by the router. Shares are percent. */
export interface LambdaAliasFacts {
  readonly kind: 'lambda-alias';
  /** null: the alias does not exist. */
  readonly alias: {
    readonly primaryVersion: string;
    readonly additionalShares: Readonly<Record<string, number>>;
    readonly hasProvisionedConcurrency: boolean;
    /** The resource policy lets an HTTP front (function URL, API Gateway, load balancer) invoke it. */
    readonly invokedByHttpFront: boolean;
  } | null;
  /** null: the version does not exist. */
  readonly stable: LambdaVersionFacts | null;
  readonly canary: LambdaVersionFacts | null;
}

function gates(target: LambdaAliasTarget, facts: LambdaAliasFacts, request: StartRequest): GateResult[] {
  const where = label(target);
  const { alias, stable, canary } = facts;
  if (alias === null) {
    return [
      shutGate('target-readable', {
        code: 'alias-missing',
        what: `the alias ${where} does not exist`,
        where,
        got: 'no such alias',
        allowed: 'an alias on a published version',
        fix: `Create it: aws lambda create-alias --function-name ${target.functionName} --name ${target.alias} --function-version VERSION`,
      }),
    ];
  }
  return [
    openGate('target-readable', `${where} serves version ${alias.primaryVersion}`),
    wholeGate(target, alias.primaryVersion, alias.additionalShares),
    publishedGate(target, alias.primaryVersion, request.version, stable, canary),
    differentGate(where, alias.primaryVersion, request.version),
    compatibleGate(where, stable, canary),
    provisionedGate(where, alias.hasProvisionedConcurrency),
    sightedGate(target, alias.invokedByHttpFront, request),
  ];
}

function wholeGate(
  target: LambdaAliasTarget,
  primary: string,
  shares: Readonly<Record<string, number>>,
): GateResult {
  const where = label(target);
  const split = Object.entries(shares);
  if (split.length === 0) return openGate('target-whole', `all traffic of ${where} goes to ${primary}`);
  const list = split.map(([version, percent]) => `${percent} % to version ${version}`).join(', ');
  return shutGate('target-whole', {
    code: 'alias-already-split',
    what: `${where} is split already: ${list}`,
    where,
    got: list,
    allowed: 'one version',
    fix: `Finish or undo the other deployment, then start again; this undoes it: aws lambda update-alias --function-name ${target.functionName} --name ${target.alias} --routing-config 'AdditionalVersionWeights={}'`,
  });
}

function publishedGate(
  target: LambdaAliasTarget,
  stableVersion: string,
  canaryVersion: string,
  stable: LambdaVersionFacts | null,
  canary: LambdaVersionFacts | null,
): GateResult {
  const gate = 'versions-published';
  const where = label(target);
  const { functionName } = target;
  if (stableVersion === '$LATEST') {
    return shutGate(gate, {
      code: 'stable-not-published',
      what: `${where} points at $LATEST, which cannot share traffic with a version`,
      where,
      got: '$LATEST',
      allowed: 'a published version',
      fix: 'Publish a version and point the alias at it once, before the first rollout',
    });
  }
  for (const [name, version, found] of [
    ['stable', stableVersion, stable],
    ['canary', canaryVersion, canary],
  ] as const) {
    if (found !== null) continue;
    return shutGate(gate, {
      code: 'version-missing',
      what: `the ${name} version ${version} of ${where} does not exist`,
      where,
      got: version,
      allowed: 'a published version of the function',
      fix: `Publish it first; see what there is: aws lambda list-versions-by-function --function-name ${functionName}`,
    });
  }
  return openGate(gate, `versions ${stableVersion} and ${canaryVersion} are published`);
}

function differentGate(where: string, stableVersion: string, canaryVersion: string): GateResult {
  if (stableVersion !== canaryVersion) return openGate('version-is-new', `${canaryVersion} is not live yet`);
  return shutGate('version-is-new', {
    code: 'version-is-live',
    what: `version ${canaryVersion} already serves all traffic of ${where}`,
    where,
    got: canaryVersion,
    allowed: 'another version than the live one',
    fix: 'Nothing to do; to roll out something new, publish it and name its version',
  });
}

/** An alias takes two versions only when they share execution role and dead-letter queue (Lambda guide, aliases). */
function compatibleGate(
  where: string,
  stable: LambdaVersionFacts | null,
  canary: LambdaVersionFacts | null,
): GateResult {
  const gate = 'versions-compatible';
  if (stable === null || canary === null) return openGate(gate, 'not compared: a version is missing');
  for (const [thing, ours, theirs] of [
    ['execution role', canary.roleArn, stable.roleArn],
    ['dead-letter queue', canary.deadLetterArn ?? 'none', stable.deadLetterArn ?? 'none'],
  ] as const) {
    if (ours === theirs) continue;
    return shutGate(gate, {
      code: 'versions-incompatible',
      what: `the versions differ in their ${thing}, so Lambda refuses to weight the alias ${where}`,
      where,
      got: `${ours} (canary), ${theirs} (stable)`,
      allowed: `the same ${thing} on both`,
      fix: `Publish the new version with the ${thing} of the live one, or move all traffic by hand once`,
    });
  }
  return openGate(gate, 'both versions share role and dead-letter queue');
}

function provisionedGate(where: string, hasProvisionedConcurrency: boolean): GateResult {
  const gate = 'no-foreign-provisioned-concurrency';
  if (!hasProvisionedConcurrency) return openGate(gate, 'no provisioned concurrency on the alias');
  return shutGate(gate, {
    code: 'alias-has-provisioned-concurrency',
    what: `${where} has provisioned concurrency, which excludes weights`,
    where,
    got: 'provisioned concurrency on the alias',
    allowed: 'provisioned concurrency on versions only',
    fix: 'Delete it from the alias (aws lambda delete-provisioned-concurrency-config) and put it on the version',
  });
}

/** A function that answers 500 has Errors = 0: without a status stream by version the judge would be blind. */
function sightedGate(
  target: LambdaAliasTarget,
  invokedByHttpFront: boolean,
  request: StartRequest,
): GateResult {
  const gate = 'not-blind-to-http-errors';
  const isHttp = target.interface === 'http' || invokedByHttpFront;
  if (!isHttp) return openGate(gate, 'the function is not called over HTTP');
  if (request.hasHttpErrorStream) return openGate(gate, 'an HTTP-status stream by version is configured');
  return shutGate(gate, {
    code: 'blind-to-http-errors',
    what: `${label(target)} answers HTTP, and Lambda counts an answer of 500 as a success`,
    where: label(target),
    got: 'no checks.errors.http5xx in the service file',
    allowed: 'a metric that counts HTTP 5xx answers by version',
    fix: 'Wrap the handler with countHttpStatus and add checks.errors.http5xx, or waive it with a reason: waivers: { not-blind-to-http-errors: "…" }',
  });
}

function label(target: LambdaAliasTarget): string {
  return `${target.functionName}:${target.alias}`;
}

export const lambdaAlias: TargetKind<Written, typeof TargetSchema, LambdaAliasFacts> = {
  kind: 'lambda-alias',
  key: 'lambdaAlias',
  writtenSchema: WrittenSchema,
  schema: TargetSchema,
  fromWritten: (written) => ({
    kind: 'lambda-alias',
    functionName: written.function,
    alias: written.alias,
    interface: written.interface,
  }),
  id: (target) => `lambda-alias/${target.functionName}/${target.alias}`,
  label,
  weightStepPercent: 1,
  // invocations and errors always; throttles of the alias as a whole
  metricsPerLook: ({ latencies, http5xx, coldStarts, throttles }) =>
    2 * (2 + latencies + (http5xx ? 1 : 0) + (coldStarts ? 1 : 0)) + (throttles ? 1 : 0),
  gates,
  // every write is a compare-and-swap, and the first write of a way back changes the revision
  quarantineSeconds: () => 0,
  promises: () => [],
  participants: (_target, facts, request): Participants => ({
    stable: { version: facts.alias?.primaryVersion ?? '', ref: facts.alias?.primaryVersion ?? '' },
    canary: { version: request.version, ref: request.version },
    maxRequestSeconds: Math.max(facts.stable?.timeoutSeconds ?? 0, facts.canary?.timeoutSeconds ?? 0),
  }),
};
