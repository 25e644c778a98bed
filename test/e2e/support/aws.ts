// SDK clients of the tests themselves, for the emulators, in the suite's time.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { REGION } from './emulators.ts';
import { type FastTime, fastEnvironment, fastNow } from './fast-time.ts';

/** Where the emulators are. */
export interface Places {
  readonly awsUrl: string;
  readonly caFile: string;
  readonly cloudwatchUrl: string;
  readonly time: FastTime;
}

/** MiniStack's own names for the root of its account. */
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

export interface Aws {
  readonly cloudformation: CloudFormationClient;
  readonly cloudwatch: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly lambda: LambdaClient;
  readonly states: SFNClient;
}

export function awsClients({ awsUrl, caFile, cloudwatchUrl, time }: Places): Aws {
  const httpsAgent = new Agent({ ca: readFileSync(caFile), keepAlive: true });
  const config = {
    region: REGION,
    endpoint: awsUrl,
    credentials: CREDENTIALS,
    requestHandler: { httpsAgent },
  };
  const inTime = <Client extends { readonly config: object }>(client: Client): Client => {
    // what the SDK signs with would be hours too old after some minutes
    Object.defineProperty(client.config, 'systemClockOffset', {
      get: () => fastNow(time) - Date.now(),
      set: () => {},
    });
    return client;
  };
  return {
    cloudformation: inTime(new CloudFormationClient(config)),
    cloudwatch: new CloudWatchClient({ region: REGION, endpoint: cloudwatchUrl, credentials: CREDENTIALS }),
    events: inTime(new EventBridgeClient(config)),
    lambda: inTime(new LambdaClient(config)),
    states: inTime(new SFNClient(config)),
  };
}

/** For programs of ours that shall find the emulators: the CDK's command line and our own. */
export function awsEnvironment({ awsUrl, caFile, cloudwatchUrl, time }: Places): Record<string, string> {
  return {
    ...fastEnvironment(time),
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ENDPOINT_URL_CLOUDWATCH: cloudwatchUrl,
    // Node's own, and the one that the CDK's command line reads
    NODE_EXTRA_CA_CERTS: caFile,
    AWS_CA_BUNDLE: caFile,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    NODE_NO_WARNINGS: '1',
  };
}
