// What holds data: kept beyond the stack where it is a record, encrypted, refused in plain text, forgotten in time.
import { describe, expect, it } from 'vitest';
import { ACTIVE_INDEX } from '../../src/aws/dynamodb-table.ts';
import { resources, synthesize } from './synth.ts';

const { engine } = synthesize();

describe('the record', () => {
  it('is kept beyond the stack, with point-in-time recovery and an index of active rollouts', () => {
    engine.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        // lists are read off the index alone, so that whole rows have to be in it
        GlobalSecondaryIndexes: [
          {
            IndexName: ACTIVE_INDEX,
            KeySchema: [
              { AttributeName: ACTIVE_INDEX, KeyType: 'HASH' },
              { AttributeName: 'pk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    });
  });

  it('is encrypted by DynamoDB itself, with no key that a way back could fail on', () => {
    for (const { Properties } of Object.values(resources(engine, 'AWS::DynamoDB::Table'))) {
      expect(Properties.SSESpecification).toBeUndefined();
    }
    engine.resourceCountIs('AWS::KMS::Key', 0);
  });
});

describe('undelivered events', () => {
  it('are kept beyond the stack for two weeks, encrypted', () => {
    engine.resourceCountIs('AWS::SQS::Queue', 1);
    engine.hasResource('AWS::SQS::Queue', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 },
    });
  });
});

describe('topics and queue', () => {
  it('are one topic a severity and one queue, all refusing plain text transport', () => {
    engine.resourceCountIs('AWS::SNS::Topic', 4);
    const policies = ['AWS::SNS::TopicPolicy', 'AWS::SQS::QueuePolicy'].flatMap((type) =>
      Object.values(resources(engine, type)),
    );
    expect(policies).toHaveLength(5);
    for (const { Properties } of policies) {
      expect(Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
  });
});

describe('logs', () => {
  it('are forgotten as soon as the history of an execution is', () => {
    const groups = Object.values(resources(engine, 'AWS::Logs::LogGroup'));
    // one a function, and the machine's
    expect(groups).toHaveLength(Object.keys(resources(engine, 'AWS::Lambda::Function')).length + 1);
    for (const { Properties } of groups) expect(Properties.RetentionInDays).toBe(90);
  });

  it('are written to a group of the template, so that no group without an end is made by AWS', () => {
    const groups = Object.keys(resources(engine, 'AWS::Logs::LogGroup'));
    for (const { Properties } of Object.values(resources(engine, 'AWS::Lambda::Function'))) {
      expect(groups).toContain(Properties.LoggingConfig.LogGroup.Ref);
    }
  });
});
