// What the doctor reads of the account: who asks, how much may run at once, which trails there are, who is subscribed.
import type {
  AdvancedEventSelector,
  CloudTrailClient,
  EventSelector,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type {
  CallerIdentity,
  ConcurrencyReading,
  SubscriptionReading,
  TrailReading,
} from '../core/doctor-reader.ts';
import type { Severity } from '../core/events.ts';
import { allPages, asked, DOCTOR_CLIENT_CONFIG } from './doctor-calls.ts';
import { awsCall } from './errors.ts';

/** Needs no permission: a refusal means that the credentials are no good, and is thrown as PermissionError. */
export async function readIdentity(client: STSClient): Promise<CallerIdentity> {
  const answer = await awsCall('GetCallerIdentity', () => client.send(new GetCallerIdentityCommand({})));
  return { arn: answer.Arn ?? 'unknown', account: answer.Account ?? 'unknown' };
}

/** @param wayBackFunction null: there is no engine */
export async function readConcurrency(
  client: LambdaClient,
  wayBackFunction: string | null,
): Promise<ConcurrencyReading> {
  const [settings, reserved] = await Promise.all([
    asked('lambda:GetAccountSettings', () => client.send(new GetAccountSettingsCommand({}))),
    wayBackFunction === null
      ? null
      : asked('lambda:GetFunctionConcurrency', () =>
          client.send(new GetFunctionConcurrencyCommand({ FunctionName: wayBackFunction })),
        ),
  ]);
  const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 } = settings.AccountLimit ?? {};
  return {
    limit: ConcurrentExecutions,
    unreserved: UnreservedConcurrentExecutions,
    wayBackReserved: reserved?.ReservedConcurrentExecutions ?? null,
  };
}

/** @param topics severity → ARN */
export async function readSubscriptions(
  client: SNSClient,
  topics: ReadonlyMap<Severity, string>,
): Promise<SubscriptionReading[]> {
  const lists = await Promise.all([...topics].map(([severity, arn]) => readTopic(client, severity, arn)));
  return lists.flat();
}

async function readTopic(
  client: SNSClient,
  severity: Severity,
  TopicArn: string,
): Promise<SubscriptionReading[]> {
  const found = await allPages(
    (NextToken) =>
      asked('sns:ListSubscriptionsByTopic', () =>
        client.send(
          new ListSubscriptionsByTopicCommand({
            TopicArn,
            ...(NextToken === undefined ? {} : { NextToken }),
          }),
        ),
      ),
    (page) => page.Subscriptions,
    (page) => page.NextToken,
  );
  return found.map(({ Protocol = '', Endpoint = '', SubscriptionArn }) => ({
    severity,
    protocol: Protocol,
    endpoint: Endpoint,
    // in the place of an ARN, so says the API reference
    isPending: SubscriptionArn === 'PendingConfirmation',
  }));
}

/** Trails that record this Region, those of an organisation among them. Loads CloudTrail's client only now. */
export async function readTrails(region: string): Promise<TrailReading[]> {
  const { CloudTrailClient, DescribeTrailsCommand } = await import('@aws-sdk/client-cloudtrail');
  const client = new CloudTrailClient({ ...DOCTOR_CLIENT_CONFIG, region });
  const answer = await asked('cloudtrail:DescribeTrails', () => client.send(new DescribeTrailsCommand({})));
  const here = (answer.trailList ?? []).filter(
    ({ IsMultiRegionTrail, HomeRegion }) => IsMultiRegionTrail === true || HomeRegion === region,
  );
  const read = await Promise.allSettled(
    // a trail is asked where it lives
    here.map((trail) =>
      readTrail(new CloudTrailClient({ ...DOCTOR_CLIENT_CONFIG, region: trail.HomeRegion ?? region }), trail),
    ),
  );
  const known = read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = read.find((result) => result.status === 'rejected');
  // one good trail is enough, whatever the others are; without one, what was not told may be it
  const isEnough = known.some(({ isLogging, keepsWrites }) => isLogging && keepsWrites);
  if (refused !== undefined && !isEnough) throw refused.reason;
  return known;
}

async function readTrail(client: CloudTrailClient, trail: Trail): Promise<TrailReading> {
  const { GetEventSelectorsCommand, GetTrailStatusCommand } = await import('@aws-sdk/client-cloudtrail');
  const { Name = '', TrailARN = Name } = trail;
  const [status, selectors] = await Promise.all([
    asked('cloudtrail:GetTrailStatus', () => client.send(new GetTrailStatusCommand({ Name: TrailARN }))),
    asked('cloudtrail:GetEventSelectors', () =>
      client.send(new GetEventSelectorsCommand({ TrailName: TrailARN })),
    ),
  ]);
  const { EventSelectors = [], AdvancedEventSelectors = [] } = selectors;
  return {
    name: Name,
    isLogging: status.IsLogging === true,
    keepsWrites: EventSelectors.some(keepsWrites) || AdvancedEventSelectors.some(keepsLambdaWrites),
  };
}

/** Left out, both fields mean everything (CloudTrail API reference, EventSelector). */
function keepsWrites({ IncludeManagementEvents, ReadWriteType }: EventSelector): boolean {
  return IncludeManagementEvents !== false && ReadWriteType !== 'ReadOnly';
}

const LAMBDA_EVENTS = 'lambda.amazonaws.com';

function keepsLambdaWrites({ FieldSelectors = [] }: AdvancedEventSelector): boolean {
  const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
  const source = field('eventSource');
  return (
    field('eventCategory')?.Equals?.includes('Management') === true &&
    !(field('readOnly')?.Equals ?? ['false']).every((value) => value === 'true') &&
    (source?.Equals ?? [LAMBDA_EVENTS]).includes(LAMBDA_EVENTS) &&
    !(source?.NotEquals ?? []).includes(LAMBDA_EVENTS)
  );
}
