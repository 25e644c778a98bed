// Lambda for the game day: aliases, versions, and calls as a caller makes them.
import {
  type AliasConfiguration,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { CLIENT_CONFIG, type ClientConfig } from '../../src/aws/client-config.ts';
import { isNamed } from '../../src/aws/errors.ts';
import { additionalShares } from '../../src/aws/lambda-alias.ts';
import type { Aliases, AliasesAs, AliasState, Functions } from '../ports.ts';

/** Longer than the longest call of the day. */
const CALL_MS = 70_000;
const UPDATE_SECONDS = 120;

/** A repeated request would count as two. */
const INVOKE_CONFIG: ClientConfig = {
  maxAttempts: 1,
  requestHandler: { ...CLIENT_CONFIG.requestHandler, requestTimeout: CALL_MS, socketTimeout: CALL_MS },
};

export function lambdaAliases(client = new LambdaClient(CLIENT_CONFIG)): Aliases {
  return {
    read: async ({ functionName, alias }) =>
      stateOf(await client.send(new GetAliasCommand({ FunctionName: functionName, Name: alias }))),
    update: async ({ functionName, alias }, { version, shares, description, revisionId }) => {
      const command = new UpdateAliasCommand({
        FunctionName: functionName,
        Name: alias,
        ...(version === undefined ? {} : { FunctionVersion: version }),
        ...(shares === undefined ? {} : { RoutingConfig: { AdditionalVersionWeights: weightsOf(shares) } }),
        ...(description === undefined ? {} : { Description: description }),
        ...(revisionId === undefined ? {} : { RevisionId: revisionId }),
      });
      return stateOf(await client.send(command));
    },
  };
}

function weightsOf(shares: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([version, percent]) => [version, percent / 100]));
}

function stateOf(found: AliasConfiguration): AliasState {
  const { FunctionVersion = '', RevisionId = '', Description = '' } = found;
  return {
    version: FunctionVersion,
    shares: additionalShares(found),
    revisionId: RevisionId,
    description: Description,
  };
}

/** What the caller may do is cut down to these statements by a session policy, which takes effect at once. */
export function aliasesUnder(roleArn: string, sts = new STSClient(CLIENT_CONFIG)): AliasesAs {
  return async (statements) => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'stepshift-gameday',
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    return lambdaAliases(new LambdaClient({ ...CLIENT_CONFIG, credentials }));
  };
}

export function lambdaFunctions(
  client = new LambdaClient(CLIENT_CONFIG),
  caller = new LambdaClient(INVOKE_CONFIG),
): Functions {
  return {
    invoke: async ({ functionName, alias }, payload) => {
      const command = new InvokeCommand({
        FunctionName: functionName,
        Qualifier: alias,
        Payload: JSON.stringify(payload),
      });
      try {
        const { ExecutedVersion = null, FunctionError, Payload } = await caller.send(command);
        const isOk = FunctionError === undefined;
        return {
          version: ExecutedVersion,
          result: isOk ? 'ok' : 'failed',
          isSlow: isOk && saysSlow(new TextDecoder().decode(Payload)),
        };
      } catch (error) {
        if (!isNamed(error, 'TooManyRequestsException')) throw error;
        return { version: null, result: 'throttled', isSlow: false };
      }
    },
    publish: async (functionName, behaviour, label) => {
      // without a change Lambda answers the version that there is
      const Variables = { BEHAVIOUR: behaviour, LABEL: label };
      await client.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Environment: { Variables } }),
      );
      await waitUntilFunctionUpdatedV2(
        { client, maxWaitTime: UPDATE_SECONDS },
        { FunctionName: functionName },
      );
      const { Version } = await client.send(new PublishVersionCommand({ FunctionName: functionName }));
      if (Version === undefined) throw new Error(`Lambda named no version of ${functionName}`);
      await waitUntilPublishedVersionActive(
        { client, maxWaitTime: UPDATE_SECONDS },
        { FunctionName: functionName, Qualifier: Version },
      );
      return Version;
    },
    deleteVersion: async (functionName, version) => {
      await client.send(new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: version }));
    },
    setClosed: async (functionName, isClosed) => {
      if (isClosed) {
        const closed = { FunctionName: functionName, ReservedConcurrentExecutions: 0 };
        await client.send(new PutFunctionConcurrencyCommand(closed));
      } else await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: functionName }));
    },
  };
}

function saysSlow(payload: string): boolean {
  const value: unknown = JSON.parse(payload);
  return typeof value === 'object' && value !== null && 'isSlow' in value && value.isSlow === true;
}
