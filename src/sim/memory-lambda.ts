// A Lambda control plane in memory: published versions and aliases, changed by compare-and-swap as on AWS.
import type { LambdaVersionFacts } from '../core/targets/lambda-alias.ts';
import { assertRoutable, named, type PublishedVersions, requireVersion } from './memory-lambda-versions.ts';

/** The API calls that Stepshift makes, by their AWS names. */
type LambdaApi =
  | 'GetAlias'
  | 'UpdateAlias'
  | 'GetFunctionConfiguration'
  | 'GetProvisionedConcurrencyConfig'
  | 'GetPolicy';

/** An alias as GetAlias shows it. Additional weights are fractions from 0 to 1; the rest goes to `functionVersion`. */
export interface AliasConfiguration {
  readonly functionVersion: string;
  readonly additionalWeights: Readonly<Record<string, number>>;
  readonly description: string;
  readonly revisionId: string;
}

type AliasChange = Partial<Omit<AliasConfiguration, 'revisionId'>>;

export interface AliasSetup extends AliasChange {
  readonly functionVersion: string;
  readonly hasProvisionedConcurrency?: boolean;
  readonly invokedByHttpFront?: boolean;
}

/** What exists at the beginning: function name → its published versions and its aliases by name. */
export type LambdaSetup = Readonly<
  Record<
    string,
    {
      readonly versions: readonly LambdaVersionFacts[];
      readonly aliases: Readonly<Record<string, AliasSetup>>;
    }
  >
>;

export interface AliasChanged {
  readonly functionName: string;
  readonly alias: string;
  readonly before: AliasConfiguration;
  readonly after: AliasConfiguration;
}

/**
 * Faults. `before` runs when a call arrives: throwing refuses it, a promise delays it. `after` runs when its effect is
 * there: throwing loses the answer. Both may be exchanged while the plane lives.
 */
export interface LambdaHooks {
  before?: ((api: LambdaApi) => void | Promise<void>) | undefined;
  after?: ((api: LambdaApi) => void | Promise<void>) | undefined;
}

/** Calls reject with errors named as AWS names them: ResourceNotFoundException, PreconditionFailedException, … */
export interface LambdaControlPlane {
  readonly hooks: LambdaHooks;
  getAlias(functionName: string, alias: string): Promise<AliasConfiguration>;
  /** With a `revisionId` the update lands only on that revision. */
  updateAlias(
    functionName: string,
    alias: string,
    change: AliasChange,
    revisionId?: string,
  ): Promise<AliasConfiguration>;
  getVersion(functionName: string, version: string): Promise<LambdaVersionFacts>;
  hasProvisionedConcurrency(functionName: string, alias: string): Promise<boolean>;
  isInvokedByHttpFront(functionName: string, alias: string): Promise<boolean>;

  /** The truth, past all faults; null when there is no such alias. */
  peek(functionName: string, alias: string): AliasConfiguration | null;
  /** Somebody else's change, past all faults, without a condition. */
  edit(functionName: string, alias: string, change: AliasChange): void;
  /** Somebody cleans up, past all faults. Throws ResourceConflictException while an alias names the version. */
  deleteVersion(functionName: string, version: string): void;
  /** The listener hears every change of an alias at the moment it takes effect. */
  onChange(listener: (change: AliasChanged) => void): void;
}

interface Plane {
  readonly setup: LambdaSetup;
  readonly versions: PublishedVersions;
  readonly live: Map<string, AliasConfiguration>;
  readonly listeners: ((change: AliasChanged) => void)[];
}

