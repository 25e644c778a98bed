// What CloudFormation tells the doctor: stacks, what is in them, and which of them register services.
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackResourceSummary,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { ChatReading, StackReading } from '../core/doctor-reader.ts';
import { allPages, asked, DOCTOR_CLIENT_CONFIG } from './doctor-calls.ts';
import { isNamed } from './errors.ts';

/** Regions that every account has, of the partition `aws`; those that have to be opted into are not asked. */
const USUAL_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'sa-east-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
];

/** What is gone cannot be wrong. */
const LIVING = Object.values(StackStatus).filter((status) => status !== 'DELETE_COMPLETE');

/** The export that every stack with a service imports; written by the engine's stack. */
export const tokenExport = (engineName: string): string => `${engineName}:RegisterServiceToken`;
const SERVICE_RESOURCE = 'Custom::StepshiftService';
const CHAT_RESOURCE = /^AWS::Chatbot::/;

/** null: no such stack. */
export async function readStack(client: CloudFormationClient, name: string): Promise<StackReading | null> {
  const command = new DescribeStacksCommand({ StackName: name });
  const answer = await unlessInvalid(/does not exist/, () =>
    asked('cloudformation:DescribeStacks', () => client.send(command)),
  );
  const found = answer?.Stacks?.[0];
  if (found === undefined) return null;
  const outputs = (found.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
    OutputKey,
    OutputValue,
  ]);
  return { name, status: found.StackStatus ?? '', outputs: Object.fromEntries(outputs) };
}

/** One try each, side by side: a Region that does not answer in time is left out. */
export async function readRegionsWithStack(name: string, here: string): Promise<readonly string[]> {
  const others = USUAL_REGIONS.filter((region) => region !== here);
  const found = await Promise.allSettled(
    others.map((region) =>
      readStack(new CloudFormationClient({ ...DOCTOR_CLIENT_CONFIG, maxAttempts: 1, region }), name),
    ),
  );
  return others.filter((_region, index) => {
    const answer = found[index];
    return answer?.status === 'fulfilled' && answer.value !== null;
  });
}

export function readResources(client: CloudFormationClient, stack: string): Promise<StackResourceSummary[]> {
  return allPages(
    (NextToken) =>
      asked('cloudformation:ListStackResources', () =>
        client.send(
          new ListStackResourcesCommand({
            StackName: stack,
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        ),
      ),
    (page) => page.StackResourceSummaries,
    (page) => page.NextToken,
  );
}

/** Services whose stacks import the engine's token, one after the other: CloudFormation answers few calls a second. */
export async function readServiceNames(client: CloudFormationClient, engineName: string): Promise<string[]> {
  const stacks = await unlessInvalid(/not imported|[Nn]o export/, () => readImports(client, engineName));
  const names: string[] = [];
  for (const stack of stacks ?? []) {
    const resources = await readResources(client, stack);
    const services = resources.filter(({ ResourceType }) => ResourceType === SERVICE_RESOURCE);
    names.push(...services.flatMap(({ PhysicalResourceId }) => PhysicalResourceId ?? []));
  }
  return names.sort();
}

function readImports(client: CloudFormationClient, engineName: string): Promise<string[]> {
  return allPages(
    (NextToken) =>
      asked('cloudformation:ListImports', () =>
        client.send(
          new ListImportsCommand({
            ExportName: tokenExport(engineName),
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        ),
      ),
    (page) => page.Imports,
    (page) => page.NextToken,
  );
}

/** Chat channels in the stacks whose name begins with the engine's. */
export async function readChats(client: CloudFormationClient, engineName: string): Promise<ChatReading[]> {
  const stacks = await allPages(
    (NextToken) =>
      asked('cloudformation:ListStacks', () =>
        client.send(
          new ListStacksCommand({
            StackStatusFilter: LIVING,
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        ),
      ),
    (page) => page.StackSummaries,
    (page) => page.NextToken,
  );
  const chats: ChatReading[] = [];
  for (const { StackName = '', StackStatus: stackStatus = '' } of stacks) {
    if (!StackName.startsWith(engineName)) continue;
    for (const resource of await readResources(client, StackName)) {
      if (!CHAT_RESOURCE.test(resource.ResourceType ?? '')) continue;
      chats.push({
        stack: StackName,
        stackStatus,
        logicalId: resource.LogicalResourceId ?? '',
        status: resource.ResourceStatus ?? '',
        reason: resource.ResourceStatusReason ?? '',
      });
    }
  }
  return chats;
}

/** The stack that made a resource, and its template as text; null: none did. */
export async function readMaker(
  client: CloudFormationClient,
  physicalId: string,
): Promise<{ readonly stack: string; readonly logicalId: string; readonly template: string } | null> {
  const command = new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId });
  const answer = await unlessInvalid(/does not exist/, () =>
    asked('cloudformation:DescribeStackResources', () => client.send(command)),
  );
  const made = answer?.StackResources?.find(({ PhysicalResourceId }) => PhysicalResourceId === physicalId);
  if (made?.StackName === undefined) return null;
  const { StackName: stack, LogicalResourceId: logicalId = '' } = made;
  const body = await asked('cloudformation:GetTemplate', () =>
    client.send(new GetTemplateCommand({ StackName: stack, TemplateStage: 'Processed' })),
  );
  return { stack, logicalId, template: body.TemplateBody ?? '' };
}

/** CloudFormation has no name of its own for what is not there. */
async function unlessInvalid<T>(message: RegExp, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isNamed(error, 'ValidationError') && message.test(String(error))) return null;
    throw error;
  }
}
