// A mocked Lambda client over one function with an alias that behaves as Lambda's does: revisions, conditional updates.
import {
  type AliasConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  PreconditionFailedException,
  ProvisionedConcurrencyConfigNotFoundException,
  ResourceConflictException,
  ResourceNotFoundException,
  TooManyRequestsException,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

export const FUNCTION = 'checkout-api';

export interface FakeVersion {
  readonly roleArn?: string;
  readonly deadLetterArn?: string;
  readonly timeoutSeconds?: number;
}

/** What may happen around a call. Each may throw; `before` an update runs when it arrives. */
interface FakeHooks {
  before?: ((api: string) => void) | undefined;
  after?: ((api: string) => void) | undefined;
}

export interface FakeLambda {
  readonly client: LambdaClient;
  readonly hooks: FakeHooks;
  /** The alias as it is, past the API. */
  alias(): AliasConfiguration;
  /** Inputs of the updates that were accepted. */
  readonly updates: UpdateAliasCommandInput[];
  /** Until the answer is called, reads show the alias as it is now. */
  freezeReads(): () => void;
  /** Somebody else's write. */
  edit(change: Pick<AliasConfiguration, 'FunctionVersion' | 'RoutingConfig' | 'Description'>): void;
}

export function fakeLambda(
  versions: Readonly<Record<string, FakeVersion>> = { '41': {}, '42': {}, '43': {} },
  around: { readonly policy?: string; readonly isProvisioned?: boolean } = {},
): FakeLambda {
  const client = new LambdaClient({ region: 'eu-west-2' });
  const mock = mockClient(client);
  const hooks: FakeHooks = {};
  const updates: UpdateAliasCommandInput[] = [];
  let revision = 1;
  let frozen: AliasConfiguration | null = null;
  let alias: AliasConfiguration = { FunctionVersion: '41', RevisionId: 'revision-1' };
  const change = (changed: AliasConfiguration): void => {
    const after = { ...alias, ...changed };
    // that an update which changes nothing gets a new revision is promised nowhere
    if (JSON.stringify(after) === JSON.stringify(alias)) return;
    revision += 1;
    alias = { ...after, RevisionId: `revision-${revision}` };
  };
  const answer = <T>(api: string, act: () => T): T => {
    hooks.before?.(api);
    const result = act();
    hooks.after?.(api);
    return result;
  };
  mock
    .on(GetAliasCommand)
    .callsFake((input) => answer('GetAlias', () => (input.Name === 'live' ? (frozen ?? alias) : missing())));
  mock.on(UpdateAliasCommand).callsFake((input: UpdateAliasCommandInput) =>
    answer('UpdateAlias', () => {
      if (input.RevisionId !== alias.RevisionId) throw revisionDiffers();
      const {
        FunctionVersion = alias.FunctionVersion,
        RoutingConfig = alias.RoutingConfig,
        Description,
      } = input;
      change({ FunctionVersion, RoutingConfig, Description });
      updates.push(input);
      return alias;
    }),
  );
  mock.on(GetFunctionConfigurationCommand).callsFake((input) =>
    answer('GetFunctionConfiguration', () => {
      const version = versions[input.Qualifier];
      if (version === undefined) return missing();
      const { roleArn = 'role-a', deadLetterArn, timeoutSeconds = 30 } = version;
      return { Role: roleArn, Timeout: timeoutSeconds, DeadLetterConfig: { TargetArn: deadLetterArn } };
    }),
  );
  mock.on(GetProvisionedConcurrencyConfigCommand).callsFake(() =>
    answer('GetProvisionedConcurrencyConfig', () => {
      if (around.isProvisioned) return { Status: 'READY' };
      throw new ProvisionedConcurrencyConfigNotFoundException({ message: 'none', $metadata: {} });
    }),
  );
  mock
    .on(GetPolicyCommand)
    .callsFake(() =>
      answer('GetPolicy', () => (around.policy === undefined ? missing() : { Policy: around.policy })),
    );
  const freezeReads = () => {
    frozen = alias;
    return () => {
      frozen = null;
    };
  };
  return { client, hooks, updates, alias: () => alias, edit: change, freezeReads };
}

export function revisionDiffers(): Error {
  return new PreconditionFailedException({
    message: 'The RevisionId provided does not match',
    $metadata: {},
  });
}

export function throttled(): Error {
  return new TooManyRequestsException({ message: 'Rate exceeded', $metadata: { httpStatusCode: 429 } });
}

export function conflicted(): Error {
  return new ResourceConflictException({
    message: 'An update is in progress',
    $metadata: { httpStatusCode: 409 },
  });
}

export function denied(): Error {
  return Object.assign(new Error('is not authorized to perform: lambda:UpdateAlias'), {
    name: 'AccessDeniedException',
  });
}

export function connectionLost(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

function missing(): never {
  throw new ResourceNotFoundException({
    message: 'Cannot find alias arn',
    $metadata: { httpStatusCode: 404 },
  });
}
