// Stacks of the account: found by their tags, changed, and removed.
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { CLIENT_CONFIG } from '../../src/aws/client-config.ts';
import { allPages } from '../../src/aws/doctor-calls.ts';
import { awsCall } from '../../src/aws/errors.ts';
import type { FoundStack } from '../core/admission.ts';
import type { Estate } from '../run/site.ts';

const WAIT_SECONDS = 1800;
/** The waiters' own pause grows to two minutes, which a stack of a minute does not need. */
const POLL = { minDelay: 5, maxDelay: 15, maxWaitTime: WAIT_SECONDS };

export function cloudformationEstate(
  removeLoose: () => Promise<void>,
  client = new CloudFormationClient(CLIENT_CONFIG),
): Estate {
  return {
    removeLoose,
    list: async () => {
      const stacks = await allPages(
        (NextToken) =>
          awsCall('DescribeStacks', () =>
            client.send(new DescribeStacksCommand(NextToken === undefined ? {} : { NextToken })),
          ),
        (page) => page.Stacks,
        (page) => page.NextToken,
      );
      return stacks.map(foundStack);
    },
    remove: async (StackName) => {
      await client.send(new DeleteStackCommand({ StackName }));
      try {
        await waitUntilStackDeleteComplete({ client, ...POLL }, { StackName });
      } catch (error) {
        const reason = await firstFailure(client, StackName);
        throw reason === null ? error : new Error(reason, { cause: error });
      }
    },
  };
}

function foundStack({ StackName = '', Tags = [] }: Stack): FoundStack {
  return {
    name: StackName,
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}

/** Of the resource that could not be deleted. */
async function firstFailure(client: CloudFormationClient, StackName: string): Promise<string | null> {
  const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents.find(({ ResourceStatus = '' }) => ResourceStatus === 'DELETE_FAILED');
  return failed === undefined ? null : `${failed.LogicalResourceId}: ${failed.ResourceStatusReason}`;
}

/** Outputs of a stack by their names. */
export async function readOutputs(
  StackName: string,
  client = new CloudFormationClient(CLIENT_CONFIG),
): Promise<Readonly<Record<string, string>>> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  return Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

/** Updates a stack by one parameter; template and other parameters stay. */
export async function updateParameter(
  StackName: string,
  parameter: { readonly key: string; readonly value: string },
  client = new CloudFormationClient(CLIENT_CONFIG),
): Promise<void> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
  const others = (Stacks[0]?.Parameters ?? []).filter(({ ParameterKey }) => ParameterKey !== parameter.key);
  await client.send(
    new UpdateStackCommand({
      StackName,
      UsePreviousTemplate: true,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: [
        { ParameterKey: parameter.key, ParameterValue: parameter.value },
        ...others.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
      ],
    }),
  );
  await waitUntilStackUpdateComplete({ client, ...POLL }, { StackName });
}
