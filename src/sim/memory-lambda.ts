// A Lambda control plane in memory: published versions and aliases, changed by compare-and-swap as on AWS.
import type { LambdaVersionFacts } from '../core/targets/lambda-alias.ts';

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
  /** The listener hears every change of an alias at the moment it takes effect. */
  onChange(listener: (change: AliasChanged) => void): void;
}

interface Plane {
  readonly setup: LambdaSetup;
  readonly live: Map<string, AliasConfiguration>;
  readonly listeners: ((change: AliasChanged) => void)[];
}

/** Revisions are numbered per plane. An update that changes nothing keeps its revision: Lambda promises no more. */
export function lambdaControlPlane(setup: LambdaSetup, hooks: LambdaHooks = {}): LambdaControlPlane {
  const plane: Plane = { setup, live: initialAliases(setup), listeners: [] };
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
      call('GetFunctionConfiguration', () => requireVersion(plane, name, version)),
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

function requireVersion({ setup }: Plane, functionName: string, version: string): LambdaVersionFacts {
  const found = setup[functionName]?.versions.find((candidate) => candidate.version === version);
  if (found === undefined) throw named('ResourceNotFoundException', `no version ${functionName}:${version}`);
  return found;
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
  assertRoutable(plane, functionName, alias, changed);
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

/** Two published versions at the most, with the same role and dead-letter queue; source: Lambda guide, aliases. */
function assertRoutable(plane: Plane, functionName: string, alias: string, wanted: AliasConfiguration): void {
  const primary =
    wanted.functionVersion === '$LATEST' ? null : requireVersion(plane, functionName, wanted.functionVersion);
  const additional = Object.entries(wanted.additionalWeights);
  const [second, ...more] = additional;
  if (second === undefined) return;
  const [version, weight] = second;
  const other = requireVersion(plane, functionName, version);
  const isCompatible = primary?.roleArn === other.roleArn && primary.deadLetterArn === other.deadLetterArn;
  const isLegal =
    more.length === 0 && version !== primary?.version && weight >= 0 && weight <= 1 && isCompatible;
  if (!isLegal)
    throw named(
      'InvalidParameterValueException',
      `${functionName} cannot be split so: ${JSON.stringify(wanted)}`,
    );
  if (plane.setup[functionName]?.aliases[alias]?.hasProvisionedConcurrency === true) {
    throw named('ResourceConflictException', `${keyOf(functionName, alias)} has provisioned concurrency`);
  }
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
