// SDK clients that act under a target's own role: the engine itself may touch no target, it may only assume these roles.
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { TargetAccess } from '../ports.ts';
import { type ClientConfig, TARGET_CLIENT_CONFIG } from './client-config.ts';
import { awsCall } from './errors.ts';

/** What an SDK client is made with: its own limits and, where a role is to be assumed, that role's credentials. */
export type TargetClientConfig = ClientConfig & { readonly credentials?: RoleCredentials };

type RoleCredentials = () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}>;

/** Shows up in CloudTrail beside every write; which rollout it was is in the tag on the target. */
const SESSION_NAME = 'stepshift';

/** One client per role for the life of the process; the SDK asks for new credentials before the old ones expire. */
export function targetClients<Client>(
  create: (config: TargetClientConfig) => Client,
): (access: TargetAccess) => Client {
  const clients = new Map<string | null, Client>();
  let sts: STSClient | undefined;
  return ({ targetRoleArn }) => {
    const known = clients.get(targetRoleArn);
    if (known !== undefined) return known;
    if (targetRoleArn !== null) sts ??= new STSClient(TARGET_CLIENT_CONFIG);
    const client = create(
      targetRoleArn === null || sts === undefined
        ? TARGET_CLIENT_CONFIG
        : { ...TARGET_CLIENT_CONFIG, credentials: assumedRole(sts, targetRoleArn) },
    );
    clients.set(targetRoleArn, client);
    return client;
  };
}

function assumedRole(sts: STSClient, roleArn: string): RoleCredentials {
  return async () => {
    const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: SESSION_NAME });
    const { Credentials } = await awsCall(`assume ${roleArn}`, () => sts.send(command));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = Credentials ?? {};
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      // without one the SDK would keep the credentials for ever
      expiration: Expiration ?? new Date(),
    };
  };
}