/** Revisions are numbered per plane. An update that changes nothing keeps its revision: Lambda promises no more. */
export function lambdaControlPlane(setup: LambdaSetup, hooks: LambdaHooks = {}): LambdaControlPlane {
  const versions = Object.entries(setup).map(([name, { versions }]) => [name, versions] as const);
  const plane: Plane = { setup, versions: new Map(versions), live: initialAliases(setup), listeners: [] };
  const call = async <T>(api: LambdaApi, effect: () => T): Promise<T> => {
    if (hooks.before !== undefined) await hooks.before(api);
    const answer = effect();
    if (hooks.after !== undefined) await hooks.after(api);
    return answer;
  };
  return {
    hooks,
    getAlias: (name, alias) => call('GetAlias', () => requireAlias(plane, name, alias)),
    updateAlias: (name, alias, change, revisionId) =>
      call('UpdateAlias', () => changeAlias(plane, name, alias, change, revisionId)),
    getVersion: (name, version) =>
      call('GetFunctionConfiguration', () => requireVersion(plane.versions, name, version)),
    hasProvisionedConcurrency: (name, alias) =>
      call('GetProvisionedConcurrencyConfig', () => {
        return setup[name]?.aliases[alias]?.hasProvisionedConcurrency ?? false;
      }),
    isInvokedByHttpFront: (name, alias) =>
      call('GetPolicy', () => setup[name]?.aliases[alias]?.invokedByHttpFront ?? false),
    peek: (name, alias) => plane.live.get(keyOf(name, alias)) ?? null,
    edit: (name, alias, change) => {
      changeAlias(plane, name, alias, change);
    },
    deleteVersion: (name, version) => deleteVersion(plane, name, version),
    onChange: (listener) => {
      plane.listeners.push(listener);
    },
  };
}

function keyOf(functionName: string, alias: string): string {
  return `${functionName}:${alias}`;
}

function initialAliases(setup: LambdaSetup): Map<string, AliasConfiguration> {
  const live = new Map<string, AliasConfiguration>();
  for (const [functionName, { aliases }] of Object.entries(setup)) {
    for (const [alias, { functionVersion, additionalWeights = {}, description = '' }] of Object.entries(
      aliases,
    )) {
      live.set(
        keyOf(functionName, alias),
        Object.freeze({ functionVersion, additionalWeights, description, revisionId: 'revision-0' }),
      );
    }
  }
  return live;
}

function requireAlias({ live }: Plane, functionName: string, alias: string): AliasConfiguration {
  const found = live.get(keyOf(functionName, alias));
  if (found === undefined) throw named('ResourceNotFoundException', `no alias ${keyOf(functionName, alias)}`);
  return found;
}

/** Lambda keeps a version that an alias names; source: Lambda guide, managing versions. */
function deleteVersion(plane: Plane, functionName: string, version: string): void {
  requireVersion(plane.versions, functionName, version);
  const naming = [...plane.live].filter(
    ([key, { functionVersion, additionalWeights }]) =>
      key.startsWith(`${functionName}:`) && (functionVersion === version || version in additionalWeights),
  );
  if (naming.length > 0) {
    throw named('ResourceConflictException', `named by ${naming.map(([key]) => key).join(', ')}`);
  }
  const kept = (plane.versions.get(functionName) ?? []).filter((one) => one.version !== version);
  plane.versions.set(functionName, kept);
}

function changeAlias(
  plane: Plane,
  functionName: string,
  alias: string,
  change: AliasChange,
  revisionId?: string,
): AliasConfiguration {
  const before = requireAlias(plane, functionName, alias);
  if (revisionId !== undefined && revisionId !== before.revisionId) {
    throw named('PreconditionFailedException', `the alias is at ${before.revisionId}, not at ${revisionId}`);
  }
  const changed = { ...before, ...change };
  assertRoutable(plane.versions, functionName, changed);
  const isProvisioned = plane.setup[functionName]?.aliases[alias]?.hasProvisionedConcurrency === true;
  if (isProvisioned && Object.keys(changed.additionalWeights).length > 0) {
    throw named('ResourceConflictException', `${keyOf(functionName, alias)} has provisioned concurrency`);
  }
  if (isSame(before, changed)) return before;
  const revision = Number(before.revisionId.slice('revision-'.length)) + 1;
  const after = Object.freeze({ ...changed, revisionId: `revision-${revision}` });
  plane.live.set(keyOf(functionName, alias), after);
  for (const listener of plane.listeners) listener({ functionName, alias, before, after });
  return after;
}

function isSame(a: AliasConfiguration, b: AliasConfiguration): boolean {
  return (
    a.functionVersion === b.functionVersion &&
    a.description === b.description &&
    JSON.stringify(a.additionalWeights) === JSON.stringify(b.additionalWeights)
  );
}
