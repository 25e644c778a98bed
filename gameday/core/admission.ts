// Whether a game day may run in this account: asked before anything is made, answered with what stands against it.

import { DEFAULT_ENGINE_NAME } from '../../lib/names.ts';
import type { Problem } from '../../src/core/errors.ts';
import { DAY_TAG, FORBID_TAG, STACKS } from './names.ts';

/** Who would do it, and where, as AWS says. */
export interface Identity {
  readonly accountId: string;
  readonly arn: string;
  readonly region: string;
}

/** A stack of the account and Region. */
export interface FoundStack {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Tags that say what an account is used for. */
const STAGE_TAG = /^(?:env|environment|stage|tier)$/i;
const PRODUCTION = /(?:^|[^a-z])(?:prod|production|prd|live)(?:$|[^a-z])/i;

/** In the name of a role or user, where words are also told apart by capitals: `ProdAdmin`. */
const PRODUCTION_IDENTITY = /(?:^|[^a-z])(?:prod|production|prd)(?:$|[^a-z])|Prod(?:uction)?(?=[A-Z]|$)/;

/**
 * Empty: nothing stands against it.
 * @param wanted the account that the person named; undefined: none
 */
export function objections(
  wanted: string | undefined,
  identity: Identity,
  stacks: readonly FoundStack[],
): readonly Problem[] {
  return [
    ...wrongAccount(wanted, identity),
    ...productionIdentity(identity),
    ...stacks.flatMap((stack) => forbiddingStack(stack)),
    ...installedEngine(stacks),
    ...takenNames(stacks),
    ...notBootstrapped(stacks),
  ];
}

/** Neither deployed over nor removed: it is not known whose it is. */
function takenNames(stacks: readonly FoundStack[]): readonly Problem[] {
  return stacks
    .filter(({ name, tags }) => STACKS.includes(name) && !(DAY_TAG in tags))
    .map(({ name }) => ({
      code: 'stack-name-taken',
      what: `there is a stack ${name} that does not say that it belongs to a game day`,
      where: `CloudFormation stack ${name}`,
      got: `no tag ${DAY_TAG}`,
      allowed: 'no stack of this name, or one of an earlier day',
      fix: 'Look whose it is, and remove it by hand',
    }));
}

/** CDK's own stack; without it nothing can be deployed. */
const BOOTSTRAP_STACK = 'CDKToolkit';

function notBootstrapped(stacks: readonly FoundStack[]): readonly Problem[] {
  if (stacks.some(({ name }) => name === BOOTSTRAP_STACK)) return [];
  return [
    {
      code: 'not-bootstrapped',
      what: 'CDK was never bootstrapped in this account and Region',
      where: `CloudFormation stack ${BOOTSTRAP_STACK}`,
      got: 'no such stack',
      allowed: 'a bootstrapped account and Region',
      fix: 'npx cdk bootstrap',
    },
  ];
}

/** Also asked before anything is removed. */
export function wrongAccount(wanted: string | undefined, { accountId }: Identity): readonly Problem[] {
  if (wanted === accountId) return [];
  return [
    {
      code: wanted === undefined ? 'account-not-named' : 'wrong-account',
      what:
        wanted === undefined
          ? 'the account is not named, so that a game day could run in the wrong one'
          : 'these credentials are for another account than the one that was named',
      where: '--account',
      got: wanted ?? 'nothing',
      allowed: `${accountId}, the account of these credentials`,
      fix: `Add --account ${accountId} if it is a sandbox, or choose other credentials`,
    },
  ];
}

function productionIdentity({ arn }: Identity): readonly Problem[] {
  const name = arn.slice(arn.indexOf('/') + 1);
  if (!PRODUCTION_IDENTITY.test(name)) return [];
  return [
    {
      code: 'production-identity',
      what: 'the name of this identity says production',
      where: 'sts:GetCallerIdentity',
      got: arn,
      allowed: 'an identity of a sandbox',
      fix: 'Choose the credentials of a sandbox account',
    },
  ];
}

function forbiddingStack({ name, tags }: FoundStack): readonly Problem[] {
  const found = Object.entries(tags).find(
    ([key, value]) => key === FORBID_TAG || (STAGE_TAG.test(key) && PRODUCTION.test(value)),
  );
  if (found === undefined) return [];
  return [
    {
      code: 'forbidden-account',
      what: `the stack ${name} says that this is no account for a game day`,
      where: `CloudFormation stack ${name}`,
      got: `${found[0]}=${found[1]}`,
      allowed: `an account without stacks of production and without the tag ${FORBID_TAG}`,
      fix: 'Run it in a sandbox account',
    },
  ];
}

/** Where an engine is installed, services may depend on it and on the account's quotas. */
function installedEngine(stacks: readonly FoundStack[]): readonly Problem[] {
  if (!stacks.some(({ name, tags }) => name === DEFAULT_ENGINE_NAME && !(DAY_TAG in tags))) return [];
  return [
    {
      code: 'engine-in-use',
      what: 'an engine is installed in this account and Region, and a game day takes of the same quotas',
      where: `CloudFormation stack ${DEFAULT_ENGINE_NAME}`,
      got: 'installed',
      allowed: 'an account and Region without one',
      fix: 'Choose another Region or a sandbox account',
    },
  ];
}

/** Stacks of an earlier day; the same names cannot be made twice. */
export function leftovers(stacks: readonly FoundStack[]): readonly (FoundStack & { readonly day: string })[] {
  return stacks.flatMap((stack) => {
    const day = stack.tags[DAY_TAG];
    return day === undefined ? [] : [{ ...stack, day }];
  });
}
